"""Entries at the province: once each, chained, judged, recounted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from counter.gateway.seeding.portraits import portrait
from counter.gateway.seeding.seed import ApplicationRow, EventRow
from counter.province.errors import RefusedError
from counter.province.wire import UNKNOWN_FORM, DayClose, Entry, EventKind, KindTotal, Outcome
from counter.rules import signing
from counter.rules.case import Case, Changes, Document, Holder, OldCard, PresentedBy
from counter.rules.chain import GENESIS, body_digest, link_hash
from counter.rules.link import FORMS
from counter.rules.record import CaseRecord
from counter.rules.service import Service
from counter.rules.services.referrals import REFERRALS
from tests.support.province_world import (
    BRANCH,
    COUNTER,
    TODAY,
    World,
    chain,
    entry,
    record,
    reversal,
)

NUMBERS = [f"441621198703{day:02}296" for day in range(1, 29)]


def outcomes(world: World, entries: list[Entry]) -> list[str]:
    with world.province() as province:
        return [answer.outcome.value for answer in province.entries(tuple(entries))]


def close(entries: list[Entry], counted: list[Entry]) -> DayClose:
    totals = (KindTotal(kind="exchange", count=len(counted), fee_fen=sum(one.fee_fen for one in counted)),)
    return DayClose(business_date=TODAY, totals=totals, last_seq=entries[-1].seq, head=entries[-1].hash)


def test_a_batch_is_created_once_however_often_it_is_sent(world: World) -> None:
    entries = chain([record(number) for number in NUMBERS])
    assert outcomes(world, entries) == ["created"] * 28
    assert outcomes(world, entries) == ["exists"] * 28
    assert world.query("SELECT count(*) FROM entry") == [(28,)]
    with world.province() as province:
        assert (province.head().seq, province.head().hash, province.head().count) == (28, entries[-1].hash, 28)


def test_a_batch_that_overlaps_goes_on(world: World) -> None:
    entries = chain([record(number) for number in NUMBERS[:5]])
    outcomes(world, entries[:3])
    assert outcomes(world, entries[1:]) == ["exists", "exists", "created", "created"]


def test_the_same_batch_at_the_same_time_is_created_once(world: World) -> None:
    entries = chain([record(number) for number in NUMBERS])
    with ThreadPoolExecutor(4) as four:
        answered = list(four.map(lambda _: outcomes(world, entries), range(4)))
    assert [sorted(each) for each in zip(*answered, strict=True)] == [["created", "exists", "exists", "exists"]] * 28


def test_the_same_id_with_another_hash_is_a_conflict_and_changes_nothing(world: World) -> None:
    (first,) = chain([record()])
    outcomes(world, [first])
    other = entry(1, GENESIS, record(NUMBERS[1]), id=first.id)
    assert outcomes(world, [other]) == ["conflict"]
    assert world.query("SELECT hash FROM entry") == [(first.hash,)]


def test_the_same_seq_with_another_id_is_a_conflict(world: World) -> None:
    (first,) = chain([record()])
    outcomes(world, [first])
    assert outcomes(world, [entry(1, GENESIS, record(NUMBERS[1]))]) == ["conflict"]


def test_what_follows_a_conflict_waits(world: World) -> None:
    entries = chain([record(number) for number in NUMBERS[:3]])
    broken = [entries[0], msgspec.structs.replace(entries[1], previous="a" * 64), entries[2]]
    assert outcomes(world, broken) == ["created", "conflict", "retry"]


def test_a_gap_waits(world: World) -> None:
    entries = chain([record(number) for number in NUMBERS[:2]])
    assert outcomes(world, entries[1:]) == ["retry"]
    assert outcomes(world, entries) == ["created", "created"]


@pytest.mark.parametrize(
    "change", [{"body": b"{}"}, {"fee_fen": 1}, {"salt": b"x" * 16}, {"maker": "other"}, {"hash": "b" * 64}]
)
def test_what_the_hash_does_not_cover_is_a_conflict(world: World, change: dict[str, object]) -> None:
    (first,) = chain([record()])
    assert outcomes(world, [msgspec.structs.replace(first, **change)]) == ["conflict"]


def test_a_form_that_the_province_does_not_know_waits_with_what_follows(world: World) -> None:
    first, second, third = chain([record(number) for number in NUMBERS[:3]])
    with world.province() as province:
        answers = province.entries((first, msgspec.structs.replace(second, form=max(FORMS) + 1), third))
        assert [(each.outcome.value, each.code) for each in answers] == [
            ("created", ""),
            ("retry", UNKNOWN_FORM),
            ("retry", ""),
        ]
        assert province.head().seq == 1


def test_an_entry_that_names_no_form_is_of_the_first(world: World) -> None:
    """A counter of before sends none."""
    (first,) = chain([record()])
    unnamed = msgspec.json.decode(msgspec.json.encode(first))
    del unnamed["form"]
    assert msgspec.convert(unnamed, Entry) == first
    assert outcomes(world, [first]) == ["created"]
    assert world.query("SELECT form FROM entry") == [(1,)]


def test_refused_entries_are_stored_as_refused_and_the_chain_goes_on(world: World) -> None:
    pending = record(NUMBERS[2])
    world.plant(ApplicationRow(number=pending.case.holder.document.number))
    wrong = msgspec.structs.replace(record().case.holder.document, number="440308199901101513")
    expired = msgspec.structs.replace(record(NUMBERS[3]).case.holder.document, valid_to=date(2026, 3, 1))
    entries = chain([record(NUMBERS[1]), record(document=wrong), record(document=expired), pending, record()])
    with world.province() as province:
        for _ in range(2):  # sent again it is answered alike
            answers = province.entries(tuple(entries))
            assert [answer.rule for answer in answers] == ["", "WHO-5", "WHO-4", "ONE-1", ""]
            assert [answer.outcome is Outcome.REJECTED for answer in answers] == [False, True, True, True, False]
        assert province.head().count == 5
        closed = province.day_close(close(entries, [entries[0], entries[-1]]))
    assert closed.matched


def test_what_the_counter_takes_back_is_stored_as_refused(world: World) -> None:
    (first,) = chain([record()])
    taken_back = msgspec.structs.replace(first, refused_code="province.mismatch", refused_rule="WHO-2")
    with world.province() as province:
        (answer,) = province.entries((taken_back,))
    assert (answer.outcome, answer.code, answer.rule) == (Outcome.REJECTED, "province.mismatch", "WHO-2")


def test_a_body_that_is_no_record_is_refused(world: World) -> None:
    (first,) = chain([record()])
    digest = body_digest(first.salt, b"[]")
    nonsense = msgspec.structs.replace(first, body=b"[]", body_digest=digest)
    nonsense = msgspec.structs.replace(nonsense, hash=link_hash(nonsense, BRANCH, COUNTER))
    with world.province() as province:
        (answer,) = province.entries((nonsense,))
    assert (answer.outcome, answer.code) == (Outcome.REJECTED, "province.other")


def test_a_day_that_matches_gets_one_signed_receipt(world: World) -> None:
    entries = chain([record(number) for number in NUMBERS[:4]])
    outcomes(world, entries)
    with world.province() as province:
        first, again = (province.day_close(close(entries, entries)) for _ in range(2))
    assert first.matched and first == again
    assert signing.verify(world.running.public_key, first.signature, first.receipt or b"")


def test_a_recount_that_differs_names_the_entries(world: World) -> None:
    entries = chain([record(number) for number in NUMBERS[:4]])
    outcomes(world, entries)
    with world.province() as province:
        closed = province.day_close(close(entries, entries[:3]))
    assert not closed.matched and closed.receipt is None
    assert {one.id for one in closed.differing} == {one.id for one in entries}
    assert world.query("SELECT count(*) FROM day_receipt") == [(0,)]


def test_the_recount_is_of_what_is_stored(world: World) -> None:
    entries = chain([record(number) for number in NUMBERS[:4]])
    outcomes(world, entries)
    world.query("DELETE FROM entry WHERE seq = 2")
    with world.province() as province:
        assert not province.day_close(close(entries, entries)).matched


def test_an_entry_that_is_rejected_after_all_gets_another_receipt(world: World) -> None:
    entries = chain([record(number) for number in NUMBERS[:2]])
    outcomes(world, entries)
    with world.province() as province:
        before = province.day_close(close(entries, entries))
        row = {"branch": "abc-zijin-01", "counter": "3", "entry": entries[0].id, "code": "province.other"}
        world.plant(EventRow(kind=EventKind.REJECTED, **row), EventRow(kind=EventKind.PROGRESS, **row))
        events = province.events(0)
        assert [event.kind for event in events.events] == [EventKind.REJECTED, EventKind.PROGRESS]
        assert [event.cursor for event in province.events(1).events] == [2]
        after = province.day_close(close(entries, entries[1:]))
    assert before.matched and after.matched and before.receipt != after.receipt


@pytest.mark.parametrize("batches", [1, 2])
def test_a_reversal_takes_back_an_accepted_entry_and_is_counted_by_its_own_kind(world: World, batches: int) -> None:
    """Sent with what it takes back, or after it."""
    first, second = chain([record(number) for number in NUMBERS[:2]])
    back = reversal(3, second.hash, first)
    sent = [[first, second, back]] if batches == 1 else [[first, second], [back]]
    assert [outcomes(world, entries) for entries in sent] == [["created"] * len(entries) for entries in sent]
    totals = (
        KindTotal(kind="exchange", count=2, fee_fen=4000),
        KindTotal(kind="reversal", count=1, fee_fen=-2000),
    )
    with world.province() as province:
        closed = province.day_close(DayClose(business_date=TODAY, totals=totals, last_seq=3, head=back.hash))
    assert closed.matched and closed.totals == totals


def refusals(world: World, entries: list[Entry]) -> list[str]:
    with world.province() as province:
        return [answer.code for answer in province.entries(tuple(entries))]


@pytest.mark.parametrize(
    "wrong", [{"checker": None}, {"checker": "clerk"}, {"fee_fen": -1999}, {"fee_fen": 2000}, {"fee_fen": 0}]
)
def test_a_reversal_is_in_full_and_by_a_second_person(world: World, wrong: dict[str, Any]) -> None:
    (first,) = chain([record()])
    back = reversal(2, first.hash, first, **wrong)
    assert refusals(world, [first, back]) == ["", "province.reversal"]
    assert refusals(world, [reversal(3, back.hash, first)]) == [""], "a refused one has taken nothing back"


SECOND_PERSON = {
    "withdraw_loss": Case(service="withdraw_loss"),
    "change_details": Case(service="change_details", changes=Changes(name="钟新一")),
    "review_bank_change": Case(service="review_bank_change"),
    "cancel": Case(service="cancel"),
    "agent_collect": Case(service="collect", presented_by=PresentedBy.AGENT),
    "waiver": Case(
        service="exchange",
        city="440100",
        waiver="unreadable",
        old_card=OldCard(tested_undamaged=True, in_hand=True, issued=TODAY),
    ),
    "another name for it": Case(service="query"),
    "by the counter's word": Case(service="query"),
}


@pytest.mark.parametrize("why", SECOND_PERSON)
def test_what_needs_a_second_person_has_one_who_is_not_its_maker(world: World, why: str) -> None:
    """Judged from the case as the counter judges it, whatever the record says of it; and by the record's word."""
    kind = "cancel" if why == "another name for it" else SECOND_PERSON[why].service
    holder = record(NUMBERS[0]).case.holder
    case = msgspec.structs.replace(SECOND_PERSON[why], holder=holder, city=SECOND_PERSON[why].city or "441621")
    what = CaseRecord(case=case, fee_fen=0, authorised="waiver" if why == "by the counter's word" else "")
    codes: list[str] = []
    previous = GENESIS
    with world.province() as province:
        for seq, checker in enumerate((None, "clerk", "chief"), 1):
            one = entry(seq, previous, what, kind=kind, checker=checker)
            (answer,) = province.entries((one,))
            codes.append(answer.code)
            previous = one.hash
    assert codes[:2] == ["province.second_person"] * 2
    assert codes[2] != "province.second_person"


@pytest.mark.rule("REF-1")
@pytest.mark.parametrize("service", REFERRALS, ids=lambda service: service.id)
def test_ref_1_a_referral_is_never_sent_back(world: World, service: Service) -> None:
    """Without a customer, with one whose number is wrong, with one whose document has run out."""
    wrong = Document(number="440308199901101513")
    expired = Document(number=NUMBERS[0], valid_to=date(2026, 3, 1))
    previous, answers = GENESIS, []
    with world.province() as province:
        for seq, document in enumerate((Document(), wrong, expired), 1):
            case = Case(service=service.id, holder=Holder(document=document))
            one = entry(seq, previous, CaseRecord(case=case, fee_fen=0), kind=service.id)
            answers += [answer.outcome.value for answer in province.entries((one,))]
            previous = one.hash
    assert answers == ["created"] * 3


def test_what_does_not_stand_is_not_taken_back(world: World) -> None:
    """A reversed entry, a reversal, a refused entry, one that nobody sent: in one batch or in the next."""
    good, bad = chain([record(NUMBERS[0]), record(NUMBERS[1], document=Document(number="440308199901101513"))])
    back = reversal(3, bad.hash, good)
    assert refusals(world, [good, bad, back]) == ["", "province.check_digit", ""]
    previous = back.hash
    for seq, of in enumerate((good, back, bad, msgspec.structs.replace(good, id="nobody's")), 4):
        again = reversal(seq, previous, of)
        previous = again.hash
        assert refusals(world, [again]) == ["province.reversal"]
    alone = entry(8, previous, record(NUMBERS[2]), kind="reversal")
    assert refusals(world, [alone]) == ["province.reversal"]


def test_another_counters_entry_is_not_taken_back(world: World) -> None:
    (first,) = chain([record()])
    outcomes(world, [first])
    world.query("UPDATE entry SET counter = '4'")
    assert refusals(world, [reversal(1, GENESIS, first)]) == ["province.reversal"]


def test_events_come_in_pages(world: World) -> None:
    row = EventRow(branch="abc-zijin-01", counter="3", kind=EventKind.BRANCHES)
    world.plant(*[row] * 201)
    with world.province() as province:
        first = province.events(0)
        assert first.more and len(first.events) == 200
        rest = province.events(first.events[-1].cursor)
    assert not rest.more and [event.cursor for event in rest.events] == [201]


def test_a_photo_is_stored_once_by_its_digest(world: World) -> None:
    jpeg = portrait(7)
    digest = sha256(jpeg).hexdigest()
    with world.province() as province:
        assert province.put_photo(digest, jpeg) == province.put_photo(digest, jpeg)
    assert world.query("SELECT digest, length(jpeg) FROM photo") == [(digest, len(jpeg))]


@pytest.mark.parametrize(
    ("jpeg", "code"),
    [
        (b"GIF89a", "not_jpeg"),
        (b"\xff\xd8 no picture", "not_jpeg"),
        (b"", "not_jpeg"),
        (portrait(1) + b"x" * 200 * 1024, "too_large"),
    ],
)
def test_what_is_no_photo_is_refused(world: World, jpeg: bytes, code: str) -> None:
    with world.province() as province, pytest.raises(RefusedError) as refused:
        province.put_photo(sha256(jpeg).hexdigest(), jpeg)
    assert refused.value.code == code


def test_a_photo_with_another_digest_is_refused(world: World) -> None:
    with world.province() as province, pytest.raises(RefusedError) as refused:
        province.put_photo("a" * 64, portrait(1))
    assert refused.value.code == "digest"
