"""What becomes of a change-of-bank booking (预约换行换卡) at the province: made, reviewed, used, lapsed. EXC-6,
EXC-10."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import structs

from counter.gateway.persons.deed import Deed, RefusalError
from counter.gateway.persons.dossier import Dossier, DossierBooking
from counter.gateway.persons.moves import named_card
from counter.rules.booking import BOOKING, status_on
from counter.rules.case import Booking, BookingStatus, OldCard
from counter.rules.reference import Context, Reference
from counter.rules.steps.booking import CHANGED

_DECISIONS: Final[Mapping[BookingStatus | None, str]] = {
    BookingStatus.APPROVED: "approve",
    BookingStatus.REFUSED: "refuse",
}


def book(file: Dossier, deed: Deed) -> Dossier:
    """EXC-6: one booking at a time; after a refusal the holder asks again (re-review, 复审)."""
    if file.under_way:
        raise RefusalError("pending", "ONE-1")
    event = "ask_again" if _status(file.booking, deed) is BookingStatus.REFUSED else "book"
    card, seen = named_card(file, deed), deed.case.old_card or OldCard()
    return file.with_booking(
        DossierBooking(
            id=deed.id,
            status=_after(file.booking, event, deed),
            to_bank=deed.case.bank,
            from_bank=card.held.bank if card else seen.bank,
            city=deed.case.city,
            name=deed.case.holder.name,
            number=card.held.number if card else "",
            booked_on=deed.on,
            origin=deed.origin,
        )
    )


def review(file: Dossier, deed: Deed) -> Dossier:
    """EXC-6: the original bank's own decision; the approval's day starts the days of validity."""
    asked = deed.case.booking or Booking()
    booking = next((each for each in file.bookings if each.id == asked.id), None)
    if booking is None or asked.decision not in _DECISIONS:
        raise RefusalError("booking", "EXC-6")
    if deed.bank != booking.from_bank:
        raise RefusalError("other_bank", "EXC-6")
    after = _after(booking, _DECISIONS[asked.decision], deed)
    approved = after is BookingStatus.APPROVED
    return file.with_booking(
        structs.replace(
            booking,
            status=after,
            approved_on=deed.on if approved else None,
            reason="" if approved else deed.case.reason,
        )
    )


def exchanged(file: Dossier, deed: Deed) -> DossierBooking:
    """EXC-6: approved, for this bank, and in time on the business date."""
    booking = file.booking
    if booking is None or booking.to_bank != deed.case.bank:
        raise RefusalError("booking", "EXC-6")
    status = _after(booking, "exchange", deed)
    return structs.replace(booking, status=status)


def letter(file: Dossier, deed: Deed) -> Dossier:
    """EXC-10: the file as it is, where the change of bank to the bank of the counter is approved or done."""
    booking = file.booking
    changed = booking is not None and booking.to_bank == deed.bank and _status(booking, deed) in CHANGED
    if not changed and not any(card.lives and card.held.bank == deed.bank for card in file.cards):
        raise RefusalError("letter", "EXC-10")
    return file


def status_of(booking: DossierBooking | None, on: date, reference: Reference) -> BookingStatus:
    """Where a booking stands on a day; an approval lapses by its city's days."""
    if booking is None:
        return BookingStatus.NONE
    known = reference.cities.get(reference.city_of(booking.city))
    if known is None:
        return booking.status
    as_told = Booking(status=booking.status, approved_on=booking.approved_on)
    return status_on(as_told, known, Context(today=on, reference=reference))


def _status(booking: DossierBooking | None, deed: Deed) -> BookingStatus:
    """Where a booking stands on the deed's business date."""
    return status_of(booking, deed.on, deed.reference)


def _after(booking: DossierBooking | None, event: str, deed: Deed) -> BookingStatus:
    status = _status(booking, deed)
    transition = BOOKING.follow(status, event)
    if transition is None:
        raise RefusalError("booking_lapsed" if status is BookingStatus.LAPSED else "booking", BOOKING.rule(event))
    return transition.after
