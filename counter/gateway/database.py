"""The province's tables, on PostgreSQL; where the Citus extension is there, distributed by branch.

Everything a counter sends is keyed (branch, …): the distribution column comes first, so that the same statements run
on one server and on many. What the province knows of people is small beside it and stands on every node.
"""

from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

Connection = AsyncConnection[DictRow]
Pool = AsyncConnectionPool[Connection]

BY_BRANCH: Final = ("entry", "act", "photo", "event", "day_receipt")
EVERYWHERE: Final = (
    "counter",
    "enrolment_code",
    "person",
    "dossier",
    "photo_receipt",
    "sms",
)

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS counter (
    branch text NOT NULL, counter text NOT NULL, public_key text NOT NULL,
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (branch, counter));
CREATE TABLE IF NOT EXISTS enrolment_code (
    digest text PRIMARY KEY, branch text NOT NULL, counter text NOT NULL, used_for text);
CREATE TABLE IF NOT EXISTS person (
    kind text NOT NULL, number text NOT NULL, name text NOT NULL, photo bytea,
    PRIMARY KEY (kind, number));
CREATE TABLE IF NOT EXISTS dossier (
    kind text NOT NULL, number text NOT NULL, content jsonb NOT NULL, PRIMARY KEY (kind, number));
CREATE INDEX IF NOT EXISTS dossier_content ON dossier USING gin (content jsonb_path_ops);
CREATE TABLE IF NOT EXISTS photo_receipt (
    receipt text PRIMARY KEY, kind text NOT NULL, number text NOT NULL, photo bytea NOT NULL, expires_on date);
CREATE TABLE IF NOT EXISTS sms (
    ticket text PRIMARY KEY, digest text NOT NULL, expires_at timestamptz NOT NULL, attempts int NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS entry (
    branch text NOT NULL, counter text NOT NULL, id text NOT NULL, seq bigint NOT NULL, business_date date NOT NULL,
    recorded_at timestamptz NOT NULL, kind text NOT NULL, fee_fen bigint NOT NULL, maker text NOT NULL, checker text,
    reverses text, body bytea NOT NULL, salt bytea NOT NULL, body_digest text NOT NULL, previous text NOT NULL,
    hash text NOT NULL, algorithm text NOT NULL, outcome text NOT NULL, code text NOT NULL, rule text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (branch, counter, id), UNIQUE (branch, counter, seq));
CREATE UNIQUE INDEX IF NOT EXISTS entry_reversed_once ON entry (branch, counter, reverses)
    WHERE reverses IS NOT NULL AND outcome = 'created';
CREATE TABLE IF NOT EXISTS act (
    branch text NOT NULL, counter text NOT NULL, id text NOT NULL, changes jsonb NOT NULL,
    PRIMARY KEY (branch, counter, id));
CREATE TABLE IF NOT EXISTS photo (
    branch text NOT NULL, digest text NOT NULL, jpeg bytea NOT NULL, PRIMARY KEY (branch, digest));
CREATE TABLE IF NOT EXISTS event (
    branch text NOT NULL, counter text NOT NULL, cursor bigint NOT NULL, kind text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), entry text NOT NULL, code text NOT NULL, detail text NOT NULL,
    PRIMARY KEY (branch, counter, cursor));
CREATE TABLE IF NOT EXISTS day_receipt (
    branch text NOT NULL, counter text NOT NULL, business_date date NOT NULL, last_seq bigint NOT NULL,
    receipt bytea NOT NULL, signature text NOT NULL,
    PRIMARY KEY (branch, counter, business_date, last_seq));
"""


def pool(conninfo: str) -> Pool:
    """A pool that is not open yet: connections give rows as dicts, and a block of `connection()` is a transaction."""
    options: dict[str, Any] = {"row_factory": dict_row}
    return AsyncConnectionPool(conninfo, kwargs=options, min_size=1, max_size=8, timeout=5, open=False)


async def prepare(connection: Connection) -> None:
    """Create what is missing; two gateways that start at once take turns."""
    await connection.execute("SELECT pg_advisory_xact_lock(441600)")
    await connection.execute(SCHEMA)
    if await _has_citus(connection):
        await _distribute(connection)


async def _has_citus(connection: Connection) -> bool:
    cursor = await connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'citus'")
    return await cursor.fetchone() is not None


async def _distribute(connection: Connection) -> None:
    await connection.execute("CREATE EXTENSION IF NOT EXISTS citus")
    cursor = await connection.execute("SELECT logicalrelid::text AS name FROM pg_dist_partition")
    done = {row["name"] for row in await cursor.fetchall()}
    for table in EVERYWHERE:
        if table not in done:
            await connection.execute("SELECT create_reference_table(%s)", (table,))
    for table in BY_BRANCH:
        if table not in done:
            await connection.execute("SELECT create_distributed_table(%s, 'branch')", (table,))
