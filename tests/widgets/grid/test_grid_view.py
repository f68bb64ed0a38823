"""What is painted, how wide it is, and how little of it a key paints again."""

import random
from collections import Counter

import pytest
from rich.cells import cell_len
from textual import events
from textual.geometry import Size
from textual.screen import Screen

from counter.widgets.grid.model import Cell, Column, RowHead, State
from counter.widgets.grid.table import Marks, Table
from tests.support.grid_world import (
    COLUMNS,
    GridApp,
    a_sheet,
)

SIGNS = "a1 𠮷㛃\U0002ebf0王é\u0301\U000e0100\u200d\ufe0f\x1b\t\x7f·…“❤👩\ue000\ud800"


class Counted(Table):
    """A sheet that remembers what was asked of it."""

    asked: Counter[int]
    painted: Counter[int]

    def head(self, row: int) -> RowHead:
        self.asked[row] += 1
        return super().head(row)

    def cell(self, row: int, column: int) -> Cell:
        self.asked[row] += 1
        self.painted[row] += 1
        return super().cell(row, column)


async def test_every_line_is_exactly_as_wide_as_the_grid() -> None:
    dice = random.Random(4)
    sheet = Table([Column(f"c{at}", "标题", 3 + at, frozen=at < 2) for at in range(8)])
    app = GridApp(sheet)
    async with app.run_test(size=(80, 12)) as pilot:
        grid = app.grid
        for _ in range(150):
            rows = [["".join(dice.choices(SIGNS, k=dice.randrange(20))) for _ in sheet.columns] for _ in range(9)]
            sheet.rows = {at: tuple(row) for at, row in enumerate(rows)}
            sheet.order = sheet.shown = list(sheet.rows)
            sheet.marks = {at: Marks({1: dice.choice(list(State))}) for at in range(9)}
            grid.reload()
            grid.column = dice.randrange(8)
            grid.selected_from = dice.choice([None, (2, 2)])
            grid.action_edit() if dice.random() < 0.5 else grid.action_abandon()
            width = dice.randrange(1, 100)
            grid.viewport.size = Size(width, 12)
            grid.viewport.left = dice.randrange(8)
            for y in range(12):
                line = grid.render_line(y)
                assert sum(cell_len(segment.text) for segment in line) == width == line.cell_length
                assert "\x1b" not in line.text
            grid.editor = None
        await pilot.pause()


async def test_a_rows_state_is_seen_without_colours_and_its_number_is_the_tables() -> None:
    sheet = a_sheet(5)
    states = [State.WRONG, State.WARNED, State.SUBMITTED, State.CHANGED]
    sheet.marks = {f"k{at}": Marks({4: state, 0: State.PLAIN}) for at, state in enumerate(states)}
    app = GridApp(sheet)
    async with app.run_test(size=(60, 8)):
        assert [line[:6] for line in app.lines()[1:7]] == ["!   1 ", "w   2 ", "s   3 ", "+   4 ", "    5 ", "    6 "]
        app.do(sheet.arranged(keep=lambda key: key in {"k1", "k3"}))
        assert [line[:6] for line in app.lines()[1:4]] == ["w   2 ", "+   4 ", "    6 "]


async def test_the_header_says_that_there_is_more_on_either_side() -> None:
    app = GridApp(a_sheet(1))
    async with app.run_test(size=(36, 4)) as pilot:
        assert app.lines()[0].startswith("      姓名 ")
        assert app.lines()[0].endswith(">")
        await pilot.press("end")
        assert "姓名    <" in app.lines()[0]
        assert not app.lines()[0].endswith(">")


async def test_a_table_without_a_column_to_type_in_does_not_grow() -> None:
    locked = [Column("name", "姓名", 8, locked=True)]
    app = GridApp(Table(locked, [("a", ("张三",)), ("b", ("李四",))]))
    async with app.run_test(size=(30, 6)) as pilot:
        await pilot.press("down", "down", "x", "tab", "ctrl+d", "ctrl+n", "ctrl+k", "delete", "ctrl+v")
        assert app.grid.row == 1
        assert app.sheet.order == ["a", "b"]
        assert "f2" not in app.screen.active_bindings


@pytest.mark.parametrize("rows", [100, 100_000])
async def test_a_key_asks_for_what_it_paints_and_lays_nothing_out(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Counted(COLUMNS, ((at, ("甲", "1", "", "", "")) for at in range(rows)))
    sheet.asked, sheet.painted = Counter(), Counter()
    app = GridApp(sheet)
    layouts: list[object] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert set(sheet.asked) <= set(range(23)), "opening asks for the rows on the screen"
        monkeypatch.setattr(Screen, "_refresh_layout", lambda *args: layouts.append(args))
        await pilot.press("end", "x")
        sheet.painted.clear()
        await pilot.press("enter", "home", "up")
        await pilot.pause()
        assert set(sheet.painted) == {0, 1}, "what was typed costs its row"
        for key, asked in (("down", {0, 1}), ("right", {1}), ("shift+down", {1, 2}), ("pagedown", set(range(2, 47)))):
            await pilot.pause()
            sheet.asked.clear()
            await pilot.press(key)
            await pilot.pause()
            assert set(sheet.asked) <= asked, key
    assert not layouts


async def test_rows_are_on_the_screen_when_the_size_is_known_after_the_first_paint() -> None:
    """So it happens in a terminal; a test's screen knows its size before."""
    app = GridApp(a_sheet(30))
    async with app.run_test(size=(80, 12)) as pilot:
        app.grid.viewport.size = Size(0, 0)
        app.grid.refresh()
        await pilot.pause()
        assert "r10" not in app.export_screenshot()
        app.grid.post_message(events.Resize(app.grid.size, app.grid.size))
        await pilot.pause()
        assert "r10" in app.export_screenshot()


async def test_answers_to_rows_that_are_not_seen_cost_nothing() -> None:
    sheet = Counted(COLUMNS, ((at, ("甲", "1", "", "", "")) for at in range(1000)))
    sheet.asked, sheet.painted = Counter(), Counter()
    app = GridApp(sheet)
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.pause()
        sheet.marks[3] = Marks({0: State.WRONG})
        app.grid.refresh_rows({3, 900})
        await pilot.pause()
        assert "!   4 " in app.lines()[4]
        assert 900 not in sheet.asked


async def test_the_terminals_cursor_is_where_an_input_method_should_open() -> None:
    app = GridApp(a_sheet(3))
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press("down", "right")
        await pilot.pause()
        assert app.cursor_position == (15, 2)
