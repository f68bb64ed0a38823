"""What the customer must be told (告知): what was done, what is still to do and by when, whom to call.

A notice is a key of ``notice.<key>``, with its values behind a question mark where it has any
(``booking_valid?days=10``), or a whole catalog key where it has a dot (``referral.e_card.what``).
EXC-1 to EXC-6, ONE-3, PIC-3, PIC-5, PIN-1, ACT-1, ECD-1, NOT-1, LOS-1, LOS-2, INF-1, INF-2, CAN-1, QRY-1.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from counter.rules.booking import last_day, review_days
from counter.rules.case import BookingStatus, Case, Mode, OneCardAnswer, PickupMethod
from counter.rules.facts import old_card, policy
from counter.rules.reference import Context
from counter.rules.service import Notices, Service

CLEAN_UP: Final = ("clean_up_still_works", "clean_up_limits", "clean_up_benefits", "clean_up_return")
"""ONE-3: told before the holder confirms a clean-up."""

PAYERS: Final = ("benefits_institution", "benefits_employee", "benefits_resident", "benefits_other")
"""EXC-5: the paying departments. Whoever draws one kind may draw another as well, whatever their insurance."""


def notice(key: str, **values: str | int) -> str:
    """A notice with its values."""
    return f"{key}?{urlencode(values)}" if values else key


def for_exchange(case: Case, _service: Service, _context: Context) -> tuple[str, ...]:
    """What follows from an exchange, EXC-1 to EXC-5."""
    return (*_mode(case), *_clean_up(case), *_pickup(case), "e_card_again", "crime")


def for_application(case: Case, _service: Service, _context: Context) -> tuple[str, ...]:
    """What follows from a first application."""
    return (*_clean_up(case), *_pickup(case), "activate", "e_card", "crime")


def for_replacement(case: Case, _service: Service, _context: Context) -> tuple[str, ...]:
    """What follows from a new card in place of the old one, REP-1."""
    return (*_clean_up(case), *_pickup(case), "pin_again", "e_card_again", "crime")


def for_new_photo(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """INF-1: what was changed, and what follows from the new card."""
    return ("photo_changed", *for_replacement(case, service, context))


def for_new_details(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """INF-2: likewise; who is insured goes to the insurer with it."""
    insurer = ("insurance_data",) if case.insured is not False else ()
    return ("details_changed", *insurer, *for_replacement(case, service, context))


def for_collection(_case: Case, _service: Service, _context: Context) -> tuple[str, ...]:
    """PIC-5, ACT-1: the card is handed over."""
    return ("collected", "activate", "e_card", "crime")


def for_loss(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """LOS-1: reported, and the bank's side failed where the province has said so. That both accounts are locked is told
    once the province has (`counter.province.acts`)."""
    card = old_card(case)
    bank = context.reference.banks.get(card.bank)
    failed = card.bank_lock_failed and bank is not None
    hotline = bank.hotline if bank else ""
    reported = notice("loss_bank_failed", hotline=hotline) if failed else "loss_reported"
    return (reported, "loss_replace", "loss_withdraw")


def for_booking(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """EXC-6: until when the original bank answers, how long its approval holds. Today is the first day of neither."""
    known = policy(case, context)
    if known is None:
        return ("booked",)
    first, last = known.review_days
    due = review_days(context.today, known, context)[1]
    by = notice("booking_review" if due.certain else "booking_review_about", first=first, last=last, until=str(due.day))
    valid = notice(f"booking_valid_{known.booking_day_kind}", days=known.booking_days)
    return ("booked", by, valid, "booking_then")


def for_review(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """EXC-6: what the bank decided, and until when the approval holds."""
    known, decision = policy(case, context), case.booking and case.booking.decision
    if decision is BookingStatus.REFUSED:
        return ("review_refused",)
    if decision is not BookingStatus.APPROVED or known is None:
        return ()
    due = last_day(context.today, known, context)
    key = "review_approved" if due.certain else "review_approved_about"
    return (notice(key, until=str(due.day)),)


def _mode(case: Case) -> Iterator[str]:
    if case.mode is None:
        return
    yield case.mode.value
    if case.mode is Mode.CHANGE_BANK:
        yield from ("medical_account", "tell_payers")
    if case.mode is not Mode.SAME_NUMBER:
        yield from PAYERS
    if case.mode is not Mode.NEW_NUMBER:
        yield "integrated_system"


def _clean_up(case: Case) -> tuple[str, ...]:
    return CLEAN_UP if case.one_card.answer is OneCardAnswer.ELSEWHERE else ()


def _pickup(case: Case) -> tuple[str, ...]:
    match case.pickup.method:
        case PickupMethod.BRANCH:
            return ("collect",)
        case PickupMethod.MAIL:
            return ("mail", "mail_failed")
        case PickupMethod.INSTANT:
            return ("instant",)
        case None:
            return ()


def always(*keys: str) -> Notices:
    """The same for everybody."""
    return lambda _case, _service, _context: keys


def followed(told: Notices) -> Notices:
    """QRY-1: besides, where the holder looks up how far the card has come; the law comes last."""

    def besides(case: Case, service: Service, context: Context) -> tuple[str, ...]:
        *others, law = told(case, service, context)
        return (*others, "progress", law)

    return besides
