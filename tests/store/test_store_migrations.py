"""The schema of the file: made in steps, migrated once, whatever happens on the way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from counter.rules.chain import GENESIS, body_digest, link_hash
from counter.rules.link import FORM_1, Link, SignedLink
from counter.rules.record import encode_record
from counter.store import cipher, schema
from counter.store.columns import LedgerTable
from counter.store.database import Database
from counter.store.errors import NewerSchemaError
from counter.store.migrations import STEPS, VERSION
from counter.store.records import Draft
from counter.store.store import Store
from counter.store.tables import Entry
from counter.store.triggers import TRIGGERS
from tests.support import old_homes
from tests.support.store_samples import (
    NOON,
    PASSPHRASE,
    PLACE,
    SUPERVISOR,
    case,
    file_key,
    record,
    sql,
)

Unlock = Callable[..., Store]


def shape(session: Session, table: str) -> dict[str, set[tuple[object, ...]]]:
    """A table as SQLite knows it: columns, references, and what is unique or indexed."""

    def rows(text: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in session.connection().exec_driver_sql(text)]

    indexes = rows(f"SELECT name, \"unique\", partial FROM pragma_index_list('{table}')")
    return {
        "columns": set(rows(f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')")),
        "references": set(rows(f'SELECT "from", "table", "to", on_delete FROM pragma_foreign_key_list(\'{table}\')')),
        "indexes": {
            (*(rest if str(name).startswith("sqlite_autoindex") else (name, *rest)), *columns)
            for name, *rest in indexes
            for columns in [rows(f"SELECT name FROM pragma_index_info('{name}')")]
        },
    }


def test_the_steps_make_the_tables_of_the_code(home: Path, tmp_path: Path) -> None:
    with closing(Database(tmp_path / "code.db", bytes(32))) as code, code.write() as declared:
        LedgerTable.metadata.create_all(declared.connection())
        with closing(Database(home / "ledger.db", file_key(home))) as database, database.read() as session:
            for table in LedgerTable.metadata.tables:
                assert shape(session, table) == shape(declared, table), table
            made = session.connection().exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'")
            assert {name for (name,) in made} == set(LedgerTable.metadata.tables)


def test_the_ledger_has_a_column_for_all_that_an_entry_says() -> None:
    assert set(Entry.model_fields) == {*SignedLink.__struct_fields__}


def test_a_newer_file_is_refused_and_left_alone(home: Path, unlock: Unlock) -> None:
    sql(home, f"PRAGMA user_version = {VERSION + 1}")
    before = (home / "ledger.db").read_bytes()
    with pytest.raises(NewerSchemaError):
        unlock()
    assert (home / "ledger.db").read_bytes() == before


def insert(home: Path, table: str, **values: object) -> None:
    """A row as the store wrote it when the file had the first step's tables only."""
    old_homes.insert(home, file_key(home), table, **values)


def write_entry(home: Path) -> None:
    """One entry of the first form, still to be sent."""
    salt, content = b"s" * 16, encode_record(record())
    link = Link(
        seq=1,
        id="id-1",
        business_date=NOON.date(),
        recorded_at=NOON,
        kind="exchange",
        fee_fen=2000,
        maker=SUPERVISOR.id,
        checker=None,
        reverses=None,
        body_digest=body_digest(salt, content),
        previous=GENESIS,
    )
    values = {name: value for name, value in msgspec.structs.asdict(link).items() if name in FORM_1}
    values |= {"business_date": NOON.date().isoformat(), "recorded_at": NOON.isoformat(timespec="microseconds")}
    insert(home, "entry", **values, hash=link_hash(link, PLACE.branch, PLACE.counter))
    insert(home, "body", seq=1, salt=salt, content=content)
    insert(home, "outbox", seq=1, state="pending", code="", rule="")


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    """A home of the first step, with an entry and a held case."""
    home = old_homes.old_home(tmp_path / "old", 1)
    write_entry(home)
    held = {"content": msgspec.json.encode(case()), "updated_at": NOON.isoformat(timespec="microseconds")}
    insert(home, "draft", id="id-2", step="photo", operator=SUPERVISOR.id, photo="", **held)
    return home


def test_an_older_file_is_copied_and_migrated_with_all_that_is_in_it(old_home: Path) -> None:
    with Store.unlock(old_home, SUPERVISOR.id, PASSPHRASE) as migrated:
        entry = migrated.ledger.get(1)
        assert entry is not None
        assert (entry.id, entry.record, entry.form, migrated.ledger.verify().valid) == ("id-1", record(), 1, True)
        assert migrated.drafts.list() == [Draft("id-2", case(), "photo", SUPERVISOR.id, NOON)]
        migrated.ledger.reverse("id-1", "typed twice")
    assert sql(old_home, "PRAGMA user_version") == [(VERSION,)]
    with pytest.raises(cipher.DATABASE_ERROR, match="append-only"):
        sql(old_home, "DELETE FROM entry")
    copy = old_home / f"before-schema-{VERSION}"
    assert sql(copy, "SELECT count(*) FROM entry") == [(1,)]
    assert sql(copy, "PRAGMA user_version") == [(1,)]


def test_a_migration_that_fails_changes_nothing_and_is_tried_again(
    old_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sql(old_home, "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "TRIGGERS", {**TRIGGERS, "another": "CREATE TRIGGER nonsense"})
        with pytest.raises(OperationalError):
            Store.unlock(old_home, SUPERVISOR.id, PASSPHRASE)
    assert sql(old_home, "PRAGMA user_version") == [(1,)]
    assert sql(old_home, "SELECT name FROM sqlite_schema WHERE name IN ('awaiting', 'batch')") == []
    assert sql(old_home, "SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name") == before
    with Store.unlock(old_home, SUPERVISOR.id, PASSPHRASE) as migrated:
        assert migrated.ledger.verify().valid
    copies = [copy.name for copy in sorted(old_home.glob("before-schema-*"))]
    assert copies == [f"before-schema-{VERSION}", f"before-schema-{VERSION}-2"], "the first try's copy is kept"


def test_whoever_comes_at_once_migrates_once(old_home: Path) -> None:
    """The screen and the timer after an update."""

    def opened(_: int) -> bool:
        with Store.unlock(old_home, SUPERVISOR.id, PASSPHRASE) as store:
            return store.ledger.verify().valid

    with ThreadPoolExecutor(4) as four:
        assert list(four.map(opened, range(4))) == [True] * 4
    assert [copy.name for copy in old_home.glob("before-schema-*")] == [f"before-schema-{VERSION}"]


def test_every_step_leads_on_from_the_one_before(tmp_path: Path) -> None:
    """A home of any step opens: each is left by a program that knew no more."""
    for version in range(1, len(STEPS) + 1):
        home = old_homes.old_home(tmp_path / f"step-{version}", version)
        with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
            assert store.ledger.append("id-1", "exchange", record()).seq == 1
            assert store.ledger.verify().valid
