"""Every command by name (全部命令), Ctrl+P: what the screen's keys do, services, steps, held cases, rosters, language,
theme, settings, documents; by characters, pinyin, initials or another language's name."""

from collections.abc import Iterable, Sequence
from typing import Any

from textual import on
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from counter.desk.desk import Desk
from counter.i18n import t
from counter.reference.pinyin import typed_as
from counter.rules.search import search
from counter.screens.commands import Act, NamedCommand, Program, commands_of, everywhere
from counter.screens.dialogs.dialog import Dialog
from counter.screens.found import line_of
from counter.screens.held import resume
from counter.store.records import Batch, Draft
from counter.widgets.bound import bound
from counter.widgets.picks import Pick, PickBox, PickList
from counter.widgets.prose import Prose


class PaletteScreen(Dialog[Act]):
    """Answers with what was chosen: it is done once the palette has gone."""

    DEFAULT_CSS = """
    PaletteScreen > VerticalScroll { width: 76; height: 90%; padding: 0 1; }
    PaletteScreen PickList { margin-top: 1; }
    PaletteScreen #none { padding: 1 0; display: none; height: 1fr; }
    """
    BINDINGS = [bound("back", "leave", "key.close"), bound("palette", "leave", "key.close", show=False)]
    AUTO_FOCUS = "#wanted"

    def __init__(self, program: Program, desk: Desk | None, below: Screen[Any]) -> None:
        super().__init__()
        self._program = program
        self._desk = None if isinstance(below, Dialog) else desk
        """None over a question, which is answered first, and before anybody has signed in."""
        self.commands = [*commands_of(below), *(everywhere(program, self._desk, below) if self._desk else ())]
        self.shown: list[NamedCommand] = []

    def compose_body(self) -> Iterable[Widget]:
        box = PickBox(limit=60, id="wanted")
        box.placeholder = t("palette.hint")
        yield box
        yield PickList(id="commands")
        yield Prose(t("palette.none"), id="none")

    def on_mount(self) -> None:
        self._list()
        if self._desk is not None:
            store = self._desk.store

            def read(_work: object) -> Sequence[Draft | Batch]:
                return *store.drafts.list(), *store.batches.list()

            self.in_background(read, self._add)

    def _add(self, found: Sequence[Draft | Batch]) -> None:
        """Held cases and rosters, once they have been read."""
        self.commands += map(self._command_of, found)
        self._list()

    def _command_of(self, thing: Draft | Batch) -> NamedCommand:
        (kind, name, number), about, _ = line_of(thing)
        whole = thing.case.holder.name if isinstance(thing, Draft) else thing.unit.name
        return NamedCommand(
            kind, name, f"{number}  {about}", "", (kind, whole, *typed_as(whole)), lambda: self._open(thing)
        )

    async def _open(self, thing: Draft | Batch) -> None:
        desk, home = self._desk, await self._program.go_home()
        if desk is None or home is None:
            return
        if isinstance(thing, Draft):
            await resume(home, desk, thing.id)
        else:
            from counter.screens.roster.screen import RosterScreen

            home.app.push_screen(RosterScreen(desk, thing.id))

    @on(Input.Changed, "#wanted")
    def _list(self) -> None:
        wanted = self.query_one(PickBox).value
        self.shown = search(wanted, self.commands, lambda each: each.found_by, limit=len(self.commands))
        picks = [Pick(str(at), (each.group, each.name), each.about, each.key) for at, each in enumerate(self.shown)]
        self.query_one(PickList).show(picks, keep=not wanted)
        self.query_one(PickList).display = bool(picks)
        self.query_one("#none").display = not picks

    def action_walk(self, way: str) -> None:
        """The keys that walk move the band."""
        self.query_one(PickList).walk(way)

    @on(Input.Submitted, "#wanted")
    @on(PickList.Clicked)
    def _taken(self) -> None:
        current = self.query_one(PickList).current
        if current is not None:
            self.answer(self.shown[int(current.id)].act)
