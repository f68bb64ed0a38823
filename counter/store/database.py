"""The encrypted file: an engine over SQLCipher, and the two kinds of transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from shutil import disk_usage
from threading import RLock
from typing import Final, TypeAlias, TypeVar, cast

from sqlalchemy import Connection as SQLConnection
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, SQLModel

from counter.store import anchor, cipher
from counter.store.errors import (
    DamagedLedgerError,
    LedgerBusyError,
    LedgerDiskError,
    LedgerFullError,
    LedgerReadOnlyError,
    StoreError,
)

FILE_NAME: Final = "ledger.db"
CHUNK: Final = 1000
"""Rows, or ids, in one statement."""

Stamp: TypeAlias = tuple[int, ...]
"""Equal as long as nobody has written."""

T = TypeVar("T")
_DRIVER: Final = "driver"
"""Where a session has its transaction's connection below SQLAlchemy."""


class Database:
    """One ledger file with its key. Safe to use from any thread; each transaction has a connection to itself.

    Connections are kept for the next one: measured, a case is recorded in 2.1 ms, and in 3.3 ms with a new one each.

    One idle connection stays open, because closing a file's last connection writes the whole WAL back and deletes it:
    measured, a small write takes 2.2 ms with it and 3.2 ms without. `anchor_key`, once it is known, has each commit
    take the anchor along (`counter.store.anchor`).
    """

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the file, or create it. Raises `DamagedLedgerError` where the key does not fit."""
        self.path = path
        self.key = key
        self._opening = RLock()
        self._coming: bytes | None = None
        with store_errors(self.path):
            self._idle = self.connect()
        self.anchor_key: bytes | None = None
        self._anchored: anchor.Anchor | None = None
        self._reader = create_engine(
            "sqlite://",
            module=cipher.MODULE,
            creator=self.connect,
            poolclass=QueuePool,
            pool_size=2,
            max_overflow=-1,
            hide_parameters=True,  # a traceback must not print people
        )
        event.listen(self._reader, "begin", _begin)
        self._writer = self._reader.execution_options(begin="BEGIN IMMEDIATE")
        self.guard: Callable[[Session], None] = _anybody
        """Asked first in every transaction, once somebody has signed in: it raises where they may no more."""

    def connect(self) -> cipher.Connection:
        """A connection below SQLAlchemy, in autocommit mode; the caller closes it."""
        with self._opening:
            try:
                return cipher.connect(self.path, self.key)
            except cipher.DATABASE_ERROR as error:
                if self._coming is None or cipher.result_code(error) != cipher.NOTADB:
                    raise
            opened = cipher.connect(self.path, self._coming)
            self.key, self._coming = self._coming, None
            return opened

    @contextmanager
    def alone(self, coming: bytes) -> Iterator[cipher.Connection]:
        """The file, while nobody else has it open nor gets it opened, to be given the `coming` key.

        Which key it has in the end is found out by opening it: what is said of a change on a failing disk is not
        believed. Raises `LedgerBusyError` where another program has it open, or a thread of this one is at work in it.
        """
        with self._opening, store_errors(self.path):
            self._reader.dispose()
            self._idle.close()
            self._coming = coming
            try:
                with closing(cipher.connect_alone(self.path, self.key)) as connection:
                    yield connection
            finally:
                self._idle = self.connect()

    @contextmanager
    def read(self, *, guarded: bool = True) -> Iterator[Session]:
        """One consistent view of the file; not `guarded`: also for who has just disabled themselves.

        Raises `DamagedLedgerError`, `LedgerUnavailableError`, `SessionEndedError`.
        """
        with _transaction(self._reader, self.path) as session:
            if guarded:
                self.guard(session)
            yield session

    @contextmanager
    def write(self, *, guarded: bool = True) -> Iterator[Session]:
        """All or nothing, committed on leaving; waits for another writer first and never for one half-way.

        `guarded` as in `read`, and raises as it does.
        """
        with _transaction(self._writer, self.path) as session:
            if guarded:
                self.guard(session)
            yield session
            session.flush()
            reached = anchor.heads(below(session).execute) if self.anchor_key else None
        if self.anchor_key and reached and reached != self._anchored:
            anchor.move(self.path.parent, self.anchor_key, reached)
            self._anchored = reached

    def stamp(self) -> Stamp:
        """When the file and its log were written last, and how long they are."""
        found: list[int] = []
        for path in (self.path, self.path.with_name(f"{self.path.name}-wal")):
            with suppress(OSError):
                about = path.stat()
                found += [about.st_mtime_ns, about.st_size]
        return tuple(found)

    def close(self) -> None:
        """Write back what is in the WAL, so that the file is whole by itself as far as nobody else has it open.

        A transaction of another thread ends as it would have.
        """
        self._reader.dispose()
        with suppress(cipher.DATABASE_ERROR):
            self._idle.execute("PRAGMA wal_checkpoint(PASSIVE)")
        self._idle.close()


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of this size, the last one shorter."""
    waiting = iter(items)
    return iter(lambda: list(islice(waiting, size)), [])


def below(session: Session) -> cipher.Connection:
    """The connection below SQLAlchemy, in the transaction of this session: for what every case that is recorded does.

    Measured, an indexed row is read in 1.5 µs there, in 25 µs through SQLAlchemy's connection and in 170 µs by its ORM.
    What the session has not flushed is not seen there.
    """
    return cast("cipher.Connection", session.info[_DRIVER])


def has_row(session: Session, table: type[SQLModel], id: str) -> bool:
    """Is there a row of this id?"""
    query = f"SELECT 1 FROM {table.__tablename__} WHERE id = ?"  # noqa: S608 - a table of our own
    return below(session).execute(query, (id,)).fetchone() is not None


def insert_rows(
    session: Session, table: type[SQLModel], columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Insert many rows with one statement, of values as SQLite holds them.

    Measured with 10,000 rows: an ORM's `add_all` takes 17 times a raw executemany, SQLAlchemy's `insert()` twice.
    """
    if rows:
        values = f"({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        below(session).executemany(f"INSERT INTO {table.__tablename__} {values}", rows)


def _anybody(_session: Session) -> None:
    """Before somebody has signed in there is nobody to ask about."""


def _begin(connection: SQLConnection) -> None:
    _driver(connection).execute(connection.get_execution_options().get("begin", "BEGIN"))


def _driver(connection: SQLConnection) -> cipher.Connection:
    return cast("cipher.Connection", connection.connection.driver_connection)


@contextmanager
def _transaction(engine: Engine, path: Path) -> Iterator[Session]:
    with store_errors(path), Session(engine, expire_on_commit=False) as session, session.begin():
        session.info[_DRIVER] = _driver(session.connection())
        yield session


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Say in the store's words what SQLite reports of this file; a broken constraint is left to the caller who knows
    it."""
    try:
        yield
    except (DatabaseError, cipher.DATABASE_ERROR) as error:
        kind = _KINDS.get(cipher.result_code(getattr(error, "orig", error)))
        if kind is None:
            raise
        if kind is LedgerDiskError and disk_usage(path.parent).free < _INDEX_OF_A_WAL:
            kind = LedgerFullError
        raise kind("the ledger cannot be written or read") from error


_KINDS: Final[Mapping[int, type[StoreError]]] = {
    cipher.FULL: LedgerFullError,
    cipher.READONLY: LedgerReadOnlyError,
    cipher.BUSY: LedgerBusyError,
    cipher.LOCKED: LedgerBusyError,
    cipher.PROTOCOL: LedgerBusyError,
    cipher.IOERR: LedgerDiskError,
    cipher.CANTOPEN: LedgerDiskError,
    cipher.CORRUPT: DamagedLedgerError,
    cipher.NOTADB: DamagedLedgerError,
}
"""By SQLite's primary result code. Only the last two say anything about what stands in the file."""
_INDEX_OF_A_WAL: Final = 64 * 1024
"""SQLite calls it an I/O error when there is no room for the file of 32 KiB that it opens a WAL with."""
