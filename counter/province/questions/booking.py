"""The change-of-bank booking (预约换行换卡), and those that wait for this bank's review (原银行审核). EXC-6, EXC-10."""

from dataclasses import dataclass
from typing import Final

from msgspec import structs

from counter.province.client import Province
from counter.province.questions import one_card
from counter.province.questions.question import (
    ENTERED,
    NOTHING,
    Answer,
    Question,
    Refusal,
    Subject,
    person_of,
    unanswered,
)
from counter.province.wire import BookingReply, OneCardReply, PersonReply, WaitingReview
from counter.rules.case import Booking, BookingStatus, Case, Mode
from counter.rules.filling import with_value
from counter.rules.finding import stop
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.rules.steps.booking import CHANGED


def booking_of(reply: BookingReply) -> Booking:
    """The province's answer as a case keeps it."""
    return Booking(
        id=reply.id,
        status=reply.status,
        from_bank=reply.from_bank,
        to_bank=reply.to_bank,
        booked_on=reply.booked_on,
        approved_on=reply.approved_on,
        reason=reply.reason,
    )


def _put(province: Province, subject: Subject) -> Answer:
    """How the person's latest booking stands; one that was decided on here keeps the decision. Where there is a letter,
    the person's cards are asked for too: one at this bank is a change that is done."""
    case = subject.case
    told, asked = booking_of(province.booking(person_of(case))), case.booking
    if asked is not None and asked.decision is not None:
        another = () if told.id == asked.id else (stop("EXC-6", "booking.not_under_review", "booking.status"),)
        return Answer({"booking": structs.replace(told, decision=asked.decision)}, another)
    answer = Answer({"booking": told})
    if not SERVICES[case.service].letter:
        return answer
    return answer.and_then(Answer({"one_card": one_card.known(_cards(province, case), subject.asked_at)}))


def _cards(province: Province, case: Case) -> OneCardReply:
    return province.one_card(person_of(case), case.city)


def _again(province: Province, case: Case) -> Refusal:
    """An exchange is by an approved booking, a letter by one or after it."""
    if _is_letter(case):
        return _no_letter(province, case)
    return _refusal(province.booking(person_of(case)), case) if _needs_one(case) else NOTHING


def _in_bulk(reply: PersonReply, case: Case) -> Refusal | None:
    """An older province's answer to a group says nothing of bookings; a letter is asked about alone."""
    if _is_letter(case):
        return None
    if not _needs_one(case):
        return NOTHING
    return _refusal(reply.booking, case) if reply.booking else None


def _is_letter(case: Case) -> bool:
    declared = SERVICES.get(case.service)
    return declared is not None and bool(declared.letter)


def _needs_one(case: Case) -> bool:
    """An exchange is by a booking; who books has none yet."""
    declared = SERVICES.get(case.service)
    return declared is not None and Mode.CHANGE_BANK in declared.modes


def _refusal(booking: BookingReply, case: Case) -> Refusal:
    """Approved, and for this bank. Whether it was in time on the business date, the entry's effect says."""
    approved = booking.status in {BookingStatus.APPROVED, BookingStatus.LAPSED} and booking.to_bank == case.bank
    return NOTHING if approved else Refusal("province.booking", "EXC-6")


def _no_letter(province: Province, case: Case) -> Refusal:
    """EXC-10: neither a change of bank to the case's bank, nor a card there."""
    booking = province.booking(person_of(case))
    changed = booking.status in CHANGED and booking.to_bank == case.bank
    held = any(card.bank == case.bank for card in _cards(province, case).cards)
    return NOTHING if changed or held or not case.bank else Refusal("province.letter", "EXC-10")


def _open(case: Case) -> bool:
    """Of the modes of exchange one is by booking."""
    return case.booking is None and (case.mode is Mode.CHANGE_BANK or not SERVICES[case.service].modes)


BOOKING: Final = Question(
    id="booking",
    steps=(StepId.MODE, StepId.BOOKING),
    put=_put,
    deferred=unanswered,
    open=_open,
    moments=(ENTERED, "mode"),
    defers=True,
    again=_again,
    in_bulk=_in_bulk,
)


@dataclass(frozen=True, slots=True)
class ReviewsAnswer(Answer):
    """The bookings that wait for this bank's review, oldest first."""

    waiting: tuple[WaitingReview, ...] = ()


REVIEWS: Final = Question(
    id="reviews",
    steps=(StepId.BOOKING,),
    put=lambda province, _subject: ReviewsAnswer(waiting=province.reviews().waiting),
    deferred=lambda _subject: ReviewsAnswer(reached=False),
    open=lambda case: case.booking is None,
    moments=(ENTERED,),
)


def review_case(case: Case, waiting: WaitingReview) -> Case:
    """The case of a booking that was chosen from those that wait."""
    case = with_value(case, "holder.name", waiting.person.name)
    case = with_value(case, "holder.document.kind", waiting.person.kind)
    case = with_value(case, "holder.document.number", waiting.person.number)
    return structs.replace(case, city=waiting.city or case.city, booking=booking_of(waiting.booking))
