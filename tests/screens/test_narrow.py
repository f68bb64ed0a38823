"""At 60 columns and 15 lines: nothing that is needed goes, and no word is cut."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from counter import i18n
from counter.desk.desk import Desk
from counter.i18n import t
from counter.screens.day_lines import DayLines, read_day
from counter.store.balance import DayBalance, KindBalance, Sum
from tests.support.screen_world import MORNING, Sitting


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_column_of_the_day_is_clipped_where_it_is_narrow(desk: Desk, language: str) -> None:
    i18n.use_language(language)
    columns = ("done", "accepted", "returned", "unsent", "reversed")
    row = KindBalance(**dict.fromkeys(columns, Sum(3, 6000)))
    on = MORNING.date()
    shown = replace(read_day(desk, on), balance=DayBalance(on, {"change_details": row}))
    titles = [title for title in DayLines(desk, shown, 60).columns() if title][1:]
    assert titles == [t(f"day.{name}") for name in columns]
    assert 60 - 4 - sum(max(cell_len(title), len("180.00")) + 2 for title in titles) >= 10, "the service has room"


async def test_where_it_is_narrow_home_leads_to_the_day(sitting: Sitting, desk: Desk) -> None:
    for language in ("zh_CN", "en"):
        i18n.use_language(language)
        async with sitting(desk, size=(60, 15)) as clerk:
            for key in ("F9", "F7", "F1", "Tab"):
                assert f" {key} " in clerk.lines()[-1], clerk.lines()[-1]
