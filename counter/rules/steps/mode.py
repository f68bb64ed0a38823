"""The mode of exchange (方式), the old card, and the change-of-bank booking (预约换行换卡).

EXC-1 to EXC-4, EXC-6, EXC-8, REP-1, REP-2; FEE-1 of that card.
"""

from collections.abc import Iterator
from typing import Final

from counter.rules.booking import last_day
from counter.rules.case import Booking, BookingStatus, Case, Mode, PhotoSource
from counter.rules.facts import old_card, policy
from counter.rules.fees import waiver
from counter.rules.finding import Finding, ask, deferred, missing, stop, tell
from counter.rules.numbers import check_social_card
from counter.rules.reference import CityPolicy, Context
from counter.rules.service import Check, Service
from counter.rules.steps.card import life


def chosen(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """EXC-1 to EXC-3: one of the three modes."""
    if case.mode is None:
        yield missing("EXC-1", "mode")


def card_in_hand(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """REP-1, REP-2: a second-generation financial card, handed over."""
    card = old_card(case)
    if card.number:
        yield from check_social_card(card.number, "old_card.number")
    else:
        yield missing("REP-1", "old_card.number")
    if not card.bank.strip():
        yield missing("REP-1", "old_card.bank")
    elif card.bank not in context.reference.banks:
        yield stop("BNK-1", "bank.unknown", "old_card.bank")
    if card.expires is None and case.photo.source is not PhotoSource.RECEIPT:
        yield missing("PHO-5", "old_card.expires")
    if not card.in_hand:
        yield stop("REP-1", "old_card.not_in_hand", "old_card.in_hand")
    if card.kind != "financial":
        yield stop("REP-2", "old_card.not_financial", "old_card.kind")
    if card.generation != 2:
        yield stop("REP-1", "old_card.generation", "old_card.generation")


def booked(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """EXC-6: a change of bank is booked, approved by the original bank, and done while the approval is valid."""
    known = policy(case, context)
    if case.mode is not Mode.CHANGE_BANK or known is None:
        return
    booking = case.booking
    match booking and booking.status:
        case None:
            yield deferred("EXC-6", "booking", "booking")
        case BookingStatus.REVIEW:
            first, last = known.review_days
            yield stop("EXC-6", "booking.review", "booking.status", first=first, last=last)
        case BookingStatus.NONE | BookingStatus.REFUSED | BookingStatus.LAPSED | BookingStatus.EXCHANGED as status:
            yield stop("EXC-6", f"booking.{status}", "booking.status")
    if booking and booking.status is BookingStatus.APPROVED:
        yield from _approved(booking, case.bank, known, context)


def _approved(booking: Booking, bank: str, known: CityPolicy, context: Context) -> Iterator[Finding]:
    if booking.to_bank != bank:
        yield stop("EXC-6", "booking.other_bank", "booking.to_bank")
    if booking.approved_on is None:
        yield stop("EXC-6", "booking.undated", "booking.approved_on")
    elif booking.approved_on <= context.today:  # an approval from tomorrow is another clock's today, and not late
        due = last_day(booking.approved_on, known, context)
        until = due.day.isoformat()
        if context.today > due.day and due.certain:
            yield stop("EXC-6", "booking.late", "booking.approved_on", until=until)
        elif context.today > due.day:
            yield ask("EXC-6", "booking.maybe_late", "booking.approved_on", until=until)


def advice(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """EXC-4, EXC-8: what the customer should know before choosing."""
    if case.mode in {Mode.SAME_NUMBER, Mode.CHANGE_BANK}:
        yield tell("EXC-4", "mode.integrated_system", "mode")
    known, bank = policy(case, context), context.reference.banks.get(old_card(case).bank)
    if known and bank and bank.id in known.counter_banks:
        yield tell("EXC-8", "mode.counter_only", "old_card.bank", bank=bank)


CHECKS: Final[tuple[Check, ...]] = (chosen, card_in_hand, life, booked, advice, waiver)
