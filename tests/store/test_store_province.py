"""The outbox, the days and the identity: what sync stands on, fed with the wire's own messages."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.province.wire import EntryAnswer, Event, EventKind, Outcome
from counter.rules.chain import GENESIS
from counter.store.outbox import ENVELOPE_BYTES
from counter.store.records import DayReceipt, DayTotal, DayTotals, OutboxCounts, SendState
from counter.store.store import Store
from tests.support.store_samples import (
    NOON,
    SetClock,
    record,
    sql,
)

DAY = date(2026, 3, 2)


@pytest.fixture
def five(store: Store) -> Store:
    for number in range(1, 6):
        store.ledger.append(f"id-{number}", "exchange" if number % 2 else "apply", record(fee_fen=number * 100))
    return store


def answers(store: Store, **outcomes: Outcome) -> None:
    store.outbox.settle([EntryAnswer(id=name.replace("_", "-"), outcome=outcome) for name, outcome in outcomes.items()])


def hash_of(store: Store, id: str) -> str:
    entry = store.ledger.by_id(id)
    assert entry is not None
    return entry.hash


def test_pending_entries_go_in_order_and_within_limits(five: Store) -> None:
    everything = five.outbox.pending()
    assert [entry.seq for entry in everything] == [1, 2, 3, 4, 5]
    assert [entry.seq for entry in five.outbox.pending(limit=2)] == [1, 2]
    assert [entry.seq for entry in five.outbox.pending(max_bytes=1)] == [1]
    room = 3 * (ENVELOPE_BYTES + max(len(entry.body) for entry in everything) * 4 // 3 + 1)
    assert [entry.seq for entry in five.outbox.pending(max_bytes=room)] == [1, 2, 3]


def test_what_goes_says_what_is_still_to_be_asked(store: Store) -> None:
    store.ledger.append("id-1", "exchange", record(deferred=("identity", "photo")))
    assert store.outbox.pending()[0].deferred == ("identity", "photo")


def test_each_answer_settles_its_entry(five: Store) -> None:
    five.outbox.settle(
        [
            EntryAnswer(id="id-1", outcome=Outcome.CREATED),
            EntryAnswer(id="id-2", outcome=Outcome.REJECTED, code="check_digit", rule="WHO-5"),
            EntryAnswer(id="id-3", outcome=Outcome.EXISTS),
            EntryAnswer(id="id-4", outcome=Outcome.RETRY),
            EntryAnswer(id="id-5", outcome=Outcome.CONFLICT),
            EntryAnswer(id="nobody's", outcome=Outcome.CREATED),
        ]
    )
    assert [entry.seq for entry in five.outbox.pending()] == [4]
    assert five.outbox.counts() == OutboxCounts(pending=1, rejected=1, conflict=1, photos=0)
    back = [(entry.id, entry.state, entry.code, entry.rule) for entry in five.outbox.rejected()]
    assert back == [("id-2", SendState.REJECTED, "check_digit", "WHO-5"), ("id-5", SendState.CONFLICT, "", "")]


def test_a_late_answer_does_not_undo_a_settled_one(five: Store) -> None:
    answers(five, id_1=Outcome.REJECTED, id_2=Outcome.CREATED)
    answers(five, id_1=Outcome.EXISTS, id_2=Outcome.CONFLICT)
    assert [entry.state for entry in five.ledger.search("", limit=5, offset=3)] == [
        SendState.CREATED,
        SendState.REJECTED,
    ]


def test_answers_are_kept_together_or_not_at_all(five: Store) -> None:
    class Unheard:
        id, outcome, code, rule = "id-2", "unheard-of", "", ""

    with pytest.raises(ValueError, match="unheard-of"):
        five.outbox.settle([EntryAnswer(id="id-1", outcome=Outcome.CREATED), Unheard()])
    assert five.outbox.counts().pending == 5


def test_events_are_kept_once_with_their_cursor(five: Store, home: Path) -> None:
    progress = Event(cursor=3, kind=EventKind.PROGRESS, at=NOON, entry="id-2", code="made")
    rejected = Event(cursor=7, kind=EventKind.REJECTED, at=NOON, entry="id-1", code="photo", detail="blurred")
    answers(five, id_1=Outcome.CREATED)
    assert five.outbox.cursor() == 0
    five.outbox.advance(7, [progress, rejected])
    five.outbox.advance(7, [progress, rejected])
    five.outbox.advance(5, [])
    assert five.outbox.cursor() == 7
    assert sql(home, "SELECT cursor, kind, entry, detail FROM event ORDER BY cursor") == [
        (3, "progress", "id-2", ""),
        (7, "rejected", "id-1", "blurred"),
    ]
    assert [(entry.id, entry.code) for entry in five.outbox.rejected()] == [("id-1", "photo")]


def test_a_day_counts_what_was_taken(five: Store) -> None:
    assert five.days.totals(DAY) == DayTotals(DAY, (), 0, GENESIS)
    assert five.days.unmatched() == []
    answers(five, id_1=Outcome.CREATED, id_2=Outcome.EXISTS, id_3=Outcome.CREATED, id_4=Outcome.REJECTED)
    counted = (DayTotal("apply", 1, 200), DayTotal("exchange", 2, 400))
    assert five.days.totals(DAY) == DayTotals(DAY, counted, 4, hash_of(five, "id-4"))
    assert five.days.unmatched() == [DAY]


def test_a_day_with_its_receipt_is_done_until_it_goes_on(five: Store, clock: SetClock) -> None:
    answers(five, id_1=Outcome.CREATED)
    five.days.keep_receipt(DAY, 1, b"{}", "ab")
    five.days.keep_receipt(DAY, 1, b"{another}", "cd")
    assert five.days.unmatched() == []
    assert five.days.receipt(DAY) == DayReceipt(DAY, 1, b"{}", "ab", NOON)
    answers(five, id_2=Outcome.CREATED)
    assert five.days.unmatched() == [DAY]
    five.days.keep_receipt(DAY, 2, b"{2}", "ef")
    receipt = five.days.receipt(DAY)
    assert receipt is not None
    assert (receipt.content, five.days.unmatched()) == (b"{2}", [])
    clock.now = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
    five.ledger.append("id-6", "exchange", record())
    answers(five, id_6=Outcome.CREATED)
    assert five.days.unmatched() == [date(2026, 3, 3)]
    assert five.days.receipt(date(2026, 3, 3)) is None


def test_enrolment_is_kept(store: Store, home: Path) -> None:
    assert (store.identity.counter_key(), store.identity.province()) == (None, None)
    key = Ed25519PrivateKey.generate()
    store.identity.enrol(key, "https://province.example", "ab" * 32)
    kept = store.identity.counter_key()
    assert kept is not None
    assert kept.private_bytes_raw() == key.private_bytes_raw()
    assert store.identity.province() == ("https://province.example", "ab" * 32)
    files = b"".join(file.read_bytes() for file in home.iterdir())
    assert key.private_bytes_raw() not in files
    assert sql(home, "SELECT count(*) FROM identity") == [(1,)]
