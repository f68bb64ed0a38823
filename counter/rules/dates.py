"""Ages and working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache


@dataclass(frozen=True, slots=True)
class Due:
    """A day that was counted; not `certain` where it lies past the calendar that the State Council has published."""

    day: date
    certain: bool


def turns(birth: date, years: int) -> date:
    """The birthday on which somebody completes so many years (周岁).

    Born on 29 February: in common years on the 28th, as a period that ends on a day its month lacks ends on the
    month's last day (民法典 art. 202). A day past the calendar's end is its last one.
    """
    year = birth.year + years
    if year > date.max.year:
        return date.max
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age_on(birth: date, day: date) -> int:
    """Completed years (周岁) on a day, the birthday included; negative before the birth."""
    years = day.year - birth.year
    return years if day >= turns(birth, years) else years - 1


def add_working_days(start: date, n: int, holidays: Mapping[date, bool]) -> Due:
    """The n-th working day (工作日) after `start`, which itself does not count.

    `holidays` says of single days whether they are worked and goes before the published calendar; its years count as
    known. Where neither knows the year, weekdays are counted and the answer is uncertain.
    """
    own_years = {day.year for day in holidays}
    day, certain = start, True
    while n > 0:
        if day == date.max:
            return Due(day, certain=False)
        day += timedelta(days=1)
        published = _published(day)
        working = holidays.get(day, day.weekday() < 5 if published is None else published)
        certain = certain and (published is not None or day.year in own_years)
        n -= working
    return Due(day, certain)


@cache
def _published(day: date) -> bool | None:
    import chinese_calendar  # noqa: PLC0415 - 20 ms that only a deadline needs

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
