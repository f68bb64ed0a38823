"""At 60 columns and 15 lines: nothing that is needed goes, and no word is cut."""

import pytest
from rich.console import Console
from rich.theme import Theme

from counter import i18n
from counter.desk.desk import Desk
from counter.i18n import t
from counter.screens.day import day_table
from counter.store.balance import DayBalance, KindBalance, Sum
from tests.support.screen_world import MORNING, Sitting


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_column_of_the_day_is_clipped_where_it_is_narrow(language: str) -> None:
    i18n.use_language(language)
    something = Sum(3, 6000)
    columns = ("done", "accepted", "returned", "unsent", "reversed")
    row = KindBalance(**dict.fromkeys(columns, something))
    console = Console(width=55, theme=Theme({"quiet": ""}))
    with console.capture() as written:
        console.print(day_table(DayBalance(MORNING.date(), {"change_details": row}), 55))
    for name in columns:
        assert t(f"day.{name}") in written.get(), written.get()


async def test_where_it_is_narrow_home_leads_to_the_day(sitting: Sitting, desk: Desk) -> None:
    for language in ("zh_CN", "en"):
        i18n.use_language(language)
        async with sitting(desk, size=(60, 15)) as clerk:
            for key in ("F9", "F7", "F1", "Tab"):
                assert f" {key} " in clerk.lines()[-1], clerk.lines()[-1]
