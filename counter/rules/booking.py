"""The life of a change-of-bank booking (预约换行换卡), EXC-6, and its days.

Booked → under review by the original bank → approved → exchanged, or lapsed after the city's days; refused → the
holder may ask for another review. Past the published holidays a day that was counted in working days is uncertain.
"""

from datetime import date, timedelta
from typing import Final

from counter.rules.case import Booking, BookingStatus
from counter.rules.dates import Due, add_working_days
from counter.rules.machine import Machine, Transition
from counter.rules.reference import CityPolicy, Context

BOOKING: Final = Machine(
    (
        Transition("book", (BookingStatus.NONE, BookingStatus.LAPSED), BookingStatus.REVIEW, "EXC-6"),
        Transition("book", (BookingStatus.EXCHANGED,), BookingStatus.REVIEW, "EXC-6"),
        Transition("ask_again", (BookingStatus.REFUSED,), BookingStatus.REVIEW, "EXC-6"),
        Transition("approve", (BookingStatus.REVIEW,), BookingStatus.APPROVED, "EXC-6"),
        Transition("refuse", (BookingStatus.REVIEW,), BookingStatus.REFUSED, "EXC-6"),
        Transition("exchange", (BookingStatus.APPROVED,), BookingStatus.EXCHANGED, "EXC-6"),
        Transition("lapse", (BookingStatus.APPROVED,), BookingStatus.LAPSED, "EXC-6"),
    )
)


def last_day(approved_on: date, known: CityPolicy, context: Context) -> Due:
    """The last day on which an approval holds, in the city's kind of days: with ten days, day 10 and not day 11."""
    if known.booking_day_kind == "working":
        return add_working_days(approved_on, known.booking_days, context.reference.holidays)
    try:
        return Due(approved_on + timedelta(days=known.booking_days), certain=True)
    except OverflowError:
        return Due(date.max, certain=False)


def review_days(booked_on: date, known: CityPolicy, context: Context) -> tuple[Due, Due]:
    """The first and the last day on which the original bank's answer is due (3 to 5 working days)."""
    first, last = known.review_days
    holidays = context.reference.holidays
    return add_working_days(booked_on, first, holidays), add_working_days(booked_on, last, holidays)


def status_on(booking: Booking, known: CityPolicy, context: Context) -> BookingStatus:
    """Where a booking stands today: an approval that has certainly run out has lapsed."""
    if booking.status is BookingStatus.APPROVED and booking.approved_on is not None:
        due = last_day(booking.approved_on, known, context)
        if due.certain and context.today > due.day:
            return BookingStatus.LAPSED
    return booking.status
