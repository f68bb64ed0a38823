"""Where the change-of-bank bookings (预约换行换卡) of a roster's people stand today, and in words. EXC-6, EXC-7."""

from counter.i18n import t
from counter.rules.booking import last_day, status_on
from counter.rules.case import Booking, BookingStatus
from counter.rules.reference import CityPolicy, Context


def standing(booking: Booking | None, context: Context) -> BookingStatus | None:
    """Where a booking stands today; None where the province has not said."""
    if booking is None:
        return None
    known = _policy(context)
    return status_on(booking, known, context) if known else booking.status


def in_words(booking: Booking | None, context: Context, on_its_way: str = "") -> str:
    """A booking as a cell of the roster says it; `on_its_way` is the id of one that is recorded and not sent yet."""
    status = standing(booking, context)
    heard = booking is not None and booking.id == on_its_way
    if on_its_way and not heard and status not in {BookingStatus.REVIEW, BookingStatus.APPROVED}:
        return t("roster.booking.on_its_way")
    if booking is None:
        return ""
    if status is BookingStatus.APPROVED and (until := last_day_of(booking, context)):
        return t("roster.booking.until", until=until)
    said = t(f"choice.booking.{status}")
    return t("roster.booking.because", said=said, reason=booking.reason) if booking.reason else said


def last_day_of(booking: Booking, context: Context) -> str:
    """The last day of an approval, '' where there is none."""
    known = _policy(context)
    return last_day(booking.approved_on, known, context).day.isoformat() if known and booking.approved_on else ""


def _policy(context: Context) -> CityPolicy | None:
    """That of the city in which this counter issues."""
    reference = context.reference
    return reference.cities.get(reference.city_of(context.place.city)) if context.place else None
