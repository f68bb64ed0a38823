"""Rosters: rows in their order, each change at once, and into the ledger once."""

import json
from datetime import timedelta

import pytest

from counter.rules.case import Booking, BookingStatus, IdentityAnswer, IdentityCheck, Mode, OneCard, OneCardAnswer
from counter.rules.unit import Delivery, Unit
from counter.store import positions
from counter.store.errors import (
    DamagedLedgerError,
    FinishedBatchError,
    MissingPhotoError,
    NotAllowedError,
    SecondPersonError,
    SubmittedRowError,
    UnknownBatchError,
)
from counter.store.records import (
    BatchState,
    Elsewhere,
    RowAnswer,
    RowContent,
    RowState,
    SendState,
    Submission,
    Submitted,
)
from counter.store.store import Store
from tests.support.store_samples import (
    CLERK,
    JPEG,
    NOON,
    NUMBER,
    SetClock,
    record,
    reverse,
    waiver,
)

UNIT = Unit(
    name="不存在电子厂",
    uscc="91440000MA00000000",
    contact="钟某",
    mobile="13800001234",
    bank="abc",
    branch="GZ-0001",
    mode=Mode.CHANGE_BANK,
    delivery=Delivery.BRANCH,
)
MATCH = IdentityCheck(answer=IdentityAnswer.MATCH, asked_at=NOON)
HERE = OneCard(answer=OneCardAnswer.HERE)


def content(name: str, document: str = "", photo: str = "") -> RowContent:
    return RowContent(data=json.dumps({"name": name}).encode(), document=document, name=name, photo=photo)


def a_batch(store: Store, *names: str) -> int:
    return store.batches.create(UNIT, [content(name, f"number {name}") for name in names]).id


def names(store: Store, batch: int) -> list[str]:
    return [key.name for key in store.batches.keys(batch)]


def ids(store: Store, batch: int) -> dict[str, str]:
    return {key.name: key.id for key in store.batches.keys(batch)}


def judged(store: Store, batch: int) -> list[Submission]:
    return [Submission(key.id, key.version, record(name=key.name)) for key in store.batches.keys(batch)]


def test_a_roster_holds_what_it_was_made_of(store: Store) -> None:
    rows = [content(f"钟试{n}", f"4401　{n}ｘ") for n in range(2500)]
    made = store.batches.create(UNIT, iter(rows))
    assert (made.unit, made.operator, made.created_at, made.state) == (UNIT, CLERK.id, NOON, BatchState.OPEN)
    assert (made.rows, made.submitted) == (2500, 0)
    assert store.batches.get(made.id) == made
    assert store.batches.list() == [made]
    keys = store.batches.keys(made.id)
    assert [key.name for key in keys] == [f"钟试{n}" for n in range(2500)]
    assert (keys[7].document, keys[7].state, keys[7].version) == ("44017x", RowState.DRAFT, 1)
    assert [row.data for row in store.batches.rows(made.id)] == [row.data for row in rows]
    asked = [keys[2400].id, "gone", keys[3].id]
    assert [row.key for row in store.batches.rows_of(asked)] == [keys[2400], keys[3]]
    assert store.batches.get(99) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (("", ""), Unit()),  # as a roster stands there for which nobody has chosen
        (("change_bank", "branch"), Unit(mode=Mode.CHANGE_BANK, delivery=Delivery.BRANCH)),
    ],
)
def test_the_unit_of_an_older_ledger_reads_the_same(store: Store, written: tuple[str, str], read: Unit) -> None:
    batch = store.batches.create(Unit()).id
    _write_unit(store, *written)
    found = store.batches.get(batch)
    assert found is not None
    assert found.unit == read


def test_a_unit_that_chose_nothing_there_is_is_damage(store: Store) -> None:
    batch = store.batches.create(Unit()).id
    _write_unit(store, "by_balloon", "unit")
    with pytest.raises(DamagedLedgerError):
        store.batches.get(batch)


def _write_unit(store: Store, mode: str, delivery: str) -> None:
    with store.batches._unlocked.database.write() as session:
        session.connection().exec_driver_sql("UPDATE batch SET mode = ?, delivery = ?", (mode, delivery))


def test_a_unit_is_changed_and_a_roster_finished(store: Store) -> None:
    batch = a_batch(store, "a")
    store.batches.update(batch, Unit(name="另一厂"))
    store.batches.finish(batch)
    found = store.batches.get(batch)
    assert found is not None
    assert (found.unit, found.state) == (Unit(name="另一厂"), BatchState.FINISHED)
    with pytest.raises(UnknownBatchError):
        store.batches.update(99, UNIT)
    with pytest.raises(UnknownBatchError):
        store.batches.finish(99)
    with pytest.raises(UnknownBatchError):
        store.batches.insert(99, [content("x")])


def test_a_disabled_clerk_makes_no_roster(store: Store, supervised: Store) -> None:
    supervised.operators.disable(CLERK.id)
    with pytest.raises(NotAllowedError):
        a_batch(store, "a")


def test_nothing_of_a_finished_roster_is_submitted(store: Store) -> None:
    batch = a_batch(store, "a", "b")
    store.batches.submit(batch, judged(store, batch)[:1])
    store.batches.finish(batch)
    with pytest.raises(FinishedBatchError):
        store.batches.submit(batch, judged(store, batch)[1:])
    assert store.ledger.count() == 1


def test_rows_are_put_in_deleted_and_brought_back(store: Store) -> None:
    batch = a_batch(store, "a", "b", "c")
    row = ids(store, batch)
    store.batches.insert(batch, [content("x"), content("y")], before=row["b"])
    store.batches.insert(batch, [content("first")], before=row["a"])
    (last,) = store.batches.insert(batch, [content("last")])
    assert names(store, batch) == ["first", "a", "x", "y", "b", "c", "last"]
    store.batches.delete([row["a"], "gone"])
    assert names(store, batch) == ["first", "x", "y", "b", "c", "last"]
    store.batches.insert(batch, [content("a")], before=last, ids=[row["a"]])
    assert ids(store, batch)["a"] == row["a"]
    assert names(store, batch) == ["first", "x", "y", "b", "c", "a", "last"]
    with pytest.raises(UnknownBatchError):
        store.batches.insert(batch, [content("z")], before="gone")


def test_there_is_always_room_for_one_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "GAP", 4)
    batch = a_batch(store, "a", "z")
    for n in range(20):
        store.batches.insert(batch, [content(f"{n}"), content(f"{n}+")], before=ids(store, batch)["z"])
    assert names(store, batch) == ["a", *(f"{n}{mark}" for n in range(20) for mark in ("", "+")), "z"]


def test_a_change_counts_and_forgets_what_was_said_of_somebody_else(store: Store) -> None:
    batch = a_batch(store, "a", "b")
    row = ids(store, batch)["a"]
    answer = RowAnswer(row, "NUMBER　a", "A", identity=MATCH)
    assert store.batches.answer([answer]) == {row: 2}
    assert store.batches.answer([RowAnswer(row, "number a", "a", one_card=HERE)]) == {row: 3}
    (kept,) = store.batches.rows_of([row])
    assert (kept.identity, kept.one_card, kept.key.version) == (MATCH, HERE, 3)
    assert store.batches.change({row: RowContent(b"other remarks", "number a", "a")}) == {row: 4}
    (kept,) = store.batches.rows_of([row])
    assert (kept.data, kept.identity, kept.one_card) == (b"other remarks", MATCH, HERE)
    assert store.batches.change({row: content("a", "number c")}) == {row: 5}
    (kept,) = store.batches.rows_of([row])
    assert (kept.identity, kept.one_card) == (None, None)
    assert store.batches.answer([answer, RowAnswer("gone", "", "")]) == {}, "asked about another number"
    with pytest.raises(UnknownBatchError):
        store.batches.change({row: content("x"), "gone": content("y")})
    assert store.batches.rows_of([row]) == [kept]


def test_a_rows_booking_is_kept_and_goes_with_the_person(store: Store) -> None:
    batch = a_batch(store, "a")
    row = ids(store, batch)["a"]
    booking = Booking(id="1", status=BookingStatus.REFUSED, from_bank="icbc", to_bank="abc", reason="账户被冻结")
    store.batches.answer([RowAnswer(row, "number a", "a", booking=booking)])
    store.batches.answer([RowAnswer(row, "number a", "a", identity=MATCH)])
    (kept,) = store.batches.rows_of([row])
    assert (kept.booking, kept.identity) == (booking, MATCH), "what is not new stays"
    store.batches.change({row: content("a", "number c")})
    assert store.batches.rows_of([row])[0].booking is None


def test_entries_for_a_rosters_people_are_recorded_once(store: Store) -> None:
    batch = a_batch(store, "a", "b")
    cases = [(f"id-{name}", record(name=name)) for name in "ab"]
    store.ledger.append_for(batch, cases[:1])
    store.ledger.append_for(batch, [("id-a", record(name="a", fee_fen=1)), *cases[1:]])
    assert store.ledger.count() == 2
    assert {id: entry.record for id, entry in store.ledger.of_ids(["id-a", "id-b", "id-c"]).items()} == dict(cases)
    assert store.ledger.verify().valid
    with pytest.raises(SecondPersonError):
        store.ledger.append_for(batch, [("id-c", waiver())])
    assert [key.state for key in store.batches.keys(batch)] == [RowState.DRAFT] * 2, "the rows go on"


def test_a_photo_stays_as_long_as_a_row_names_it(store: Store) -> None:
    digest = store.photos.put(JPEG)
    batch = store.batches.create(UNIT, [content("a", photo=digest), content("b", photo=digest)]).id
    store.photos.forget(digest)
    row = ids(store, batch)
    store.batches.delete([row["a"]])
    assert store.photos.get(digest) is not None
    store.batches.change({row["b"]: content("b")})
    assert store.photos.get(digest) is None
    batch = store.batches.create(UNIT, [content("c", photo=store.photos.put(JPEG))]).id
    store.batches.discard(batch)
    assert (store.photos.get(digest), store.batches.get(batch)) == (None, None)


def test_numbers_that_stand_elsewhere(store: Store, clock: SetClock) -> None:
    store.ledger.append("yesterday's", "exchange", record(number="NUMBER C"))
    clock.now += timedelta(days=1)
    batch = a_batch(store, "a", "b", "c", "d", "e")
    row = ids(store, batch)
    store.batches.insert(batch, [content("no number yet")])
    other = store.batches.create(
        Unit(name="另一厂"), [content("a", "ＮＵＭＢＥＲ a"), content("x"), content("a", "number a")]
    )
    finished = a_batch(store, "b")
    store.batches.finish(finished)
    store.ledger.append("id-1", "exchange", record(number="NUMBER D"))
    store.ledger.append("id-2", "exchange", record(number="NUMBER E"))
    reverse(store, "id-2")
    store.ledger.append("id-3", "report_loss", record(number="NUMBER C"))
    store.ledger.append("id-4", "query", record(number="NUMBER C"))
    store.ledger.append("id-5", "book_bank_change", record(number="NUMBER C"))  # makes no card
    found = store.batches.numbers_elsewhere(batch)
    assert found == {
        row["a"]: (Elsewhere(batch=other.id, unit="另一厂"),),
        row["d"]: (Elsewhere(seq=2, entry="id-1"),),
    }


def test_rows_become_entries_once(store: Store) -> None:
    digest = store.photos.put(JPEG)
    batch = a_batch(store, *"abcdefg")
    submissions = judged(store, batch)
    with_photo = record(name="d", photo=digest)
    submissions[3] = Submission(submissions[3].id, 1, with_photo)
    heard: list[int] = []
    assert store.batches.submit(batch, iter(submissions[:5]), limit=2, progress=heard.append) == Submitted(5)
    assert heard == [2, 4, 5]
    assert store.batches.submit(batch, submissions * 2, limit=3) == Submitted(2)
    entries = sorted(store.ledger.search(), key=lambda entry: entry.seq)
    assert [(entry.id, entry.record) for entry in entries] == [(one.id, one.record) for one in submissions]
    assert {(entry.kind, entry.fee_fen, entry.maker, entry.state) for entry in entries} == {
        ("exchange", 2000, CLERK.id, SendState.PENDING)
    }
    assert (store.ledger.verify().valid, store.outbox.photos_pending()) == (True, [digest])
    assert [entry.id for entry in store.ledger.search("f")] == [submissions[5].id]
    found = store.batches.get(batch)
    assert found is not None
    assert (found.rows, found.submitted) == (7, 7)
    assert store.batches.numbers_elsewhere(batch) == {}


def test_a_row_that_changed_since_it_was_judged_is_left_out(store: Store) -> None:
    batch, other = a_batch(store, *"abcd"), a_batch(store, "z")
    submissions = judged(store, batch) + judged(store, other)
    row = ids(store, batch)
    store.batches.change({row["a"]: content("a", "another number")})
    store.batches.delete([row["b"]])
    store.batches.answer([RowAnswer(row["c"], "number c", "c", identity=MATCH)])
    done = store.batches.submit(batch, submissions)
    assert done == Submitted(1, (row["a"], row["b"], row["c"], submissions[4].id))
    assert [entry.id for entry in store.ledger.search()] == [row["d"]]


def test_what_is_submitted_is_not_changed(store: Store) -> None:
    batch = a_batch(store, "a", "b")
    row = ids(store, batch)
    store.batches.submit(batch, judged(store, batch)[:1])
    for refused in (
        lambda: store.batches.change({row["b"]: content("b"), row["a"]: content("x")}),
        lambda: store.batches.delete([row["b"], row["a"]]),
        lambda: store.batches.discard(batch),
    ):
        with pytest.raises(SubmittedRowError):
            refused()
    assert store.batches.answer([RowAnswer(row["a"], "number a", "a", identity=MATCH)]) == {}
    assert names(store, batch) == ["a", "b"]


def test_a_submission_is_stopped_between_transactions(store: Store) -> None:
    batch = a_batch(store, *"abcdef")
    heard: list[int] = []
    done = store.batches.submit(batch, judged(store, batch), 2, heard.append, lambda: len(heard) == 2)
    assert (done, store.ledger.count()) == (Submitted(4), 4)


def test_a_photo_that_was_not_kept_stops_its_transaction_only(store: Store) -> None:
    batch = a_batch(store, *"abc")
    first, _, third = judged(store, batch)
    with pytest.raises(MissingPhotoError):
        store.batches.submit(batch, [first, Submission(third.id, 1, record(photo="0" * 64))], limit=1)
    assert store.ledger.count() == 1
    assert [key.state for key in store.batches.keys(batch)] == [RowState.SUBMITTED, RowState.DRAFT, RowState.DRAFT]


def test_the_audit_names_the_roster_and_nobody_in_it(store: Store) -> None:
    batch = store.batches.create(UNIT, [content("钟某", NUMBER)]).id
    store.batches.submit(batch, judged(store, batch))
    notes = [(note.action, note.subject) for note in store.audit.list(limit=2)]
    assert notes == [("submit batch", str(batch)), ("create batch", str(batch))]
