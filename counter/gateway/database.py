"""The province's tables, on PostgreSQL; where the Citus extension is there, distributed by branch.

Everything a counter sends is keyed (branch, …): the distribution column comes first, so that the same statements run
on one server and on many. What the province knows of people is small beside it and stands on every node.
"""

from typing import Any, Final

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from counter.gateway.migrations import migrate

Connection = AsyncConnection[DictRow]
Pool = AsyncConnectionPool[Connection]

BY_BRANCH: Final = (
    *("entry", "act", "photo", "event", "day_receipt", "parcel", "signer", "signed_since", "correction"),
    *("nonce", "enrolment_note", "day_close"),
)
EVERYWHERE: Final = (
    "counter",
    "enrolment_code",
    "person",
    "dossier",
    "photo_receipt",
    "sms",
    "sms_sent",
)


def pool(conninfo: str, most: int = 8) -> Pool:
    """A pool of at most so many connections, not open yet; they give rows as dicts, and a block of `connection()` is a
    transaction."""
    options: dict[str, Any] = {"row_factory": dict_row}
    return AsyncConnectionPool(conninfo, kwargs=options, min_size=1, max_size=most, timeout=5, open=False)


class NoDatabaseError(Exception):
    """PostgreSQL does not answer at the address that was given."""


def prepare(address: str) -> None:
    """Bring a database, an empty one too, to this program's schema.

    Raises `NoDatabaseError`, and `counter.gateway.migrations.NewerDatabaseError`.
    """
    try:
        connection = psycopg.connect(address, connect_timeout=5)
    except psycopg.Error:
        raise NoDatabaseError("PostgreSQL does not answer at this address") from None  # the address has a password
    with connection:
        migrate(connection)
        if connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'citus'").fetchone():
            _distribute(connection)


def _distribute(connection: psycopg.Connection) -> None:
    connection.execute("CREATE EXTENSION IF NOT EXISTS citus")
    found = connection.execute("SELECT logicalrelid::text FROM pg_dist_partition").fetchall()
    done = {name for (name,) in found}
    for table in EVERYWHERE:
        if table not in done:
            connection.execute("SELECT create_reference_table(%s)", (table,))
    for table in BY_BRANCH:
        if table not in done:
            connection.execute("SELECT create_distributed_table(%s, 'branch')", (table,))
