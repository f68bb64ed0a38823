"""Batches (批量换卡): the list of rosters in the ledger."""

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import DataTable

from counter.clock import SHANGHAI
from counter.i18n import t
from counter.screens.base import DeskScreen
from counter.screens.roster.importing import import_and_open
from counter.screens.roster.screen import RosterScreen
from counter.store.records import Batch
from counter.widgets.prose import Prose

_WIDTHS = {"id": 6, "unit": 28, "state": 9, "rows": 8, "submitted": 10, "created": 17}


class BatchesScreen(DeskScreen[None]):
    """The rosters in the ledger, the latest first; Enter opens one, F3 reads a file."""

    DEFAULT_CSS = """
    BatchesScreen DataTable { height: 1fr; margin: 1 1; background: $background; }
    BatchesScreen #none { margin: 1 2; display: none; }
    """
    BINDINGS = [
        Binding("escape", "dismiss", "key.back", key_display="Esc"),
        Binding("enter", "open", "key.open", priority=True),
        Binding("f3", "import_roster", "key.import_roster"),
    ]

    class Found(Message):
        def __init__(self, batches: list[Batch]) -> None:
            super().__init__()
            self.batches = batches

    def compose_body(self) -> ComposeResult:
        yield Prose(t("batch.none"), id="none")
        yield DataTable[str | Text](cursor_type="row", zebra_stripes=True, cell_padding=0)

    async def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for name, width in _WIDTHS.items():
            table.add_column(t(f"batch.column.{name}"), width=width, key=name)
        table.focus()

    def on_screen_resume(self) -> None:
        self.refresh_header()
        self._load()

    @work(thread=True, exclusive=True)
    def _load(self) -> None:
        self.post_message(self.Found(self.desk.store.batches.list()))

    def on_batches_screen_found(self, event: Found) -> None:
        table = self.query_one(DataTable)
        table.clear()
        for each in event.batches:
            table.add_row(
                str(each.id),
                Text(each.unit.name or t("batch.unnamed")),  # never markup
                t(f"choice.batch.{each.state}"),
                str(each.rows),
                str(each.submitted),
                f"{each.created_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
                key=str(each.id),
            )
        self.query_one("#none").display = not event.batches

    def action_open(self) -> None:
        """Enter: the rows of the batch under the cursor."""
        self.query_one(DataTable).action_select_cursor()

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        self.app.push_screen(RosterScreen(self.desk, int(str(event.row_key.value))))

    def action_import_roster(self) -> None:
        """F3: read a file."""
        import_and_open(self.app, self.desk)
