"""F3: what is typed is looked for while it is typed; Enter opens it, masked."""

import pytest
from msgspec import structs
from textual.widgets import DataTable

from counter.desk.desk import Desk
from counter.rules.unit import Unit
from counter.screens.case.screen import CaseScreen
from counter.screens.dialogs.text import TextScreen
from counter.screens.find import FindScreen
from counter.screens.home import HomeScreen
from counter.screens.ledger import EntryScreen, PersonScreen
from counter.screens.roster.screen import RosterScreen
from counter.store.records import RowContent
from counter.widgets.picks import PickBox
from tests.support.made_up import EXCHANGE, number
from tests.support.screen_world import EQUIPPED, Clerk, Sitting, assert_whole

UNIT = Unit(
    name="虚构电子厂", uscc="91350100M000100Y43", contact="赵联系", mobile="13900000000", bank="abc", branch="x"
)


def recorded(desk: Desk, name: str) -> None:
    case = structs.replace(EXCHANGE, branch=EQUIPPED.id, holder=structs.replace(EXCHANGE.holder, name=name))
    desk.confirm(desk.store.drafts.new_id(), case)


@pytest.mark.parametrize(
    ("typed", "opens"),
    [
        ("wcs", EntryScreen),
        ("虚构", RosterScreen),
        ("单测六", RosterScreen),
        ("激活", CaseScreen),
        ("农业银行紫金", TextScreen),
        ("scl", CaseScreen),
    ],
)
async def test_enter_opens_what_was_found(sitting: Sitting, desk: Desk, typed: str, opens: type[object]) -> None:
    recorded(desk, "王测试")
    held = structs.replace(EXCHANGE, holder=structs.replace(EXCHANGE.holder, name="上测流"))
    desk.store.drafts.save("00000000-0000-7000-8000-0000000000a1", held, "photo")
    desk.store.batches.create(UNIT, [RowContent(b"{}", number("19660606").casefold(), "单测六")])
    async with sitting(desk) as clerk:
        await clerk.types("f3", *typed)
        assert "王测试" not in clerk.text and EXCHANGE.holder.document.number not in clerk.text
        await clerk.types("enter")
        assert isinstance(clerk.screen, opens)
        await clerk.types("escape")


async def test_a_person_with_several_entries(sitting: Sitting, desk: Desk) -> None:
    recorded(desk, "王测试")
    recorded(desk, "王测试")
    async with sitting(desk) as clerk:
        await clerk.types("f3", *"wang")
        assert "2 笔" in clerk.line("个人")
        await clerk.types("enter")
        assert isinstance(clerk.screen, PersonScreen)
        assert clerk.one(DataTable).row_count == 2


async def test_a_scanned_number_at_home_is_looked_for(sitting: Sitting, desk: Desk) -> None:
    """A reader types number and Enter at once: what it found is opened as soon as it is found."""
    recorded(desk, "王测试")
    async with sitting(desk) as clerk:
        await clerk.scans(EXCHANGE.holder.document.number)
        assert isinstance(clerk.screen, FindScreen)
        assert "王*试" in clerk.text
        await clerk.types("escape")
        assert isinstance(clerk.screen, HomeScreen) and clerk.one(PickBox).value == ""
        await clerk.types("f3")
        await clerk.scans(EXCHANGE.holder.document.number)
        assert isinstance(clerk.screen, EntryScreen)


async def test_long_names_keep_the_columns(sitting: Sitting, desk: Desk) -> None:
    recorded(desk, "𠮷" * 40)
    recorded(desk, "阿卜杜热合曼·买买提伊明")
    async with sitting(desk) as clerk:
        await clerk.types("f3")
        assert_whole(clerk.app)
        assert all("20.00 元" in line for line in clerk.lines() if "台账" in line)


async def test_an_empty_ledger_says_so(clerk: Clerk) -> None:
    await clerk.types("f3")
    assert "还没有记录" in clerk.text
