"""The file's schema: made, migrated and checked.

`user_version` says how many of the steps in `counter.store.migrations` a file has had, and nothing else does. A file
that has had more is refused; one that has had fewer is copied beside itself and gets the rest.
"""

from itertools import chain, count
from pathlib import Path
from typing import Final

from filelock import FileLock
from sqlmodel import Session

from counter.store.backup import back_up, is_there
from counter.store.database import Database
from counter.store.errors import DamagedLedgerError, NewerSchemaError, unavailable
from counter.store.migrations import STEPS, TILL_AND_BLANKS, VERSION
from counter.store.triggers import LATER, TRIGGERS

COPIES: Final = "before-schema-*"
"""The folders in a home with the copies that are made before a step."""
APPLICATION_ID: Final = 0x5353434C  # "SSCL", a social security card ledger


def make_schema(database: Database) -> None:
    """Make the tables of a new, empty file."""
    with database.write() as session:
        _take_steps(session)


def check_schema(database: Database) -> None:
    """Bring an existing file to this program's schema and see that it is ours, complete and guarded.

    Raises `NewerSchemaError`, `DamagedLedgerError`.
    """
    if _version(database) < VERSION:
        _migrate(database)
    with database.read() as session:
        _check_triggers(session)


def migrate_in_place(database: Database) -> None:
    """Bring a copy to this program's schema; what it was copied from stays as it is. Raises `NewerSchemaError`."""
    if _version(database) < VERSION:
        make_schema(database)


def _version(database: Database) -> int:
    """How many steps this file has had. Raises `NewerSchemaError`, `DamagedLedgerError`."""
    with database.read() as session:
        application, version = _pragma(session, "application_id"), _pragma(session, "user_version")
    if application != APPLICATION_ID:
        raise DamagedLedgerError("the file is not a ledger of this program")
    if version > VERSION:
        raise NewerSchemaError(f"the ledger has schema {version}, this program knows {VERSION}")
    return version


def _migrate(database: Database) -> None:
    """Copy the file and take the missing steps; the screen and the timer may come at once after an update.

    Raises `LedgerUnavailableError` where there is no room for the copy, or the medium may only be read.
    """
    home = database.path.parent
    try:
        with FileLock(home / "schema.lock"):
            if _version(database) < VERSION:
                back_up(database, _untaken(home / COPIES.replace("*", str(VERSION))))
                with database.write() as session:
                    _take_steps(session)
    except OSError as error:
        raise unavailable(error) from error


def _untaken(folder: Path) -> Path:
    """This folder, or one numbered after it: an earlier try that failed has left its copy, which is kept.

    A copy that was itself broken off is completed, or made anew in its place.
    """
    numbered = (folder.with_name(f"{folder.name}-{n}") for n in count(2))
    return next(path for path in chain((folder,), numbered) if not is_there(path))


def _take_steps(session: Session) -> None:
    """Take the missing steps and install the triggers; the version goes with them, in this session's transaction."""
    for statement in chain.from_iterable(STEPS[_pragma(session, "user_version") : VERSION]):
        _run(session, statement)
    for name, sql in _guards().items():
        _run(session, f"DROP TRIGGER IF EXISTS {name}")
        _run(session, sql)
    _run(session, f"PRAGMA application_id = {APPLICATION_ID}")
    _run(session, f"PRAGMA user_version = {VERSION}")
    _check_triggers(session)


def _guards() -> dict[str, str]:
    """The triggers of the tables that the steps so far make."""
    return {**TRIGGERS, **(LATER if TILL_AND_BLANKS in STEPS[:VERSION] else {})}


def _check_triggers(session: Session) -> None:
    rows = session.connection().exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    if {str(name): str(sql) for name, sql in rows} != {name: sql.strip() for name, sql in _guards().items()}:
        raise DamagedLedgerError("the triggers that guard the ledger are not as they were made")


def _pragma(session: Session, name: str) -> int:
    return int(session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one())


def _run(session: Session, sql: str) -> None:
    session.connection().exec_driver_sql(sql)
