"""The change-of-bank booking (预约换行换卡) and its review by the original bank (原银行审核), EXC-6; what the transfer
letter rests on, EXC-10."""

from collections.abc import Iterator
from typing import Final

from counter.rules.booking import BOOKING, last_day, review_days, status_on
from counter.rules.case import Booking, BookingStatus, Case
from counter.rules.facts import old_card, policy
from counter.rules.finding import Finding, deferred, missing, stop, tell
from counter.rules.reference import Context
from counter.rules.service import Check, Service
from counter.rules.steps.one_card import cards_elsewhere

CHANGED: Final = frozenset({BookingStatus.APPROVED, BookingStatus.EXCHANGED})
"""A change of bank that is under way or done (EXC-10)."""

CHECKS: Final[tuple[Check, ...]] = ()
"""What is asked depends on who asks: the new bank that books, or the original bank that reviews."""


def may_book(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """EXC-6: one booking at a time; after a refusal the holder asks for another review, after it lapsed books again."""
    known, booking = policy(case, context), case.booking
    if booking is None:
        yield deferred("EXC-6", "booking", "booking")
    elif known is not None:
        status = status_on(booking, known, context)
        if status is BookingStatus.REFUSED:
            yield tell("EXC-6", "booking.review_again", "booking.status")
        elif BOOKING.follow(status, "book") is None:
            yield stop("EXC-6", f"booking.{status}_already", "booking.status")
            yield from _until(booking, context, case)


def _until(booking: Booking, context: Context, case: Case) -> Iterator[Finding]:
    known = policy(case, context)
    if known and booking.status is BookingStatus.APPROVED and booking.approved_on:
        until = last_day(booking.approved_on, known, context).day.isoformat()
        yield tell("EXC-6", "booking.until", "booking.approved_on", until=until)


def may_have_letter(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """EXC-10: the new bank's letter, for a holder whose change of bank to it is done, or approved."""
    booking, known = case.booking, policy(case, context)
    here = context.place.bank if context.place else case.bank
    issued_here = set(case.one_card.cards) - set(cards_elsewhere(case, context))
    if here and any(card.bank == here for card in issued_here):
        yield tell("EXC-10", "booking.changed_here", "booking.status")
    elif booking is None:
        yield deferred("EXC-10", "booking", "booking")
    else:
        status = status_on(booking, known, context) if known else booking.status
        if status not in CHANGED or (here and booking.to_bank != here):
            yield stop("EXC-10", "booking.no_letter", "booking.status")


def reviewer(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """EXC-6: the original bank reviews, so it has to be known; of a unit's people it is the province that names it."""
    if case.unit and not old_card(case).bank:
        yield stop("EXC-6", "booking.bank_unknown", "old_card.number")


def to_review(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """EXC-6: a booking of one of this bank's customers that is under review."""
    booking = case.booking or Booking()
    for path, value in (("holder.document.number", case.holder.document.number), ("booking.id", booking.id)):
        if not value.strip():
            yield missing("EXC-6", path)
    if BOOKING.follow(booking.status, "approve") is None:
        yield stop("EXC-6", "booking.not_under_review", "booking.status")
    bank = context.reference.banks.get(booking.from_bank)
    if context.place and bank and bank.id != context.place.bank:
        yield stop("BNK-2", "booking.not_ours", "booking.from_bank", bank=bank)


def decided(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """EXC-6: approved or refused, a refusal with its reason; within the city's working days."""
    booking, known = case.booking or Booking(), policy(case, context)
    if booking.decision not in {BookingStatus.APPROVED, BookingStatus.REFUSED}:
        yield missing("EXC-6", "booking.decision")
    elif booking.decision is BookingStatus.REFUSED and not case.reason.strip():
        yield missing("EXC-6", "reason")
    if known and booking.booked_on and booking.booked_on <= context.today:
        due = review_days(booking.booked_on, known, context)[1]
        if context.today > due.day:
            code = "booking.review_late" if due.certain else "booking.review_maybe_late"
            yield tell("EXC-6", code, "booking.booked_on", until=due.day.isoformat())
