"""Each key of the grid, through the application's own queue of keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual import events
from textual.pilot import Pilot

from counter.widgets.grid import Grid
from counter.widgets.grid.edits import Insert, Remove, Write
from counter.widgets.grid.table import Marks, Table
from tests.support.grid_world import (
    COLUMNS,
    GridApp,
    a_sheet,
)


@asynccontextmanager
async def running(sheet: Table, size: tuple[int, int] = (80, 12)) -> AsyncIterator[tuple[GridApp, Pilot[None]]]:
    app = GridApp(sheet)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def place(app: GridApp) -> tuple[int, int]:
    return app.grid.row, app.grid.column


def texts(app: GridApp, column: int) -> list[str]:
    return [app.sheet.rows[key][column] for key in app.sheet.shown]


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        ("down right", (1, 1)),
        ("up left", (0, 0)),
        ("end", (0, 4)),
        ("end home", (0, 0)),
        ("ctrl+end", (99, 4)),
        ("ctrl+end ctrl+home", (0, 0)),
        ("pagedown", (11, 0)),
        ("pagedown pagedown pageup", (11, 0)),
        ("ctrl+end down down", (100, 4)),
        ("tab tab tab", (0, 4)),  # the locked column is skipped
        ("tab tab tab tab", (1, 0)),
        ("tab shift+tab", (0, 0)),
        ("down shift+tab", (0, 4)),
        ("right tab tab enter", (1, 1)),  # back under where the run of Tabs began
        ("enter enter", (2, 0)),
    ],
)
async def test_keys_that_move(keys: str, at: tuple[int, int]) -> None:
    async with running(a_sheet(100)) as (app, pilot):
        await pilot.press(*keys.split())
        await pilot.pause()
        assert place(app) == at
        assert app.grid.key == (f"k{at[0]}" if at[0] < 100 else None)


async def test_the_cursor_is_always_in_sight() -> None:
    async with running(a_sheet(100), size=(40, 6)) as (app, pilot):
        for key in ["pagedown", "end", "down", "ctrl+end", "down", "pageup", "home", "ctrl+home", "end", "left"]:
            await pilot.press(key)
            await pilot.pause()
            view = app.grid.viewport
            assert view.top <= app.grid.row < view.top + view.page
            span = view.span(app.grid.column)
            assert span is not None
            assert span.x + span.width <= 40
            assert view.spans()[0].column == 0, "the frozen column stays"


async def test_a_column_that_is_wider_than_the_line_is_shown_from_its_start() -> None:
    wide = [*COLUMNS[:2], replace(COLUMNS[2], width=90), *COLUMNS[3:]]
    async with running(a_sheet(2, wide), size=(40, 6)) as (app, pilot):
        await pilot.press("right", "right")
        await pilot.pause()
        assert [span.column for span in app.grid.viewport.spans()] == [0, 2]


async def test_typing_replaces_and_enter_takes_it_and_goes_down() -> None:
    async with running(a_sheet(3)) as (app, pilot):
        await pilot.press("right", "right", "无", "业", "enter", "学", "生", "down")
        await pilot.pause()
        assert texts(app, 2)[:2] == ["无业", "学生"]
        assert place(app) == (2, 2)


async def test_escape_leaves_the_cell_as_it_was_and_then_is_the_screens() -> None:
    async with running(a_sheet(3)) as (app, pilot):
        await pilot.press("x", "y", "escape", "down")
        await pilot.pause()
        assert texts(app, 0)[0] == "欧阳一二"
        assert app.grid.check_action("abandon", ()) is False
        assert not app.sheet.can_undo


async def test_editing_wide_characters_in_place() -> None:
    async with running(a_sheet(2)) as (app, pilot):
        await pilot.press("down", "f2", "left", "李", "home", "delete", "end", "好", "backspace", "enter")
        await pilot.pause()
        assert texts(app, 0)[1] == "李㛃"


async def test_while_typing_an_arrow_goes_on_and_f2_lets_it_move_in_the_text() -> None:
    async with running(a_sheet(2)) as (app, pilot):
        await pilot.press("a", "c", "f2", "left", "b", "tab")
        await pilot.press("d", "left")
        await pilot.pause()
        assert app.sheet.rows["k0"][:2] == ("abc", "d")
        assert place(app) == (0, 0)


async def test_a_new_row_begins_under_the_last_one() -> None:
    async with running(a_sheet(0)) as (app, pilot):
        await pilot.press("张", "tab", "1", "2", "enter", "李", "enter")
        await pilot.pause()
        assert texts(app, 0) == ["张", "李"]
        assert texts(app, 1) == ["12", ""]
        assert place(app) == (2, 0)
        await pilot.press("enter", "enter")
        assert len(app.sheet.rows) == 2, "an empty row is not added"


async def test_keys_that_come_faster_than_the_owner_answers() -> None:
    """As a scanner or a quick clerk types: all of it within one turn of the loop."""
    async with running(a_sheet(0)) as (app, pilot):
        for line in range(20):
            for key in [str(line % 10), "x", "tab", "y", "enter"]:
                app.post_message(events.Key(key, key if len(key) == 1 else None))
        while app.grid.row < 20 or app.grid.column:
            await pilot.pause()
        assert texts(app, 0) == [f"{line % 10}x" for line in range(20)]
        assert texts(app, 1) == ["y"] * 20


async def test_delete_clears_and_backspace_starts_empty() -> None:
    async with running(a_sheet(3)) as (app, pilot):
        await pilot.press("right", "right", "shift+down", "delete", "ctrl+home", "backspace", "enter")
        await pilot.pause()
        assert texts(app, 2)[:2] == ["", ""]
        assert texts(app, 0)[0] == ""


async def test_fill_down() -> None:
    async with running(a_sheet(6)) as (app, pilot):
        await pilot.press("end", "shift+down", "shift+down", "ctrl+d")
        await pilot.pause()
        assert texts(app, 4) == ["r0", "r0", "r0", "r3", "r4", "r5"]
        await pilot.press("ctrl+end", "ctrl+d")
        await pilot.pause()
        assert texts(app, 4)[5] == "r4", "one row takes what stands above"
        await pilot.press("down", "ctrl+d")
        await pilot.pause()
        assert texts(app, 4)[6] == "r4", "and the empty line becomes a row"


async def test_insert_delete_and_duplicate_rows() -> None:
    async with running(a_sheet(4)) as (app, pilot):
        await pilot.press("down", "insert")
        await pilot.pause()
        assert texts(app, 4) == ["r0", "", "r1", "r2", "r3"]
        assert place(app) == (1, 0)
        await pilot.press("新", "enter", "shift+down", "ctrl+r")
        await pilot.pause()
        assert texts(app, 4) == ["r0", "", "r1", "r2", "r1", "r2", "r3"]
        assert texts(app, 3)[4] == "", "a locked column is the owner's to fill"
        assert place(app) == (4, 0)
        await pilot.press("shift+down", "ctrl+delete")
        await pilot.pause()
        assert texts(app, 4) == ["r0", "", "r1", "r2", "r3"]
        assert place(app) == (4, 0)
        await pilot.press("ctrl+end", "ctrl+k", "ctrl+k")
        await pilot.pause()
        assert texts(app, 4) == ["r0", "", "r1", "r2"], "there is nothing to delete on the empty line"


async def test_a_command_takes_what_is_being_typed_first() -> None:
    async with running(a_sheet(1)) as (app, pilot):
        await pilot.press("end", "x", "ctrl+c")
        await pilot.pause()
        assert app.grid.copied == "x\n"
        await pilot.press("y", "ctrl+r", "down", "z", "insert")
        await pilot.pause()
        assert texts(app, 4) == ["y", "y", "", "z"]
        await pilot.press("end", "w", "ctrl+d")
        await pilot.pause()
        assert texts(app, 4) == ["y", "y", "y", "z"], "the row above, into the cell"


async def test_undo_and_redo_bring_the_cursor_to_the_change() -> None:
    async with running(a_sheet(50)) as (app, pilot):
        await pilot.press("end", "x", "enter", "ctrl+end", "ctrl+z")
        await pilot.pause()
        assert texts(app, 4)[0] == "r0"
        assert place(app) == (0, 4)
        await pilot.press("ctrl+end", "ctrl+y")
        await pilot.pause()
        assert texts(app, 4)[0] == "x"
        assert place(app) == (0, 4)


async def test_undo_while_typing_takes_back_the_typing_only() -> None:
    async with running(a_sheet(2)) as (app, pilot):
        await pilot.press("a", "enter", "b", "ctrl+z")
        await pilot.pause()
        assert texts(app, 0)[0] == "a"
        assert app.grid.editor is None


async def test_the_undo_key_is_dimmed_until_there_is_something_to_undo() -> None:
    async with running(a_sheet(2)) as (app, pilot):
        assert not app.screen.active_bindings["ctrl+z"].enabled
        await pilot.press("a", "enter")
        await pilot.pause()
        assert app.screen.active_bindings["ctrl+z"].enabled


async def paste(app: GridApp, pilot: Pilot[None], text: str) -> None:
    app.post_message(events.Paste(text))
    await pilot.pause()
    await pilot.pause()


async def test_a_large_block_is_one_change() -> None:
    async with running(a_sheet(10)) as (app, pilot):
        await pilot.press("ctrl+home", "down")
        block = "\r".join("\t".join(f"{row}.{column}" for column in range(8)) for row in range(3000))
        await paste(app, pilot, block)
        assert len(app.sheet.shown) == 3001
        assert app.sheet.rows["k1"] == ("0.0", "0.1", "0.2", "一致", "0.4"), "a locked column is left alone"
        assert texts(app, 0)[-1] == "2999.0"
        clipped = app.last(Grid.Clipped)
        assert isinstance(clipped, Grid.Clipped)
        assert clipped.cells == 3000 * 4, "beyond the last column, and in the locked one: said, not lost in silence"
        assert place(app) == (1, 0)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert app.sheet.rows == a_sheet(10).rows
        await pilot.press("ctrl+y")
        await pilot.pause()
        assert texts(app, 0)[-1] == "2999.0"


async def test_one_cell_is_pasted_into_all_that_are_selected_and_into_what_is_typed() -> None:
    async with running(a_sheet(4)) as (app, pilot):
        await pilot.press("end", "shift+down")
        await paste(app, pilot, "同\r")
        assert texts(app, 4)[:3] == ["同", "同", "r2"]
        await pilot.press("ctrl+home", "a")
        await paste(app, pilot, "𠮷")
        await pilot.press("b", "enter")
        await pilot.pause()
        assert texts(app, 0)[0] == "a𠮷b"


async def test_a_short_row_of_a_block_leaves_cells_as_they_are() -> None:
    async with running(a_sheet(2)) as (app, pilot):
        await paste(app, pilot, "a\tb\tc\nd\n")
        assert app.sheet.rows["k0"][:3] == ("a", "b", "c")
        assert app.sheet.rows["k1"][:3] == ("d", *app.sheet.rows["k1"][1:3])


async def test_locked_rows_are_left_alone() -> None:
    sheet = a_sheet(3)
    sheet.marks["k1"] = Marks(locked=True)
    before = sheet.rows["k1"]
    async with running(sheet) as (app, pilot):
        await paste(app, pilot, "a\nb\nc\n")
        await pilot.press("down", "x", "enter", "ctrl+home", "shift+down", "shift+down", "delete", "ctrl+d", "ctrl+k")
        await pilot.pause()
        assert app.sheet.rows == {"k1": before}


async def test_copying_stays_in_the_grid() -> None:
    async with running(a_sheet(3)) as (app, pilot):
        await pilot.press("shift+down", "shift+right", "ctrl+c")
        await pilot.pause()
        assert app.grid.copied == "欧阳一二\t990000190001010000\n𠮷㛃\t990000190001010001\n"
        assert app.clipboard == "", "nothing personal has left"
        await pilot.press("ctrl+end", "home", "down", "ctrl+v")
        await pilot.pause()
        assert texts(app, 0)[3:] == ["欧阳一二", "𠮷㛃"]
        await pilot.press("ctrl+home", "end", "ctrl+c")
        await pilot.pause()
        assert app.grid.copied == "r0\n"
        assert app.clipboard == ""


async def test_the_cursor_keeps_its_row_under_filter_sort_and_rows_put_above_it() -> None:
    async with running(a_sheet(40)) as (app, pilot):
        await pilot.press(*["down"] * 20)
        await pilot.pause()
        app.do(app.sheet.arranged(by=lambda key: app.sheet.rows[key][4], reverse=True))
        assert app.grid.key == "k20"
        assert app.sheet.shown[app.grid.row] == "k20"
        app.do(app.sheet.arranged(keep=lambda key: int(str(key)[1:]) % 4 == 0))
        assert place(app) == (5, 0)
        app.do(Insert("k0", (("新", "", "", "", ""),)))
        assert place(app) == (6, 0)
        assert app.grid.key == "k20"
        app.do(Remove(("k20",)))
        assert place(app) == (6, 0)
        assert str(app.grid.key) == "k24", "where its row is gone, it stays in its place"


async def test_what_is_being_typed_follows_its_row_and_is_saved_when_that_vanishes() -> None:
    async with running(a_sheet(8)) as (app, pilot):
        await pilot.press("down", "down", "x")
        await pilot.pause()
        app.do(Insert("k0", (("新", "", "", "", ""),)))
        assert app.grid.editor is not None
        assert place(app) == (3, 0)
        app.do(app.sheet.arranged(keep=lambda key: key == "k7"))
        await pilot.pause()
        assert app.grid.editor is None
        assert app.sheet.rows["k2"][0] == "x"


async def test_masked_cells_are_in_clear_only_in_the_row_that_is_edited() -> None:
    async with running(a_sheet(3)) as (app, pilot):
        assert "欧阳*二" in app.lines()[1]
        assert "990000*********000" in app.lines()[1]
        await pilot.press("end", "f2")
        await pilot.pause()
        assert "欧阳一二" in app.lines()[1]
        assert "990000190001010000" in app.lines()[1]
        assert "990000190001010001" not in app.lines()[2]
        await pilot.press("enter")
        await pilot.pause()
        assert "990000190001010000" not in app.lines()[1]


async def test_a_click_moves_and_a_click_with_shift_selects() -> None:
    async with running(a_sheet(5)) as (app, pilot):
        await pilot.mouse_down(app.grid, offset=(8, 2))
        assert place(app) == (1, 0)
        await pilot.mouse_down(app.grid, offset=(18, 4), shift=True)
        assert (app.grid.area.top, app.grid.area.right) == (1, 1)
        assert place(app) == (3, 1)


async def test_a_message_names_the_edit_and_nothing_is_changed_by_the_grid_itself() -> None:
    async with running(a_sheet(2)) as (app, pilot):
        await pilot.press("x", "enter")
        await pilot.pause()
        edited = app.last(Grid.Edited)
        assert isinstance(edited, Grid.Edited)
        assert edited.edits == (Write(("k0",), (0,), ("x",)),)
