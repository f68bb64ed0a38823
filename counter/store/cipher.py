"""The one place that touches `sqlcipher3`, which has no types: connections with their key and their pragmas.

Never open the ledger with the standard `sqlite3` in the same process: two SQLite libraries do not see each other's
locks, and closing a file in one drops the locks of the other.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, Protocol, cast

from sqlcipher3 import dbapi2

PRAGMAS: Final = (
    "cipher_log_level = NONE",  # its log would tear the screen; the first pragma, before anything can be logged
    "key = \"x'{key}'\"",
    "busy_timeout = 5000",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # without it REPLACE deletes rows past the triggers
    "trusted_schema = OFF",
)

DATABASE_ERROR: Final = cast("type[Exception]", dbapi2.DatabaseError)
MODULE: Final[Any] = dbapi2
"""The DB-API module, for SQLAlchemy."""


class Connection(Protocol):
    """What the store uses of a DB-API connection."""

    text_factory: Callable[[bytes], str]

    def execute(self, sql: str, parameters: tuple[object, ...] = ..., /) -> Any: ...
    def executemany(self, sql: str, parameters: Iterable[tuple[object, ...]], /) -> Any: ...
    def backup(
        self, target: "Connection", *, pages: int = ..., progress: Callable[..., object] | None = ...
    ) -> None: ...
    def close(self) -> None: ...


def connect(path: Path, key: bytes) -> Connection:
    """A connection in autocommit mode with every pragma set. Raises `DATABASE_ERROR` for a wrong key or no ledger."""
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma.format(key=key.hex())}")
    except BaseException:
        connection.close()
        raise
    return cast("Connection", connection)
