"""Batches (批量换卡): the list of rosters, and a file that becomes one."""

from pathlib import Path

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import DataTable, Input

from counter import batch
from counter.desk import Desk
from counter.i18n import t
from counter.roster.errors import ChooseSheetError, RosterFileError
from counter.roster.reader import read_file
from counter.roster.row import Unit
from counter.rules.finding import Finding
from counter.screens.base import DeskScreen
from counter.screens.roster import RosterScreen
from counter.store.clock import SHANGHAI
from counter.store.records import Batch
from counter.widgets.choice_row import Choice, Option
from counter.widgets.lines import FindingsStrip
from counter.widgets.prose import Prose
from counter.widgets.text_row import FormInput

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
        yield DataTable[str](cursor_type="row", zebra_stripes=True, cell_padding=0)

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
                each.unit.name or t("batch.unnamed"),
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


def import_and_open(app: App[int] | App[object], desk: Desk, file: Path | None = None) -> None:
    """Read a roster, the file or the one that the clerk names, and open its rows."""

    def opened(id: int | None) -> None:
        if id is not None:
            app.push_screen(RosterScreen(desk, id))

    app.push_screen(ImportScreen(desk, file), opened)


class ImportScreen(DeskScreen[int]):
    """Asks for a file and, where several sheets have a header, for the sheet; answers with the new batch."""

    DEFAULT_CSS = """
    ImportScreen Prose { margin: 1 2 0 2; }
    ImportScreen FormInput, ImportScreen Choice { margin: 0 2; }
    ImportScreen Choice { display: none; }
    ImportScreen FindingsStrip { dock: bottom; margin-bottom: 1; }
    """
    BINDINGS = [Binding("escape", "dismiss", "key.back", key_display="Esc")]

    class Read(Message):
        """The file is in the ledger as this batch."""

        def __init__(self, batch: int, said: str) -> None:
            super().__init__()
            self.batch = batch
            self.said = said

    class Refused(Message):
        """It is not: for a finding, for want of a sheet, or because it cannot be opened."""

        def __init__(self, finding: Finding | None = None, sheets: tuple[str, ...] = ()) -> None:
            super().__init__()
            self.finding = finding
            self.sheets = sheets

    def __init__(self, desk: Desk, file: Path | None = None) -> None:
        super().__init__(desk)
        self.file = file

    def compose_body(self) -> ComposeResult:
        yield Prose(t("batch.file"), id="what")
        yield FormInput(limit=400, id="file")
        yield Choice((), tall=True)
        yield FindingsStrip()

    async def on_mount(self) -> None:
        box = self.query_one("#file", FormInput)
        box.focus()
        if self.file is not None:
            box.value = str(self.file)
            self._start(None)

    @on(Input.Submitted, "#file")
    def _named(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.file = Path(event.value.strip()).expanduser()
            self._start(None)

    @on(Choice.Done)
    def _chosen(self) -> None:
        self._start(str(self.query_one(Choice).chosen))

    def _start(self, sheet: str | None) -> None:
        strip = self.query_one(FindingsStrip)
        strip.findings, strip.notice = (), t("batch.reading")
        assert self.file is not None, "a file has been named"
        self._read(self.file, sheet)

    @work(thread=True, exclusive=True, group="import")
    def _read(self, file: Path, sheet: str | None) -> None:
        desk = self.desk
        try:
            header, lines, skipped = read_file(file, desk.reference, sheet)
        except ChooseSheetError as error:
            self.post_message(self.Refused(sheets=error.sheets))
        except RosterFileError as error:
            self.post_message(self.Refused(error.finding))
        except OSError:
            self.post_message(self.Refused())
        else:
            made = batch.create(desk.store, Unit(bank=desk.place.bank, branch=desk.place.branch), lines)
            said = t("batch.read", rows=len(lines), skipped=len(skipped))
            unread = t("batch.unread", titles=" | ".join(header.unknown)) if header.unknown else ""
            self.post_message(self.Read(made.id, "\n".join(filter(None, (said, unread)))))

    def on_import_screen_read(self, event: Read) -> None:
        self.notify(event.said, timeout=8)
        self.dismiss(event.batch)

    def on_import_screen_refused(self, event: Refused) -> None:
        strip, choice = self.query_one(FindingsStrip), self.query_one(Choice)
        strip.findings = (event.finding,) if event.finding else ()
        strip.notice = t("batch.sheet") if event.sheets else "" if event.finding else t("batch.no_file")
        choice.options = tuple(Option(name, name) for name in event.sheets)
        choice.chosen = next(iter(event.sheets), None)
        choice.display = bool(event.sheets)
        choice.refresh(layout=True)
        (choice if event.sheets else self.query_one("#file", FormInput)).focus()

    def finding_for_help(self) -> Finding | None:
        return next(iter(self.query_one(FindingsStrip).findings), None)
