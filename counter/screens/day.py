"""The end of the day (日终): today's figures, what is open, and the sync with the province."""

from threading import Event

from rich.table import Table
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from counter.desk.desk import Desk
from counter.i18n import explained, t
from counter.paper.slip import yuan
from counter.province.errors import OlderProvinceError, OutOfReachError, ServerAheadError, SyncBusyError
from counter.province.sync import Progress, SyncReport, sync
from counter.screens.base import DeskScreen
from counter.store.records import DayFigures
from counter.widgets.lines import Line
from counter.widgets.prose import Prose

BAR = 30


class DayScreen(DeskScreen[None]):
    """F5 sends the day and reconciles it; Esc while it runs stops after the batch that is on its way."""

    DEFAULT_CSS = """
    DayScreen VerticalScroll { padding: 1 2; }
    DayScreen #progress { margin: 1 2; }
    """
    BINDINGS = [
        Binding("f5", "sync", "key.sync"),
        Binding("escape", "leave", "key.back", key_display="Esc"),
    ]

    class Progressed(Message):
        def __init__(self, progress: Progress) -> None:
            super().__init__()
            self.progress = progress

    class Ended(Message):
        """The sync is over: with a report, or with a sentence that says what will happen next."""

        def __init__(self, report: SyncReport | None, said: str) -> None:
            super().__init__()
            self.report = report
            self.said = said

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.cancel = Event()
        self.running = False

    def compose_body(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(id="figures")
            yield Prose(id="open")
            yield Line(id="progress")
            yield Prose(id="outcome")

    async def on_mount(self) -> None:
        self._show_figures()

    def _show_figures(self) -> None:
        figures = self.desk.store.ledger.figures(self.desk.today())
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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to sync with before the counter is enrolled, and one sync at a time."""
        return (None if self.running or self.desk.province is None else True) if action == "sync" else True

    def action_sync(self) -> None:
        """F5: send and reconcile."""
        self.running = True
        self.cancel.clear()
        self.refresh_bindings()
        self.query_one("#outcome", Prose).update(t("day.running"))
        self._sync()

    @work(thread=True, exclusive=True, group="sync")
    def _sync(self) -> None:
        assert self.desk.province is not None, "the key is off until the counter is enrolled"
        report: SyncReport | None = None
        try:
            report = sync(self.desk.store, self.desk.province, self._progressed, self.cancel.is_set)
            self.desk.online = True
            said = t("day.matched") if report.matched else t("day.unmatched")
        except OutOfReachError:
            self.desk.online = False
            said = t("day.out_of_reach")
        except ServerAheadError:
            said = t("day.server_ahead")
        except OlderProvinceError as error:
            said = explained(error)
        except SyncBusyError:
            said = t("day.busy")
        self.post_message(self.Ended(report, said))

    def _progressed(self, progress: Progress) -> None:
        self.post_message(self.Progressed(progress))

    def on_day_screen_progressed(self, event: Progressed) -> None:
        progress = event.progress
        share = progress.done / progress.total if progress.total else 1
        bar = "#" * round(BAR * share) + "-" * (BAR - round(BAR * share))
        line = self.query_one("#progress", Line)
        text = line.text.copy()
        text.plain = f"{t(f'day.stage.{progress.stage}')}  [{bar}]  {progress.done}/{progress.total}"
        line.text = text

    def on_day_screen_ended(self, event: Ended) -> None:
        self.running = False
        lines = [event.said]
        if event.report is not None:
            report = event.report
            lines.append(
                t(
                    "day.report",
                    created=report.created,
                    exists=report.exists,
                    rejected=report.rejected,
                    conflict=report.conflict,
                    pending=report.pending,
                    photos=report.photos,
                )
            )
            lines += [t("day.waiting", date=on) for on in report.waiting]
        self.query_one("#outcome", Prose).update("\n".join(lines))
        self._show_figures()
        self.refresh_header()
        self.refresh_bindings()

    def action_leave(self) -> None:
        """Esc: stop the sync, or leave."""
        if self.running:
            self.cancel.set()
            self.query_one("#outcome", Prose).update(t("day.stopping"))
        else:
            self.dismiss(None)


def _table(figures: DayFigures) -> Table:
    table = Table(
        box=None, padding=(0, 3, 0, 0), pad_edge=False, title=str(figures.business_date), title_justify="left"
    )
    table.add_column(t("day.service"))
    table.add_column(t("day.count"), justify="right")
    table.add_column(t("day.fee"), justify="right")
    for kind, (count, fee_fen) in figures.by_kind.items():
        table.add_row(t(f"service.{kind}.name"), str(count), yuan(fee_fen))
    table.add_row(t("day.total"), str(figures.done), yuan(figures.fee_fen), style="bold")
    return table
