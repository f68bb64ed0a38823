"""The ledger: appended once, in order, found again, never changed."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from counter.province.wire import EntryAnswer, Outcome
from counter.rules.chain import GENESIS, body_digest, link_hash
from counter.store import cipher
from counter.store.errors import ConflictError, MissingPhotoError, NotAllowedError
from counter.store.records import SendState
from counter.store.store import Store
from tests.support.store_samples import (
    CLERK,
    JPEG,
    NAME,
    NUMBER,
    PLACE,
    SUPERVISOR,
    SetClock,
    case,
    checked,
    record,
    reverse,
    sql,
    waiver,
)


def test_an_entry_holds_what_was_confirmed(store: Store) -> None:
    entry = store.ledger.append("id-1", "exchange", record(notices=("benefits",)))
    assert entry == store.ledger.get(1) == store.ledger.by_id("id-1")
    assert (entry.seq, entry.previous, entry.maker, entry.state) == (1, GENESIS, CLERK.id, SendState.PENDING)
    assert (entry.kind, entry.fee_fen, entry.checker, entry.reverses) == ("exchange", 2000, None, None)
    assert entry.record == record(notices=("benefits",))
    assert (store.ledger.head(), store.ledger.count()) == ((1, entry.hash), 1)
    assert store.ledger.get(2) is store.ledger.by_id("id-2") is None


def test_the_hash_is_the_one_that_the_province_computes(store: Store) -> None:
    store.ledger.append("id-1", "exchange", record())
    checked(store, "id-2", "apply", waiver(fee_fen=0))
    for sent in store.outbox.pending():
        assert body_digest(sent.salt, sent.body) == sent.body_digest
        assert link_hash(sent, PLACE.branch, PLACE.counter) == sent.hash
    first, second = store.outbox.pending()
    assert (second.previous, second.seq) == (first.hash, 2)


def test_the_same_append_again_answers_with_the_same_entry(store: Store, unlock: Callable[..., Store]) -> None:
    entry = store.ledger.append("id-1", "exchange", record())
    assert store.ledger.append("id-1", "exchange", record()) == entry
    with unlock(SUPERVISOR.id) as other:
        assert other.ledger.append("id-1", "exchange", record()) == entry
    assert store.ledger.count() == 1


def test_the_same_id_with_other_content_is_a_conflict(store: Store) -> None:
    store.ledger.append("id-1", "exchange", record())
    checked(store, "id-2", "exchange", waiver())
    for id, kind, content in (
        ("id-1", "apply", record()),
        ("id-1", "exchange", record(fee_fen=0)),
        ("id-1", "exchange", record(name="赵某")),
        ("id-2", "exchange", record()),
    ):
        with pytest.raises(ConflictError):
            store.ledger.append(id, kind, content)
    assert store.ledger.count() == 2


def test_a_clerk_disabled_meanwhile_records_nothing(store: Store, supervised: Store) -> None:
    supervised.operators.disable(CLERK.id)
    with pytest.raises(NotAllowedError):
        store.ledger.append("id-1", "exchange", record())


def test_a_failed_append_leaves_nothing_behind(store: Store) -> None:
    store.drafts.save("id-1", case(), "confirm")
    with pytest.raises(MissingPhotoError):
        store.ledger.append("id-1", "exchange", record(photo="0" * 64))
    assert store.drafts.get("id-1") is not None
    assert (store.ledger.count(), store.outbox.counts().pending, store.outbox.photos_pending()) == (0, 0, [])
    assert "append exchange" not in [note.action for note in store.audit.list()]


def test_the_business_date_is_guangdongs(store: Store, clock: SetClock) -> None:
    clock.now = datetime(2026, 3, 1, 15, 59, 59, 999999, tzinfo=UTC)
    assert store.ledger.append("id-1", "exchange", record()).business_date == store.ledger.today() == date(2026, 3, 1)
    clock.now = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    later = store.ledger.append("id-2", "exchange", record())
    assert (later.business_date, later.recorded_at) == (date(2026, 3, 2), clock.now)
    assert store.ledger.verify().valid


def test_a_clock_set_back_does_not_break_the_chain(store: Store, clock: SetClock) -> None:
    store.ledger.append("id-1", "exchange", record())
    clock.now = datetime(2020, 1, 1, tzinfo=UTC)
    store.ledger.append("id-2", "exchange", record())
    assert [entry.id for entry in store.ledger.search()] == ["id-2", "id-1"]
    assert store.ledger.verify().valid


def test_the_number_to_quote(store: Store) -> None:
    entry = store.ledger.append("id-1", "exchange", record())
    assert store.ledger.quote_number(entry) == "GZ-0001-03-20260302-000001"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["id-3", "id-2", "id-1"]),
        ("  ", ["id-3", "id-2", "id-1"]),
        (NAME, ["id-1"]),
        ("𠮷", ["id-1"]),
        ("欧阳", ["id-2", "id-1"]),
        ("smith", ["id-3"]),
        ("JOHN  S", ["id-3"]),
        (NUMBER, ["id-1"]),
        ("44010619900307123x", ["id-1"]),
        ("４４０１０６　１９９００３０７　１２３Ｘ", ["id-1"]),
        ("123X", ["id-1"]),
        ("23X", []),
        ("9900307", []),
        ("GZ-0001-03-20260302-000002", ["id-2"]),
        ("gz-0001-03-20260302-000002", ["id-2"]),
        ("20260302-000002", ["id-2"]),
        ("000003", ["id-3"]),
        ("GZ-0001-03-20260303-000002", []),
        ("GZ-0001-04-20260302-000002", []),
        ("20261399-000002", []),
        ("999999999999999", []),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("无此人", []),
        ("\x00", []),
        ("\u202e锦", []),
        ("9" * 10_000, []),
        ("龘" * 100_000, []),
    ],
)
def test_finding_an_entry(store: Store, text: str, found: list[str]) -> None:
    store.ledger.append("id-1", "exchange", record())
    store.ledger.append("id-2", "exchange", record(name="欧阳某", number="440106198501010010"))
    store.ledger.append("id-3", "apply", record(name="John Smith", number="E00000001"))
    assert [entry.id for entry in store.ledger.search(text)] == found


def test_half_a_surrogate_pair_is_not_searched_for(store: Store) -> None:
    store.ledger.append("id-1", "exchange", record())
    assert len(store.ledger.search("\ud842" + NAME)) == 1


def test_filters_and_pages(store: Store, clock: SetClock) -> None:
    for number in range(5):
        store.ledger.append(f"id-{number}", "exchange", record())
    clock.now = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
    store.ledger.append("id-5", "exchange", record())
    store.outbox.settle([EntryAnswer(id="id-2", outcome=Outcome.REJECTED, code="identity_mismatch", rule="WHO-2")])
    assert [entry.id for entry in store.ledger.search(on=date(2026, 3, 3))] == ["id-5"]
    assert [entry.id for entry in store.ledger.search(limit=2, offset=3)] == ["id-2", "id-1"]
    (rejected,) = store.ledger.search(NAME, date(2026, 3, 2), SendState.REJECTED)
    assert (rejected.id, rejected.code, rejected.rule) == ("id-2", "identity_mismatch", "WHO-2")


def test_the_day_in_figures(store: Store, clock: SetClock) -> None:
    store.ledger.append("id-0", "exchange", record())
    clock.now = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
    store.ledger.append("id-1", "exchange", record())
    store.ledger.append("id-2", "exchange", record())
    store.ledger.append("id-3", "apply", record(fee_fen=0))
    store.drafts.save("id-4", case(), "photo")
    store.outbox.settle([EntryAnswer(id="id-1", outcome=Outcome.REJECTED)])
    figures = store.ledger.figures(date(2026, 3, 3))
    assert figures.by_kind == {"exchange": (2, 4000), "apply": (1, 0)}
    assert (figures.done, figures.fee_fen, figures.held, figures.pending, figures.rejected) == (3, 4000, 1, 3, 1)
    assert store.ledger.figures(date(2020, 1, 1)).by_kind == {}


COLUMNS = (
    "entry (seq, id, business_date, recorded_at, kind, fee_fen, maker, checker, reverses,"
    " body_digest, previous, hash, algorithm)"
)
REFUSED = (
    "UPDATE entry SET fee_fen = 0",
    "UPDATE OR REPLACE entry SET fee_fen = 0",
    "DELETE FROM entry",
    "DELETE FROM entry WHERE seq = 2",
    "REPLACE INTO entry SELECT * FROM entry WHERE seq = 2",
    f"REPLACE INTO {COLUMNS} SELECT 3, 'id-1', business_date, recorded_at, kind, fee_fen, maker, checker, NULL,"
    " body_digest, hash, hash, algorithm FROM entry WHERE seq = 2",
    f"REPLACE INTO {COLUMNS} SELECT 3, 'id-3', business_date, recorded_at, kind, fee_fen, maker, checker, reverses,"
    " body_digest, hash, hash, algorithm FROM entry WHERE seq = 2",
    f"INSERT INTO {COLUMNS} SELECT 4, 'id-4', business_date, recorded_at, kind, fee_fen, maker, checker, NULL,"
    " body_digest, hash, hash, algorithm FROM entry WHERE seq = 2",
    f"INSERT INTO {COLUMNS} SELECT 3, 'id-3', business_date, recorded_at, kind, fee_fen, maker, checker, NULL,"
    " body_digest, previous, hash, algorithm FROM entry WHERE seq = 2",
    f"INSERT INTO {COLUMNS} SELECT 3, 'id-3', business_date, recorded_at, kind, fee_fen, maker, maker, NULL,"
    " body_digest, hash, hash, algorithm FROM entry WHERE seq = 2",
    f"INSERT INTO {COLUMNS} SELECT 3, 'id-3', business_date, recorded_at, kind, fee_fen, 'nobody', NULL, NULL,"
    " body_digest, hash, hash, algorithm FROM entry WHERE seq = 2",
    f"INSERT INTO {COLUMNS} SELECT 3, 'id-3', business_date, recorded_at, kind, fee_fen, maker, NULL, 'id-9',"
    " body_digest, hash, hash, algorithm FROM entry WHERE seq = 2",
    f"INSERT INTO {COLUMNS} SELECT 3, 'id-3', business_date, recorded_at, kind, fee_fen, maker, NULL, id,"
    " body_digest, hash, hash, algorithm FROM entry WHERE seq = 2",
    "UPDATE body SET content = x'00'",
    "REPLACE INTO body SELECT seq, salt, x'00' FROM body WHERE seq = 1",
    "DELETE FROM body WHERE seq = 1",
    "UPDATE audit SET operator = 'nobody'",
    "DELETE FROM audit",
    "REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
    "DELETE FROM operator",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_sql_does_not_change_what_was_recorded(store: Store, home: Path, statement: str) -> None:
    store.ledger.append("id-1", "exchange", record())
    reverse(store, "id-1")
    before = [sql(home, f"SELECT * FROM {table}") for table in ("entry", "body", "audit", "operator")]
    with pytest.raises(cipher.DATABASE_ERROR, match=r"append-only|follows|never changed|constraint failed|not had"):
        sql(home, statement)
    assert [sql(home, f"SELECT * FROM {table}") for table in ("entry", "body", "audit", "operator")] == before
    assert store.ledger.verify().valid


def test_retention_may_erase_a_body_that_the_province_has(store: Store, home: Path) -> None:
    digest = store.photos.put(JPEG)
    store.ledger.append("id-1", "exchange", record(photo=digest))
    store.outbox.settle([EntryAnswer(id="id-1", outcome=Outcome.REJECTED)])
    sql(home, "DELETE FROM body WHERE seq = 1")
    entry = store.ledger.by_id("id-1")
    assert entry is not None
    assert entry.record is None
    assert store.ledger.search(NAME) == []
    assert [one.id for one in store.ledger.search()] == ["id-1"]
    assert store.ledger.verify().valid
    with pytest.raises(ConflictError):  # whether it is the same cannot be told any more
        store.ledger.append("id-1", "exchange", record(photo=digest))


def test_the_standard_sqlite_cannot_read_the_file(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "stolen.db"
    copy.write_bytes((home / "ledger.db").read_bytes())
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        sqlite3.connect(copy).execute("SELECT * FROM sqlite_schema")


def test_a_record_of_nonsense_is_kept_as_it_is(store: Store) -> None:
    for number, name in enumerate(
        ("", "a" * 10_000, "\x00\x1b[2J", "👩‍👩‍👧", "𠮷㛃", "'; DROP TABLE entry;--", "\u202eabc")
    ):
        entry = store.ledger.append(f"id-{number}", "exchange", record(name=name))
        assert entry.record is not None
        assert entry.record.case.holder.name == name
        draft = msgspec.structs.replace(entry.record.case, city=name)
        store.drafts.save(f"draft-{number}", draft, "details")
        held = store.drafts.get(f"draft-{number}")
        assert held is not None
        assert held.case == draft
    assert store.ledger.verify().valid


def test_what_stands_and_what_was_taken_back(store: Store) -> None:
    for id in ("id-1", "id-2"):
        store.ledger.append(id, "collect", record())
    back = reverse(store, "id-1")
    wanted = [f"none-{n}" for n in range(1500)] + ["id-1", "id-2", back.id]
    assert store.ledger.standing(wanted) == {"id-1": False, "id-2": True, back.id: True}
