"""A file that becomes a roster (读入名单): which file, which sheet, which column is what, and what reading found."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Input

from counter.desk import rosters
from counter.desk.desk import Desk
from counter.files import typed_path
from counter.i18n import sentence, t
from counter.roster.columns import BY_ID, COLUMNS
from counter.roster.errors import refusal
from counter.roster.mapping import TOLD_EVERY, Preview, Remarks, preview, read_sheet
from counter.roster.reader import RosterPerson
from counter.rules.finding import Finding
from counter.rules.masking import mask_number
from counter.rules.unit import Unit
from counter.screens.background import Background
from counter.screens.base import DeskScreen
from counter.screens.dialogs.ask import ConfirmScreen
from counter.screens.dialogs.progress import ProgressScreen
from counter.screens.roster.screen import RosterScreen
from counter.sheets.errors import ChooseSheetError, SheetFileError
from counter.sheets.opening import BOOKS
from counter.widgets.bound import bound, fixed
from counter.widgets.fields.choice import Choice, Option
from counter.widgets.fields.path import PathBox, PathInput
from counter.widgets.grid.paint import fit
from counter.widgets.lines import FindingsStrip
from counter.widgets.prose import Prose

_FIELDS = ("", *(column.id for column in COLUMNS))
_NEEDED = tuple(column.id for column in COLUMNS if column.needed)
_WIDTHS = {"letter": 5, "title": 18, "samples": 34, "field": 18}
_ROWS_NAMED = 12
_MANY_DIGITS = 7
"""So many digits in a column that nothing is known of are perhaps somebody's number."""

Read: TypeAlias = tuple[list[RosterPerson], Remarks] | Finding

Looked: TypeAlias = Preview | Finding | tuple[str, ...]
"""What a file looks like, why it is not read, or the sheets to choose from."""


class _StoppedError(Exception):
    """The clerk has stopped it: nothing of the roster is kept."""


def import_and_open(app: App[int] | App[object], desk: Desk, file: Path | None = None) -> None:
    """Read a roster, the file or the one that the clerk names, and open its rows."""

    def opened(id: int | None) -> None:
        if id is not None:
            app.push_screen(RosterScreen(desk, id))

    app.push_screen(ImportScreen(desk, file), opened)


def _look(file: Path, sheet: str | None, work: Background[Looked | None]) -> Looked | None:
    try:
        seen = preview(file, sheet)
    except ChooseSheetError as error:
        return error.sheets
    except SheetFileError as error:
        return refusal(error)
    except OSError:
        return refusal(SheetFileError("unreadable"))
    return None if work.cancelled() else seen


class ImportScreen(DeskScreen[int]):
    """Asks for a file and, where several sheets have a header, for the sheet; answers with the new batch."""

    DEFAULT_CSS = """
    ImportScreen Prose { margin: 1 2 0 2; }
    ImportScreen PathBox, ImportScreen Choice { margin: 0 2; }
    ImportScreen Choice { display: none; }
    ImportScreen FindingsStrip { dock: bottom; margin-bottom: 1; }
    """
    BINDINGS = [bound("back", "dismiss")]

    def __init__(self, desk: Desk, file: Path | None = None) -> None:
        super().__init__(desk)
        self.file = file

    def compose_body(self) -> ComposeResult:
        yield Prose(t("batch.file"), id="what")
        yield PathBox(BOOKS, id="file")
        yield Choice((), tall=True)
        yield FindingsStrip()

    async def on_mount(self) -> None:
        box = self.query_one("#file", PathInput)
        box.focus()
        if self.file is not None:
            box.value = str(self.file)
            self._start(None)

    @on(Input.Submitted, "#file")
    def _named(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.file = typed_path(event.value)
            self._start(None)

    @on(Choice.Done)
    def _chosen(self) -> None:
        self._start(str(self.query_one(Choice).chosen))

    def _start(self, sheet: str | None) -> None:
        file = self.file
        assert file is not None, "a file has been named"
        self.app.push_screen(ProgressScreen(t("batch.reading"), lambda work: _look(file, sheet, work)), self._looked)

    def _looked(self, looked: Looked | None) -> None:
        """On to its columns; or say what it is not read for, or ask for the sheet."""
        strip, choice = self.query_one(FindingsStrip), self.query_one(Choice)
        sheets = looked if isinstance(looked, tuple) else ()
        strip.findings = (looked,) if isinstance(looked, Finding) else ()
        strip.notice = t("batch.sheet") if sheets else ""
        choice.options = tuple(Option(name, name) for name in sheets)
        choice.chosen = next(iter(sheets), None)
        choice.display = bool(sheets)
        (choice if sheets else self.query_one("#file", PathInput)).focus()
        if isinstance(looked, Preview) and self.file is not None:
            self.app.push_screen(ColumnsScreen(self.desk, self.file, looked), self._imported)

    def _imported(self, id: int | None) -> None:
        if id is not None:
            self.dismiss(id)

    def finding_for_help(self) -> Finding | None:
        return next(iter(self.query_one(FindingsStrip).findings), None)


class ColumnsScreen(DeskScreen[int]):
    """Each column of the sheet with sample values and the field that it fills; answers with the new batch."""

    DEFAULT_CSS = """
    ColumnsScreen Prose { margin: 1 2 0 2; }
    ColumnsScreen DataTable { height: 1fr; margin: 1 1 0 1; }
    ColumnsScreen FindingsStrip { height: 3; }
    """
    BINDINGS = [
        bound("read-roster", "read", priority=True),
        fixed("accept", "enter", "read", priority=True),
        fixed("walk", "left", "turn(-1)", "key.turn_field", display="<- ->", priority=True),
        fixed("walk", "right", "turn(1)", priority=True),
        bound("not-read", "turn(0)"),
        bound("back", "dismiss"),
    ]

    def __init__(self, desk: Desk, file: Path, preview: Preview) -> None:
        super().__init__(desk)
        self.file = file
        self.preview = preview

    def compose_body(self) -> ComposeResult:
        row = self.preview.header.row
        yield Prose(t("batch.columns", row=row) if row else t("batch.columns_none"))
        yield DataTable[Text](cursor_type="row", cell_padding=0)
        yield FindingsStrip()

    async def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for name, width in _WIDTHS.items():
            table.add_column(t(f"batch.mapping.{name}"), width=width, key=name)
        for at in range(self.preview.width):
            table.add_row(*self._cells(at), key=str(at))
        table.focus()
        self._say()

    def _field(self, at: int) -> str:
        return next((id for id, position in self.preview.header.columns.items() if position == at), "")

    def _cells(self, at: int) -> tuple[Text, ...]:
        """What a column is; never markup, whatever the file says."""
        field, titles = self._field(at), self.preview.header.titles
        mask = (BY_ID[field].mask if field else None) or _unknown
        samples = " | ".join(mask(row[at]) for row in self.preview.samples if at < len(row) and row[at].strip())
        fills = t(f"roster.column.{field}") if field else t("batch.not_read")
        title = titles[at] if at < len(titles) else ""
        return tuple(
            Text(fit(text, width - 1))
            for text, width in zip((_letter(at), title, samples, fills), _WIDTHS.values(), strict=True)
        )

    def action_turn(self, by: int) -> None:
        """Left and right: the next field that no other column fills; Del: none."""
        at = self.query_one(DataTable).cursor_row
        if not 0 <= at < self.preview.width:
            return
        header, now = self.preview.header, self._field(at)
        free = [id for id in _FIELDS if not id or id == now or id not in header.columns]
        then = free[(free.index(now) + by) % len(free)] if by else ""
        gone = {now: None} if now else {}
        changed = header.corrected({**gone, **({then: at} if then else {})})
        self.preview = Preview(self.preview.sheet, changed, self.preview.samples)
        table = self.query_one(DataTable)
        for name, text in zip(_WIDTHS, self._cells(at), strict=True):
            table.update_cell(str(at), name, text)
        self._say()

    def _say(self) -> None:
        """What has no column yet."""
        columns = self.preview.header.columns
        lacking = [t(f"roster.column.{id}") for id in _NEEDED if id not in columns]
        notice = t("batch.lacking", columns=" ".join(lacking)) if lacking else ""
        self.query_one(FindingsStrip).notice = notice

    def action_read(self) -> None:
        """F10: read the people by these columns."""
        if not self.preview.header.columns.keys() & {"name", "number"}:
            self.notify(t("batch.name_or_number"), severity="warning")
            return
        title = t("batch.reading_rows", file=self.file.name)
        self.app.push_screen(ProgressScreen(title, self._read), self._say_and_go_on)

    def _read(self, work: Background[Read | None]) -> Read | None:
        try:
            read = read_sheet(self.file, self.preview, self.desk.reference, work.tell, work.cancelled)
        except SheetFileError as error:
            return refusal(error)
        except OSError:
            return refusal(SheetFileError("unreadable"))
        return read

    def _say_and_go_on(self, read: Read | None) -> None:
        if isinstance(read, Finding):
            self.query_one(FindingsStrip).findings = (read,)
        elif read is not None:
            lines, remarks = read
            sentences = _in_words(remarks)
            if sentences:
                first = t("batch.read", rows=len(lines))
                asked = ConfirmScreen([first, *sentences], title="batch.read_title", hint="screen.go_on_hint")
                self.app.push_screen(asked, lambda word: self._keep(lines) if word else None)
            else:
                self._keep(lines)

    def _keep(self, lines: list[RosterPerson]) -> None:
        """The people into the ledger: all of them or none."""
        title = t("batch.keeping", rows=len(lines))
        self.app.push_screen(ProgressScreen(title, lambda work: self._create(work, lines)), self._kept)

    def _create(self, work: Background[int | None], lines: list[RosterPerson]) -> int | None:
        def told() -> Iterator[RosterPerson]:
            for count, line in enumerate(lines):
                if count % TOLD_EVERY == 0:
                    work.tell(count, len(lines))
                    if work.cancelled():
                        raise _StoppedError
                yield line

        place = self.desk.place
        try:
            return rosters.create(self.desk.store, Unit(bank=place.bank, branch=place.branch), told()).id
        except _StoppedError:
            return None

    def _kept(self, id: int | None) -> None:
        if id is not None:
            self.dismiss(id)

    def finding_for_help(self) -> Finding | None:
        return next(iter(self.query_one(FindingsStrip).findings), None)


def _unknown(text: str) -> str:
    """A cell of a column of which nothing is known, as it may be seen."""
    return mask_number(text) if sum(map(str.isdigit, text)) >= _MANY_DIGITS else text


def _in_words(remarks: Remarks) -> list[str]:
    """What reading found, in words; the gravest first."""
    sentences = [
        t(
            "batch.spoiled",
            rows=_rows(rows),
            count=len(rows),
            column=t(f"roster.column.{finding.field}"),
            said=sentence(finding),
        )
        for finding, rows in remarks.spoiled.items()
    ]
    if remarks.hidden:
        sentences.append(t("batch.hidden", rows=_rows(remarks.hidden), count=len(remarks.hidden)))
    sentences += [t(f"batch.skipped.{why}", rows=_rows(rows), count=len(rows)) for why, rows in remarks.skipped.items()]
    if remarks.unread:
        sentences.append(t("batch.unread", titles=" | ".join(remarks.unread)))
    return sentences


def _rows(rows: tuple[int, ...]) -> str:
    """Row numbers, the first of them, and how many there are."""
    named = " ".join(map(str, rows[:_ROWS_NAMED]))
    return named if len(rows) <= _ROWS_NAMED else t("batch.rows_and_more", rows=named, count=len(rows))


def _letter(at: int) -> str:
    """A column as a spreadsheet names it: A, B ... Z, AA."""
    letters, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
