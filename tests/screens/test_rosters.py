"""Rosters on the screen: a file becomes rows, the rows are mended in the grid, what is right is recorded."""

from pathlib import Path

import pytest
from screen_world import Clerk, Sitting, assert_whole

from counter import batch
from counter.app import CounterApp
from counter.desk import Desk
from counter.roster.reader import Line
from counter.roster.row import RosterRow, Unit
from counter.rules.numbers import check_character
from counter.screens.batches import BatchesScreen
from counter.screens.importing import ColumnsScreen, ImportScreen
from counter.screens.roster import RosterScreen
from counter.screens.unit import UnitScreen
from counter.settings import Settings
from counter.store.records import RowState
from counter.widgets.grid import Grid, State
from counter.widgets.lines import FindingsStrip
from counter.widgets.lines import Line as TitleLine

CODE = "91350100M000100Y43"


def number(sequence: int) -> str:
    body = f"44162119900101{sequence:03d}"
    return body + check_character(body)


def person(sequence: int, **changes: str) -> RosterRow:
    said = {"name": "王测试", "number": number(sequence), "mobile": f"138{sequence:08d}", "occupation": "60000"}
    return RosterRow(**(said | changes))


GOOD = [person(1), person(2), person(3)]
MIXED = [person(1), person(2, number=number(2)[:-1] + "?"), person(3), person(4, mobile="138")]


def a_batch(desk: Desk, rows: list[RosterRow], **unit: str) -> int:
    said = {"name": "虚构电子厂", "uscc": CODE, "contact": "赵联系", "mobile": "13900000000"} | unit
    whose = Unit(bank=desk.place.bank, branch=desk.place.branch, **said)
    return batch.create(desk.store, whose, [Line(at, row) for at, row in enumerate(rows, 2)]).id


async def opened(clerk: Clerk, rows: list[RosterRow], **unit: str) -> RosterScreen:
    screen = RosterScreen(clerk.desk(), a_batch(clerk.desk(), rows, **unit))
    clerk.app.push_screen(screen)
    await clerk.rest()
    return screen


def kept(screen: RosterScreen) -> list[RosterRow]:
    return [person.row for person in batch.people(screen.desk.store, screen.batch_id)]


def said(clerk: Clerk) -> tuple[tuple[str, str], ...]:
    return tuple((finding.code, finding.field) for finding in clerk.one(FindingsStrip).findings)


def states(screen: RosterScreen) -> list[State]:
    assert screen.sheet is not None
    return [screen.sheet.head(row).state for row in range(screen.sheet.row_count)]


async def test_each_row_is_checked_and_the_focused_cell_explained(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    assert states(screen) == [State.PLAIN, State.WRONG, State.PLAIN, State.WRONG]
    assert said(clerk) == ()
    await clerk.types("f8")
    grid = clerk.one(Grid)
    assert (grid.row, grid.column) == (1, 1)
    assert said(clerk)[0][1] == "number"
    await clerk.types("f8")
    assert (grid.row, grid.column) == (3, 2)
    assert said(clerk)[0][1] == "mobile"
    await clerk.types("f8")
    assert (grid.row, grid.column) == (1, 1), "from the top again"
    assert "4 人  对 2  错 2" in clerk.one(TitleLine, "#counts").text.plain
    assert number(1) not in clerk.text
    assert_whole(clerk.app)


async def test_a_change_is_in_the_ledger_as_it_is_made_and_is_undone_there(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    await clerk.types("f8", "f8", "１38-0000 0004", "enter")
    assert kept(screen)[3].mobile == "13800000004", "in normal form"
    assert states(screen)[3] is State.CHANGED
    await clerk.types("ctrl+z")
    assert kept(screen)[3].mobile == "138"
    assert states(screen)[3] is State.WRONG
    await clerk.types("ctrl+y")
    assert kept(screen)[3].mobile == "13800000004"


async def test_codes_are_shown_and_typed_by_their_names(clerk: Clerk) -> None:
    screen = await opened(clerk, [person(1, ethnicity="02")])
    assert screen.sheet is not None
    at = [column.key for column in screen.sheet.columns].index("ethnicity")
    assert screen.sheet.cell(0, at).text == "蒙古族"
    await clerk.types(*["right"] * at, "汉", "enter")
    assert (screen.sheet.cell(0, at).text, kept(screen)[0].ethnicity) == ("汉族", "01")


async def test_rows_come_go_and_come_back_in_their_places(clerk: Clerk) -> None:
    screen = await opened(clerk, [person(each) for each in range(1, 6)])
    before = kept(screen)
    ids = [key.id for key in screen.desk.store.batches.keys(screen.batch_id)]
    await clerk.types("down", "shift+down", "ctrl+k")
    assert kept(screen) == [before[0], *before[3:]]
    await clerk.types("ctrl+z")
    assert kept(screen) == before
    assert [key.id for key in screen.desk.store.batches.keys(screen.batch_id)] == ids
    await clerk.types("ctrl+n")
    assert len(kept(screen)) == 6
    await clerk.types("ctrl+end", "down")
    await clerk.pastes(f"李测试\t{number(7)}\t13800000007\n李测试\t{number(8)}\t13800000008\n")
    assert screen.sheet is not None
    assert [screen.sheet.row_of(key) for key in screen.sheet.order] == kept(screen), "the screen shows the ledger"


async def test_two_rows_of_one_number_are_wrong_until_one_of_them_changes(clerk: Clerk) -> None:
    screen = await opened(clerk, [person(1), person(2), person(2, name="李测试")])
    assert states(screen) == [State.PLAIN, State.WRONG, State.WRONG]
    await clerk.types("f8")
    assert ("roster.twice_number", "number") in said(clerk)
    await clerk.types(number(5), "enter")
    assert states(screen) == [State.PLAIN, State.CHANGED, State.PLAIN]
    await clerk.types("ctrl+z")
    assert states(screen) == [State.PLAIN, State.WRONG, State.WRONG]


async def test_the_filter_goes_round(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    assert screen.sheet is not None
    await clerk.types("f5")
    assert screen.sheet.row_count == 2
    assert "过滤 错" in clerk.one(TitleLine, "#title").right.plain
    await clerk.types("f5")
    assert screen.sheet.row_count == 0
    await clerk.types("f5", "f5")
    assert screen.sheet.row_count == 4


NAMES = ["王测试", "李测试", "", "陈测试"]


async def test_sorted_by_the_cursors_column_there_and_back(clerk: Clerk) -> None:
    screen = await opened(clerk, [person(at, name=name) for at, name in enumerate(NAMES, 1)])
    grid = clerk.one(Grid)

    def names() -> list[str]:
        return [grid.text_at(row, 0) for row in range(grid.rows)]

    await clerk.types("f6")
    assert names() == ["陈测试", "李测试", "王测试", ""], "by sound, the empty one last"
    assert grid.text_at(grid.row, 0) == "王测试", "the cursor stays with its row"
    assert "按姓名 升序" in clerk.one(TitleLine, "#title").right.plain
    await clerk.types("f6")
    assert names() == ["王测试", "李测试", "陈测试", ""]
    await clerk.types("home", "张测试", "enter")
    assert kept(screen)[0].name == "张测试", "what is changed in another order is changed in its row"
    await clerk.types("ctrl+z", "ctrl+z")
    assert names() == ["陈测试", "李测试", "王测试", ""], "undone step by step"
    await clerk.types("ctrl+z", "ctrl+y", "ctrl+y", "ctrl+y", "f6")
    assert names() == ["张测试", *NAMES[1:]], "and the sheet's own order after the reverse one"


async def test_a_filter_and_an_order_at_once(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    assert screen.sheet is not None
    await clerk.types("f5", "right", "f6", "f6")
    assert [screen.sheet.head(row).number for row in range(screen.sheet.row_count)] == [4, 2]
    await clerk.types("f5", "f5", "f5")
    assert [screen.sheet.head(row).number for row in range(screen.sheet.row_count)] == [4, 3, 2, 1]


async def test_a_text_is_found_wherever_it_stands(clerk: Clerk) -> None:
    await opened(clerk, [person(at, name=name) for at, name in enumerate(NAMES, 1)])
    grid = clerk.one(Grid)
    await clerk.types("f3", "测试", "enter")
    assert (grid.row, grid.column) == (0, 0), "where the cursor stands counts the first time"
    await clerk.types("enter", "f3")
    assert (grid.row, grid.column) == (3, 0)
    assert "第 3 处，共 3" in clerk.text
    await clerk.types("f3")
    assert (grid.row, grid.column) == (0, 0), "from the top again"
    await clerk.types("escape", "f3", "００００００２", "f3")
    assert (grid.row, grid.column) == (1, 2), "full width or not; the text replaces the one before"
    await clerk.types("escape", "f3", "没有这个", "enter")
    assert "显示的行里没有" in clerk.text
    await clerk.types("escape")
    assert grid.has_focus
    assert isinstance(clerk.screen, RosterScreen)


async def test_what_is_right_is_submitted_and_locked(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    await clerk.types("f10")
    keys = screen.desk.store.batches.keys(screen.batch_id)
    assert [key.state is RowState.SUBMITTED for key in keys] == [True, False, True, False]
    assert screen.desk.store.ledger.count() == 2
    assert states(screen) == [State.SUBMITTED, State.WRONG, State.SUBMITTED, State.WRONG]
    await clerk.types("x", "enter")
    assert kept(screen)[0] == MIXED[0], "an entry is not changed"
    await clerk.types("f10")
    assert screen.desk.store.ledger.count() == 2, "nothing twice"


async def test_what_is_being_typed_counts_when_f10_comes(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    await clerk.types("f8", "f8", "13800000004", "f10")
    assert screen.desk.store.ledger.count() == 3


async def test_cancelled_before_it_begins_nothing_is_recorded(desk: Desk) -> None:
    id = a_batch(desk, GOOD)
    assert batch.submit(desk.store, id, desk.context(), cancelled=lambda: True).recorded == 0
    assert batch.submit(desk.store, id, desk.context()).recorded == 3


async def test_the_unit_holds_its_rows_up_until_it_is_mended(clerk: Clerk) -> None:
    screen = await opened(clerk, GOOD, name="")
    await clerk.types("f10")
    assert isinstance(clerk.screen, UnitScreen)
    await clerk.types("另一家厂", "enter", "escape")
    assert batch.batch_of(screen.desk.store, screen.batch_id).unit.name == "另一家厂"
    assert "另一家厂" in clerk.one(TitleLine, "#title").text.plain
    await clerk.types("f10")
    assert screen.desk.store.ledger.count() == 3


async def test_a_question_about_the_unit_wants_the_clerks_word(clerk: Clerk) -> None:
    screen = await opened(clerk, GOOD, uscc=CODE[:-1] + "4")
    await clerk.types("f10", "escape")
    assert screen.desk.store.ledger.count() == 0
    await clerk.types("f10", "f10")
    assert screen.desk.store.ledger.count() == 3


async def test_from_home_to_the_rows_of_a_file(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"姓名,身份证号,手机\n王测试,{number(1)},13800000001\n", "utf-8")
    await clerk.types("f7")
    assert isinstance(clerk.screen, BatchesScreen)
    await clerk.types("f3", str(file), "enter")
    assert isinstance(clerk.screen, ColumnsScreen)
    await clerk.types("f10")
    assert isinstance(clerk.screen, RosterScreen), "nothing to be said of such a file"
    assert kept(clerk.screen) == [RosterRow(name="王测试", number=number(1), mobile="13800000001")]
    await clerk.types("escape", "enter")
    assert isinstance(clerk.screen, RosterScreen)


async def test_two_sheets_ask_which(clerk: Clerk, tmp_path: Path) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    for sheet, who in ((workbook.worksheets[0], 1), (workbook.create_sheet("二"), 2)):
        sheet.append(["姓名", "证件号"])
        sheet.append(["王测试", number(who)])
    workbook.save(tmp_path / "a.xlsx")
    await clerk.types("f7", "f3", str(tmp_path / "a.xlsx"), "enter")
    assert isinstance(clerk.screen, ImportScreen)
    await clerk.types("2")
    await clerk.types("f10")
    assert isinstance(clerk.screen, RosterScreen)
    assert kept(clerk.screen)[0].number == number(2)


async def test_what_a_column_fills_is_corrected_by_arrows(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"姓名,身份证号,电话,紧急联系人手机\n王测试,{number(1)},0762,13800000001\n", "utf-8")
    await clerk.types("f7", "f3", str(file), "enter")
    assert isinstance(clerk.screen, ColumnsScreen)
    assert number(1) not in clerk.text, "samples are masked"
    assert "手机号码" in clerk.line(" C ")
    await clerk.types("down", "down", "delete")
    assert "不读" in clerk.line(" C ")
    assert "还没有对应的列：手机号码" in clerk.text
    await clerk.types("down", "right", "right", "right", "left", "right")
    assert "手机号码" in clerk.line(" D "), "those that another column fills are passed over"
    assert "还没有对应的列" not in clerk.text
    await clerk.types("f10")
    assert "没有读取的列：电话" in clerk.text
    await clerk.types("f10")
    assert isinstance(clerk.screen, RosterScreen)
    assert [row.mobile for row in kept(clerk.screen)] == ["13800000001"]


async def test_what_reading_found_is_said_before_anything_is_kept(clerk: Clerk, tmp_path: Path) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (["名单"], ["姓名", "身份证号"], ["王测试", number(1)], ["李测试", 4.4115e17], ["合计", "2人"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    workbook.save(tmp_path / "a.xlsx")
    await clerk.types("f7", "f3", str(tmp_path / "a.xlsx"), "enter")
    await clerk.types("f10")
    for said in ("一共 2 人", "第 4 行 证件号码：表格把这个号码当成数字", "第 3 行在表格里是隐藏的", "第 5 行是合计"):
        assert said in clerk.text
    await clerk.types("escape")
    assert isinstance(clerk.screen, ColumnsScreen)
    assert clerk.desk().store.batches.list() == []
    await clerk.types("f10", "f10")
    assert isinstance(clerk.screen, RosterScreen)
    assert len(kept(clerk.screen)) == 2


async def test_a_file_without_a_header_is_mapped_by_hand(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"王测试,{number(1)}\n李测试,{number(2)}\n", "utf-8")
    await clerk.types("f7", "f3", str(file), "enter")
    await clerk.types("f10")
    assert isinstance(clerk.screen, ColumnsScreen), "neither name nor number is known"
    await clerk.types("right", "down", "right", "right", "f10")
    assert isinstance(clerk.screen, RosterScreen)
    assert [row.number for row in kept(clerk.screen)] == [number(1), number(2)]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 100, None])
async def test_a_refused_file_is_explained(clerk: Clerk, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.xlsx").write_bytes(content)
    await clerk.types("f7", "f3", str(tmp_path / "a.xlsx"), "enter")
    assert isinstance(clerk.screen, ImportScreen)
    strip = clerk.one(FindingsStrip)
    assert strip.findings or strip.notice == "打不开这个文件"
    assert clerk.desk().store.batches.list() == []


async def test_a_file_of_the_command_line_goes_straight_to_its_rows(
    settings: Settings, desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"姓名,身份证号\n王测试,{number(1)}\n", "utf-8")
    app = CounterApp(settings, roster=file)
    async with app.run_test(size=(80, 24)) as pilot:
        clerk = Clerk(app, pilot)
        app.screen.dismiss(None)
        app._go_home(desk)
        await clerk.rest()
        await clerk.types("f10")
        assert isinstance(clerk.screen, RosterScreen)
        assert clerk.one(Grid).model.row_count == 1


async def test_on_a_wide_and_on_a_narrow_screen(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=(120, 30)) as clerk:
        await opened(clerk, MIXED)
        assert_whole(clerk.app, 30, 120)
