"""What time it is for the ledger: UTC moments, and the business date (营业日期) of Asia/Shanghai."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

Clock = Callable[[], datetime]
"""Answers an aware moment."""

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: China has had no summer time since 1991, and Windows has no time zone data to ask."""


def system_clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


def moment_text(moment: datetime) -> str:
    """A moment as the file holds it: ISO 8601 in UTC, always with microseconds, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def business_date(moment: datetime) -> date:
    """The business date of a moment."""
    return moment.astimezone(SHANGHAI).date()


def today(clock: Clock = system_clock) -> date:
    """The business date of now."""
    return business_date(clock())
