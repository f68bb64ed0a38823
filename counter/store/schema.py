"""The file's schema: made, migrated and checked.

`user_version` is the number of the last revision; a file with a higher one is refused, one with a lower one is copied
beside itself and migrated. Alembic is imported only when there is something to migrate: it takes longer than unlocking.
"""

from importlib.resources import as_file, files
from typing import Final

from sqlmodel import Session

from counter.store.backup import back_up
from counter.store.database import Database
from counter.store.errors import DamagedLedgerError, NewerSchemaError
from counter.store.triggers import TRIGGERS

APPLICATION_ID: Final = 0x5353434C  # "SSCL", a social security card ledger
VERSION: Final = 4


def make_schema(database: Database) -> None:
    """Make the tables of a new, empty file."""
    with database.write() as session:
        _upgrade(session)


def check_schema(database: Database) -> None:
    """Bring an existing file to this program's schema and see that it is ours, complete and guarded.

    Raises `NewerSchemaError`, `DamagedLedgerError`.
    """
    with database.read() as session:
        application, version = _pragma(session, "application_id"), _pragma(session, "user_version")
    if application != APPLICATION_ID:
        raise DamagedLedgerError("the file is not a ledger of this program")
    if version > VERSION:
        raise NewerSchemaError(f"the ledger has schema {version}, this program knows {VERSION}")
    if version < VERSION:
        back_up(database, database.path.parent / f"before-schema-{VERSION}")
        with database.write() as session:
            _upgrade(session)
    with database.read() as session:
        _check_triggers(session)


def _upgrade(session: Session) -> None:
    """Run the missing revisions and install the triggers, all in the transaction of this session."""
    from alembic import command  # noqa: PLC0415 - 0.3 s that only a migration should cost
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.attributes["connection"] = session.connection()
    with as_file(files("counter.store") / "migrations") as scripts:
        config.set_main_option("script_location", str(scripts).replace("%", "%%"))
        command.upgrade(config, f"{VERSION:04}")
    for name, sql in TRIGGERS.items():
        _run(session, f"DROP TRIGGER IF EXISTS {name}")
        _run(session, sql)
    _run(session, f"PRAGMA application_id = {APPLICATION_ID}")
    _run(session, f"PRAGMA user_version = {VERSION}")
    _check_triggers(session)


def _check_triggers(session: Session) -> None:
    rows = session.connection().exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    if {str(name): str(sql) for name, sql in rows} != {name: sql.strip() for name, sql in TRIGGERS.items()}:
        raise DamagedLedgerError("the triggers that guard the ledger are not as they were made")


def _pragma(session: Session, name: str) -> int:
    return int(session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one())


def _run(session: Session, sql: str) -> None:
    session.connection().exec_driver_sql(sql)
