"""A roster (名单): its people in a grid, checked while the clerk mends them, submitted when they are right."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.worker import get_current_worker

from counter.desk import rosters
from counter.desk.desk import Desk
from counter.i18n import explained, t
from counter.paper.slip import yuan
from counter.roster.checks import Checker
from counter.roster.row import Answers
from counter.rules.finding import Finding, Level
from counter.screens.dialogs.ask import AskScreen
from counter.screens.dialogs.task import Task, TaskScreen
from counter.screens.roster.find_bar import FindBar, FindingScreen
from counter.screens.roster.menu import RosterMenu
from counter.screens.roster.table import (
    Checked,
    RosterTable,
    RowToCheck,
    check_rows,
)
from counter.screens.roster.unit import UnitScreen
from counter.screens.roster.view import (
    arrangement,
    next_filter,
    next_order,
)
from counter.store.errors import StoreError
from counter.store.records import Batch, BatchState, RowState
from counter.widgets.grid import Grid, Key
from counter.widgets.grid.edits import Edit
from counter.widgets.grid.messages import Clipped, Edited
from counter.widgets.lines import FindingsStrip, Line

CHECKED_AT_ONCE = 100

Submitted: TypeAlias = tuple[str, list[Key], int]
"""What is said of a submission, the rows that stand in the ledger now, and what all of them cost (fen)."""


class RosterScreen(FindingScreen[None]):
    """One batch. The store is changed by the table, the table by its log, the log by what the grid asks."""

    DEFAULT_CSS = """
    RosterScreen #title { background: $boost; }
    RosterScreen #counts { color: $text-muted; }
    """
    BINDINGS = [
        Binding("f8", "next_wrong", "key.next_wrong"),
        Binding("f10", "submit", "key.submit"),
        Binding("f9", "more", "key.more"),
        Binding("f3", "find", "key.find_text"),
        Binding("f5", "filter", "key.filter"),
        Binding("f6", "sort", "key.sort"),
        Binding("f4", "unit", "key.unit"),
        Binding("escape", "leave", "key.back", key_display="Esc"),
    ]

    class Loaded(Message):
        def __init__(self, batch: Batch, table: RosterTable, charged_fen: int) -> None:
            super().__init__()
            self.batch = batch
            self.table = table
            self.charged_fen = charged_fen

    class Checks(Message):
        """Rows that were checked, by a checker that knew the roster's numbers when there had been so many changes."""

        def __init__(self, table: RosterTable, found: list[Checked], checker: Checker, renumbered: int) -> None:
            super().__init__()
            self.table = table
            self.found = found
            self.checker = checker
            self.renumbered = renumbered

    class Answered(Message):
        """What the province said of rows, `over` after the last."""

        def __init__(self, table: RosterTable, said: dict[str, Answers], *, over: bool = False) -> None:
            super().__init__()
            self.table = table
            self.said = said
            self.over = over

    class Failed(Message):
        """The ledger could not be read or written: what was to be checked and asked about waits for what comes next."""

        def __init__(self, table: RosterTable, due: Sequence[Key] = (), unasked: Sequence[Key] = ()) -> None:
            super().__init__()
            self.table = table
            self.due = due
            self.unasked = unasked

    def __init__(self, desk: Desk, id: int) -> None:
        super().__init__(desk)
        self.batch_id = id
        self.shown_batch: Batch | None = None
        self.table: RosterTable | None = None
        self.checker: Checker | None = None
        self.checker_knows = -1
        """After how many changes of numbers it looked at other rosters and the ledger."""
        self.checking = False
        self.charged_fen = 0
        """What the rows that stand in the ledger cost."""

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield FindBar()
        yield Line(id="counts")
        yield FindingsStrip()

    async def on_mount(self) -> None:
        self._load()

    @property
    def table_shown(self) -> RosterTable | None:
        return self.table

    # --- opening ---------------------------------------------------------------------------------------------------

    @work(thread=True, exclusive=True, group="roster")
    def _load(self) -> None:
        store = self.desk.store
        batch = rosters.batch_of(store, self.batch_id)
        people, finished = rosters.people(store, self.batch_id), batch.state is BatchState.FINISHED
        table = RosterTable(store, self.batch_id, self.desk.context(), people, locked=finished)
        self.post_message(self.Loaded(batch, table, store.batches.fees(self.batch_id)))

    async def on_roster_screen_loaded(self, event: Loaded) -> None:
        self.table = None  # no key acts while there is no grid
        await self.query(Grid).remove()
        grid = Grid(event.table)
        await self.mount(grid, after=self.query_one("#counts"))
        self.shown_batch, self.table, self.charged_fen = event.batch, event.table, event.charged_fen
        self.checker, self.checker_knows = None, -1
        grid.focus()
        self.refresh_bindings()
        self._refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to do before the rows are there, and nothing to change in a roster that is done with."""
        if self.table is None or self.shown_batch is None:
            return True if action in {"leave", "help"} else None
        return None if action in {"submit", "unit"} and self.shown_batch.state is BatchState.FINISHED else True

    # --- changes ---------------------------------------------------------------------------------------------------

    async def on_grid_edited(self, event: Edited) -> None:
        await self.change(lambda table: table.log.do(event.edits))

    async def on_grid_undo(self) -> None:
        await self.change(lambda table: table.log.undo(), follow=True)

    async def on_grid_redo(self) -> None:
        await self.change(lambda table: table.log.redo(), follow=True)

    def on_grid_clipped(self, event: Clipped) -> None:
        self.notify(t("batch.clipped", cells=event.cells), severity="warning")

    async def change(self, change: Callable[[RosterTable], Sequence[Edit]], *, follow: bool = False) -> None:
        """Change the rows, in a thread; what the ledger refuses is shown as it stands there.

        Keys wait for it, and nothing is painted of rows that are on their way.
        """
        assert self.table is not None, "the grid is there because the table is"
        try:
            with self.app.batch_update():
                inverses = await asyncio.to_thread(change, self.table)
        except StoreError:
            self.notify(t("batch.refused_change"), severity="error")
            self._load()
            return
        self.grid.applied(inverses, follow=follow)
        self._refresh()

    def _refresh(self) -> None:
        self._check()
        self._ask()
        self._show_title()
        self._show_findings()

    # --- checks ----------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        """Check the next rows that are due, in a thread; the answer asks for more."""
        if self.checking or self.table is None or self.shown_batch is None:
            return
        due = self.table.next_due(CHECKED_AT_ONCE)
        renumbered = self.table.renumbered
        checker = self.checker if self.checker_knows == renumbered else None
        if due or checker is None:
            self.checking = True
            self._check_rows(self.shown_batch, self.table, due, checker, renumbered)

    @work(thread=True, group="check")
    def _check_rows(
        self, batch: Batch, table: RosterTable, due: list[RowToCheck], checker: Checker | None, renumbered: int
    ) -> None:
        if checker is None:
            try:
                known = rosters.known_elsewhere(table.store, self.batch_id, table.context)
            except StoreError:
                self.post_message(self.Failed(table, due=[each.key for each in due]))
                raise
            checker = Checker(batch.unit, table.context, known)
        self.post_message(self.Checks(table, check_rows(checker, due), checker, renumbered))

    def on_roster_screen_checks(self, event: Checks) -> None:
        self.checking = False
        table = self.table
        if table is event.table:
            self.checker, self.checker_knows = event.checker, event.renumbered
            self.grid.refresh_rows(set(table.checked(event.found)))
        self._refresh()

    # --- the province ----------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask the province about the rows that it has not been asked about, in a thread (deferred where it is out of
        reach); those that come meanwhile are asked about after it."""
        if self.table is None or self.shown_batch is None or self.table.asking or self.desk.province is None:
            return
        ids, self.table.unasked = [str(key) for key in self.table.unasked], {}
        if ids:
            self.table.asking = True
            self._ask_about(self.shown_batch, self.table, ids)

    @work(thread=True, group="province")
    def _ask_about(self, batch: Batch, table: RosterTable, ids: list[str]) -> None:
        store, worker = self.desk.store, get_current_worker()
        unit = batch.unit
        try:
            for said in rosters.ask(store, rosters.people_of(store, ids), unit, self.desk.province, table.context):
                if worker.is_cancelled:
                    return
                self.post_message(self.Answered(table, said))
        except StoreError:
            self.post_message(self.Failed(table, unasked=ids))
            raise
        self.post_message(self.Answered(table, {}, over=True))

    def on_roster_screen_answered(self, event: Answered) -> None:
        event.table.answered(event.said)
        event.table.asking = not event.over
        self._refresh()

    def on_roster_screen_failed(self, event: Failed) -> None:
        """Not tried again at once: the app says why, and the next change or answer does."""
        table = event.table
        if event.unasked:
            table.asking = False
        else:
            self.checking = False
        table.wait_again(event.due, event.unasked)

    # --- what is said ----------------------------------------------------------------------------------------------

    def on_grid_moved(self) -> None:
        self._show_findings()

    def _show_findings(self) -> None:
        """The focused cell's findings, then those of its row."""
        if self.table is None or self.checker is None or not self.query(Grid):
            return
        grid, strip = self.grid, self.query_one(FindingsStrip)
        key = grid.key_at(grid.row)
        strip.findings = () if key is None else self.table.findings(key, self.checker, grid.column)

    def _show_title(self) -> None:
        if self.table is None or self.shown_batch is None:
            return
        unit, line = self.shown_batch.unit, self.query_one("#title", Line)
        refused = self.checker is not None and any(each.level is Level.STOP for each in self.checker.of_unit)
        mark = "! " if refused else "  "
        line.right = Text(self._arranged(self.table))
        name, code = Text(f"{mark}{unit.name or t('batch.unnamed')}", "bold"), f" {unit.uscc}"
        room = line.size.width - line.right.cell_len - name.cell_len
        line.text = name + Text(code if len(code) < room else "", "not bold")
        self._show_counts(self.table)

    def _arranged(self, table: RosterTable) -> str:
        now = arrangement(table)
        finished = self.shown_batch is not None and self.shown_batch.state is BatchState.FINISHED
        parts = [t("choice.batch.finished")] if finished else []
        if now.filter != "all":
            parts.append(t("batch.filtered", filter=t(f"batch.filter.{now.filter}"), shown=table.row_count))
        if now.by is not None:
            way = "down" if now.reverse else "up"
            parts.append(t("batch.sorted", column=table.columns[now.by].title, way=t(f"batch.order.{way}")))
        return "".join(f"{part}  " for part in parts)

    def _show_counts(self, table: RosterTable) -> None:
        """How many, how many of them right, wrong, submitted; what those cost that are right or in already."""
        wrong, submitted, due = len(table.wrong), len(table.submitted), len(table.due)
        right = max(0, len(table.order) - wrong - submitted - due)
        line = self.query_one("#counts", Line)
        line.text = Text("  " + t("batch.counts", rows=len(table.order), right=right, wrong=wrong, submitted=submitted))
        fee = self.charged_fen + (self.checker.fee_fen * right if self.checker else 0)
        line.right = Text(f"{t('batch.checking', due=due) if due else t('batch.fee', amount=yuan(fee))} ")

    def finding_for_help(self) -> Finding | None:
        return next(iter(self.query_one(FindingsStrip).findings), None)

    # --- keys ------------------------------------------------------------------------------------------------------

    def action_next_wrong(self) -> None:
        """F8: the next wrong cell."""
        self.once_typed(self._next_wrong)

    def _next_wrong(self) -> None:
        grid, table = self.grid, self.table
        found = table.next_wrong(min(grid.row, table.row_count - 1), grid.column) if table and table.row_count else None
        if found is None:
            self.notify(t("batch.no_problem"))
        else:
            grid.go_to(*found)

    def action_filter(self) -> None:
        """F5: all rows, the wrong ones, the changed ones, those not submitted."""
        self.once_typed(lambda: self.change(lambda table: table.log.do([next_filter(table)])))

    def action_sort(self) -> None:
        """F6: by the cursor's column, by it in reverse, as the table has them."""
        column = self.grid.column
        self.once_typed(lambda: self.change(lambda table: table.log.do([next_order(table, column)])))

    # --- the unit --------------------------------------------------------------------------------------------------

    def action_unit(self) -> None:
        """F4: the unit's fields; all rows are judged anew where they have changed."""
        self.once_typed(self.open_unit)

    def open_unit(self) -> None:
        assert self.shown_batch is not None, "the key is off until the roster is there"
        screen = UnitScreen(self.desk, self.batch_id, self.shown_batch.unit)
        self.app.push_screen(screen, lambda _: self._unit_is(screen))

    def _unit_is(self, screen: UnitScreen) -> None:
        assert self.shown_batch is not None, "it was there before"
        assert self.table is not None, "likewise"
        if screen.saved != self.shown_batch.unit:
            self.shown_batch = replace(self.shown_batch, unit=screen.saved)
            self.table.renumbered += 1
            self.table.due = {key: None for key in self.table.order if key not in self.table.submitted}
        self._refresh()

    def action_more(self) -> None:
        """F9: what is done with the roster as a whole."""
        self.once_typed(self._open_menu)

    def _open_menu(self) -> None:
        if self.shown_batch is not None and self.table is not None:
            RosterMenu(self, self.shown_batch, self.table).open()

    # --- submitting ------------------------------------------------------------------------------------------------

    def action_submit(self) -> None:
        """F10: what is right becomes entries; first the unit's own fields, and the clerk's word on them."""
        self.once_typed(self._ask_and_submit)

    def _ask_and_submit(self) -> None:
        assert self.table is not None, "the key is off until the roster is there"
        assert self.shown_batch is not None, "likewise"
        of_unit = Checker(self.shown_batch.unit, self.table.context).of_unit
        asks = tuple(each for each in of_unit if each.level is Level.ASK)
        if any(each.level is Level.STOP for each in of_unit):
            self.notify(t("batch.unit_first"), severity="warning")
            self.open_unit()
        elif asks:
            self.app.push_screen(AskScreen.about(asks), lambda word: self._start(asks) if word else None)
        else:
            self._start(())

    def _start(self, asked: tuple[Finding, ...]) -> None:
        """Submit; what stands in the ledger afterwards is locked, whatever ended it."""
        codes = tuple(each.code for each in asked)
        task: TaskScreen[Submitted] = TaskScreen(t("batch.submitting"), lambda task: self._submit(task, codes))
        self.app.push_screen(task, self._submitted)

    def _submit(self, task: Task, acknowledged: tuple[str, ...]) -> Submitted:
        assert self.table is not None, "it is there"
        store, total = self.desk.store, len(self.table.order) - len(self.table.submitted)
        tell, where = (lambda recorded: task.tell(recorded, total)), self.batch_id
        try:
            done = rosters.submit(store, where, self.desk.context(), acknowledged, tell, task.cancelled)
            said = t("batch.submitted", recorded=done.recorded, wrong=done.wrong, changed=done.changed)
            if task.cancelled():
                said = t("batch.stopped", recorded=done.recorded, left=total - done.recorded)
        except rosters.UnitRefusedError:
            said = t("batch.unit_first")
        except StoreError as error:
            said = explained(error)
        entries: list[Key] = [key.id for key in store.batches.keys(where) if key.state is RowState.SUBMITTED]
        return said, entries, store.batches.fees(where)

    def _submitted(self, result: Submitted | None) -> None:
        if result is not None and self.table is not None:
            said, entries, self.charged_fen = result
            self.notify(said, timeout=8)
            self.table.became_entries(entries)
            self.grid.reload()
        self._refresh()

    def action_leave(self) -> None:
        """Esc: end the search, or leave."""
        if not self.close_find():
            self.dismiss(None)
