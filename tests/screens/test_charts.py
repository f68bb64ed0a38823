"""What is looked at rather than read: the days of a booking, the way of a card, the bars of a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from rich.cells import cell_len

from counter.i18n import t
from counter.rules.case import Booking, BookingStatus
from counter.rules.reference import Context
from counter.screens.case.booking_days import booking_days
from counter.widgets.charts import SHARE, Waypoint, line_of_days, share, way
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import PLACE, REFERENCE, Clerk, SetClock, at

DATES = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def test_the_days_of_a_booking() -> None:
    first, last = date(2026, 11, 5), date(2026, 11, 22)
    line = line_of_days(first, last, date(2026, 11, 20), {first, date(2026, 11, 12), last})
    assert line == "[+######+#######>-+]"
    assert line_of_days(first, last, date(2026, 11, 25), {last}) == f"[{'#' * 17}+]"
    assert line_of_days(last, first, first) == ""


@settings(max_examples=30)
@given(DATES, st.integers(0, 4000), DATES, st.integers(4, 60))
def test_a_line_of_days_keeps_its_width_and_shows_today_once(first: date, days: int, now: date, width: int) -> None:
    last = first + timedelta(days=days)
    line = line_of_days(first, last, now, {first, last}, width=width)
    assert len(line) <= width + 2
    assert line.isascii()
    assert line.count(">") == (first <= now <= last)
    before, here, after = line.partition(">")
    if here:
        assert "-" not in before
        assert "#" not in after


def test_the_way_of_a_card() -> None:
    stages = [Waypoint("已申请", date(2026, 11, 2)), Waypoint("银行已完成", date(2026, 11, 5)), Waypoint("已领卡")]
    assert way(stages, 60) == ["+已申请 11-02  >银行已完成 11-05   已领卡"]
    assert way(stages[:2], 60) == ["+已申请 11-02  +银行已完成 11-05"], "at its end"
    assert way(stages, 20) == ["+已申请 11-02", ">银行已完成 11-05", " 已领卡"]


@settings(max_examples=30)
@given(
    st.lists(st.builds(Waypoint, st.text("申请ab", min_size=1, max_size=9), st.none() | DATES), max_size=9),
    st.integers(30, 90),
)
def test_a_way_names_every_stage_within_its_width(stages: list[Waypoint], width: int) -> None:
    lines = way(stages, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).count(">") <= 1
    rest = "".join(lines)
    for stage in stages:
        assert stage.name in rest
        rest = rest[rest.index(stage.name) + len(stage.name) :]


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_something_is_never_nothing(count: int, more: int) -> None:
    bar = share(count, count + more)
    assert (bar == "") == (count == 0)
    assert len(bar) <= SHARE
    assert share(count + more, count + more) == ("#" * SHARE if count + more else "")


def drawn(now: date, booking: Booking) -> list[str]:
    case = structs.replace(EXCHANGE, booking=booking)
    return booking_days(case, Context(now, REFERENCE, PLACE)).split("\n")


@pytest.mark.rule("EXC-6")
def test_a_booking_says_its_days() -> None:
    line, said = drawn(
        date(2026, 11, 20),
        Booking(status=BookingStatus.APPROVED, booked_on=date(2026, 11, 5), approved_on=date(2026, 11, 12)),
    )
    assert line.count("+") == 3
    assert line[1] == "+"
    assert ">" in line
    assert "11-12" in said
    assert "11-22" in said
    line, said = drawn(date(2026, 11, 23), Booking(status=BookingStatus.APPROVED, approved_on=date(2026, 11, 12)))
    assert ">" not in line
    assert said == t("steps.booking.lapsed", approved="11-12", last="11-22")
    line, said = drawn(date(2026, 11, 6), Booking(status=BookingStatus.REVIEW, booked_on=date(2026, 11, 5)))
    assert line.startswith("[+>")
    assert "11-05" in said
    assert drawn(date(2026, 11, 6), Booking(status=BookingStatus.REFUSED, booked_on=date(2026, 11, 5))) == [""]


async def test_the_days_stand_at_the_bookings_step(clerk: Clerk, clock: SetClock) -> None:
    now = clock.now.date()
    booking = Booking(
        id="B1", status=BookingStatus.APPROVED, booked_on=now - timedelta(9), approved_on=now - timedelta(2)
    )
    await at(clerk, "booking", structs.replace(EXCHANGE, service="book_bank_change", booking=booking))
    assert "[+######+#>-------+]" in clerk.text
