"""Looking for a text in a grid (查找): a line to type it in, and how many places there are."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from counter.i18n import t
from counter.rules.text import plain
from counter.screens.base import DeskScreen
from counter.widgets.fields.text import FormInput
from counter.widgets.grid import Grid
from counter.widgets.grid.table import Table

Result = TypeVar("Result")


def matches(table: Table, text: str) -> list[tuple[int, int]]:
    """The cells (row, column) of the rows that are shown with this text in them, however it is written."""
    wanted = plain(text).casefold()
    if not wanted:
        return []
    return [
        (row, column)
        for row, cells in enumerate(map(table.rows.__getitem__, table.shown))
        if wanted in "\n".join(cells).casefold()
        for column, cell in enumerate(cells)
        if wanted in cell.casefold()
    ]


class FindBar(Horizontal):
    """Stands in the place of the title while it is open: the grid keeps its lines."""

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; }
    FindBar > #find-label { width: auto; padding: 0 1; }
    FindBar > #find-result { width: 34; padding: 0 1; }
    """

    def compose(self) -> ComposeResult:
        yield Static(t("batch.find"), id="find-label", markup=False)
        yield FormInput(limit=60, id="wanted")
        yield Static(id="find-result", markup=False)

    @property
    def is_open(self) -> bool:
        """Is it there?"""
        return bool(self.display)

    @property
    def text(self) -> str:
        """What is looked for."""
        return self.query_one(FormInput).value.strip()

    def open(self) -> None:
        """Ask for a text; what was looked for last is replaced by the first key."""
        self.display = True
        self.say("")
        box = self.query_one(FormInput)
        box.focus()
        box.select_all()

    def say(self, text: str) -> None:
        """What came of it."""
        self.query_one("#find-result", Static).update(text)


class FindingScreen(DeskScreen[Result], Generic[Result]):
    """A screen with a title, a `FindBar` and a grid: `find` asks for a text and goes from place to place."""

    _looked_for = ""

    @property
    def grid(self) -> Grid:
        return self.query_one(Grid)

    @property
    def table_shown(self) -> Table | None:
        """What the grid shows; None while it is not there yet."""
        raise NotImplementedError

    def once_typed(self, command: Callable[[], Awaitable[None] | None]) -> None:
        """Run a command after what is being typed has become the cell's text."""
        self.grid.accept()
        self.grid.call_later(self.call_later, command)

    def action_find(self) -> None:
        """F3: ask what to look for; the next place of it."""
        if self.query_one(FindBar).is_open:
            self.call_later(self._find_next)
        else:
            self.once_typed(self._open_find)

    def _open_find(self) -> None:
        self.query_one("#title").display = False
        self._looked_for = ""
        self.query_one(FindBar).open()

    @on(Input.Submitted, "#wanted")
    async def _find_next(self) -> None:
        """Enter, or F3 again: the next cell with the text, from the top again after the last."""
        bar, grid, table = self.query_one(FindBar), self.grid, self.table_shown
        text = bar.text
        if table is None or not text:
            return
        cells = await asyncio.to_thread(matches, table, text)
        cursor = (grid.row, grid.column - (text != self._looked_for))
        self._looked_for = text
        if not cells:
            bar.say(t("batch.not_found"))
            return
        place = next((place for place, cell in enumerate(cells) if cell > cursor), 0)
        row, column = cells[place]
        grid.go_to(table.head(row).key, column)
        bar.say(t("batch.found", at=place + 1, count=len(cells)))

    def close_find(self) -> bool:
        """End the search; was there one?"""
        bar = self.query_one(FindBar)
        was_open = bar.is_open
        if was_open:
            bar.display = False
            self.query_one("#title").display = True
            self.grid.focus()
        return was_open
