"""The end of the day (日终): today's figures, what is open, and the sync with the province."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rich.table import Table
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from counter.desk.counted import uncounted
from counter.desk.day import outcome, unequal
from counter.desk.desk import Desk
from counter.i18n import explained, listed, t
from counter.province.errors import (
    OutOfReachError,
    ServerAheadError,
    SyncBusyError,
    UnknownKeyError,
    UntrustedProvinceError,
)
from counter.province.sync import Progress, SyncReport
from counter.screens.audit import AuditScreen
from counter.screens.background import Background
from counter.screens.base import DeskScreen
from counter.screens.blanks import BlanksScreen
from counter.screens.paid import table_of_payments
from counter.screens.till import TillScreen
from counter.store.balance import DayBalance, KindBalance, Sum
from counter.store.payments import DayPayments
from counter.store.records import DayFigures, Role
from counter.widgets.bound import bound
from counter.widgets.charts import SHARE, share
from counter.widgets.lines import Line
from counter.widgets.prose import Prose, bar

COLUMNS: Final = ("done", "accepted", "returned", "unsent", "conflict", "reversed")
ALWAYS: Final = ("done", "accepted", "returned", "reversed")
"""The others only where there is something in them."""
COUNTS: Final = 76
WITH_FEES: Final = 116
"""How many cells the numbers take, without and with the fees of each kind."""
NARROW: Final = 70
"""Below it the kinds' names are cut."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the screen shows of the day: read in one go."""

    figures: DayFigures
    balance: DayBalance
    open_dates: Sequence[date]
    payments: DayPayments
    uncounted: Sequence[str]


@dataclass(frozen=True, slots=True)
class SyncEnd:
    """How a sync ended: a sentence that says what will happen next, and its report where there is one."""

    sentence: str
    report: SyncReport | None = None


class DayScreen(DeskScreen[None]):
    """F5 sends the day and reconciles it; Esc while it runs stops after the batch that is on its way."""

    DEFAULT_CSS = """
    DayScreen VerticalScroll { padding: 1 2; }
    DayScreen .silent { display: none; }
    DayScreen #outcome { margin: 0 0 1 0; }
    DayScreen #paid { margin: 1 0 0 0; }
    """
    BINDINGS = [
        bound("sync", "sync"),
        bound("audit", "audit"),
        bound("till", "till"),
        bound("blanks", "blanks"),
        bound("back", "leave"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.syncing: Background[SyncEnd] | None = None
        self.shown: Shown | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll():
            yield Line(id="progress", classes="silent")
            yield Prose(id="outcome", classes="silent")
            yield Static(id="figures")
            yield Static(id="paid", classes="silent")
            yield Prose(id="open")

    async def on_mount(self) -> None:
        self._read_figures()

    def _read_figures(self) -> None:
        self.in_background(lambda _: self._read(), self._show, group="figures")

    def _read(self) -> Shown:
        store, today = self.desk.store, self.desk.today()
        return Shown(
            store.ledger.figures(today),
            store.days.balance(today),
            store.days.unmatched(),
            store.payments.of(today),
            uncounted(store, today),
        )

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self.query_one("#figures", Static).update(_table(shown.balance, self.size.width - 4))
        self.query_one("#paid", Static).update(table_of_payments(shown.payments))
        self.query_one("#paid").set_class(not shown.payments.by_kind, "silent")
        self.query_one("#open", Prose).update(_open(shown.figures, shown.open_dates, shown.uncounted))

    def on_resize(self) -> None:
        """The columns that there is room for."""
        if self.shown is not None:
            self._show(self.shown)

    @property
    def running(self) -> bool:
        """Is a sync on its way?"""
        return self.syncing is not None and self.syncing.running

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to sync with before the counter is enrolled, and one sync at a time; the audit is a supervisor's."""
        if action == "audit":
            return self.desk.store.operator.role is Role.SUPERVISOR
        return (None if self.running or self.desk.province is None else True) if action == "sync" else True

    def action_audit(self) -> None:
        """F7: who revealed, exported, printed, failed."""
        self.app.push_screen(AuditScreen(self.desk))

    def action_till(self) -> None:
        """F3: the cash of today."""
        self.app.push_screen(TillScreen(self.desk), lambda _: self._read_figures())

    def action_blanks(self) -> None:
        """F4: the blank cards."""
        self.app.push_screen(BlanksScreen(self.desk), lambda _: self._read_figures())

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
        except (UnknownKeyError, UntrustedProvinceError) as error:
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


def _open(figures: DayFigures, dates: Sequence[date], uncounted: Sequence[str]) -> str:
    """What is open, the dates without a receipt, the oldest first, and what is still to be counted."""
    counts = t(
        "day.open",
        held=figures.held,
        pending=figures.pending,
        rejected=figures.rejected,
        awaiting=figures.awaiting,
    )
    open_dates = [t("day.open_dates", dates=listed([str(on) for on in dates]))] if dates else []
    return "\n".join([counts, *open_dates, *(t(f"day.{key.replace('.', '_')}") for key in uncounted)])


def _table(balance: DayBalance, width: int) -> Table:
    """What this counter did beside what the province says of it: numbers and fees by kind or, where there is less room,
    the fees of all kinds together."""
    total, fees = balance.total, width >= WITH_FEES
    bars = width >= (WITH_FEES if fees else COUNTS) + SHARE
    columns = [name for name in COLUMNS if name in ALWAYS or getattr(total, name).count]
    table = Table(
        box=None,
        padding=(0, 2, 0, 0),
        pad_edge=False,
        title=str(balance.business_date),
        title_justify="left",
        title_style="bold",
        header_style="quiet",
    )
    table.add_column(t("day.service"), min_width=12, max_width=24 if width >= NARROW else 18)
    for name in columns:
        table.add_column(t(f"day.{name}"), justify="right", no_wrap=True)
        if fees:
            table.add_column(t("day.yuan"), justify="right", no_wrap=True, min_width=7)
    if bars and balance.by_kind:
        table.add_column(no_wrap=True, overflow="crop")
    most = max((row.done.count for row in balance.by_kind.values()), default=0)
    for kind, row in balance.by_kind.items():
        drawn = [share(row.done.count, most)] if bars else []
        table.add_row(t(f"service.{kind}.name"), *_cells(row, columns, fees=fees), *drawn)
    table.add_row(t("day.total"), *_cells(total, columns, fees=fees), style="bold")
    if not fees:
        table.add_row(t("day.fee"), *(_amount(getattr(total, name)) for name in columns), style="bold")
    return table


def _cells(row: KindBalance, columns: Sequence[str], *, fees: bool) -> Iterator[str]:
    for name in columns:
        found: Sum = getattr(row, name)
        yield str(found.count or "-")
        if fees:
            yield _amount(found)


def _amount(found: Sum) -> str:
    return f"{found.fee_fen / 100:.2f}" if found.count else "-"
