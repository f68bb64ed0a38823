"""A unit's change of bank on the screen: booked, reviewed by the original bank, exchanged, listed, collected. EXC-6, EXC-7."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from counter.clock import today
from counter.desk import rosters
from counter.desk.desk import Desk
from counter.gateway import server
from counter.province.client import Province
from counter.province.sync import sync
from counter.roster.columns import RosterRow
from counter.roster.reader import RosterPerson
from counter.rules.case import Mode
from counter.rules.masking import mask_number
from counter.rules.unit import Unit
from counter.screens.dialogs.text import TextScreen
from counter.screens.roster.collect import CollectScreen
from counter.screens.roster.screen import RosterScreen
from counter.widgets.grid import State
from counter.widgets.lines import FindingsStrip, Line
from tests.support.bank_change import NAMES, UNIT, card_of, decide, lapsed, of, original_bank, people, rows
from tests.support.province_world import World
from tests.support.screen_world import Clerk, assert_whole


@pytest.fixture
def desk(online: Desk, world: World) -> Desk:
    """A desk with a province that knows the unit's people; one of them has let an approval lapse."""
    world.plant(*people(len(NAMES)), lapsed())
    return online


@pytest.fixture
def icbc(world: World, tmp_path: Path) -> Iterator[Province]:
    with original_bank(world, f"8{tmp_path.name[-20:]}") as bank:
        yield bank


async def opened(clerk: Clerk, those: list[RosterRow], mode: Mode = Mode.CHANGE_BANK) -> RosterScreen:
    desk = clerk.desk()
    unit = Unit(
        name=UNIT.name,
        uscc=UNIT.uscc,
        contact=UNIT.contact,
        mobile=UNIT.mobile,
        mode=mode,
        bank=desk.place.bank,
        branch=desk.place.branch,
    )
    lines = [RosterPerson(at, row) for at, row in enumerate(those, 2)]
    screen = RosterScreen(desk, rosters.create(desk.store, unit, lines).id)
    clerk.app.push_screen(screen)
    await clerk.rest()
    return screen


async def chosen(clerk: Clerk, act: str) -> None:
    """F9, and the line of the menu that says this."""
    await clerk.types("f9")
    line = next(line for line in clerk.lines() if act in line)
    await clerk.types(line.split("(")[1][0])


def booked(screen: RosterScreen) -> list[str]:
    """The column of the bookings."""
    assert screen.table is not None
    at = screen.table.ids.index("booking")
    return [screen.table.cell(row, at).text for row in range(screen.table.row_count)]


def states(screen: RosterScreen) -> list[State]:
    assert screen.table is not None
    return [screen.table.head(row).state for row in range(screen.table.row_count)]


@pytest.mark.rule("EXC-6")
@pytest.mark.rule("EXC-7")
async def test_from_the_booking_to_the_list_of_new_numbers(
    clerk: Clerk, desk: Desk, icbc: Province, world: World
) -> None:
    screen = await opened(clerk, rows(5))
    assert booked(screen) == [*["没有预约"] * 4, "过期未办"]
    assert states(screen) == [State.WRONG] * 5, "who is not booked is not right"
    await clerk.types("f8")
    assert clerk.one(FindingsStrip).findings[0].code == "booking.none"
    await clerk.types("f10", "f10")
    assert desk.store.ledger.count() == 0

    await chosen(clerk, "预约换行换卡")
    assert "共 5 人" in clerk.text
    await clerk.types("f10")
    assert booked(screen) == ["原银行审核中"] * 5
    assert desk.store.ledger.count() == 5
    await asyncio.to_thread(decide, icbc, refused=("李测",), left=("张测",))
    await chosen(clerk, "再问省平台")
    until_ = (today() + timedelta(days=10)).isoformat()
    approved = f"审核通过，至 {until_}"
    assert booked(screen) == [approved, "审核不通过：账户被冻结", "原银行审核中", approved, approved]
    assert [state is State.WRONG for state in states(screen)] == [False, True, True, False, False]
    assert_whole(clerk.app)
    await clerk.types("f3", "账户被冻结", "enter")
    assert "第 1 处，共 1" in clerk.text
    await clerk.types("escape", "f5", "f5", "f5", "f5")
    assert "过滤 预约未通过" in clerk.one(Line, "#title").right.plain
    assert len(booked(screen)) == 2
    await clerk.types("f5")

    await clerk.types("f10", "f10")
    assert desk.store.ledger.count() == 8, "the others go on"
    assert booked(screen) == ["", "审核不通过：账户被冻结", "原银行审核中", "", ""]
    await chosen(clerk, "预约换行换卡")
    await clerk.types("f10")
    assert booked(screen)[1] == "原银行审核中", "refused: booked anew"
    assert desk.store.ledger.count() == 9
    await asyncio.to_thread(decide, icbc)
    await clerk.types("f10", "f10")
    assert desk.store.ledger.count() == 11, "F10 asks again by itself"
    assert desk.province is not None
    assert (await asyncio.to_thread(sync, desk.store, desk.province)).rejected == 0

    await asyncio.to_thread(server.advance_cards, world.running.database, world.folder, "", "sent")
    await chosen(clerk, "新卡号清单")
    assert isinstance(clerk.screen, TextScreen)
    (workbook,) = (desk.store.home / "rosters").glob("new-numbers-*.xlsx")
    assert workbook.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    ready, waiting = (list(sheet.values)[4:] for sheet in load_workbook(workbook))
    assert [(row[1], row[2], row[3]) for row in ready] == [
        (NAMES[each - 1], mask_number(of(each)), card_of(each)[-4:]) for each in range(1, 6)
    ]
    assert waiting == []

    await clerk.types("escape")
    await chosen(clerk, "领卡")
    assert isinstance(clerk.screen, CollectScreen)
    await clerk.types("f10")
    await clerk.types("f10", "right", "space")
    assert "5 人  已签收 5  已激活 1" in clerk.text
    report = await asyncio.to_thread(sync, desk.store, desk.province)
    assert (report.rejected, report.matched) == (0, True)
    handed = [
        entry.record.case.old_card for entry in desk.store.ledger.search() if entry.kind == "collect" and entry.record
    ]
    assert {card.number for card in handed if card} == {row[4] for row in ready}, "the numbers that were listed"


async def test_why_somebody_is_not_booked_is_said(clerk: Clerk, desk: Desk) -> None:
    nobody = RosterRow(name="无测", number=of(77), mobile="13800000077", occupation="60000")
    screen = await opened(clerk, [*rows(1), nobody])
    await chosen(clerk, "预约换行换卡")
    await clerk.types("f10")
    assert isinstance(clerk.screen, TextScreen)
    assert "新预约 1 人" in clerk.text and "第 2 行" in clerk.text and "WHO-2" in clerk.text
    await clerk.types("escape")
    assert booked(screen) == ["原银行审核中", "没有预约"]


async def test_booked_out_of_reach_it_is_on_its_way(clerk: Clerk, desk: Desk) -> None:
    screen = await opened(clerk, rows(2))
    province, desk.province = desk.province, None
    await chosen(clerk, "预约换行换卡")
    await clerk.types("f10")
    assert booked(screen) == ["已预约，待上报"] * 2
    await clerk.types("escape")
    again = RosterScreen(desk, screen.batch_id)
    clerk.app.push_screen(again)
    await clerk.rest()
    assert booked(again) == ["已预约，待上报"] * 2, "the ledger says so"
    desk.province = province
    await chosen(clerk, "预约换行换卡")
    await clerk.types("f10")
    assert booked(again) == ["原银行审核中"] * 2
    assert desk.store.ledger.count() == 2


async def test_esc_stops_the_booking_between_two_chunks(
    clerk: Clerk, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counter.desk import bookings
    from counter.screens.background import Background

    screen = await opened(clerk, rows(5))
    with monkeypatch.context() as patch:
        patch.setattr(bookings, "MAX_PERSONS", 2)
        patch.setattr(Background, "tell", lambda self, done, _total=0, _stage="": done == 2 and self.cancel())
        await chosen(clerk, "预约换行换卡")
        await clerk.types("f10")
    assert desk.store.ledger.count() == 2
    assert any("还有 3 人没有轮到" in each.message for each in clerk.app._notifications)
    assert booked(screen) == [*["原银行审核中"] * 2, *["没有预约"] * 2, "过期未办"]


async def test_only_where_the_bank_changes_there_is_a_column_and_a_menu(clerk: Clerk, desk: Desk) -> None:
    screen = await opened(clerk, rows(1), Mode.SAME_NUMBER)
    assert screen.table is not None and "booking" not in screen.table.ids
    await clerk.types("f9")
    assert "预约换行换卡" not in clerk.text
    await clerk.types("escape", "f4", "enter", "enter", "enter", "enter", "2", "escape")
    assert screen.table is not None and "booking" in screen.table.ids, "the way of exchange was changed"
    assert booked(screen) == ["没有预约"]


async def test_the_booking_is_nobodys_to_type_and_goes_with_the_person(clerk: Clerk, desk: Desk) -> None:
    screen = await opened(clerk, rows(2))
    await chosen(clerk, "预约换行换卡")
    await clerk.types("f10")
    await clerk.types("home", "right", "right", "right", "x", "enter")
    assert booked(screen) == ["原银行审核中"] * 2
    await clerk.types("ctrl+home", NAMES[2], "enter", "ctrl+home", "right", of(3), "enter")
    assert booked(screen) == ["没有预约", "原银行审核中"], "of the other person, asked about"
    await clerk.types("ctrl+z", "ctrl+z")
    assert booked(screen) == ["原银行审核中"] * 2
    await clerk.types("ctrl+home", "ctrl+k", "ctrl+z")
    assert booked(screen) == ["原银行审核中"] * 2
