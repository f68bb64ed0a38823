"""A roster (名单): its people in a grid, checked while the clerk mends them, submitted when they are right."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.worker import get_current_worker

from counter import batch
from counter.desk import Desk
from counter.i18n import t
from counter.roster.checks import Checker
from counter.roster.row import Answers
from counter.rules.finding import Finding, Level
from counter.screens.ask import AskScreen
from counter.screens.base import DeskScreen
from counter.screens.roster_sheet import Checked, Due, RosterSheet, check_rows
from counter.screens.unit import UnitScreen
from counter.store.errors import StoreError
from counter.store.records import Batch, RowState
from counter.widgets.grid import Grid, Key
from counter.widgets.grid.edits import Edit
from counter.widgets.grid.messages import Clipped, Edited
from counter.widgets.lines import FindingsStrip, Line

FILTERS = ("all", "wrong", "changed", "open")
CHECKED_AT_ONCE = 100


class RosterScreen(DeskScreen[None]):
    """One batch. The store is changed by the sheet, the sheet by its log, the log by what the grid asks."""

    DEFAULT_CSS = "RosterScreen #title { background: $boost; }"
    BINDINGS = [
        Binding("f8", "next_wrong", "key.next_problem"),
        Binding("f10", "submit", "key.submit"),
        Binding("f5", "filter", "key.filter"),
        Binding("f4", "unit", "key.unit"),
        Binding("escape", "leave", "key.back", key_display="Esc"),
    ]

    class Loaded(Message):
        def __init__(self, about: Batch, sheet: RosterSheet) -> None:
            super().__init__()
            self.about = about
            self.sheet = sheet

    class Checks(Message):
        """Rows that were checked, by a checker that knew the roster's numbers when there had been so many changes."""

        def __init__(self, sheet: RosterSheet, found: list[Checked], checker: Checker, renumbered: int) -> None:
            super().__init__()
            self.sheet = sheet
            self.found = found
            self.checker = checker
            self.renumbered = renumbered

    class Answered(Message):
        """What the province said of rows, `over` after the last."""

        def __init__(self, sheet: RosterSheet, said: dict[str, Answers], *, over: bool = False) -> None:
            super().__init__()
            self.sheet = sheet
            self.said = said
            self.over = over

    class Progressed(Message):
        def __init__(self, recorded: int) -> None:
            super().__init__()
            self.recorded = recorded

    class Ended(Message):
        """The submission is over; `entries` are the rows that stand in the ledger now."""

        def __init__(self, said: str, entries: list[Key]) -> None:
            super().__init__()
            self.said = said
            self.entries = entries

    def __init__(self, desk: Desk, id: int) -> None:
        super().__init__(desk)
        self.batch_id = id
        self.about: Batch | None = None
        self.sheet: RosterSheet | None = None
        self.checker: Checker | None = None
        self.checker_knows = -1
        """After how many changes of numbers it looked at other rosters and the ledger."""
        self.cancel = Event()
        self.checking = False
        self.submitting = False

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield FindingsStrip()

    async def on_mount(self) -> None:
        self._load()

    def on_unmount(self) -> None:
        self.cancel.set()

    @property
    def grid(self) -> Grid:
        return self.query_one(Grid)

    # --- opening ---------------------------------------------------------------------------------------------------

    @work(thread=True, exclusive=True, group="roster")
    def _load(self) -> None:
        store = self.desk.store
        about = batch.batch_of(store, self.batch_id)
        sheet = RosterSheet(store, self.batch_id, self.desk.context(), batch.people(store, self.batch_id))
        self.post_message(self.Loaded(about, sheet))

    async def on_roster_screen_loaded(self, event: Loaded) -> None:
        self.about, self.sheet = event.about, event.sheet
        self.checker, self.checker_knows = None, -1
        await self.query(Grid).remove()
        grid = Grid(event.sheet)
        await self.mount(grid, after=self.query_one("#title"))
        grid.focus()
        self.refresh_bindings()
        self._refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to do before the rows are there, and one submission at a time."""
        if action in {"next_wrong", "filter", "unit", "submit"} and (self.sheet is None or self.submitting):
            return None
        return True

    # --- changes ---------------------------------------------------------------------------------------------------

    def on_grid_edited(self, event: Edited) -> None:
        self._change(lambda sheet: sheet.log.do(event.edits))

    def on_grid_undo(self) -> None:
        self._change(lambda sheet: sheet.log.undo(), follow=True)

    def on_grid_redo(self) -> None:
        self._change(lambda sheet: sheet.log.redo(), follow=True)

    def on_grid_clipped(self, event: Clipped) -> None:
        self.notify(t("batch.clipped", cells=event.cells), severity="warning")

    def _change(self, change: Callable[[RosterSheet], Sequence[Edit]], *, follow: bool = False) -> None:
        """Change the rows; what the ledger refuses is shown as it stands there."""
        assert self.sheet is not None, "the grid is there because the sheet is"
        try:
            self.grid.applied(change(self.sheet), follow=follow)
        except StoreError:
            self.notify(t("batch.refused_change"), severity="error")
            self._load()
            return
        self._refresh()

    def _refresh(self) -> None:
        self._check()
        self._ask()
        self._show_title()
        self._show_findings()

    # --- checks ----------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        """Check the next rows that are due, in a thread; the answer asks for more."""
        if self.checking or self.sheet is None or self.about is None:
            return
        due = self.sheet.next_due(CHECKED_AT_ONCE)
        renumbered = self.sheet.renumbered
        checker = self.checker if self.checker_knows == renumbered else None
        if due or checker is None:
            self.checking = True
            self._check_rows(self.about, self.sheet, due, checker, renumbered)

    @work(thread=True, group="check")
    def _check_rows(
        self, about: Batch, sheet: RosterSheet, due: list[Due], checker: Checker | None, renumbered: int
    ) -> None:
        if checker is None:
            known = batch.known_elsewhere(sheet.store, self.batch_id)
            checker = Checker(batch.unit_of(about), sheet.context, known)
        self.post_message(self.Checks(sheet, check_rows(checker, due), checker, renumbered))

    def on_roster_screen_checks(self, event: Checks) -> None:
        self.checking = False
        sheet = self.sheet
        if sheet is event.sheet:
            self.checker, self.checker_knows = event.checker, event.renumbered
            self.grid.refresh_rows(set(sheet.checked(event.found)))
        self._refresh()

    # --- the province ----------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask the province about the rows that it has not been asked about, in a thread (deferred where it is out of
        reach); those that come meanwhile are asked about after it."""
        if self.sheet is None or self.about is None or self.sheet.asking or self.desk.province is None:
            return
        ids, self.sheet.unasked = [str(key) for key in self.sheet.unasked], {}
        if ids:
            self.sheet.asking = True
            self._ask_about(self.about, self.sheet, ids)

    @work(thread=True, group="province")
    def _ask_about(self, about: Batch, sheet: RosterSheet, ids: list[str]) -> None:
        store, worker = self.desk.store, get_current_worker()
        unit = batch.unit_of(about)
        for said in batch.ask(store, batch.people_of(store, ids), unit, self.desk.province, sheet.context):
            if worker.is_cancelled:
                return
            self.post_message(self.Answered(sheet, said))
        self.post_message(self.Answered(sheet, {}, over=True))

    def on_roster_screen_answered(self, event: Answered) -> None:
        event.sheet.answered(event.said)
        event.sheet.asking = not event.over
        self._refresh()

    # --- what is said ----------------------------------------------------------------------------------------------

    def on_grid_moved(self) -> None:
        self._show_findings()

    def _show_findings(self) -> None:
        """The focused cell's findings, then those of its row."""
        if self.sheet is None or self.checker is None or not self.query(Grid):
            return
        grid, strip = self.grid, self.query_one(FindingsStrip)
        key = grid.key_at(grid.row)
        strip.findings = () if key is None else self.sheet.findings(key, self.checker, grid.column)

    def _show_title(self) -> None:
        if self.sheet is None or self.about is None:
            return
        sheet, unit, line = self.sheet, self.about.unit, self.query_one("#title", Line)
        refused = self.checker is not None and any(each.level is Level.STOP for each in self.checker.of_unit)
        mark = "! " if refused else "  "
        line.text = Text.assemble((f"{mark}{unit.name or t('batch.unnamed')}", "bold"), f" {unit.uscc}")
        counts = t("batch.counts", rows=len(sheet.order), wrong=len(sheet.wrong), submitted=len(sheet.submitted))
        due = len(sheet.due)
        shown = sheet.view.about or "all"
        filtered = t("batch.filtered", filter=t(f"batch.filter.{shown}"), shown=sheet.row_count)
        said = filtered if shown != "all" else counts
        line.right = Text(said + (t("batch.checking", due=due) if due else "") + " ")

    def finding_for_help(self) -> Finding | None:
        return next(iter(self.query_one(FindingsStrip).findings), None)

    # --- keys ------------------------------------------------------------------------------------------------------

    def _once_typed(self, command: Callable[[], None]) -> None:
        """Run a command after what is being typed has become the cell's text."""
        self.grid.accept()
        self.grid.call_later(self.call_later, command)

    def action_next_wrong(self) -> None:
        """F8: the next wrong cell."""
        self._once_typed(self._next_wrong)

    def _next_wrong(self) -> None:
        grid, sheet = self.grid, self.sheet
        found = sheet.next_wrong(min(grid.row, sheet.row_count - 1), grid.column) if sheet and sheet.row_count else None
        if found is None:
            self.notify(t("batch.no_problem"))
        else:
            grid.go_to(*found)

    def action_filter(self) -> None:
        """F5: all rows, the wrong ones, the changed ones, those not submitted."""
        self._once_typed(self._filter)

    def _filter(self) -> None:
        def next_view(sheet: RosterSheet) -> Sequence[Edit]:
            shown = FILTERS[(FILTERS.index(str(sheet.view.about or "all")) + 1) % len(FILTERS)]
            keep: dict[str, Callable[[Key], bool]] = {
                "wrong": sheet.wrong.__contains__,
                "changed": lambda key: bool(sheet.changed.get(key)),
                "open": lambda key: key not in sheet.submitted,
            }
            return sheet.log.do([sheet.arranged(keep.get(shown), about=shown)])

        self._change(next_view)

    def action_unit(self) -> None:
        """F4: the unit's fields; all rows are judged anew where they have changed."""
        self._once_typed(self._open_unit)

    def _open_unit(self) -> None:
        assert self.about is not None, "the key is off until the roster is there"
        screen = UnitScreen(self.desk, self.batch_id, self.about.unit)
        self.app.push_screen(screen, lambda _: self._unit_is(screen))

    def _unit_is(self, screen: UnitScreen) -> None:
        assert self.about is not None, "it was there before"
        assert self.sheet is not None, "likewise"
        if screen.unit != self.about.unit:
            self.about = replace(self.about, unit=screen.unit)
            self.sheet.renumbered += 1
            self.sheet.due = {key: None for key in self.sheet.order if key not in self.sheet.submitted}
        self._refresh()

    # --- submitting ------------------------------------------------------------------------------------------------

    def action_submit(self) -> None:
        """F10: what is right becomes entries; first the unit's own fields, and the clerk's word on them."""
        self._once_typed(self._ask_and_submit)

    def _ask_and_submit(self) -> None:
        assert self.sheet is not None, "the key is off until the roster is there"
        assert self.about is not None, "likewise"
        of_unit = Checker(batch.unit_of(self.about), self.sheet.context).of_unit
        asks = tuple(each for each in of_unit if each.level is Level.ASK)
        if any(each.level is Level.STOP for each in of_unit):
            self.notify(t("batch.unit_first"), severity="warning")
            self._open_unit()
        elif asks:
            self.app.push_screen(AskScreen.about(asks), lambda word: self._start(asks) if word else None)
        else:
            self._start(())

    def _start(self, asked: tuple[Finding, ...]) -> None:
        self.submitting = True
        self.cancel.clear()
        self.refresh_bindings()
        self.query_one(FindingsStrip).notice = t("batch.submitting", recorded=0)
        self._submit(tuple(each.code for each in asked))

    @work(thread=True, exclusive=True, group="submit", exit_on_error=False)
    def _submit(self, acknowledged: tuple[str, ...]) -> None:
        store = self.desk.store
        try:
            done = batch.submit(
                store,
                self.batch_id,
                self.desk.context(),
                acknowledged,
                self._progressed,
                self.cancel.is_set,
            )
            said = t("batch.submitted", recorded=done.recorded, wrong=done.wrong, changed=done.changed)
        except batch.UnitRefusedError:
            said = t("batch.unit_first")
        except StoreError as error:
            said = t(f"cli.error.{type(error).__name__}")
        entries: list[Key] = [key.id for key in store.batches.keys(self.batch_id) if key.state is RowState.SUBMITTED]
        self.post_message(self.Ended(said, entries))

    def _progressed(self, recorded: int) -> None:
        self.post_message(self.Progressed(recorded))

    def on_roster_screen_progressed(self, event: Progressed) -> None:
        if not self.cancel.is_set():
            self.query_one(FindingsStrip).notice = t("batch.submitting", recorded=event.recorded)

    def on_roster_screen_ended(self, event: Ended) -> None:
        self.submitting = False
        strip = self.query_one(FindingsStrip)
        strip.notice = ""
        self.notify(event.said, timeout=8)
        if self.sheet is not None:
            self.sheet.became_entries(event.entries)
            self.grid.reload()
        self.refresh_bindings()
        self._refresh()

    def action_leave(self) -> None:
        """Esc: stop the submission, or leave."""
        if self.submitting:
            self.cancel.set()
            self.query_one(FindingsStrip).notice = t("batch.stopping")
        else:
            self.dismiss(None)
