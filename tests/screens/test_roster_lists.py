"""The cells of a roster that are one of a list, 民族 and 职业: F2 lists them; code, name and initials find one."""

from textual.widgets import OptionList

from counter.desk.desk import Desk
from counter.roster.columns import RosterRow
from counter.screens.dialogs.pick import PickScreen
from counter.screens.roster.columns import IDS
from counter.screens.roster.screen import RosterScreen
from counter.widgets.grid import Grid
from tests.screens.test_rosters import kept, number, opened
from tests.support.screen_world import Clerk, Sitting


async def stand(clerk: Clerk, column: str) -> None:
    """Put the cursor into a column of the first row."""
    grid = clerk.one(Grid)
    grid.move(0, IDS.index(column))
    await clerk.rest()


async def test_an_occupation_is_chosen_out_of_its_list(clerk: Clerk) -> None:
    await opened(clerk, [RosterRow(name="王测试", number=number(1), occupation="保安")])
    await stand(clerk, "occupation")
    await clerk.types("f2")
    assert isinstance(clerk.screen, PickScreen)
    everything = clerk.one(OptionList).option_count
    assert everything == len(clerk.desk().reference.occupations), "nothing typed yet: all of them"
    await clerk.types("bsry")
    narrowed = clerk.one(OptionList).option_count
    assert 0 < narrowed < everything
    await clerk.types("enter")
    assert isinstance(clerk.screen, RosterScreen)
    (row,) = kept(clerk.screen)
    assert clerk.desk().reference.occupations[row.occupation].initials.startswith("bsry")
    await clerk.types("ctrl+z")
    assert [row.occupation for row in kept(clerk.screen)] == ["保安"], "undone like what is typed"


async def test_an_ethnicity_is_walked_to_from_what_stands_there(clerk: Clerk) -> None:
    await opened(clerk, [RosterRow(name="王测试", number=number(1), ethnicity="01")])
    await stand(clerk, "ethnicity")
    await clerk.types("f2")
    await clerk.types("down", "down", "up", "enter")
    assert isinstance(clerk.screen, RosterScreen)
    assert [row.ethnicity for row in kept(clerk.screen)] == ["02"]
    await clerk.types("f2")
    await clerk.types("xyzxyz", "enter")
    assert isinstance(clerk.screen, PickScreen), "nothing found is nothing taken"
    await clerk.types("escape")
    assert [row.ethnicity for row in kept(clerk.screen)] == ["02"]
    await clerk.types("汉", "enter")
    assert [row.ethnicity for row in kept(clerk.screen)] == ["01"], "it can be typed as before"
    await stand(clerk, "name")
    await clerk.types("f2")
    assert clerk.one(Grid).editor is not None, "a name has no list"


async def test_on_a_small_screen_both_what_is_typed_and_the_list_are_seen(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=(60, 15)) as clerk:
        await opened(clerk, [RosterRow(name="王测试", number=number(1), occupation="90")])
        await stand(clerk, "occupation")
        await clerk.types("f2")
        assert "90  " in clerk.text, "what stands there now"
        await clerk.types("tlx")
        assert "  tlx " in clerk.text
        assert "80  " in clerk.text
