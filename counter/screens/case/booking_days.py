"""The days of a booking (预约换行换卡), EXC-6, as a line: booked, answered, today, the last day."""

from datetime import date

from counter.i18n import t
from counter.rules.booking import last_day, review_days, status_on
from counter.rules.case import Booking, BookingStatus, Case
from counter.rules.dates import Due
from counter.rules.facts import policy
from counter.rules.reference import CityPolicy, Context
from counter.widgets.charts import line_of_days


def booking_days(case: Case, context: Context) -> str:
    """The line with what it says below it; '' for a booking that has no days, or a city that says nothing of them."""
    booking, known = case.booking, policy(case, context)
    if booking is None or known is None:
        return ""
    if booking.status is BookingStatus.REVIEW and booking.booked_on is not None:
        return _under_review(booking.booked_on, known, context)
    if booking.status in (BookingStatus.APPROVED, BookingStatus.LAPSED) and booking.approved_on is not None:
        return _approved(booking, booking.approved_on, known, context)
    return ""


def _under_review(booked_on: date, known: CityPolicy, context: Context) -> str:
    first, last = review_days(booked_on, known, context)
    line = line_of_days(booked_on, max(last.day, context.today), context.today, {booked_on, first.day, last.day})
    return f"{line}\n{t('steps.booking.review', booked=_short(booked_on), first=_due(first), last=_due(last))}"


def _approved(booking: Booking, approved_on: date, known: CityPolicy, context: Context) -> str:
    due = last_day(approved_on, known, context)
    begun = booking.booked_on or approved_on
    line = line_of_days(begun, due.day, context.today, {begun, approved_on, due.day})
    lapsed = status_on(booking, known, context) is BookingStatus.LAPSED
    said = t(
        "steps.booking.lapsed" if lapsed else "steps.booking.approved",
        approved=_short(approved_on),
        last=_due(due),
        days=(due.day - context.today).days,
    )
    return f"{line}\n{said}"


def _short(day: date) -> str:
    return f"{day:%m-%d}"


def _due(due: Due) -> str:
    """The day; one that is counted past the published holidays is about right."""
    return _short(due.day) if due.certain else t("steps.booking.about", day=_short(due.day))
