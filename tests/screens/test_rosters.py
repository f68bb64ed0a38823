"""Rosters on the screen: a file becomes rows, the rows are mended in the grid, what is right is recorded."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest

from counter.app import CounterApp
from counter.desk import rosters
from counter.desk.desk import Desk
from counter.files import typed_path
from counter.i18n import t
from counter.roster.checks import Checker
from counter.roster.columns import RosterRow
from counter.roster.reader import RosterPerson
from counter.rules.card_life import CardState
from counter.rules.numbers import check_character
from counter.rules.unit import Unit
from counter.screens.background import Background
from counter.screens.dialogs.lock import LockScreen
from counter.screens.dialogs.progress import ProgressScreen
from counter.screens.dialogs.text import TextScreen
from counter.screens.roster.batches import BatchesScreen
from counter.screens.roster.collect import CollectScreen
from counter.screens.roster.columns import IDS
from counter.screens.roster.importing import ColumnsScreen, ImportScreen
from counter.screens.roster.screen import RosterScreen
from counter.screens.roster.submitting import LookScreen
from counter.screens.roster.table import RosterTable
from counter.screens.roster.unit import UnitScreen
from counter.settings import Settings
from counter.store.batches import Batches
from counter.store.errors import LedgerUnavailableError, UnknownBatchError
from counter.store.records import BatchState, Elsewhere, RowState
from counter.widgets.grid import Grid, State
from counter.widgets.grid.edits import Write
from counter.widgets.lines import FindingsStrip
from counter.widgets.lines import Line as TitleLine
from tests.support.screen_world import (
    PASSPHRASE,
    Clerk,
    Sitting,
    assert_whole,
    squashed,
    until,
)

CODE = "91350100M000100Y43"


def number(sequence: int) -> str:
    body = f"44162119900101{sequence:03d}"
    return body + check_character(body)


def person(sequence: int, **changes: str) -> RosterRow:
    said = {"name": "王测试", "number": number(sequence), "mobile": f"138{sequence:08d}", "occupation": "60000"}
    return RosterRow(**(said | changes))


GOOD = [person(1), person(2), person(3)]
MIXED = [person(1), person(2, number=number(2)[:-1] + "?"), person(3), person(4, mobile="138")]


def a_batch(desk: Desk, rows: list[RosterRow], **unit: Any) -> int:
    said: dict[str, Any] = {"name": "虚构电子厂", "uscc": CODE, "contact": "赵联系", "mobile": "13900000000"} | unit
    whose = Unit(bank=desk.place.bank, branch=desk.place.branch, **said)
    return rosters.create(desk.store, whose, [RosterPerson(at, row) for at, row in enumerate(rows, 2)]).id


async def opened(clerk: Clerk, rows: list[RosterRow], **unit: str) -> RosterScreen:
    screen = RosterScreen(clerk.desk(), a_batch(clerk.desk(), rows, **unit))
    clerk.app.push_screen(screen)
    await clerk.rest()
    return screen


def kept(screen: RosterScreen) -> list[RosterRow]:
    return [person.row for person in rosters.people(screen.desk.store, screen.batch_id)]


def said(clerk: Clerk) -> tuple[tuple[str, str], ...]:
    return tuple((finding.code, finding.field) for finding in clerk.one(FindingsStrip).findings)


def notices(clerk: Clerk) -> list[str]:
    """What was said in passing."""
    return [each.message for each in clerk.app._notifications]


def states(screen: RosterScreen) -> list[State]:
    assert screen.table is not None
    return [screen.table.head(row).state for row in range(screen.table.row_count)]


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


async def test_a_ledger_that_is_locked_for_a_moment_ends_no_checking(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, failing = Batches.numbers_elsewhere, [LedgerUnavailableError("locked")]

    def locked_once(self: Batches, id: int) -> dict[str, tuple[Elsewhere, ...]]:
        if failing:
            raise failing.pop()
        return look(self, id)

    monkeypatch.setattr(Batches, "numbers_elsewhere", locked_once)
    screen = await opened(clerk, MIXED)
    assert screen.table is not None
    work = screen.table.work
    assert (work.checking, len(work.due)) == (None, 4)
    assert t("error.LedgerUnavailableError") in notices(clerk)
    await clerk.types("ctrl+end", "down", "赵测试", "enter")
    assert not work.due
    assert [state is State.WRONG for state in states(screen)] == [False, True, False, True, True]


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
    assert screen.table is not None
    at = [column.key for column in screen.table.columns].index("ethnicity")
    assert screen.table.cell(0, at).text == "蒙古族"
    await clerk.types(*["right"] * at, "汉", "enter")
    assert (screen.table.cell(0, at).text, kept(screen)[0].ethnicity) == ("汉族", "01")


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
    assert screen.table is not None
    assert [screen.table.row_of(key) for key in screen.table.order] == kept(screen), "the screen shows the ledger"


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
    assert screen.table is not None
    await clerk.types("f5")
    assert screen.table.row_count == 2
    assert "过滤 错" in clerk.one(TitleLine, "#title").right.plain
    await clerk.types("f5")
    assert screen.table.row_count == 0
    await clerk.types("f5", "f5")
    assert screen.table.row_count == 4


NAMES = ["王测试", "李测试", "", "陈测试"]


async def test_sorted_by_the_cursors_column_there_and_back(clerk: Clerk) -> None:
    screen = await opened(clerk, [person(at, name=name) for at, name in enumerate(NAMES, 1)])
    grid = clerk.one(Grid)

    def names() -> list[str]:
        return [grid.text_at(row, 0) for row in range(grid.rows)]

    await clerk.types("f7")
    assert names() == ["陈测试", "李测试", "王测试", ""], "by sound, the empty one last"
    assert grid.text_at(grid.row, 0) == "王测试", "the cursor stays with its row"
    assert "按姓名 升序" in clerk.one(TitleLine, "#title").right.plain
    await clerk.types("f7")
    assert names() == ["王测试", "李测试", "陈测试", ""]
    await clerk.types("home", "张测试", "enter")
    assert kept(screen)[0].name == "张测试", "what is changed in another order is changed in its row"
    await clerk.types("ctrl+z", "ctrl+z")
    assert names() == ["陈测试", "李测试", "王测试", ""], "undone step by step"
    await clerk.types("ctrl+z", "ctrl+y", "ctrl+y", "ctrl+y", "f7")
    assert names() == ["张测试", *NAMES[1:]], "and the table's own order after the reverse one"


async def test_a_filter_and_an_order_at_once(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    assert screen.table is not None
    await clerk.types("f5", "right", "f7", "f7")
    assert [screen.table.head(row).number for row in range(screen.table.row_count)] == [4, 2]
    await clerk.types("f5", "f5", "f5")
    assert [screen.table.head(row).number for row in range(screen.table.row_count)] == [4, 3, 2, 1]


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
    await clerk.types("f10", "f10")
    keys = screen.desk.store.batches.keys(screen.batch_id)
    assert [key.state is RowState.SUBMITTED for key in keys] == [True, False, True, False]
    assert screen.desk.store.ledger.count() == 2
    assert states(screen) == [State.SUBMITTED, State.WRONG, State.SUBMITTED, State.WRONG]
    await clerk.types("x", "enter")
    assert kept(screen)[0] == MIXED[0], "an entry is not changed"
    await clerk.types("f10", "f10")
    assert screen.desk.store.ledger.count() == 2, "nothing twice"


async def test_f10_says_who_stays_and_why_and_leads_there(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    await clerk.types("f10")
    assert isinstance(clerk.screen, LookScreen)
    assert "留下错的 2 人" in clerk.text
    assert "第 2 行 王*试" in clerk.text and "第 4 行 王*试" in clerk.text
    assert "手机号码还差 8 位" in clerk.text
    await clerk.types("f8")
    assert isinstance(clerk.screen, RosterScreen)
    assert screen.desk.store.ledger.count() == 0
    assert (screen.grid.row, screen.grid.columns[screen.grid.column].key) == (1, "number")
    await clerk.types("f10", "f10")
    said = " ".join(squashed(note.message) for note in clerk.app._notifications)
    assert "已记账2人" in said and "留下错的2人，F8逐个查看" in said
    assert "改动" not in said, "nothing of what did not happen"


async def test_who_stays_is_found_behind_a_filter_too(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    await clerk.types("f5", "f5")
    assert screen.open_table.row_count == 0, "nobody was changed"
    await clerk.types("f10", "f8")
    assert screen.open_table.row_count == 2
    assert screen.open_table.shown[screen.grid.row] in screen.open_table.wrong


async def test_of_many_who_stay_the_first_are_named(clerk: Clerk) -> None:
    await opened(clerk, [person(n, name="张测", mobile="138") for n in range(1, 7)])
    await clerk.types("f10")
    assert "第 4 行" in clerk.text and "第 5 行" not in clerk.text and "还有 2 人" in clerk.text


async def test_what_is_being_typed_counts_when_f10_comes(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    await clerk.types("f8", "f8", "13800000004", "f10", "f10")
    assert screen.desk.store.ledger.count() == 3


async def test_cancelled_before_it_begins_nothing_is_recorded(desk: Desk) -> None:
    id = a_batch(desk, GOOD)
    assert rosters.submit(desk.store, id, desk.context(), cancelled=lambda: True).recorded == 0
    assert rosters.submit(desk.store, id, desk.context()).recorded == 3


async def test_the_unit_holds_its_rows_up_until_it_is_mended(clerk: Clerk) -> None:
    screen = await opened(clerk, GOOD, name="")
    await clerk.types("f10")
    assert isinstance(clerk.screen, UnitScreen)
    await clerk.types("另一家厂", "enter", "escape")
    assert rosters.batch_of(screen.desk.store, screen.batch_id).unit.name == "另一家厂"
    assert "另一家厂" in clerk.one(TitleLine, "#title").text.plain
    await clerk.types("f10", "f10")
    assert screen.desk.store.ledger.count() == 3


async def test_f8_walks_through_what_is_wrong_with_the_unit(clerk: Clerk) -> None:
    await opened(clerk, GOOD, name="", contact="", mobile="1")
    await clerk.types("f4", "f8")
    assert said(clerk)[0][1] == "unit.contact"
    await clerk.types("f8", "f8", "新名字", "enter")
    assert isinstance(clerk.screen, UnitScreen)
    assert clerk.screen.unit.name == "新名字", "round to the first again"


async def test_a_question_about_the_unit_wants_the_clerks_word(clerk: Clerk) -> None:
    screen = await opened(clerk, GOOD, uscc=CODE[:-1] + "4")
    await clerk.types("f10", "escape")
    assert screen.desk.store.ledger.count() == 0
    await clerk.types("f10", "f10", "f10")
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


async def test_what_a_file_says_is_never_markup(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "~$名单.csv"
    file.write_text("姓名,身份证号,手机号,备注[/b]\n王测试,441621199001010017,13800000000,[/x]\n", "utf-8")
    screen = ImportScreen(clerk.desk())
    clerk.app.push_screen(screen)
    await clerk.rest()
    await clerk.types("~nobody-of-this-name/a", "enter")
    assert screen.query_one(FindingsStrip).findings
    assert typed_path("~$名单.csv") == Path("~$名单.csv")
    assert typed_path(' "/a b/c.csv" ') == Path("/a b/c.csv")
    clerk.app.push_screen(ImportScreen(clerk.desk(), file))
    await clerk.rest()
    assert isinstance(clerk.screen, ColumnsScreen)
    assert "[/x]" in clerk.text


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
    assert clerk.one(FindingsStrip).findings
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


# --- what is done with a roster as a whole ---------------------------------------------------------------------------


async def chosen(clerk: Clerk, act: str) -> None:
    """F9, and the line of the menu that says this."""
    await clerk.types("f9")
    line = next(line for line in clerk.lines() if act in line)
    await clerk.types(line.split("(")[1][0])


async def test_a_roster_is_discarded_after_a_word(clerk: Clerk) -> None:
    screen = await opened(clerk, GOOD)
    await chosen(clerk, "作废")
    assert "3 人的资料全部删除" in clerk.text
    await clerk.types("escape")
    assert len(kept(screen)) == 3
    await chosen(clerk, "作废")
    await clerk.types("f10")
    assert screen.desk.store.batches.list() == []
    assert not isinstance(clerk.screen, RosterScreen)


async def test_a_finished_roster_is_looked_at_only(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    await clerk.types("f10", "f10")
    await clerk.types("f9")
    assert "作废" not in clerk.text, "something was submitted"
    await clerk.types("escape")
    await chosen(clerk, "办结")
    assert "还有 2 人没有提交" in clerk.text
    await clerk.types("f10")
    (about,) = screen.desk.store.batches.list()
    assert about.state is BatchState.FINISHED
    again = RosterScreen(clerk.desk(), about.id)
    clerk.app.push_screen(again)
    await clerk.rest()
    await clerk.types("f8", "x", "enter", "f10")
    assert kept(again) == MIXED
    assert screen.desk.store.ledger.count() == 2


async def test_the_hand_over_list_says_who_is_in_and_why_not(clerk: Clerk) -> None:
    from openpyxl import load_workbook

    screen = await opened(clerk, MIXED)
    await clerk.types("f10", "f10", "ctrl+end", "down", "赵测试", "enter")
    await chosen(clerk, "交接清单")
    assert isinstance(clerk.screen, TextScreen)
    (workbook,) = (screen.desk.store.home / "rosters").glob("*.xlsx")
    assert workbook.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    taken, left, told = (list(sheet.values)[5:] for sheet in load_workbook(workbook))
    assert told, "what each holder has to do next"
    assert [row[0] for row in taken] == ["1", "3"]
    assert [row[0] for row in left] == ["2", "4", "5"]
    assert "手机" in str(left[1][3])
    assert number(1) not in str(taken)


async def test_who_was_taken_back_is_not_in(clerk: Clerk) -> None:
    screen = await opened(clerk, GOOD)
    await clerk.types("f10", "f10")
    store, context = screen.desk.store, screen.desk.context()
    entry = store.ledger.search("")[0]
    store.awaiting.authorise(store.ledger.reverse(entry.id, "交错了人").id, store.operators.verify("li", PASSPHRASE))
    made = rosters.hand_over_of(store, screen.batch_id, context)
    assert (len(made.taken), len(made.left)) == (2, 1)
    assert made.left[0].reasons == (t("finding.roster.taken_back"),)


async def test_a_number_of_the_first_generation_is_known_elsewhere_too(desk: Desk) -> None:
    legacy = [person(1, number="441621900101001")]
    a_batch(desk, legacy, name="另一家厂")
    for written in ("441621900101001", number(1)):
        batch_id = a_batch(desk, [person(1, number=written)])
        checker = Checker(Unit(), desk.context(), rosters.known_elsewhere(desk.store, batch_id))
        assert "roster.in_other" in {each.code for each in checker.check(person(1, number=written)).findings}, written


async def test_what_stands_for_a_card_may_be_everybodys(desk: Desk) -> None:
    """A change marks those whose state it changes, not all who share the text: that would take minutes."""
    id = a_batch(desk, [person(at, old_card="不详") for at in range(1, 5)])
    table = RosterTable(desk.store, id, desk.context(), rosters.people(desk.store, id))
    card, (first, second, third, last) = IDS.index("old_card"), table.order
    assert table.wrong == set(table.order)
    table.log.do([Write((first, second), (card,), ("", ""))])
    assert table.wrong == {third, last}
    table.log.do([Write((third,), (card,), ("",))])
    assert table.wrong == set()
    table.log.undo()
    table.log.undo()
    assert table.wrong == set(table.order)


async def test_photos_of_a_folder_go_to_their_people(clerk: Clerk, tmp_path: Path) -> None:
    from counter.gateway.seeding.portraits import portrait

    (tmp_path / f"{number(1)}.jpg").write_bytes(portrait(1))
    (tmp_path / f"王测试_{number(2)}.JPG").write_bytes(b"no picture")
    (tmp_path / "集体照.jpg").write_bytes(portrait(2))
    screen = await opened(clerk, GOOD)
    await chosen(clerk, "照片")
    await clerk.types(str(tmp_path), "enter")
    for said in ("配上照片 1 人", "第 2 行", "没有照片：1 人", "的文件：1 个"):
        assert said in clerk.text
    await clerk.types("escape")
    given = next(person.answers.photo for person in rosters.people(screen.desk.store, screen.batch_id))
    assert screen.desk.store.photos.get(given)
    await clerk.types("ctrl+home", "end", "赵", "enter")
    assert next(rosters.people(screen.desk.store, screen.batch_id)).answers.photo == given, "other cells leave it"
    await clerk.types("f10", "f10")
    entry = screen.desk.store.ledger.get(1)
    assert entry is not None
    assert entry.record is not None
    assert (entry.record.case.photo.source, entry.record.case.photo.digest) == ("file", given)


async def test_a_photo_goes_with_the_number_it_was_matched_by(clerk: Clerk, tmp_path: Path) -> None:
    from counter.gateway.seeding.portraits import portrait

    (tmp_path / f"{number(1)}.jpg").write_bytes(portrait(1))
    screen = await opened(clerk, [person(1)])
    await chosen(clerk, "照片")
    await clerk.types(str(tmp_path), "enter")
    await clerk.types("escape")

    def of_row() -> tuple[str, str]:
        (first,) = rosters.people(screen.desk.store, screen.batch_id)
        return first.row.photo, first.answers.photo

    digest = of_row()[1]
    assert states(screen) == [State.CHANGED]
    await clerk.types("right", number(5), "enter")
    assert of_row() == ("file", "")
    assert states(screen) == [State.WRONG], "a photo is promised and is not there"
    assert screen.desk.store.photos.get(digest) is None, "what nobody needs is not kept"
    await clerk.types("ctrl+z", "ctrl+z")
    assert of_row() == ("", "")
    assert states(screen) == [State.CHANGED]


# --- collecting ------------------------------------------------------------------------------------------------------


async def collecting(clerk: Clerk, rows: list[RosterRow]) -> CollectScreen:
    await opened(clerk, rows)
    await clerk.types("f10", "f10")
    await chosen(clerk, "领卡")
    assert isinstance(clerk.screen, CollectScreen)
    return clerk.screen


def kinds(desk: Desk) -> list[tuple[str, str]]:
    entries = sorted(desk.store.ledger.search(""), key=lambda entry: entry.seq)
    return [(entry.kind, entry.record.case.holder.document.number) for entry in entries if entry.record]


async def test_the_clerk_works_down_the_list(clerk: Clerk) -> None:
    screen = await collecting(clerk, [*GOOD, person(4, number="1")])
    assert screen.table is not None
    assert screen.table.row_count == 3, "who was not submitted has no card"
    await clerk.types("space", "space")
    assert kinds(screen.desk)[3:] == [("collect", number(1)), ("collect", number(2))]
    entry = screen.desk.store.ledger.get(4)
    assert entry is not None
    assert entry.record is not None
    assert entry.record.case.unit is not None
    assert entry.record.case.unit.contact == "赵联系", "who signed"
    await clerk.types("right", "space")
    assert kinds(screen.desk)[5:] == [("collect", number(3)), ("activate", number(3))], "nothing is skipped"
    await clerk.types("ctrl+home", "right", "right", "right", "space")
    assert len(kinds(screen.desk)) == 7, "nothing twice"
    assert "3 人  已签收 3  已激活 1" in clerk.text
    await clerk.types("escape")
    await chosen(clerk, "领卡")
    assert "3 人  已签收 3  已激活 1" in clerk.text, "it goes on where it stood"
    await clerk.types("f3", number(2)[-4:], " ", "enter")
    assert "第 1 处，共 1" in clerk.text, "a space is typed there, and ticks nothing"
    await clerk.types("escape")
    assert number(1) not in clerk.text
    assert_whole(clerk.app)


async def test_somebody_else_signs_for_all_and_a_reversal_opens_the_card_again(clerk: Clerk) -> None:
    screen = await collecting(clerk, GOOD)
    await clerk.types("f4", "钱测试", "enter", "f10")
    assert "3 人的卡由 钱*试 签收" in clerk.text
    await clerk.types("f10")
    signed = [entry.record.case.unit for entry in screen.desk.store.ledger.search("") if entry.record]
    assert [unit.contact for unit in signed if unit] == ["钱测试"] * 3 + ["赵联系"] * 3
    await clerk.types("escape", "escape")
    store = screen.desk.store
    asked = store.ledger.reverse(next(iter(screen.people.values())).collected, "交错了人")
    store.awaiting.authorise(asked.id, store.operators.verify("li", PASSPHRASE))
    again = CollectScreen(screen.desk, screen.shown_batch)
    clerk.app.push_screen(again)
    await clerk.rest()
    assert "3 人  已签收 2" in clerk.text
    await clerk.types("space")
    assert "3 人  已签收 3" in clerk.text
    assert kinds(screen.desk)[-1] == ("collect", number(1))


async def test_what_the_rules_refuse_is_not_collected(clerk: Clerk) -> None:
    screen = await collecting(clerk, GOOD)
    await clerk.types("f4", "?", "enter", "space", "up")
    assert clerk.one(FindingsStrip).findings
    assert len(kinds(screen.desk)) == 3
    assert "已签收 0" in clerk.text


async def test_f10_says_that_no_card_is_here_rather_than_that_nobody_is_left(clerk: Clerk) -> None:
    screen = await collecting(clerk, GOOD)
    screen.cards |= dict.fromkeys(screen.people, CardState.MADE)
    await clerk.types("f10")
    assert any("还没有哪张卡到了网点" in each for each in notices(clerk))


async def test_where_each_holder_comes_nobody_signs_for_all(clerk: Clerk) -> None:
    await opened(clerk, GOOD, delivery="branch")
    await clerk.types("f10", "f10")
    await chosen(clerk, "领卡")
    assert "持卡人本人领取" in clerk.text
    await clerk.types("f10")
    assert isinstance(clerk.screen, CollectScreen)
    await clerk.types("right", "space")
    assert "已签收 1  已激活 1" in clerk.text


# --- what is slow ----------------------------------------------------------------------------------------------------


async def test_a_submission_stops_between_transactions_and_goes_on(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = await opened(clerk, GOOD)
    with monkeypatch.context() as patch:
        patch.setattr(rosters, "TRANSACTION", 1)
        patch.setattr(Background, "tell", lambda self, *_: self.cancel())  # Esc after the first
        await clerk.types("f10", "f10")
    assert screen.desk.store.ledger.count() == 1
    assert any("记账 1 人，还有 2 人没有提交" in said for said in notices(clerk))
    assert states(screen) == [State.SUBMITTED, State.PLAIN, State.PLAIN]
    assert isinstance(clerk.screen, RosterScreen)
    await clerk.types("f10", "f10")
    assert screen.desk.store.ledger.count() == 3


async def test_esc_asks_a_task_to_stop_and_its_progress_is_seen(clerk: Clerk) -> None:
    seen, answers = Event(), list[object]()

    def slow(work: Background[str]) -> str:
        work.tell(1, 3)
        seen.set()
        while not work.cancelled():
            seen.wait(0.001)
        return "stopped"

    clerk.app.push_screen(ProgressScreen("很慢", slow), answers.append)
    await until(lambda: seen.is_set() and "1/3" in clerk.text)
    await clerk.bursts("escape")
    assert answers == ["stopped"]


async def test_nothing_opens_over_a_locked_screen(clerk: Clerk) -> None:
    go_on, answers = Event(), list[object]()
    clerk.app.push_screen(ProgressScreen("很慢", lambda _task: go_on.wait(20)), answers.append)
    await until(lambda: isinstance(clerk.screen, ProgressScreen))
    clerk.app.action_lock()
    await until(lambda: isinstance(clerk.screen, LockScreen))
    go_on.set()
    await clerk.rest()
    assert isinstance(clerk.screen, LockScreen)
    assert answers == []
    await clerk.types(PASSPHRASE, "enter")
    await clerk.rest()
    assert answers == [True]


async def test_what_the_ledger_refuses_ends_a_task_with_a_word(clerk: Clerk) -> None:
    answers = list[object]()

    def refused(_work: Background[str]) -> str:
        raise UnknownBatchError("gone")

    clerk.app.push_screen(ProgressScreen("不行", refused), answers.append)
    await clerk.rest()
    assert answers == [None]
    assert notices(clerk) == [t("error.UnknownBatchError")]
