"""An open roster: its rows in a grid, each change kept as it is made, and checked while the clerk goes on."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult

from counter.desk import rosters
from counter.desk.desk import Desk
from counter.desk.roster_work import Checks
from counter.i18n import t
from counter.paper.slip import yuan
from counter.roster.checks import Checker
from counter.roster.columns import BY_ID
from counter.roster.row import Answers
from counter.rules.finding import Finding, Level
from counter.screens.background import Background
from counter.screens.case.explaining import about, rules_of
from counter.screens.dialogs.pick import PickScreen
from counter.screens.roster.checking import Checked, RowToCheck, check_rows
from counter.screens.roster.find_bar import FindBar, FindingScreen
from counter.screens.roster.table import RosterTable
from counter.screens.roster.view import arrangement, next_filter, next_order
from counter.store.deeds import REVEAL
from counter.store.errors import StoreError
from counter.store.records import Batch, BatchState
from counter.widgets.bound import bound
from counter.widgets.grid import Grid, Key
from counter.widgets.grid.edits import Edit
from counter.widgets.grid.messages import Clipped, Edited
from counter.widgets.lines import FindingsStrip, Line


class Opened(NamedTuple):
    """A roster as it was read."""

    batch: Batch
    table: RosterTable
    charged_fen: int


class Counts(NamedTuple):
    """How many people of a roster are right, wrong, submitted, still to be checked; the fee of those right in fen."""

    right: int
    wrong: int
    submitted: int
    due: int
    fee_fen: int


class OpenRosterScreen(FindingScreen[None]):
    """One batch. The store is changed by the table, the table by its log, the log by what the grid asks."""

    BINDINGS = [
        bound("next-problem", "next_wrong", "key.next_wrong"),
        bound("submit", "submit"),
        bound("more", "more"),
        bound("find", "find", "key.find_text"),
        bound("filter", "filter"),
        bound("reveal", "reveal"),
        bound("sort", "sort"),
        bound("unit", "unit"),
        bound("back", "leave"),
    ]

    def __init__(self, desk: Desk, id: int) -> None:
        super().__init__(desk)
        self.batch_id = id
        self.shown_batch: Batch | None = None
        self.table: RosterTable | None = None
        self.charged_fen = 0
        """What the rows that stand in the ledger cost."""
        self._then: Callable[[], None] | None = None

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield FindBar()
        yield Line(id="counts")
        yield FindingsStrip()

    async def on_mount(self) -> None:
        self.load()

    @property
    def table_shown(self) -> RosterTable | None:
        return self.table

    @property
    def finished(self) -> bool:
        """Is the roster done with?"""
        return self.shown_batch is not None and self.shown_batch.state is BatchState.FINISHED

    # --- opening ---------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the roster, and show it as the ledger has it."""
        self.in_background(lambda _: self._read(), self._open, group="roster", under=True)

    def _read(self) -> Opened:
        store = self.desk.store
        batch = rosters.batch_of(store, self.batch_id)
        people, finished = rosters.people(store, self.batch_id), batch.state is BatchState.FINISHED
        table = RosterTable(store, self.batch_id, self.desk.context(), people, batch.unit, locked=finished)
        return Opened(batch, table, store.batches.fees(self.batch_id))

    async def _open(self, opened: Opened) -> None:
        self.table = None  # no key acts while there is no grid
        await self.query(Grid).remove()
        grid = Grid(opened.table)
        await self.mount(grid, after=self.query_one("#counts"))
        self.shown_batch, self.table, self.charged_fen = opened
        grid.focus()
        self.refresh_bindings()
        self.show_all()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to do before the rows are there, and nothing to change in a roster that is done with."""
        if self.table is None:
            return True if action in {"leave", "help"} else None
        return None if action in {"submit", "unit"} and self.finished else True

    # --- changes ---------------------------------------------------------------------------------------------------

    async def on_grid_edited(self, event: Edited) -> None:
        await self.change(lambda table: table.log.do(event.edits))

    def on_grid_list_wanted(self) -> None:
        """F2 in a cell of a list (民族, 职业): the clerk chooses out of it."""
        grid, column = self.grid, BY_ID[self.grid.columns[self.grid.column].key]
        chosen = column.kind.form(self.desk.reference)(grid.text_at(grid.row, grid.column))

        def taken(code: str | None) -> None:
            if code is not None:
                grid.put(code)

        items = column.kind.choices(self.desk.reference)
        self.app.push_screen(PickScreen(t(f"roster.column.{column.id}"), items, chosen), taken)

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
            self.load()
            return
        self.grid.applied(inverses, follow=follow)
        self.show_all()

    def show_all(self) -> None:
        """Have done what is due, and show how it stands."""
        self._check()
        self._ask()
        self._show_title()
        self._show_findings()
        self._go_on()

    # --- checks ----------------------------------------------------------------------------------------------------

    def once_checked(self, then: Callable[[], None]) -> None:
        """Do something as soon as no row is left to be checked."""
        self._then = then
        self.show_all()

    def _go_on(self) -> None:
        then, work = self._then, self.table.work if self.table else None
        if then is not None and work is not None and not work.due and work.checking is None:
            self._then = None
            then()

    def _check(self) -> None:
        """Check the next rows that are due, in a thread; the answer asks for more."""
        table, batch = self.table, self.shown_batch
        if table is None or batch is None or (checks := table.work.take_checks(table.is_open)) is None:
            return
        rows = table.to_check(checks.keys)

        def checked(result: tuple[Checker, list[Checked]]) -> None:
            table.work.checked(checks, result[0])
            if table is self.table:
                self.grid.refresh_rows(set(table.checked(result[1])))
            self.show_all()

        def refused(reason: str) -> None:
            """Not tried again at once: the next change or answer does."""
            table.work.not_checked(checks, table.is_there)
            self.say_refused(reason)

        self.in_background(lambda _: self._check_rows(batch, table, checks, rows), checked, refused=refused, under=True)

    def _check_rows(
        self, batch: Batch, table: RosterTable, checks: Checks, rows: list[RowToCheck]
    ) -> tuple[Checker, list[Checked]]:
        checker = checks.checker
        if checker is None:
            elsewhere = rosters.known_elsewhere(table.store, self.batch_id)
            checker = Checker(batch.unit, table.context, elsewhere)
        return checker, check_rows(checker, rows, table.ids)

    # --- the province ----------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask the province about the rows that it has not been asked about, in a thread (deferred where it is out of
        reach); those that come meanwhile are asked about after it."""
        table, batch = self.table, self.shown_batch
        if table is None or batch is None or self.desk.province is None:
            return
        ids = [str(key) for key in table.work.take_questions()]
        if not ids:
            return

        def answered(answers: dict[str, Answers]) -> None:
            table.answered(answers)
            self.show_all()

        def over(_nothing: None) -> None:
            table.work.asked()
            self.show_all()

        def refused(reason: str) -> None:
            """Not tried again at once, likewise."""
            table.work.not_asked(table.is_open)
            self.say_refused(reason)

        def ask(work: Background[None]) -> None:
            store, unit = self.desk.store, batch.unit
            people = rosters.people_of(store, ids)
            for answers in rosters.ask(store, people, unit, self.desk.province, table.context):
                if work.cancelled():
                    return
                self.call_later(answered, answers)

        self.in_background(ask, over, refused=refused, under=True)

    # --- what is said ----------------------------------------------------------------------------------------------

    def on_grid_moved(self) -> None:
        self._show_findings()

    def _show_findings(self) -> None:
        """The focused cell's findings, then those of its row."""
        if self.table is None or self.table.work.checker is None or not self.query(Grid):
            return
        grid, strip = self.grid, self.query_one(FindingsStrip)
        key = grid.key_at(grid.row)
        strip.findings = () if key is None else self.table.findings(key, self.table.work.checker, grid.column)

    def _show_title(self) -> None:
        if self.table is None or self.shown_batch is None:
            return
        unit, line, checker = self.shown_batch.unit, self.query_one("#title", Line), self.table.work.checker
        refused = checker is not None and any(finding.level is Level.STOP for finding in checker.of_unit)
        mark = "! " if refused else "  "
        line.right = Text(self._arranged(self.table))
        name, code = f"{mark}{unit.name or t('batch.unnamed')}", f" {unit.uscc}"
        room = line.size.width - line.right.cell_len - cell_len(name)
        line.text = Text.assemble((name, "bold"), (code if cell_len(code) < room else "", "quiet"))
        self._show_counts(self.table)

    def _arranged(self, table: RosterTable) -> str:
        now = arrangement(table)
        parts = [t("choice.batch.finished")] if self.finished else []
        if now.filter != "all":
            parts.append(t("batch.filtered", filter=t(f"batch.filter.{now.filter}"), shown=table.row_count))
        if now.by is not None:
            way = "down" if now.reverse else "up"
            parts.append(t("batch.sorted", column=table.columns[now.by].title, way=t(f"batch.order.{way}")))
        return "".join(f"{part}  " for part in parts)

    def _show_counts(self, table: RosterTable) -> None:
        """How many, how many of them right, wrong, submitted; what those cost that are right or in already."""
        counts, line = self.counts(table), self.query_one("#counts", Line)
        said = t(
            "batch.counts", rows=len(table.order), right=counts.right, wrong=counts.wrong, submitted=counts.submitted
        )
        line.text = Text(f"  {said}")
        fee = t("batch.fee", amount=yuan(self.charged_fen + counts.fee_fen))
        line.right = Text(f"{t('batch.checking', due=counts.due) if counts.due else fee} ")

    def counts(self, table: RosterTable) -> Counts:
        """How many there are of each, and what those cost that are right."""
        wrong, submitted, due = len(table.wrong), len(table.submitted), len(table.work.due)
        right, checker = max(0, len(table.order) - wrong - submitted - due), table.work.checker
        return Counts(right, wrong, submitted, due, fee_fen=checker.fee_fen * right if checker else 0)

    def finding_for_help(self) -> Finding | None:
        return next(iter(self.query_one(FindingsStrip).findings), None)

    def explained(self) -> Iterator[str]:
        """The column of the cursor."""
        if self.table is not None:
            id = self.table.ids[self.grid.column]
            path = BY_ID[id].path or id if id in BY_ID else "booking"
            yield from (about(path, t(f"roster.column.{id}")), *rules_of(path))

    # --- keys ------------------------------------------------------------------------------------------------------

    def action_next_wrong(self) -> None:
        """F8: the next wrong cell."""
        self.once_typed(self._next_wrong)

    def _next_wrong(self) -> None:
        grid, table = self.grid, self.table
        cell: tuple[Key, int] | None = None
        if table is not None and table.row_count:
            cell = table.next_wrong(min(grid.row, table.row_count - 1), grid.column)
        if cell is None:
            self.notify(t("batch.no_problem"))
        else:
            grid.go_to(*cell)

    def action_filter(self) -> None:
        """F5: all rows, the wrong ones, the changed ones, those not submitted."""
        self.once_typed(lambda: self.change(lambda table: table.log.do([next_filter(table)])))

    def action_reveal(self) -> None:
        """F6: show what is masked; the audit remembers who looked."""
        self.grid.reveal()
        self.in_background(lambda _: self.desk.store.audit.note(REVEAL, str(self.batch_id)), lambda _: None, under=True)

    def action_sort(self) -> None:
        """F7: by the cursor's column, by it in reverse, as the table has them."""
        column = self.grid.column
        self.once_typed(lambda: self.change(lambda table: table.log.do([next_order(table, column)])))
