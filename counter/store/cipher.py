"""The one place that touches `sqlcipher3`, which has no types: connections with their key and their pragmas.

Never open the ledger with the standard `sqlite3` in the same process: two SQLite libraries do not see each other's
locks, and closing a file in one drops the locks of the other.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import closing
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

BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB = 5, 6, 8, 10, 11, 13, 14, 15, 26
"""SQLite's primary result codes (https://sqlite.org/rescode.html) of a file that is not to be had, or is no ledger."""

_SAID: Final = {
    "database is locked": BUSY,
    "database table is locked": LOCKED,
    "attempt to write a readonly database": READONLY,
    "disk I/O error": IOERR,
    "database disk image is malformed": CORRUPT,
    "database or disk is full": FULL,
    "unable to open database file": CANTOPEN,
    "locking protocol": PROTOCOL,
    "file is not a database": NOTADB,
}
"""By SQLite's own words (`sqlite3_errstr`): the backup API's errors carry nothing else."""


def result_code(error: object) -> int:
    """The primary result code of an error that the module raised; 0 where it has none."""
    code = getattr(error, "sqlite_errorcode", None)
    return int(code) & 0xFF if code is not None else _SAID.get(str(error), 0)


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
    connection = dbapi2.connect(_name(path), uri=True, isolation_level=None, check_same_thread=False)
    try:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma.format(key=key.hex())}")
    except BaseException:
        connection.close()
        raise
    return cast("Connection", connection)


def connect_alone(path: Path, key: bytes) -> Connection:
    """A connection that lets nobody else open the file until it is closed.

    Raises `DATABASE_ERROR` at once where somebody has it open: nobody is waited for.
    """
    connection = connect(path, key)
    try:
        for pragma in ("busy_timeout = 0", "locking_mode = EXCLUSIVE", "journal_mode = DELETE"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN EXCLUSIVE")  # what it has locked it keeps
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def key_anew(connection: Connection, key: bytes) -> None:
    """Encrypt every page with another key, in one transaction; the connection is alone with the file."""
    connection.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")


def engine_versions() -> tuple[str, str]:
    """The versions of SQLCipher and of the SQLite in it."""
    with closing(dbapi2.connect(":memory:")) as connection:
        (cipher,) = connection.execute("PRAGMA cipher_version").fetchone()
    return str(cipher).partition(" ")[0], str(dbapi2.sqlite_version)


def _name(path: Path) -> str:
    """The file as SQLite opens it: on a medium that may only be read, without the files that it puts beside it.

    Where a WAL stands there it is part of the ledger and has to be read. Where none does nobody has the file open, and
    `immutable` spares SQLite the locks that it cannot take.
    """
    name = path.absolute().as_uri()
    if not path.exists() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return name
    wal = path.with_name(f"{path.name}-wal")
    return f"{name}?mode=ro" if wal.exists() and wal.stat().st_size else f"{name}?immutable=1"
