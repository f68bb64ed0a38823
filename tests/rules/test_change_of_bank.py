"""A change of bank: booked at the new bank, reviewed at the old one, exchanged in time. EXC-3, EXC-6."""

from datetime import date, timedelta

import pytest
from msgspec import structs

from counter import i18n
from counter.rules.booking import BOOKING, last_day, review_days, status_on
from counter.rules.case import (
    Booking,
    BookingStatus,
    KnownCard,
    Mode,
    OneCard,
    OneCardAnswer,
    PresentedBy,
)
from counter.rules.filling import with_value
from counter.rules.group import GroupUnit
from counter.rules.judge import Judgement
from counter.rules.reference import Context, Place
from counter.rules.services import SERVICES
from tests.support.customers import CUSTOMERS, complete
from tests.support.made_up import (
    EQUIPPED,
    OF_ICBC,
    SHELL,
    TODAY,
    WINDOW,
    ZIJIN,
    judged,
    policy,
    stops,
    told,
)

BOOK = complete(SERVICES["book_bank_change"], "citizen", PresentedBy.HOLDER)
REVIEW = complete(SERVICES["review_bank_change"], "citizen", PresentedBy.HOLDER)
LETTER = complete(SERVICES["transfer_letter"], "citizen", PresentedBy.HOLDER)
UNIT = GroupUnit(name="虚构电子厂", uscc="91350100M000100Y43", contact="赵联系", contact_mobile="13900000000")
ICBC = Context(TODAY, SHELL.reference, Place(city=ZIJIN, bank="icbc", branch=OF_ICBC.id, counter="1"))


def after(status: BookingStatus, event: str) -> BookingStatus:
    """Where a booking stands once this has happened to it."""
    transition = BOOKING.follow(status, event)
    assert transition is not None
    return transition.after


@pytest.mark.rule("EXC-6")
@pytest.mark.rule("EXC-7")
def test_exc_7_a_units_people_are_booked_together_where_the_original_bank_is_known() -> None:
    gaps = {"old_card__number": "", "holder__document__valid_from": None, "holder__document__valid_to": None}
    assert not judged(BOOK, WINDOW, **gaps).allowed
    assert judged(BOOK, WINDOW, unit=UNIT, **gaps).allowed
    unknown = judged(BOOK, WINDOW, unit=UNIT, **gaps, old_card__bank="")
    assert stops(unknown) == {("EXC-6", "booking.bank_unknown", "old_card.number")}
    for status in (BookingStatus.REVIEW, BookingStatus.APPROVED):
        booking = Booking(id="1", status=status, to_bank="abc", approved_on=TODAY)
        assert not judged(BOOK, WINDOW, unit=UNIT, booking=booking).allowed, "one is enough"


@pytest.mark.rule("EXC-6")
def test_exc_6_from_the_booking_to_the_exchange_on_day_10_and_its_refusal_on_day_11() -> None:
    booked = judged(BOOK, WINDOW)
    assert booked.allowed
    status = after(BookingStatus.NONE, "book")
    review = {"booking__from_bank": "icbc", "booking__to_bank": "abc", "booking__status": status}
    reviewed = judged(REVIEW, ICBC, **review)
    assert reviewed.allowed
    assert reviewed.authorised == "review_bank_change"
    status = after(status, "approve")

    booking = Booking(id="1", status=status, to_bank="abc", approved_on=TODAY)
    exchange = structs.replace(
        complete(SERVICES["exchange"], "citizen", PresentedBy.HOLDER), mode=Mode.CHANGE_BANK, booking=booking
    )
    exchange = with_value(exchange, "old_card.bank", "icbc")

    def on(day: int) -> Judgement:
        return judged(exchange, structs.replace(WINDOW, today=TODAY + timedelta(day)))

    assert on(0).allowed
    assert on(10).allowed
    assert stops(on(11)) == {("EXC-6", "booking.late", "booking.approved_on")}
    assert after(status, "exchange") is BookingStatus.EXCHANGED


@pytest.mark.rule("EXC-6")
@pytest.mark.parametrize(
    ("booking", "code"),
    [
        (Booking(status=BookingStatus.NONE), None),
        (Booking(status=BookingStatus.LAPSED), None),
        (Booking(status=BookingStatus.EXCHANGED), None),
        (Booking(status=BookingStatus.REFUSED), None),
        (Booking(status=BookingStatus.REVIEW), "booking.review_already"),
        (Booking(status=BookingStatus.APPROVED, approved_on=TODAY - timedelta(10)), "booking.approved_already"),
        (Booking(status=BookingStatus.APPROVED, approved_on=TODAY - timedelta(11)), None),
    ],
)
def test_exc_6_one_booking_at_a_time(booking: Booking, code: str | None) -> None:
    judgement = judged(BOOK, booking=booking)
    assert {(rule, each) for rule, each, _ in stops(judgement)} == ({("EXC-6", code)} if code else set())
    again = any(finding.code == "booking.review_again" for finding in judgement.findings)
    assert again is (booking.status is BookingStatus.REFUSED)
    for language in i18n.LANGUAGES:
        i18n.use_language(language)
        assert all(i18n.sentence(finding) for finding in judgement.findings)
    i18n.use_language("zh_CN")


@pytest.mark.rule("EXC-6")
def test_exc_6_without_an_answer_the_booking_is_asked_again_later() -> None:
    assert "booking" in judged(BOOK, booking=None).deferred


@pytest.mark.rule("EXC-3")
def test_exc_3_the_new_bank_books_and_writes_the_letter() -> None:
    for case in (BOOK, LETTER):
        assert judged(case, WINDOW).allowed
        same = stops(judged(case, WINDOW, old_card__bank="abc"))
        assert same == {("EXC-3", "bank.same_as_old", "old_card.bank")}
    at_icbc = judged(BOOK, ICBC)
    assert ("BNK-2", "bank.other_counter", "bank") in stops(at_icbc)
    then = next(each for each in judged(LETTER).notices if each.startswith("letter_then_holder?"))
    assert "工商银行网点" in i18n.notice(then) and "居民身份证原件" in i18n.notice(then), "the old bank, and with what"


@pytest.mark.rule("EXC-10")
@pytest.mark.parametrize(
    ("booking", "right"),
    [
        (Booking(status=BookingStatus.APPROVED, to_bank="abc", approved_on=TODAY - timedelta(10)), True),
        (Booking(status=BookingStatus.APPROVED, to_bank="abc", approved_on=TODAY - timedelta(11)), False),
        (Booking(status=BookingStatus.EXCHANGED, to_bank="abc", approved_on=date(2026, 1, 1)), True),
        (Booking(status=BookingStatus.APPROVED, to_bank="boc", approved_on=TODAY), False),
        (Booking(status=BookingStatus.REVIEW, to_bank="abc"), False),
        (Booking(status=BookingStatus.NONE), False),
    ],
)
def test_exc_10_the_letter_is_for_who_changes_to_this_bank(booking: Booking, right: bool) -> None:
    for context in (WINDOW, SHELL):
        said = judged(LETTER, context, booking=booking)
        assert stops(said) == (set() if right else {("EXC-10", "booking.no_letter", "booking.status")})
    assert not judged(LETTER, ICBC, booking=booking, old_card__bank="boc").allowed, "and no other bank writes it"


@pytest.mark.rule("EXC-10")
def test_exc_10_a_card_at_this_bank_is_a_change_that_is_done() -> None:
    held = OneCard(answer=OneCardAnswer.HERE, cards=(KnownCard(city=ZIJIN, bank="abc", number="B00000019"),))
    said = judged(LETTER, WINDOW, booking=Booking(), one_card=held)
    assert said.allowed and ("EXC-10", "booking.changed_here") in told(said)
    without = structs.replace(held, cards=(KnownCard(city=ZIJIN, bank="boc"),))
    assert not judged(LETTER, WINDOW, booking=Booking(), one_card=without).allowed


@pytest.mark.rule("EXC-10")
def test_exc_10_without_an_answer_the_province_is_asked_again() -> None:
    assert judged(LETTER, WINDOW, booking=None).deferred == ("booking",)


@pytest.mark.rule("EXC-6")
@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, set()),
        ({"booking__decision": None}, {("EXC-6", "missing", "booking.decision")}),
        ({"booking__decision": BookingStatus.LAPSED}, {("EXC-6", "missing", "booking.decision")}),
        ({"booking__decision": BookingStatus.REFUSED}, {("EXC-6", "missing", "reason")}),
        ({"booking__decision": BookingStatus.REFUSED, "reason": "贷款扣款账户"}, set()),
        ({"booking__status": BookingStatus.APPROVED}, {("EXC-6", "booking.not_under_review", "booking.status")}),
        ({"booking__id": ""}, {("EXC-6", "missing", "booking.id")}),
        ({"holder__document__number": ""}, {("EXC-6", "missing", "holder.document.number")}),
        ({"booking__from_bank": "icbc"}, {("BNK-2", "booking.not_ours", "booking.from_bank")}),
    ],
)
def test_exc_6_the_original_bank_decides_and_says_why(
    values: dict[str, object], found: set[object] | set[tuple[str, ...]]
) -> None:
    assert stops(judged(REVIEW, WINDOW, **values)) == found


@pytest.mark.rule("EXC-6")
def test_exc_6_a_late_review_says_so_and_still_goes_on() -> None:
    due = review_days(date(2026, 11, 12), SHELL.reference.cities[ZIJIN], SHELL)
    assert [each.day for each in due] == [date(2026, 11, 17), date(2026, 11, 19)]
    late = judged(REVIEW, booking__booked_on=date(2026, 11, 12))
    assert late.allowed
    assert "booking.review_late" in {finding.code for finding in late.findings}
    in_time = judged(REVIEW, booking__booked_on=date(2026, 11, 13))
    assert "booking.review_late" not in {finding.code for finding in in_time.findings}
    unpublished = structs.replace(SHELL, today=date(2040, 2, 1))
    unsure = judged(REVIEW, unpublished, booking__booked_on=date(2040, 1, 2))
    assert "booking.review_maybe_late" in {finding.code for finding in unsure.findings}


@pytest.mark.rule("EXC-6")
def test_exc_6_the_customer_is_told_by_when_and_that_a_day_is_uncertain() -> None:
    sentences = [i18n.notice(notice) for notice in judged(BOOK).notices]
    assert any("2026-11-27" in sentence for sentence in sentences)
    assert any("10" in sentence and "工作日" not in sentence for sentence in sentences)
    working = [i18n.notice(notice) for notice in judged(BOOK, policy(booking_day_kind="working")).notices]
    assert any("10 个工作日" in sentence for sentence in working)
    later = structs.replace(SHELL, today=date(2040, 1, 2))
    assert any(notice.startswith("booking_review_about") for notice in judged(BOOK, later).notices)
    assert judged(REVIEW).notices == ("review_approved?until=2026-11-30",)
    assert judged(REVIEW, booking__decision=BookingStatus.REFUSED).notices == ("review_refused",)


@pytest.mark.rule("EXC-6")
def test_exc_6_an_approval_lapses_by_itself() -> None:
    known = SHELL.reference.cities[ZIJIN]
    approved = Booking(status=BookingStatus.APPROVED, approved_on=TODAY - timedelta(11))
    assert status_on(approved, known, SHELL) is BookingStatus.LAPSED
    assert status_on(structs.replace(approved, approved_on=TODAY), known, SHELL) is BookingStatus.APPROVED
    assert status_on(structs.replace(approved, approved_on=None), known, SHELL) is BookingStatus.APPROVED
    assert last_day(date.max, known, SHELL).certain is False


def test_the_branch_of_the_new_bank() -> None:
    assert (BOOK.branch, CUSTOMERS["citizen"]) == (EQUIPPED.id, BOOK.holder)
