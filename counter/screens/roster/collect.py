"""Collecting (领卡) for a unit: a list to work down, a tick for each card handed over and each account activated."""

from collections import deque
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from rich.text import Text
from textual.app import ComposeResult

from counter.desk.collecting import (
    Collecting,
    Collection,
    CollectResult,
)
from counter.desk.desk import Desk
from counter.i18n import t
from counter.rules.card_life import CardState
from counter.rules.finding import Finding
from counter.rules.masking import mask_name, mask_number
from counter.rules.unit import Delivery
from counter.screens.dialogs.ask import AskTextScreen, ConfirmScreen
from counter.screens.roster.find_bar import FindBar, FindingScreen
from counter.store.records import Batch
from counter.widgets.bound import bound, fixed
from counter.widgets.grid import Column, Grid, Key, State
from counter.widgets.grid.edits import Write
from counter.widgets.grid.table import (
    Marks,
    Table,
    Texts,
)
from counter.widgets.lines import FindingsStrip, Line

_WIDTHS: Final = {"name": 8, "number": 18, "card": 14, "collected": 12, "activated": 12}
_MASKS: Final = {"name": mask_name, "number": mask_number}
_AT: Final = {name: at for at, name in enumerate(_WIDTHS)}
_TICKS: Final = ("[ ]", "[x]")

Act: TypeAlias = Literal["ask", "collect", "activate"]


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done for one person."""

    act: Act
    key: Key
    signed_by: str


class CollectScreen(FindingScreen[None]):
    """Space ticks the cell under the cursor: the card handed to the contact who signs, the account activated by its
    holder. Each tick becomes its ledger entry in a thread, one after the other, while the clerk goes on."""

    BINDINGS = [
        fixed("tick", "space", "tick", "key.tick", priority=True),
        bound("next-open", "next_open"),
        bound("sign-all", "all"),
        bound("ask", "ask"),
        bound("signer", "sign"),
        bound("find", "find", "key.find_text"),
        bound("back", "leave"),
    ]

    def __init__(self, desk: Desk, batch: Batch) -> None:
        super().__init__(desk)
        self.shown_batch = batch
        self.core: Collecting | None = None
        self.table: Table | None = None
        self.people: dict[Key, Collection] = {}
        self.cards: dict[Key, CardState] = {}
        self.refused: dict[Key, tuple[Finding, ...]] = {}
        self.jobs: deque[Job] = deque()
        self.waiting: set[Key] = set()
        """Who has a tick that is not an entry yet."""
        self.busy = False
        self.signed_by = batch.unit.contact
        self.at_branch = batch.unit.delivery is Delivery.BRANCH
        """Each holder comes for their own card, and signs."""

    @property
    def table_shown(self) -> Table | None:
        return self.table

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield FindBar()
        yield Line(id="counts")
        yield FindingsStrip()

    async def on_mount(self) -> None:
        self._load()

    def _load(self) -> None:
        def read() -> tuple[Collecting, list[Collection]]:
            core = Collecting(self.desk, self.shown_batch)
            return core, core.people()

        self.in_background(lambda _: read(), self._open, under=True)

    async def _open(self, read: tuple[Collecting, list[Collection]]) -> None:
        self.core, people = read
        self.people = {standing.person.id: standing for standing in people}
        columns = [
            Column(name, t(f"collect.column.{name}"), width, frozen=at == 0, mask=_MASKS.get(name), locked=True)
            for at, (name, width) in enumerate(_WIDTHS.items())
        ]
        table = Table(columns, ((key, self._row(key)) for key in self.people))
        grid = Grid(table)
        await self.mount(grid, after=self.query_one("#counts"))
        self.table = table
        for key in self.people:
            self._mark(key)
        grid.column = _AT["collected"]
        grid.focus()
        self.refresh_bindings()
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to tick before the list is there, or while a text is being typed."""
        if self.table is None or not self.people:
            return True if action in {"leave", "help"} else None
        if action in {"sign", "all"} and self.at_branch:
            return None
        if action == "tick":
            return self.grid.has_focus
        return (None if self.desk.province is None else True) if action == "ask" else True

    # --- what is shown ---------------------------------------------------------------------------------------------

    def _row(self, key: Key) -> Texts:
        each, card = self.people[key], self.cards.get(key)
        return (
            each.person.row.name,
            each.person.row.number,
            # the province's code says of a card on its way no more than that it is sealed
            t("collect.not_here") if card is CardState.MADE else t(f"choice.card_state.{card}") if card else "",
            _TICKS[bool(each.collected)],
            _TICKS[bool(each.activated)],
        )

    def _mark(self, key: Key) -> None:
        assert self.table is not None, "the list is there"
        each = self.people[key]
        if key in self.refused:
            self.table.marks[key] = Marks(row=State.WRONG)
        elif key in self.waiting:
            self.table.marks[key] = Marks(row=State.WARNED)
        elif each.collected and each.activated:
            self.table.marks[key] = Marks(row=State.SUBMITTED)
        elif each.collected:
            self.table.marks[key] = Marks({_AT["collected"]: State.SUBMITTED})
        else:
            self.table.marks.pop(key, None)

    def _show(self) -> None:
        line, counts = self.query_one("#title", Line), self.query_one("#counts", Line)
        line.text = Text.assemble((f"  {self.shown_batch.unit.name}", "bold"))
        who = t("collect.signed_by", name=mask_name(self.signed_by) or "?")
        line.right = Text(f"{t('collect.by_holders') if self.at_branch else who} ")
        collected = sum(bool(each.collected) for each in self.people.values())
        activated = sum(bool(each.activated) for each in self.people.values())
        counts.text = Text("  " + t("collect.counts", rows=len(self.people), collected=collected, activated=activated))
        counts.right = Text(t("collect.waiting", count=len(self.jobs) + 1) + " " if self.busy else "")
        self._show_findings()

    def on_grid_moved(self) -> None:
        self._show_findings()

    def _show_findings(self) -> None:
        strip = self.query_one(FindingsStrip)
        strip.notice = "" if self.people or self.table is None else t("collect.nobody")
        if self.query(Grid):
            key = self.grid.key_at(self.grid.row)
            strip.findings = self.refused.get(key, ()) if key is not None else ()

    def finding_for_help(self) -> Finding | None:
        return next(iter(self.query_one(FindingsStrip).findings), None)

    # --- ticks -----------------------------------------------------------------------------------------------------

    def action_tick(self) -> None:
        """Space: this card is handed over, or this account activated; on to the next line."""
        grid = self.grid
        key = grid.key_at(grid.row)
        if key is None:
            return
        act: Act = "activate" if grid.column == _AT["activated"] else "collect"
        done = self.people[key].activated if act == "activate" else self.people[key].collected
        if done:
            self.notify(t("collect.done_already"))
        elif self._signed():
            self._do(Job(act, key, self.signed_by))
            grid.action_go("down")

    def _signed(self) -> bool:
        """Is it known who signs? Else it is asked."""
        known = self.at_branch or bool(self.signed_by.strip())
        if not known:
            self.action_sign()
        return known

    def action_sign(self) -> None:
        """F4: who signs for the cards, where it is not the unit's contact."""

        def signed(name: str | None) -> None:
            self.signed_by = name or self.signed_by
            self._show()

        self.app.push_screen(AskTextScreen(t("collect.who_signs"), self.signed_by, limit=60), signed)

    def action_all(self) -> None:
        """F10: the contact signs for all cards that are here."""
        if not self._signed():
            return
        here = [
            key
            for key, each in self.people.items()
            if not (each.collected or key in self.refused)
            and self.cards.get(key, CardState.AT_BRANCH) is CardState.AT_BRANCH
        ]
        if not here:
            left = any(not each.collected for each in self.people.values())
            self.notify(t("collect.none_here" if left else "collect.none_left"))
            return
        asked = ConfirmScreen(
            [t("collect.all", count=len(here), name=mask_name(self.signed_by))],
            title="collect.all_title",
            hint="screen.go_on_hint",
        )

        def confirmed(word: bool | None) -> None:
            if word:
                self._do(*(Job("collect", key, self.signed_by) for key in here))

        self.app.push_screen(asked, confirmed)

    def action_ask(self) -> None:
        """F5: ask the province where the cards are that were not handed over."""
        self._do(*(Job("ask", key, "") for key, each in self.people.items() if not each.collected))

    def action_next_open(self) -> None:
        """F8: the next person who has something to do."""
        assert self.table is not None, "the key is off until the list is there"
        keys = self.table.shown
        after = [*keys[self.grid.row + 1 :], *keys[: self.grid.row + 1]]
        column = "activated" if self.grid.column == _AT["activated"] else "collected"
        left = next((key for key in after if not getattr(self.people[key], column)), None)
        if left is None:
            self.notify(t("collect.none_left"))
        else:
            self.grid.go_to(left)

    # --- one after the other ---------------------------------------------------------------------------------------

    def _do(self, *jobs: Job) -> None:
        waiting = {(job.act, job.key) for job in self.jobs}
        new = [job for job in jobs if (job.act, job.key) not in waiting]
        self.jobs.extend(new)
        self.waiting.update(job.key for job in new if job.act != "ask")
        self._touched({job.key for job in new})
        self._next()

    def _next(self) -> None:
        if not self.busy and self.jobs and self.core is not None:
            self.busy = True
            core, job = self.core, self.jobs.popleft()
            standing = self.people[job.key]
            self.in_background(
                lambda _: _do(core, job, standing),
                lambda result: self._done(job, result),
                refused=lambda reason: self._refused(job, reason),
                under=True,
            )
        self._show()

    def _done(self, job: Job, result: CollectResult) -> None:
        self.people[job.key] = result.standing
        if result.card is not None:
            self.cards[job.key] = result.card
        if result.refused:
            self.refused[job.key] = result.refused
        else:
            self.refused.pop(job.key, None)
        self._go_on(job.key)

    def _refused(self, job: Job, reason: str) -> None:
        """The ledger refuses: what comes after this one is given up."""
        self.say_refused(reason)
        self._give_up()
        self._go_on(job.key)

    def _go_on(self, key: Key) -> None:
        self.busy = False
        self.waiting.discard(key)
        self._touched({key})
        self._next()

    def _touched(self, keys: set[Key]) -> None:
        """Show some people as they stand now."""
        assert self.table is not None, "there are people"
        for key in keys:
            self.table.apply(Write((key,), tuple(range(len(_WIDTHS))), self._row(key)))
            self._mark(key)
        self.grid.refresh_rows(keys)

    def action_leave(self) -> None:
        """Esc: end the search; stop what is waiting and say where it stands; leave."""
        if self.close_find():
            return
        if self.jobs:
            self.notify(t("collect.stopped", left=self._give_up()))
            self._show()
        else:
            self.dismiss(None)

    def _give_up(self) -> int:
        """Forget what is waiting; how many people that concerns."""
        left = {job.key for job in self.jobs}
        self.jobs.clear()
        self.waiting.clear()
        self._touched(left)
        return len(left)


def _do(core: Collecting, job: Job, standing: Collection) -> CollectResult:
    match job.act:
        case "ask":
            return core.ask(standing)
        case "collect":
            return core.collect(standing, job.signed_by)
        case "activate":
            return core.activate(standing, job.signed_by)
