"""The second person: nobody authorises their own, nothing is recorded before, and the day waits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from counter.province.wire import EntryAnswer, Outcome
from counter.rules.unit import Unit
from counter.store import cipher, slots
from counter.store.errors import (
    ConflictError,
    DisabledOperatorError,
    MissingPhotoError,
    NotAllowedError,
    NotAwaitingError,
    NotReversibleError,
    SecondPersonError,
    WrongCredentialsError,
)
from counter.store.keys import read_keyring, write_keyring
from counter.store.posting import Posting, seal
from counter.store.records import Role, RowContent, Submission
from counter.store.store import Store
from tests.support.store_samples import (
    CLERK,
    JPEG,
    NOON,
    PASSPHRASE,
    SUPERVISOR,
    SetClock,
    case,
    checked,
    edit_keyring,
    record,
    reverse,
    sql,
    waiver,
)

DAY = date(2026, 3, 2)
NEXT = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)


def test_a_case_waits_in_place_of_its_draft(store: Store) -> None:
    digest = store.photos.put(JPEG)
    store.drafts.save("id-1", case(photo=digest), "confirm")
    asked = store.awaiting.add("id-1", "exchange", waiver(photo=digest))
    assert store.awaiting.list() == [asked]
    assert (asked.maker, asked.business_date, asked.created_at) == (CLERK.id, DAY, NOON)
    assert store.awaiting.add("id-1", "exchange", waiver(photo=digest)) == asked
    store.drafts.save("id-1", case(photo=digest), "confirm")
    assert (store.drafts.list(), store.ledger.count()) == ([], 0)
    store.photos.forget(digest)
    assert store.photos.get(digest) is not None, "what waits names it"
    assert store.ledger.figures(DAY).awaiting == 1
    assert [note.action for note in store.audit.list(limit=1)] == ["ask exchange"]


def test_what_waits_is_not_recorded_by_its_maker(store: Store) -> None:
    store.awaiting.add("id-1", "exchange", waiver())
    with pytest.raises(ConflictError):
        store.ledger.append("id-1", "exchange", record())
    with pytest.raises(ConflictError):
        store.awaiting.add("id-1", "exchange", waiver(fee_fen=0))
    with pytest.raises(MissingPhotoError):
        store.awaiting.add("id-2", "exchange", waiver(photo="0" * 64))
    assert store.ledger.count() == 0


def test_what_needs_a_second_person_has_no_other_way_into_the_ledger(store: Store) -> None:
    """Not by itself, not as somebody's own checker, not among the rows of a roster, not in the place of an entry."""
    with pytest.raises(SecondPersonError):
        store.ledger.append("id-1", "exchange", waiver())
    for checker in (None, CLERK.id):
        with pytest.raises(SecondPersonError):
            seal(Posting("id-1", "exchange", waiver(), CLERK.id, checker))
    batch = store.batches.create(Unit(name="试验厂"), [RowContent(b"{}"), RowContent(b"{}")])
    keys = store.batches.keys(batch.id)
    rows = [Submission(key.id, key.version, one) for key, one in zip(keys, (record(), waiver()), strict=True)]
    with pytest.raises(SecondPersonError):
        store.batches.submit(batch.id, rows)
    store.ledger.append("id-2", "exchange", record())
    with pytest.raises(ConflictError):
        store.ledger.append("id-2", "exchange", waiver())
    assert (store.ledger.count(), store.awaiting.list()) == (1, [])


def test_a_supervisor_authorises_at_the_makers_counter(store: Store, clock: SetClock) -> None:
    """The next day: the entry belongs to the date on which it was made."""
    store.awaiting.add("id-1", "exchange", waiver())
    clock.now = NEXT
    entry = store.awaiting.authorise("id-1", store.operators.verify(SUPERVISOR.id, PASSPHRASE))
    assert (entry.maker, entry.checker, entry.record) == (CLERK.id, SUPERVISOR.id, waiver())
    assert (entry.business_date, entry.recorded_at) == (DAY, NEXT)
    assert (store.awaiting.list(), store.ledger.verify().valid) == ([], True)
    assert [(note.operator, note.action) for note in store.audit.list(limit=1)] == [
        (SUPERVISOR.id, "authorise exchange")
    ]
    assert store.awaiting.authorise("id-1", store.operators.verify(SUPERVISOR.id, PASSPHRASE)) == entry
    with pytest.raises(ConflictError):
        store.awaiting.add("id-1", "exchange", waiver())


def test_a_supervisor_authorises_from_their_own_list(store: Store, supervised: Store) -> None:
    store.awaiting.add("id-1", "exchange", waiver())
    entry = supervised.awaiting.authorise_own("id-1")
    assert (entry.maker, entry.checker) == (CLERK.id, SUPERVISOR.id)
    with pytest.raises(NotAwaitingError):
        supervised.awaiting.authorise_own("id-2")


def test_nobody_authorises_their_own(store: Store, supervised: Store, home: Path) -> None:
    supervised.awaiting.add("id-1", "exchange", waiver())
    with pytest.raises(NotAllowedError):
        supervised.awaiting.authorise_own("id-1")
    with pytest.raises(NotAllowedError):
        store.awaiting.authorise("id-1", store.operators.verify(SUPERVISOR.id, PASSPHRASE))
    checked(store, "id-2", "exchange", waiver())
    forged = (
        "INSERT INTO entry (seq, id, business_date, recorded_at, kind, fee_fen, maker, checker, reverses, body_digest,"
        " previous, hash, algorithm) SELECT 2, 'id-3', business_date, recorded_at, kind, fee_fen, {}, NULL,"
        " body_digest, hash, hash, algorithm FROM entry"
    )
    for people in ("checker, checker", "maker, maker"):
        with pytest.raises(cipher.DATABASE_ERROR, match="nobody_checks_themselves"):
            sql(home, forged.format(people))
    assert store.ledger.count() == 1


def test_only_an_active_supervisor_with_their_passphrase_authorises(store: Store, supervised: Store) -> None:
    supervised.operators.add("c02", "柜员", Role.CLERK, PASSPHRASE)
    supervised.operators.add("s02", "主管", Role.SUPERVISOR, PASSPHRASE)
    supervised.operators.disable("s02")
    store.awaiting.add("id-1", "exchange", waiver())
    for checker, passphrase, refusal in (
        (CLERK.id, PASSPHRASE, NotAllowedError),
        ("c02", PASSPHRASE, NotAllowedError),
        ("s02", PASSPHRASE, DisabledOperatorError),
        ("nobody", PASSPHRASE, WrongCredentialsError),
        (SUPERVISOR.id, "not the passphrase", WrongCredentialsError),
    ):
        with pytest.raises(refusal):
            store.awaiting.authorise("id-1", store.operators.verify(checker, passphrase))
    with pytest.raises(NotAllowedError):
        store.awaiting.authorise_own("id-1")
    assert (len(store.awaiting.list()), store.ledger.count()) == (1, 0)


def test_a_slot_that_somebody_made_for_the_supervisor_authorises_nothing(store: Store, home: Path) -> None:
    """The keyring file lies in clear: a slot in it must hold this ledger's key."""
    store.awaiting.add("id-1", "exchange", waiver())
    forged = slots.passphrase_slot(SUPERVISOR, "the clerk's choice", slots.new_file_key())
    write_keyring(home, read_keyring(home).with_slot(forged))
    with pytest.raises(WrongCredentialsError):
        store.awaiting.authorise("id-1", store.operators.verify(SUPERVISOR.id, "the clerk's choice"))
    assert not store.operators.is_passphrase(SUPERVISOR.id, "the clerk's choice")


def test_a_clerk_whom_the_keyring_calls_a_supervisor_authorises_nothing(
    store: Store, supervised: Store, home: Path
) -> None:
    supervised.operators.add("c02", "柜员", Role.CLERK, PASSPHRASE)
    store.awaiting.add("id-1", "exchange", waiver())
    edit_keyring(home, lambda slot: slot.update(role="supervisor"), "c02")
    with pytest.raises(WrongCredentialsError):
        store.awaiting.authorise("id-1", store.operators.verify("c02", PASSPHRASE))


def test_a_refused_case_goes_back_to_its_maker_with_a_note(store: Store, supervised: Store) -> None:
    digest = store.photos.put(JPEG)
    store.awaiting.add("id-1", "exchange", waiver(photo=digest))
    supervised.awaiting.refuse("id-1", "the certificate is missing")
    (draft,) = store.drafts.list()
    assert (draft.id, draft.operator, draft.step) == ("id-1", CLERK.id, "confirm")
    assert (draft.note, draft.case) == ("the certificate is missing", case(photo=digest))
    assert store.photos.get(digest) is not None
    store.drafts.save("id-1", case(name="赵某"), "details")
    assert store.drafts.list()[0].note == "the certificate is missing", "until it is confirmed again"
    store.awaiting.add("id-1", "exchange", waiver(name="赵某"))
    assert (store.drafts.list(), store.ledger.count()) == ([], 0)
    store.awaiting.refuse("id-1", "the maker's own second thought")
    with pytest.raises(NotAwaitingError):
        store.awaiting.refuse("id-1", "again")


def test_another_clerk_does_not_refuse(store: Store, supervised: Store, unlock: Callable[..., Store]) -> None:
    supervised.operators.add("c02", "柜员", Role.CLERK, PASSPHRASE)
    store.awaiting.add("id-1", "exchange", waiver())
    with unlock("c02") as other, pytest.raises(NotAllowedError):
        other.awaiting.refuse("id-1", "not mine")


def test_many_who_authorise_at_once_make_one_entry(store: Store, supervised: Store) -> None:
    store.awaiting.add("id-1", "exchange", waiver())
    with ThreadPoolExecutor(4) as pool:
        entries = list(pool.map(lambda _: supervised.awaiting.authorise_own("id-1"), range(8)))
    assert len({entry.hash for entry in entries}) == store.ledger.count() == 1


def test_an_entry_is_taken_back_once(store: Store) -> None:
    original = record(notices=("benefits",), deferred=("photo",), photo=store.photos.put(JPEG))
    entry = store.ledger.append("id-1", "exchange", original)
    asked = store.ledger.reverse("id-1", " typed twice ")
    assert (asked.kind, asked.reason, asked.reverses, asked.maker) == ("reversal", "reversal", "id-1", CLERK.id)
    with pytest.raises(NotReversibleError):
        store.ledger.reverse("id-1", "while it waits")
    back = store.awaiting.authorise(asked.id, store.operators.verify(SUPERVISOR.id, PASSPHRASE))
    assert (back.seq, back.kind, back.fee_fen, back.reverses) == (2, "reversal", -2000, "id-1")
    assert (back.maker, back.checker) == (CLERK.id, SUPERVISOR.id)
    assert back.record is not None
    assert (back.record.case, back.record.fee_fen, back.record.reason) == (original.case, -2000, "typed twice")
    assert (back.record.notices, back.record.deferred) == ((), ())
    for id in ("id-1", back.id, "id-9"):
        with pytest.raises(NotReversibleError):
            store.ledger.reverse(id, "again")
    assert store.ledger.get(1) == entry
    assert store.ledger.verify().valid
    figures = store.ledger.figures(DAY)
    assert figures.by_kind == {"exchange": (1, 2000), "reversal": (1, -2000)}
    assert (figures.fee_fen, figures.awaiting) == (0, 0)


def test_a_reversal_has_a_reason_and_something_to_reverse(store: Store, home: Path) -> None:
    store.ledger.append("id-1", "exchange", record())
    with pytest.raises(NotReversibleError):
        store.ledger.reverse("id-1", "  ")
    store.outbox.settle([EntryAnswer(id="id-1", outcome=Outcome.CREATED)])
    sql(home, "DELETE FROM body WHERE seq = 1")
    with pytest.raises(NotReversibleError):
        store.ledger.reverse("id-1", "erased meanwhile")


def test_a_refused_reversal_leaves_nothing_and_may_be_asked_for_again(store: Store, supervised: Store) -> None:
    store.ledger.append("id-1", "exchange", record())
    supervised.awaiting.refuse(store.ledger.reverse("id-1", "typed twice").id, "it was right")
    assert (store.awaiting.list(), store.drafts.list()) == ([], [])
    assert reverse(store, "id-1").reverses == "id-1"


def test_a_date_stays_open_while_something_made_on_it_waits(store: Store, clock: SetClock) -> None:
    store.awaiting.add("id-1", "exchange", waiver())
    assert store.days.unmatched() == store.days.waiting() == [DAY]
    clock.now = NEXT
    store.ledger.append("id-2", "exchange", record())
    store.outbox.settle([EntryAnswer(id="id-2", outcome=Outcome.CREATED)])
    store.days.keep_receipt(date(2026, 3, 3), 1, b"{}", "ab")
    assert store.days.unmatched() == [DAY]
    store.awaiting.authorise("id-1", store.operators.verify(SUPERVISOR.id, PASSPHRASE))
    assert (store.days.unmatched(), store.days.waiting()) == ([], [])
    store.outbox.settle([EntryAnswer(id="id-1", outcome=Outcome.CREATED)])
    assert store.days.unmatched() == [DAY], "now it has an entry that the province has not counted"
    assert store.days.totals(DAY).last_seq == 2
