"""The end of the day (日终): a date's figures, what is open, the sync with the province, and closing by two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path

from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import DataTable, Static

from counter.desk.closing import Open, close, reopen
from counter.desk.day import outcome, unequal
from counter.desk.day_report import DayReport, narrow, printed, read_report
from counter.desk.desk import Desk
from counter.files import write_whole
from counter.i18n import explained, language, listed, t
from counter.paper.languages import Printed
from counter.province.errors import (
    FailedProvinceError,
    OutOfReachError,
    ServerAheadError,
    SyncBusyError,
    UnknownKeyError,
    UntrustedProvinceError,
)
from counter.province.sync import Progress, SyncReport
from counter.roster.lists import as_xlsx
from counter.rules.text import plain
from counter.screens.audit import AuditScreen
from counter.screens.background import Background
from counter.screens.base import DeskScreen
from counter.screens.blanks import BlanksScreen
from counter.screens.day_lines import DayLine, DayLines, DayShown, read_day
from counter.screens.dialogs.ask import AskTextScreen
from counter.screens.list import Rows
from counter.screens.paid import table_of_payments
from counter.screens.paper import PaperScreen
from counter.screens.till import TillScreen
from counter.screens.two import ask_two
from counter.store.records import Role
from counter.widgets.bound import bound
from counter.widgets.lines import Line
from counter.widgets.prose import Prose, bar


@dataclass(frozen=True, slots=True)
class SyncEnd:
    """How a sync ended: a sentence that says what will happen next, and its report where there is one."""

    sentence: str
    report: SyncReport | None = None


class DayScreen(DeskScreen[None]):
    """A business date: F5 sends and reconciles, F10 closes it by two, F8 opens it again, F2 has its report.

    How the sync ended stands on top, above all lines. Esc while it runs stops after the batch that is on its way.
    """

    DEFAULT_CSS = """
    DayScreen .silent { display: none; }
    DayScreen #progress, DayScreen #outcome, DayScreen #state { margin: 0 1; }
    DayScreen #outcome { margin-bottom: 1; max-height: 50%; }
    DayScreen #state { text-style: bold; }
    DayScreen DataTable { height: 1fr; margin: 0 1; }
    DayScreen #paid { margin: 1 1 0 1; padding: 0 1; max-height: 40%; }
    DayScreen.-short #paid { display: none; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]
    BINDINGS = [
        bound("report", "report"),
        bound("sync", "sync"),
        bound("close-day", "close_day"),
        bound("reopen-day", "reopen_day"),
        bound("audit", "audit"),
        bound("till", "till"),
        bound("blanks", "blanks"),
        bound("back", "leave"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.on = desk.today()
        self.syncing: Background[SyncEnd] | None = None
        self.shown: DayShown | None = None
        self.lines: Sequence[DayLine] = ()

    def compose_body(self) -> ComposeResult:
        yield Line(id="progress", classes="silent")
        yield Prose(id="outcome", classes="silent")
        yield Prose(id="state")
        yield Rows(cursor_type="row", cell_padding=1)
        yield Static(id="paid", classes="silent")

    async def on_mount(self) -> None:
        self.query_one(Rows).focus()

    def on_screen_resume(self) -> None:
        """What was opened from here may have been settled there."""
        self._read_figures()

    def _read_figures(self) -> None:
        self.in_background(lambda _: read_day(self.desk, self.on), self._show, group="figures")

    def _show(self, shown: DayShown) -> None:
        self.shown = shown
        self.query_one("#state", Prose).update(_state(shown))
        drawn, table = DayLines(self.desk, shown, self.size.width), self.query_one(Rows)
        self.lines, place = tuple(drawn.lines()), table.cursor_row
        titles = tuple(drawn.columns())
        widths = [
            max(map(cell_len, column)) for column in zip_longest(titles, *map(_numbers, self.lines), fillvalue="")
        ]
        widths[0] = self.size.width - 4 - sum(width + 2 for width in widths[1:])
        table.clear(columns=True)
        for at, (title, width) in enumerate(zip(titles, widths, strict=True)):
            table.add_column(Text(_right(title, width) if at else title), width=width)
        for number, line in enumerate(self.lines):
            style = "bold" if line.bold else ""
            name, *cells = (*line.cells, *("" for _ in titles[len(line.cells) :]))
            numbers = (Text(_right(cell, width), style) for cell, width in zip(cells, widths[1:], strict=True))
            table.add_row(Text(name, style), *numbers, key=str(number))
        paid = self.query_one("#paid", Static)
        paid.set_class(not shown.payments.by_kind, "silent")
        paid.update(table_of_payments(shown.payments))
        table.move_cursor(row=min(place, max(0, len(self.lines) - 1)))
        self.refresh_bindings()

    def on_resize(self) -> None:
        """The columns that there is room for."""
        if self.shown is not None:
            self._show(self.shown)

    @on(DataTable.RowSelected)
    def _opened(self, event: DataTable.RowSelected) -> None:
        target = self.lines[int(str(event.row_key.value))].opens()
        if isinstance(target, date):
            self.on, self.shown = target, None  # nothing is closed until what is open there is shown
            self.refresh_bindings()
            self._read_figures()
        else:
            self.app.push_screen(target)

    @property
    def running(self) -> bool:
        """Is a sync on its way?"""
        return self.syncing is not None and self.syncing.running

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to sync with before the counter is enrolled, and one sync at a time; the audit is a supervisor's; a
        date is closed or opened again."""
        if action == "audit":
            return self.desk.store.operator.role is Role.SUPERVISOR
        if action in ("close_day", "reopen_day"):
            return self.shown is not None and self.shown.closed is (action == "reopen_day")
        return (None if self.running or self.desk.province is None else True) if action == "sync" else True

    def action_report(self) -> None:
        """F2: the day's report, with the province's receipt, to save or print."""
        self.in_background(lambda _: read_report(self.desk, self.on), self._show_report, group="report", once=True)

    def _show_report(self, report: DayReport) -> None:
        self.app.push_screen(DayReportScreen(self.desk, report))

    async def action_close_day(self) -> None:
        """F10: close the date (关账), with a reason for each thing that is open, and a supervisor."""
        if self.shown is not None:
            await self._ask_reasons({}, [*self.shown.open])

    async def _ask_reasons(self, reasons: dict[str, str], left: list[Open]) -> None:
        """One question after the other; Esc closes nothing."""
        if not left:
            await self._ask_to_close(reasons)
            return
        found = left.pop(0)

        async def given(reason: str | None) -> None:
            if reason:
                await self._ask_reasons(reasons | {found.kind: reason}, left)

        what = t(f"day.left.{found.kind}", count=found.count)
        self.app.push_screen(AskTextScreen(t("day.why_open", what=what), limit=100, clean=plain), given)

    async def _ask_to_close(self, reasons: dict[str, str]) -> None:
        on, shown = self.on, self.shown
        left = [each for each in shown.open if each.kind in reasons] if shown else []
        lines = [f"{t(f'day.left.{each.kind}', count=each.count)}: {reasons[each.kind]}" for each in left]
        await ask_two(
            self,
            t("day.close", date=on),
            "\n".join(lines or [t("day.nothing_open")]),
            lambda checker, passphrase: close(self.desk, on, reasons, checker, passphrase),
            lambda _: self._decided(t("day.is_closed", date=on)),
        )

    def action_reopen_day(self) -> None:
        """F8: open a closed date again, with a reason, and a supervisor."""
        self.app.push_screen(AskTextScreen(t("day.why_reopen", date=self.on), limit=100, clean=plain), self._reopen)

    async def _reopen(self, reason: str | None) -> None:
        if reason:
            on = self.on
            await ask_two(
                self,
                t("day.reopen", date=on),
                reason,
                lambda checker, passphrase: reopen(self.desk, on, reason, checker, passphrase),
                lambda _: self._decided(t("day.is_open", date=on)),
            )

    def _decided(self, said: str) -> None:
        self._say(said)
        self._read_figures()

    def action_audit(self) -> None:
        """F7: who revealed, exported, printed, failed."""
        self.app.push_screen(AuditScreen(self.desk))

    def action_till(self) -> None:
        """F3: the cash of today."""
        self.app.push_screen(TillScreen(self.desk))

    def action_blanks(self) -> None:
        """F4: the blank cards."""
        self.app.push_screen(BlanksScreen(self.desk))

    def action_sync(self) -> None:
        """F5: send and reconcile."""
        self._say(t("day.running"))
        self.syncing = self.in_background(self._sync, self._ended, refused=self._refused, told=self._told, under=True)
        self.refresh_bindings()

    def _sync(self, work: Background[SyncEnd]) -> SyncEnd:
        def progressed(progress: Progress) -> None:
            work.tell(progress.done, progress.total, progress.stage)

        try:
            report = self.desk.sync(progressed, work.cancelled)
        except (FailedProvinceError, UnknownKeyError, UntrustedProvinceError) as error:
            return SyncEnd(explained(error))
        except OutOfReachError:
            return SyncEnd(t("day.out_of_reach"))
        except ServerAheadError:
            return SyncEnd(t("day.server_ahead"))
        except SyncBusyError:
            return SyncEnd(t("day.busy"))
        return SyncEnd(outcome(report), report)

    def _told(self, done: int, total: int, stage: str) -> None:
        line = self.query_one("#progress", Line)
        line.remove_class("silent")
        text = line.text.copy()
        text.plain = f"{t(f'day.stage.{stage}')}  {bar(done, total)}  {done}/{total}"
        line.text = text

    def _ended(self, end: SyncEnd) -> None:
        self.query_one("#progress", Line).add_class("silent")
        self._say("\n".join([end.sentence, *_in_words(end.report)]))
        self._read_figures()
        self.refresh_header()
        self.refresh_bindings()

    def _say(self, text: str) -> None:
        """Above all else: how it ended, or that it goes on."""
        outcome = self.query_one("#outcome", Prose)
        outcome.remove_class("silent")
        outcome.update(text)

    def _refused(self, reason: str) -> None:
        self._ended(SyncEnd(reason))

    def action_leave(self) -> None:
        """Esc: stop the sync, or leave."""
        if self.syncing is not None and self.syncing.running:
            self.syncing.cancel()
            self._say(t("day.stopping"))
        else:
            self.dismiss(None)


def _in_words(report: SyncReport | None) -> list[str]:
    if report is None:
        return []
    counts = t(
        "day.report",
        created=report.created,
        exists=report.exists,
        rejected=report.rejected,
        conflict=report.conflict,
        pending=report.pending,
        photos=report.photos,
    )
    fetched = [t("day.fetched", count=len(report.fetched))] if report.fetched else []
    return [*fetched, counts, *unequal(report), *(t("day.waiting", date=day) for day in report.waiting)]


def _state(shown: DayShown) -> str:
    """The date, whether it is closed, the dates that nobody has closed and those that the province has not signed, the
    oldest first."""
    said = [shown.clock_back] if shown.clock_back else []
    said += [t("day.closed" if shown.closed else "day.open", date=shown.on)]
    if shown.open_dates and shown.open_dates != [shown.on]:
        said.append(t("day.not_closed", dates=listed(map(str, shown.open_dates))))
    if shown.unmatched and shown.unmatched != [shown.on]:
        said.append(t("day.open_dates", dates=listed(map(str, shown.unmatched))))
    return "   ".join(said)


def _numbers(line: DayLine) -> tuple[str, ...]:
    """The cells of a line; its name has the room that is left."""
    return ("", *line.cells[1:])


def _right(cell: str, width: int) -> str:
    """A number stands at the right of its column, a bar at the left."""
    return cell if cell.startswith("#") else " " * (width - cell_len(cell)) + cell


class DayReportScreen(PaperScreen):
    """The report on the screen: F2 saves it as PDF, as a workbook and as text, F7 prints it."""

    BINDINGS = [bound("save", "save", "key.save_report"), bound("print", "print", "key.print_report")]

    def __init__(self, desk: Desk, report: DayReport) -> None:
        self.list_ = printed(report)
        super().__init__(desk, Printed(lambda: narrow(self.list_), ((language(),),)), f"day-{report.on}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """It is in the clerk's language."""
        return False if action == "turn" else super().check_action(action, parameters)

    def write_to(self, path: Path) -> None:
        """As a workbook too."""
        super().write_to(path)
        write_whole(path.with_suffix(".xlsx"), as_xlsx(self.list_))
