"""Ages by the civil law, deadlines by the published calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.rules.dates import Due, add_working_days, age_on, turns


@pytest.mark.parametrize(
    ("birth", "years", "day"),
    [
        (date(2010, 5, 10), 16, date(2026, 5, 10)),
        (date(2008, 2, 29), 16, date(2024, 2, 29)),
        (date(2008, 2, 29), 18, date(2026, 2, 28)),
        (date(2000, 1, 1), 9000, date.max),
    ],
)
def test_turns(birth: date, years: int, day: date) -> None:
    assert turns(birth, years) == day


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2010, 5, 10), date(2026, 5, 9), 15),
        (date(2010, 5, 10), date(2026, 5, 10), 16),
        (date(2008, 2, 29), date(2026, 2, 27), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 18),
        (date(2026, 3, 2), date(2026, 3, 2), 0),
        (date(2026, 3, 2), date(2026, 3, 1), -1),
    ],
)
def test_age(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


@given(st.dates(min_value=date(1880, 1, 1), max_value=date(2100, 1, 1)), st.integers(0, 120))
def test_age_agrees_with_the_birthday(birth: date, years: int) -> None:
    day = turns(birth, years)
    assert age_on(birth, day) == years
    assert age_on(birth, day - timedelta(days=1)) == years - 1


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (date(2025, 9, 29), 3, date(2025, 10, 10)),  # the eight days of October, and 28 September worked before
        (date(2025, 9, 26), 1, date(2025, 9, 28)),  # a Sunday that is made up
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
    ],
)
def test_working_days_follow_the_published_calendar(start: date, n: int, due: date) -> None:
    assert add_working_days(start, n, {}) == Due(due, certain=True)


def test_past_the_published_years_the_answer_is_uncertain() -> None:
    assert add_working_days(date(2090, 3, 1), 3, {}) == Due(date(2090, 3, 6), certain=False)
    assert add_working_days(date(1990, 3, 1), 1, {}) == Due(date(1990, 3, 2), certain=False)
    assert add_working_days(date.max, 3, {}) == Due(date.max, certain=False)


def test_own_days_go_before_the_calendar_and_make_their_year_known() -> None:
    assert add_working_days(date(2026, 3, 2), 1, {date(2026, 3, 3): False}) == Due(date(2026, 3, 4), certain=True)
    own = {date(2090, 3, 2): False, date(2090, 3, 4): True}
    assert add_working_days(date(2090, 3, 1), 2, own) == Due(date(2090, 3, 4), certain=True)


@given(st.dates(), st.integers(0, 30))
def test_counting_never_fails(start: date, n: int) -> None:
    due = add_working_days(start, n, {})
    assert due.day >= start
