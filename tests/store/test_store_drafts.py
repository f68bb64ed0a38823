"""Held cases, photos and the audit."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec import structs

from counter.rules.case import Scan
from counter.store.errors import MissingPhotoError
from counter.store.records import Draft
from counter.store.store import Store
from tests.support.store_samples import (
    CLERK,
    JPEG,
    NOON,
    SUPERVISOR,
    SetClock,
    case,
    digest_of,
    record,
)


def test_a_case_is_held_and_found_again(store: Store, clock: SetClock) -> None:
    store.drafts.save("id-1", case(), "identity")
    clock.now += timedelta(minutes=1)
    store.drafts.save("id-2", case(name="赵某"), "photo")
    clock.now += timedelta(minutes=1)
    store.drafts.save("id-1", case(), "bank")
    assert store.drafts.list() == [
        Draft("id-1", case(), "bank", CLERK.id, NOON + timedelta(minutes=2)),
        Draft("id-2", case(name="赵某"), "photo", CLERK.id, NOON + timedelta(minutes=1)),
    ]
    assert store.drafts.get("id-2") == store.drafts.list()[1]
    store.drafts.discard("id-2")
    store.drafts.discard("id-2")
    assert store.drafts.get("id-2") is None
    assert [draft.id for draft in store.drafts.list()] == ["id-1"]


def test_new_ids_are_in_the_order_of_time(store: Store) -> None:
    ids = [store.drafts.new_id() for _ in range(1000)]
    assert ids == sorted(set(ids))
    assert {UUID(one).version for one in ids} == {7}


def test_a_confirmed_case_is_held_no_more_even_by_a_late_save(store: Store) -> None:
    store.drafts.save("id-1", case(), "confirm")
    store.ledger.append("id-1", "exchange", record())
    assert store.drafts.list() == []
    store.drafts.save("id-1", case(), "confirm")
    assert store.drafts.list() == []


def test_a_photo_is_kept_once_and_sent_once(store: Store) -> None:
    digest = store.photos.put(JPEG)
    assert (digest, store.photos.put(JPEG)) == (digest_of(JPEG), digest)
    assert store.photos.get(digest) == JPEG
    assert store.photos.get("0" * 64) is None
    assert store.outbox.photos_pending() == []
    store.ledger.append("id-1", "exchange", record(photo=digest))
    assert store.outbox.photos_pending() == [digest]
    store.outbox.photo_sent(digest)
    store.outbox.photo_sent("0" * 64)
    store.ledger.append("id-2", "exchange", record(photo=digest))
    assert (store.outbox.photos_pending(), store.outbox.counts().photos) == ([], 0)


def test_a_photo_goes_when_nothing_names_it(store: Store) -> None:
    first, second = store.photos.put(JPEG), store.photos.put(JPEG + b"2")
    store.drafts.save("id-1", case(photo=first), "photo")
    store.drafts.save("id-2", case(photo=first), "photo")
    store.drafts.save("id-1", case(photo=second), "photo")
    assert store.photos.get(first) is not None, "the other draft names it"
    store.drafts.save("id-2", case(photo=second), "photo")
    assert store.photos.get(first) is None
    store.drafts.discard("id-1")
    store.ledger.append("id-2", "exchange", record(photo=second))
    store.drafts.save("id-3", case(photo=second), "photo")
    store.drafts.discard("id-3")
    assert store.photos.get(second) is not None, "the entry names it"


def test_a_photo_that_is_kept_again_outlives_a_draft_that_is_saved_late(store: Store, clock: SetClock) -> None:
    first, second = store.photos.put(JPEG), store.photos.put(JPEG + b"2")
    store.drafts.save("id-1", case(photo=first), "photo")
    clock.now += timedelta(milliseconds=300)
    assert store.photos.put(JPEG) == first, "turned back to what it was, before the draft of the turn is saved"
    store.drafts.save("id-1", case(photo=second), "photo")
    assert store.photos.get(first) is not None
    clock.now += timedelta(milliseconds=300)
    store.drafts.save("id-1", case(photo=first), "photo")
    assert store.photos.get(second) is None
    clock.now += timedelta(milliseconds=300)
    store.drafts.save("id-1", case(), "photo")
    assert store.photos.get(first) is None


def test_the_photo_that_a_draft_named_before_confirming_goes(store: Store) -> None:
    old, new = store.photos.put(JPEG), store.photos.put(JPEG + b"2")
    store.drafts.save("id-1", case(photo=old), "photo")
    store.ledger.append("id-1", "exchange", record(photo=new))
    assert (store.photos.get(old), store.outbox.photos_pending()) == (None, [new])


def test_the_images_of_papers_go_with_their_case(store: Store) -> None:
    front, back, again = (store.photos.put(JPEG + bytes([n])) for n in (1, 2, 3))
    scans = (Scan(paper="id_card_front", digest=front), Scan(paper="id_card_back", digest=back))
    held = structs.replace(case(), scans=scans)
    store.drafts.save("id-1", held, "identity")
    store.drafts.save(
        "id-1", structs.replace(held, scans=(*scans[:1], Scan(paper="id_card_back", digest=again))), "bank"
    )
    assert [store.photos.get(one) is None for one in (front, back, again)] == [False, True, False]
    store.ledger.append("id-1", "exchange", structs.replace(record(), case=structs.replace(held, scans=scans[:1])))
    assert (store.photos.get(again), store.outbox.photos_pending()) == (None, [front])
    with pytest.raises(MissingPhotoError):
        store.ledger.append("id-2", "exchange", structs.replace(record(), case=held))


def test_who_did_what(store: Store, supervised: Store) -> None:
    store.audit.note("reveal", "id-1")
    store.ledger.append("id-1", "exchange", record())
    supervised.audit.note("reveal", "id-1")
    notes = [(note.operator, note.action, note.subject) for note in store.audit.list(limit=3)]
    assert notes == [
        (SUPERVISOR.id, "reveal", "id-1"),
        (CLERK.id, "append exchange", "id-1"),
        (CLERK.id, "reveal", "id-1"),
    ]
    assert store.audit.list()[0].at == NOON
    assert ("unlock", CLERK.id) in [(note.action, note.operator) for note in store.audit.list()]
