"""A case put to the province at the window, and what its answer means for the case.

Questions may be asked as often as one likes. What is *done* at once (a loss, a booking, a review) carries the ledger
entry's id, so that asked again, or sent at sync, it is done once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from msgspec import structs

from counter.province.client import Province
from counter.province.wire import (
    BankChange,
    BookingReply,
    CardProgress,
    HeldCard,
    Loss,
    LossAnswer,
    Person,
    Review,
    WaitingReview,
)
from counter.rules.case import Booking, BookingStatus, Case, OldCard, OneCard
from counter.rules.facts import old_card
from counter.rules.filling import with_value
from counter.rules.finding import Finding, tell
from counter.rules.reference import Reference


@dataclass(frozen=True, slots=True)
class Answer:
    """What asking the province gave: values for the case by path, and what to tell the clerk besides."""

    patch: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    reached: bool = True

    def put_into(self, case: Case) -> Case:
        """The case with the answer in it."""
        for path, value in self.patch.items():
            case = with_value(case, path, value)
        return case


@dataclass(frozen=True, slots=True)
class CardsAnswer(Answer):
    """Every card of the person, newest first."""

    cards: tuple[HeldCard, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusAnswer(CardsAnswer):
    """What a customer asks for (状态与进度查询): the cards, how far they have come, the booking in the patch."""

    progress: tuple[CardProgress, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewsAnswer(Answer):
    """The bookings that wait for this bank's review, oldest first."""

    waiting: tuple[WaitingReview, ...] = ()


def person_of(case: Case) -> Person:
    """Whom the case is about."""
    holder = case.holder
    return Person(kind=holder.document.kind, number=holder.document.number, name=holder.name)


def cards(province: Province, case: Case) -> CardsAnswer:
    """The person's cards; one that can only be the one in question fills in the old card."""
    found = province.cards(person_of(case)).cards
    wanted = [card for card in found if _may_be_meant(card, case)]
    patch = {"old_card": chosen(case, wanted[0])} if len(wanted) == 1 else {}
    return CardsAnswer(patch, cards=found)


def _may_be_meant(card: HeldCard, case: Case) -> bool:
    """A card to be collected, or else one that has been; by its number where that was typed."""
    number = old_card(case).number
    waits = card.card.status == "0"
    return waits is (case.service == "collect") and number in ("", card.card.number) and card.card.status != "9"


def chosen(case: Case, card: HeldCard) -> OldCard:
    """The province's card as the case's, with what only the clerk can see of it."""
    seen = old_card(case)
    return structs.replace(
        card.card,
        in_hand=seen.in_hand,
        tested_undamaged=seen.tested_undamaged,
        pin_locked=seen.pin_locked or card.card.pin_locked,
    )


def status(province: Province, case: Case, asked_at: datetime) -> StatusAnswer:
    """Cards, progress and booking at once (QRY-1)."""
    person = person_of(case)
    known = province.one_card(person, case.city)
    patch = {
        "one_card": OneCard(answer=known.answer, cards=known.cards, asked_at=asked_at),
        "booking": _booking(province.booking(person)),
    }
    return StatusAnswer(patch, cards=province.cards(person).cards, progress=province.progress(person).cards)


def booking(province: Province, case: Case) -> Answer:
    """The person's change-of-bank booking (EXC-6)."""
    return Answer({"booking": _booking(province.booking(person_of(case)))})


def _booking(reply: BookingReply) -> Booking:
    return Booking(
        id=reply.id,
        status=reply.status,
        from_bank=reply.from_bank,
        to_bank=reply.to_bank,
        booked_on=reply.booked_on,
        approved_on=reply.approved_on,
    )


def review_case(case: Case, waiting: WaitingReview) -> Case:
    """The case of a booking that was chosen from those that wait."""
    case = with_value(case, "holder.name", waiting.person.name)
    case = with_value(case, "holder.document.kind", waiting.person.kind)
    case = with_value(case, "holder.document.number", waiting.person.number)
    return structs.replace(case, city=waiting.city or case.city, booking=_booking(waiting.booking))


# --- done at once ----------------------------------------------------------------------------------------------

Act = Callable[[Province, str, Case, Reference], Answer]


def _report_loss(province: Province, id: str, case: Case, reference: Reference) -> Answer:
    """LOS-1: where the bank's side failed the customer must call the bank."""
    failed = province.report_loss(_loss(id, case)).answer is LossAnswer.BANK_FAILED
    bank = reference.banks.get(old_card(case).bank)
    if failed and bank:
        said = tell("LOS-1", "card.bank_lock_failed", "old_card.bank_lock_failed", bank=bank, hotline=bank.hotline)
    else:
        said = tell("LOS-1", "loss.locked", "old_card.status")
    return Answer({"old_card.bank_lock_failed": failed}, (said,))


def _withdraw_loss(province: Province, id: str, case: Case, _reference: Reference) -> Answer:
    """LOS-2."""
    province.withdraw_loss(_loss(id, case))
    return Answer(findings=(tell("LOS-2", "loss.withdrawn", "old_card.status"),))


def _loss(id: str, case: Case) -> Loss:
    return Loss(id=id, person=person_of(case), city=case.city, card=old_card(case))


def _book(province: Province, id: str, case: Case, _reference: Reference) -> Answer:
    """EXC-6: the booking's id is the entry's."""
    asked = BankChange(id=id, person=person_of(case), city=case.city, card=old_card(case), to_bank=case.bank)
    province.book(asked)
    return Answer(findings=(tell("EXC-6", "booking.booked", "booking"),))


def _review(province: Province, id: str, case: Case, _reference: Reference) -> Answer:
    """EXC-6: the decision of the original bank; the counter that booked hears of it."""
    decided = case.booking or Booking()
    approve = decided.decision is BookingStatus.APPROVED
    reason = case.reason[:200]
    province.review(Review(id=id, person=person_of(case), booking=decided.id, approve=approve, reason=reason))
    return Answer(findings=(tell("EXC-6", "booking.reviewed", "booking"),))


ACTS: Final[Mapping[str, Act]] = {
    "report_loss": _report_loss,
    "withdraw_loss": _withdraw_loss,
    "book_bank_change": _book,
    "review_bank_change": _review,
}
"""By service: what the province should know before sync."""

LATER: Final[Mapping[str, Finding]] = {
    "report_loss": tell("LOS-1", "loss.locked_later", "old_card.status"),
    "withdraw_loss": tell("LOS-2", "loss.withdrawn_later", "old_card.status"),
    "book_bank_change": tell("EXC-6", "booking.booked_later", "booking"),
    "review_bank_change": tell("EXC-6", "booking.reviewed_later", "booking"),
}
"""What is told where the province does not answer: the entry does it at sync."""
