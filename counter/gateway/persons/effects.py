"""What a service does to a person's file (业务效果): the transitions of `counter.rules`, followed at the province.

Pure: a file in, a file out, or `RefusalError`. A person of whom the province knows no card is taken as the counter
saw them; nothing contradicts it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from msgspec import structs

from counter.gateway.persons.dossier import (
    OVER,
    Card,
    Dossier,
    DossierBooking,
    Files,
    Origin,
    Whom,
    whom,
)
from counter.province.wire import Milestones
from counter.rules import case as cases
from counter.rules.booking import BOOKING, status_on
from counter.rules.card_life import CARD_LIFE, CardState, state_of
from counter.rules.case import BookingStatus, Case, Mode, OldCard, PickupMethod, PresentedBy
from counter.rules.numbers import social_card_check
from counter.rules.reference import Context, Reference


class RefusalError(Exception):
    """The rules do not allow it at the province: ``finding.<code>`` in the catalogs, and the rule."""

    def __init__(self, code: str, rule: str) -> None:
        super().__init__(code)
        self.code = f"province.{code}"
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Deed:
    """What a counter did: the entry's id, its service and case, the business date, who it was and of which bank."""

    id: str
    service: str
    case: Case
    on: date
    origin: Origin
    bank: str
    reference: Reference

    @property
    def persons(self) -> tuple[Whom, ...]:
        """The holder, and under a new number the holder again (INF-2)."""
        document, changes = self.case.holder.document, self.case.changes
        numbers = (document.number, changes.number if changes else "")
        return tuple(dict.fromkeys(whom(document.kind, number) for number in numbers if number))


Effect = Callable[[Dossier, Deed], Dossier]


def perform(files: Files, deed: Deed) -> None:
    """Do what the deed does to the holder's file; `RefusalError` leaves the files as they are."""
    effect = EFFECTS.get(deed.service)
    if effect is None or not deed.persons:
        return
    holder, *renamed = deed.persons
    file = effect(files[holder], deed)
    for new in renamed:
        if files[new] != Dossier():
            raise RefusalError("number_taken", "INF-2")
        files[new], file = file, Dossier()
    files[holder] = file


def at(card: Card, state: CardState) -> Card:
    """The card in another state, as a counter is to see it."""
    return structs.replace(card, state=state, held=structs.replace(card.held, **_SEEN[state]))


def follow(card: Card, event: str) -> Card:
    """The card after an event of its life; refused where the rules know none."""
    transition = CARD_LIFE.follow(card.state, event)
    if transition is None:
        raise RefusalError("card_state", CARD_LIFE.rule(event))
    return at(card, transition.after)


def ended(file: Dossier, card: Card, on: date) -> Dossier:
    """The file after a new card has come into the holder's hands: the one that it replaces is over."""
    milestones = structs.replace(card.milestones, collected_on=on)
    held = structs.replace(card.held, issued=card.held.issued or on)
    file = file.with_card(structs.replace(card, milestones=milestones, held=held))
    for old in file.cards:
        if old.id == card.replaces and old.state is CardState.REPLACED:
            file = file.with_card(at(old, CardState.CANCELLED))
    return file


def new_number(id: str) -> str:
    """A made-up card number for a card that is made here, with the right check; the same for the same id."""
    body = "G" + str(int.from_bytes(id.encode(), "big") % 10**7).zfill(7)
    return body + social_card_check(body)


# --- applications and what goes with a new card


def _apply(file: Dossier, deed: Deed) -> Dossier:
    """ONE-1: a card issued here is replaced, not applied for; a plain one is no card any more (REP-2)."""
    file = _cleared(file, deed)
    if any(card.lives and card.held.kind == "financial" for card in _here(file, deed)):
        raise RefusalError("here", "ONE-1")
    return _with_new_card(file, deed, None)


def _renew(file: Dossier, deed: Deed) -> Dossier:
    """Exchange, replacement, and the changes that a replacement goes with (INF-1, INF-2)."""
    file = _cleared(file, deed)
    old = _card(file, deed)
    if old is not None:
        _replaceable(old, deed)
        file = file.with_card(follow(old, deed.service))
    if deed.case.mode is Mode.CHANGE_BANK:
        file = file.with_booking(_exchanged(file, deed))
    return _with_new_card(file, deed, old)


def _cleared(file: Dossier, deed: Deed) -> Dossier:
    """ONE-1: nothing under way, and no card elsewhere but those that the holder agreed to have cleaned up."""
    if file.under_way:
        raise RefusalError("pending", "ONE-1")
    if _elsewhere(file, deed) and not deed.case.one_card.clean_up_confirmed:
        raise RefusalError("elsewhere", "ONE-1")
    return _clean_up(file, deed)


def _clean_up(file: Dossier, deed: Deed) -> Dossier:
    """ONE-2: every card of another city, or none."""
    for card in _elsewhere(file, deed):
        if not card.cleanable:
            raise RefusalError("uncleanable", "ONE-2")
        file = file.with_card(follow(card, "clean_up"))
    return file


def _here(file: Dossier, deed: Deed) -> tuple[Card, ...]:
    return tuple(card for card in file.cards if card.city[:4] == deed.case.city[:4])


def _elsewhere(file: Dossier, deed: Deed) -> tuple[Card, ...]:
    return tuple(card for card in file.cards if card.lives and card not in _here(file, deed))


def _replaceable(old: Card, deed: Deed) -> None:
    """REP-1, REP-2: a financial card; one that is not handed over was reported lost."""
    if old.held.kind != "financial":
        raise RefusalError("not_financial", "REP-2")
    seen = deed.case.old_card
    in_hand = seen is not None and seen.in_hand
    if deed.service == "replace" and not in_hand and not old.held.loss_reported:
        raise RefusalError("not_lost", "REP-1")


def _with_new_card(file: Dossier, deed: Deed, old: Card | None) -> Dossier:
    case, at_once = deed.case, deed.case.pickup.method is PickupMethod.INSTANT
    held = OldCard(
        number=_number(deed, old),
        bank=case.bank or (old.held.bank if old else ""),
        generation=3,
        status="0",
        preference=old is not None and old.held.preference,
        applied_by_agent=case.presented_by is PresentedBy.AGENT,
    )
    card = Card(
        id=deed.id,
        held=held,
        city=case.city,
        state=CardState.APPLIED,
        service=deed.service,
        replaces=old.id if old else "",
        branch=case.branch,
        pickup=case.pickup.method,
        milestones=Milestones(applied_on=deed.on),
        origin=deed.origin,
    )
    if not at_once:
        return file.with_card(card)
    if held.preference:
        raise RefusalError("preference", "PIC-6")
    return ended(file, follow(card, "issue_at_once"), deed.on)


def _number(deed: Deed, old: Card | None) -> str:
    """The new card's number, empty until the bank has opened the account."""
    if deed.case.mode is Mode.SAME_NUMBER and old:
        return old.held.number
    return new_number(deed.id) if deed.case.pickup.method is PickupMethod.INSTANT else ""


def _collect(file: Dossier, deed: Deed) -> Dossier:
    """PIC-5, AGT-3: once the branch has signed for the card; in person where an agent applied."""
    number = deed.case.old_card.number if deed.case.old_card else ""
    waiting = [card for card in file.cards if card.under_way and number in ("", card.held.number)]
    card = next(iter(waiting), None) or (None if file.cards else _card(file, deed))
    if card is None or CARD_LIFE.follow(card.state, "collect") is None:
        raise RefusalError("not_at_branch", "PIC-5")
    if card.held.applied_by_agent and deed.case.presented_by is PresentedBy.AGENT:
        raise RefusalError("collect_in_person", "AGT-3")
    return ended(file, follow(card, "collect"), deed.on)


# --- a card's life


def _move(file: Dossier, deed: Deed) -> Dossier:
    """A service that is one event in the life of a card."""
    card = _card(file, deed)
    return file if card is None else file.with_card(follow(card, deed.service))


def _report_loss(file: Dossier, deed: Deed) -> Dossier:
    """LOS-1: both sides lock together, or the bank's fails; a loss that is reported already stays so."""
    card = _card(file, deed)
    if card is None or card.state is CardState.LOST:
        return file
    lost = follow(card, "report_loss")
    return file.with_card(structs.replace(lost, held=structs.replace(lost.held, bank_lock_failed=card.bank_fails)))


def _cancel(file: Dossier, deed: Deed) -> Dossier:
    """CAN-1: the medical account is closed first."""
    if not deed.case.medical_account_closed and deed.case.insured is not False:
        raise RefusalError("medical_account", "CAN-1")
    return _move(file, deed)


def _card(file: Dossier, deed: Deed) -> Card | None:
    """The card that the case names, or where a lost one's number is not at hand, the bank on its face.

    As the counter saw it where the province knows no card of the person.
    """
    seen = deed.case.old_card
    if seen is None or not (seen.number or file.cards):
        return None
    if not file.cards:
        held = structs.replace(seen, in_hand=False, tested_undamaged=False)
        return Card(id=seen.number, held=held, city=deed.case.city, state=state_of(held))
    said, of = (seen.number, "number") if seen.number else (seen.bank, "bank")
    named = [card for card in file.cards if getattr(card.held, of) == said and not card.under_way]
    if not named:
        raise RefusalError("no_card", CARD_LIFE.rule(deed.service))
    return min(named, key=lambda card: card.state in OVER)


# --- change of bank


def _book(file: Dossier, deed: Deed) -> Dossier:
    """EXC-6: one booking at a time; after a refusal the holder asks again (re-review, 复审)."""
    if file.under_way:
        raise RefusalError("pending", "ONE-1")
    event = "ask_again" if booking_status(file.booking, deed) is BookingStatus.REFUSED else "book"
    card, seen = _card(file, deed), deed.case.old_card or OldCard()
    return file.with_booking(
        DossierBooking(
            id=deed.id,
            status=_booking_after(file.booking, event, deed),
            to_bank=deed.case.bank,
            from_bank=card.held.bank if card else seen.bank,
            city=deed.case.city,
            name=deed.case.holder.name,
            number=card.held.number if card else "",
            booked_on=deed.on,
            origin=deed.origin,
        )
    )


def _review(file: Dossier, deed: Deed) -> Dossier:
    """EXC-6: the original bank's own decision; the approval's day starts the days of validity."""
    asked = deed.case.booking or cases.Booking()
    booking = next((each for each in file.bookings if each.id == asked.id), None)
    if booking is None or asked.decision not in _DECISIONS:
        raise RefusalError("booking", "EXC-6")
    if deed.bank != booking.from_bank:
        raise RefusalError("other_bank", "EXC-6")
    after = _booking_after(booking, _DECISIONS[asked.decision], deed)
    approved = after is BookingStatus.APPROVED
    return file.with_booking(
        structs.replace(
            booking,
            status=after,
            approved_on=deed.on if approved else None,
            reason="" if approved else deed.case.reason,
        )
    )


def _exchanged(file: Dossier, deed: Deed) -> DossierBooking:
    """EXC-6: approved, for this bank, and in time on the business date."""
    booking = file.booking
    if booking is None or booking.to_bank != deed.case.bank:
        raise RefusalError("booking", "EXC-6")
    status = _booking_after(booking, "exchange", deed)
    return structs.replace(booking, status=status)


def _booking_after(booking: DossierBooking | None, event: str, deed: Deed) -> BookingStatus:
    status = booking_status(booking, deed)
    transition = BOOKING.follow(status, event)
    if transition is None:
        raise RefusalError("booking_lapsed" if status is BookingStatus.LAPSED else "booking", BOOKING.rule(event))
    return transition.after


def booking_status(booking: DossierBooking | None, deed: Deed) -> BookingStatus:
    """Where a booking stands on the deed's business date."""
    return status_of(booking, deed.on, deed.reference)


def status_of(booking: DossierBooking | None, on: date, reference: Reference) -> BookingStatus:
    """Where a booking stands on a day; an approval lapses by its city's days."""
    if booking is None:
        return BookingStatus.NONE
    known = reference.cities.get(reference.city_of(booking.city))
    if known is None:
        return booking.status
    as_told = cases.Booking(status=booking.status, approved_on=booking.approved_on)
    return status_on(as_told, known, Context(today=on, reference=reference))


_DECISIONS: Final[Mapping[BookingStatus | None, str]] = {
    BookingStatus.APPROVED: "approve",
    BookingStatus.REFUSED: "refuse",
}
_IN_USE: Final = {"status": "1", "at_branch": False, "loss_reported": False, "bank_lock_failed": False}
_SEEN: Final[Mapping[CardState, Mapping[str, object]]] = {
    CardState.UNKNOWN: {},
    CardState.NONE: {},
    CardState.APPLIED: {"status": "0"},
    CardState.MADE: {"status": "0"},
    CardState.AT_BRANCH: {"status": "0", "at_branch": True},
    CardState.COLLECTED: {**_IN_USE, "account_active": False},
    CardState.ACTIVE: {**_IN_USE, "account_active": True, "pin_locked": False},
    CardState.LOCKED: {"status": "3", "pin_locked": True},
    CardState.PROVISIONAL_LOSS: {"status": "4", "loss_reported": True},
    CardState.LOST: {"status": "2", "loss_reported": True},
    CardState.REPLACED: {"replacement_filed": True},
    CardState.CLEANED_UP: {},
    CardState.CANCELLED: {"status": "9", "replacement_filed": False},
}
"""What a counter sees of a card in each state; the codes are those of FORMATS."""

EFFECTS: Final[Mapping[str, Effect]] = {
    "apply": _apply,
    "exchange": _renew,
    "replace": _renew,
    "change_photo": _renew,
    "change_details": _renew,
    "collect": _collect,
    "activate": _move,
    "reset_pin": _move,
    "unlock": _move,
    "withdraw_loss": _move,
    "report_loss": _report_loss,
    "cancel": _cancel,
    "clean_up": _clean_up,
    "book_bank_change": _book,
    "review_bank_change": _review,
}
"""By service; what is not named here leaves the file as it is: questions, letters, referrals."""
