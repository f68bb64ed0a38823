"""Bookings (换行预约) of this counter that the original bank has approved and that lapse soon, EXC-6."""

from datetime import date, timedelta
from typing import Final

from counter.clock import business_date
from counter.desk.desk import Desk
from counter.rules.booking import last_day
from counter.rules.case import BookingStatus
from counter.rules.service import MAKES_A_CARD, Effect
from counter.rules.services import SERVICES
from counter.store.records import LedgerEntry

SOON: Final = timedelta(days=3)
_EVENTS: Final = 2000
"""How many of the province's latest words are looked through: approvals hold for days, not for months."""


def lapsing(desk: Desk, on: date) -> list[LedgerEntry]:
    """The bookings whose approval ends within three days of a date and whose holder has not come; blocks."""
    context, approved = desk.context(), dict[str, date]()
    for event in reversed(desk.store.outbox.events(_EVENTS)):
        if event.kind == "booking":
            approved.pop(event.entry, None)
            if event.code == BookingStatus.APPROVED:
                approved[event.entry] = business_date(event.at)
    found: list[LedgerEntry] = []
    for entry in desk.store.ledger.of_ids(approved).values():
        known = desk.reference.cities.get(entry.record.case.city) if entry.record else None
        if known is None or SERVICES[entry.kind].effect is not Effect.BOOKING:
            continue
        due = last_day(approved[entry.id], known, context).day
        if on <= due <= on + SOON and not _has_come(desk, entry):
            found.append(entry)
    return found


def _has_come(desk: Desk, booked: LedgerEntry) -> bool:
    """Has the holder been given a card since?"""
    number = booked.record.case.holder.document.number if booked.record else ""
    later = (each for each in desk.store.ledger.search(number) if each.seq > booked.seq)
    return any(each.kind in SERVICES and SERVICES[each.kind].effect in MAKES_A_CARD for each in later)
