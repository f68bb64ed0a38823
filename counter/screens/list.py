"""What every list (列表) is: a search line where there is something to search by, rows, and a sentence where there are
none."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import DataTable, Input

from counter.i18n import t
from counter.rules.text import plain
from counter.screens.base import DeskScreen
from counter.widgets.bound import bound, fixed
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose

Row = TypeVar("Row")
Line = tuple[str | Text, ...]


class Rows(DataTable[str | Text]):
    """The rows; Enter is named among the keys as it is everywhere else."""

    BINDINGS = [fixed("accept", "enter", "select_cursor", "key.open")]


class ListScreen(DeskScreen[None], Generic[Row]):
    """Rows of the ledger, read in the background each time the screen is come to. Enter opens one.

    `catalog` is the namespace of its sentences: ``none``, ``column.<name>`` and, to search, ``search_hint``.
    """

    DEFAULT_CSS = """
    ListScreen FormInput { margin: 1 1 0 1; }
    ListScreen DataTable { height: 1fr; margin: 1 1; }
    ListScreen #none { margin: 1 2; display: none; }
    """
    BINDINGS = [
        bound("back", "dismiss"),
        fixed("walk", "down", "to_list"),
    ]

    catalog: ClassVar[str]
    columns: ClassVar[Mapping[str, int]]
    """The width of each column by its name."""
    searches: ClassVar[bool] = False

    rows: Sequence[Row] = ()
    """What the list shows now."""

    def read(self, text: str) -> Sequence[Row]:
        """The rows, in a search those with this text; runs in a thread."""
        raise NotImplementedError

    def line(self, row: Row) -> Line:
        """A row's cells. What others wrote is `Text`, never markup."""
        raise NotImplementedError

    def open(self, row: Row) -> None:
        """Show one."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        if self.searches:
            box = FormInput(limit=60, id="wanted")
            box.placeholder = t(f"{self.catalog}.search_hint")
            yield box
        yield Prose(t(f"{self.catalog}.none"), id="none")
        yield Rows(cursor_type="row", zebra_stripes=True, cell_padding=0)

    async def on_mount(self) -> None:
        table = self.query_one(Rows)
        for name, width in self.columns.items():
            table.add_column(t(f"{self.catalog}.column.{name}"), width=width, key=name)
        (self.query_one(FormInput) if self.searches else table).focus()

    def on_screen_resume(self) -> None:
        """What is listed may have changed meanwhile."""
        self.refresh_header()
        self.reload()

    @on(Input.Changed, "#wanted")
    def reload(self) -> None:
        """Read the rows again; what is shown stays until they are there."""
        text = plain(self.query_one(FormInput).value) if self.searches else ""
        self.in_background(lambda _: self.read(text), self.show_rows, group="rows")

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show what was read."""
        table, place = self.query_one(Rows), self.query_one(Rows).cursor_row
        self.rows = rows
        table.clear()
        for number, row in enumerate(rows):
            table.add_row(*self.line(row), key=str(number))
        table.move_cursor(row=min(place, max(0, len(rows) - 1)))
        sought = self.searches and bool(self.query_one(FormInput).value)
        self.query_one("#none", Prose).update(t("screen.none_fit" if sought else f"{self.catalog}.none"))
        self.query_one("#none").display = not rows

    @on(Input.Submitted, "#wanted")
    def action_to_list(self) -> None:
        self.query_one(Rows).focus()

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        self.open(self.rows[int(str(event.row_key.value))])
