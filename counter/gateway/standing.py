"""How a province stands: whether it can serve, part by part, and what of its counters an operator has to look at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import psycopg
from psycopg_pool import PoolTimeout

from counter.gateway.database import Connection, Pool
from counter.gateway.migrations import KNOWN

SECONDS: Final = 2.0
"""So long the database may take to say that it is there."""
PERIOD: Final = timedelta(days=31)
"""So far back differences are shown."""
SHOWN: Final = 500
"""Counters on the page: what is to be looked at comes first."""


@dataclass(frozen=True, slots=True)
class PartStands:
    """One of the parts that a province needs: ``pool``, ``database``, ``schema``, ``nodes``; `dead` says why it is."""

    part: str
    dead: str = ""


@dataclass(frozen=True, slots=True)
class CounterStands:
    """A counter that has a key: its last recount, and the dates whose last recount differed."""

    branch: str
    counter: str
    enrolled_at: datetime
    revoked_at: datetime | None
    last_sync: datetime | None
    differing: tuple[date, ...]


async def readiness(pool: Pool) -> tuple[PartStands, ...]:
    """Can requests be answered? What a dead part hides is not told."""
    try:
        async with pool.connection(SECONDS) as connection:
            await connection.execute("SELECT set_config('statement_timeout', %s, true)", (f"{SECONDS:.0f}s",))
            return (PartStands("pool"), PartStands("database"), await _schema(connection), *await _nodes(connection))
    except PoolTimeout:
        return (_without_a_connection(pool),)
    except psycopg.Error as error:  # a closed pool, a server that went away; its words may have an address in them
        return (PartStands("database", type(error).__name__),)


def _without_a_connection(pool: Pool) -> PartStands:
    held = pool.get_stats()
    if held.get("pool_size", 0) - held.get("pool_available", 0) >= pool.max_size:
        return PartStands("pool", f"all {pool.max_size} connections are in use")
    return PartStands("database", f"no connection within {SECONDS:.0f} s")


async def _schema(connection: Connection) -> PartStands:
    """Another gateway may have taken the database on, or a backup of before may have been put in, since the start."""
    cursor = await connection.execute("SELECT coalesce(max(version), 0) AS version FROM schema_version")
    row = await cursor.fetchone()
    assert row is not None, "an aggregate always gives a row"
    version = row["version"]
    return PartStands("schema", "" if version == KNOWN else f"version {version}, known is {KNOWN}")


async def _nodes(connection: Connection) -> tuple[PartStands, ...]:
    """On Citus, whether every node reaches every other."""
    cursor = await connection.execute("SELECT to_regproc('citus_check_cluster_node_health') IS NOT NULL AS there")
    row = await cursor.fetchone()
    if not (row and row["there"]):
        return ()
    cursor = await connection.execute(
        "SELECT DISTINCT to_nodename AS name, to_nodeport AS port FROM citus_check_cluster_node_health()"
        " WHERE result IS NOT TRUE ORDER BY 1, 2"
    )
    dead = ", ".join(f"{node['name']}:{node['port']}" for node in await cursor.fetchall())
    return (PartStands("nodes", dead and f"out of reach: {dead}"),)


async def counters(connection: Connection, today: date) -> list[CounterStands]:
    """Every counter with a key: those whose dates differ first, then those in use not heard of for longest."""
    cursor = await connection.execute("SELECT branch, counter, enrolled_at, revoked_at FROM counter")
    enrolled = await cursor.fetchall()
    cursor = await connection.execute(
        "SELECT branch, counter, max(at) AS last_sync,"
        " array_agg(business_date ORDER BY business_date) FILTER (WHERE NOT matched) AS differing"
        " FROM day_close WHERE business_date >= %s GROUP BY branch, counter",
        (today - PERIOD,),
    )
    closes = {(row["branch"], row["counter"]): row for row in await cursor.fetchall()}
    found = []
    for row in enrolled:
        close = closes.get((row["branch"], row["counter"]), {"last_sync": None, "differing": None})
        found.append(CounterStands(**row, last_sync=close["last_sync"], differing=tuple(close["differing"] or ())))
    return sorted(found, key=_urgency)


def _urgency(stands: CounterStands) -> tuple[bool, bool, float, str, str]:
    heard = stands.last_sync.timestamp() if stands.last_sync else 0.0
    return not stands.differing, stands.revoked_at is not None, heard, stands.branch, stands.counter
