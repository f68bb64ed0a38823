"""The end of the day (日终): today's figures, what is open, and the sync with the province."""

from dataclasses import dataclass

from rich.table import Table
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from counter.desk.desk import Desk
from counter.i18n import t
from counter.paper.slip import yuan
from counter.province.errors import OutOfReachError, ServerAheadError, SyncBusyError
from counter.province.sync import Progress, SyncReport
from counter.screens.background import Background
from counter.screens.base import DeskScreen
from counter.store.records import DayFigures
from counter.widgets.bound import bound
from counter.widgets.charts import share
from counter.widgets.lines import Line
from counter.widgets.prose import Prose, bar


@dataclass(frozen=True, slots=True)
class SyncEnd:
    """How a sync ended: a sentence that says what will happen next, and its report where there is one."""

    sentence: str
    report: SyncReport | None = None


class DayScreen(DeskScreen[None]):
    """F5 sends the day and reconciles it; Esc while it runs stops after the batch that is on its way."""

    DEFAULT_CSS = """
    DayScreen VerticalScroll { padding: 1 2; }
    DayScreen #progress { margin: 1 2; }
    """
    BINDINGS = [
        bound("sync", "sync"),
        bound("back", "leave"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.syncing: Background[SyncEnd] | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(id="figures")
            yield Prose(id="open")
            yield Line(id="progress")
            yield Prose(id="outcome")

    async def on_mount(self) -> None:
        self._read_figures()

    def _read_figures(self) -> None:
        self.in_background(lambda _: self.desk.store.ledger.figures(self.desk.today()), self._show, group="figures")

    def _show(self, figures: DayFigures) -> None:
        self.query_one("#figures", Static).update(_table(figures))
        self.query_one("#open", Prose).update(
            t(
                "day.open",
                held=figures.held,
                pending=figures.pending,
                rejected=figures.rejected,
                awaiting=figures.awaiting,
            )
        )

    @property
    def running(self) -> bool:
        """Is a sync on its way?"""
        return self.syncing is not None and self.syncing.running

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to sync with before the counter is enrolled, and one sync at a time."""
        return (None if self.running or self.desk.province is None else True) if action == "sync" else True

    def action_sync(self) -> None:
        """F5: send and reconcile."""
        self.query_one("#outcome", Prose).update(t("day.running"))
        self.syncing = self.in_background(self._sync, self._ended, refused=self._refused, told=self._told, under=True)
        self.refresh_bindings()

    def _sync(self, work: Background[SyncEnd]) -> SyncEnd:
        def progressed(progress: Progress) -> None:
            work.tell(progress.done, progress.total, progress.stage)

        try:
            report = self.desk.sync(progressed, work.cancelled)
        except OutOfReachError:
            return SyncEnd(t("day.out_of_reach"))
        except ServerAheadError:
            return SyncEnd(t("day.server_ahead"))
        except SyncBusyError:
            return SyncEnd(t("day.busy"))
        return SyncEnd(t("day.matched") if report.matched else t("day.unmatched"), report)

    def _told(self, done: int, total: int, stage: str) -> None:
        line = self.query_one("#progress", Line)
        text = line.text.copy()
        text.plain = f"{t(f'day.stage.{stage}')}  {bar(done, total)}  {done}/{total}"
        line.text = text

    def _ended(self, end: SyncEnd) -> None:
        self.query_one("#outcome", Prose).update("\n".join([end.sentence, *_in_words(end.report)]))
        self._read_figures()
        self.refresh_header()
        self.refresh_bindings()

    def _refused(self, reason: str) -> None:
        self._ended(SyncEnd(reason))

    def action_leave(self) -> None:
        """Esc: stop the sync, or leave."""
        if self.syncing is not None and self.syncing.running:
            self.syncing.cancel()
            self.query_one("#outcome", Prose).update(t("day.stopping"))
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
    return [*fetched, counts, *(t("day.waiting", date=day) for day in report.waiting)]


def _table(figures: DayFigures) -> Table:
    table = Table(
        box=None,
        padding=(0, 3, 0, 0),
        pad_edge=False,
        title=str(figures.business_date),
        title_justify="left",
        title_style="bold",
        header_style="quiet",
    )
    table.add_column(t("day.service"))
    table.add_column(t("day.count"), justify="right")
    table.add_column(t("day.fee"), justify="right")
    if figures.by_kind:
        table.add_column(no_wrap=True, overflow="crop")  # bars
    most = max((count for count, _ in figures.by_kind.values()), default=0)
    for kind, (count, fee_fen) in figures.by_kind.items():
        table.add_row(t(f"service.{kind}.name"), str(count), yuan(fee_fen), share(count, most))
    table.add_row(t("day.total"), str(figures.done), yuan(figures.fee_fen), style="bold")
    return table
