"""Find anything (查找), F3: by a fragment of whatever one knows of it; without one, the newest entries."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from counter.desk.desk import Desk
from counter.desk.find import Customer, RosterName, SignedParcel
from counter.i18n import named, t
from counter.rules.reference import Branch
from counter.rules.service import Service
from counter.rules.text import plain
from counter.screens.base import DeskScreen
from counter.screens.case.authorise import AwaitingScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.dialogs.text import TextScreen
from counter.screens.found import Thing, line_of
from counter.screens.held import resume
from counter.screens.ledger import EntryScreen, PersonScreen
from counter.screens.parcels import ParcelsScreen
from counter.screens.services import matching
from counter.store.records import AwaitingCase, Batch, Draft, LedgerEntry, LyingCard
from counter.widgets.bound import bound
from counter.widgets.picks import Pick, PickBox, PickList
from counter.widgets.prose import Prose


@dataclass(frozen=True, slots=True)
class Results:
    """What was found of a text."""

    text: str
    things: Sequence[Thing]


class FindScreen(DeskScreen[None]):
    """What is typed is looked for while it is typed; Enter opens what the band is on, masked as everywhere."""

    DEFAULT_CSS = """
    FindScreen PickBox { margin: 1 1; width: 1fr; }
    FindScreen PickList { margin: 0 1; }
    FindScreen #none { padding: 0 2; display: none; height: 1fr; }
    """
    BINDINGS = [bound("back", "dismiss")]
    AUTO_FOCUS = "#wanted"

    def __init__(self, desk: Desk, text: str = "") -> None:
        super().__init__(desk)
        self.text = text
        self.results = Results("", ())
        self.hurried = False
        """Was Enter pressed (a scanner does) before what was typed had been looked for?"""

    def compose_body(self) -> ComposeResult:
        box = PickBox(limit=60, id="wanted")
        box.placeholder = t("find.hint")
        box.value = self.text
        yield box
        yield PickList(id="found")
        yield Prose(id="none")

    def on_screen_resume(self) -> None:
        """What is found may have changed meanwhile."""
        self.refresh_header()
        self.look()

    @property
    def wanted(self) -> str:
        """What is typed, in normal form."""
        return plain(self.query_one(PickBox).value)

    @on(Input.Changed, "#wanted")
    def look(self) -> None:
        """Look; what was found before stays until there is something newer."""
        wanted, lines = self.wanted, self.size.height
        self.in_background(lambda _: self._look(wanted, lines), self._show, group="found")

    def _look(self, wanted: str, lines: int) -> Results:
        services = matching(wanted) if wanted else []
        found = self.desk.everything.find(wanted, lines)
        branches = [thing for thing in found if isinstance(thing, Branch)]
        return Results(wanted, (*found[: len(found) - len(branches)], *services, *branches))

    async def _show(self, results: Results) -> None:
        same = results.text == self.results.text
        self.results = results
        picks = [Pick(str(place), *line_of(thing)) for place, thing in enumerate(results.things)]
        self.query_one(PickList).show(picks, keep=same)
        self.query_one(PickList).display = bool(picks)
        self.query_one("#none", Prose).update(t("find.none" if results.text else "find.empty"))
        self.query_one("#none").display = not picks
        if self.hurried and results.text == self.wanted:
            await self._open()

    def action_walk(self, way: str) -> None:
        """The keys that walk move the band."""
        self.query_one(PickList).walk(way)

    @on(Input.Submitted, "#wanted")
    @on(PickList.Clicked)
    async def _taken(self) -> None:
        self.hurried = self.results.text != self.wanted
        if not self.hurried:
            await self._open()

    async def _open(self) -> None:
        self.hurried = False
        current = self.query_one(PickList).current
        if current is None:
            return
        match self.results.things[int(current.id)]:
            case Service() as service:
                new = self.desk.new_case(service.id)
                self.app.push_screen(CaseScreen(self.desk, self.desk.store.drafts.new_id(), new))
            case Draft() as draft:
                await resume(self, self.desk, draft.id)
            case AwaitingCase() as awaiting:
                self.app.push_screen(AwaitingScreen(self.desk, awaiting))
            case Customer() as person:
                self.app.push_screen(PersonScreen(self.desk, person.document))
            case LedgerEntry() as entry:
                self.app.push_screen(EntryScreen(self.desk, entry))
            case LyingCard():
                self.app.push_screen(ParcelsScreen(self.desk))
            case RosterName(batch=number) | Batch(id=number):
                from counter.screens.roster.screen import RosterScreen

                self.app.push_screen(RosterScreen(self.desk, number))
            case SignedParcel() as parcel:
                signed = await asyncio.to_thread(self.desk.store.ledger.by_id, parcel.entry)
                if signed is not None:
                    self.app.push_screen(EntryScreen(self.desk, signed))
            case Branch() as branch:
                self.app.push_screen(TextScreen(branch_text(branch, self.desk)))


def branch_text(branch: Branch, desk: Desk) -> str:
    """A branch in full: what a customer asks who is to go there."""
    bank = desk.reference.banks.get(branch.bank)
    lines = (named(bank) if bank else "", branch.name, branch.address, branch.hours, branch.phone, branch.id)
    return "\n".join(line for line in lines if line)
