"""The application: opens the store, holds what every screen shares, mounts screens."""

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any

from msgspec import structs
from textual import events, work
from textual.binding import Binding

from counter.i18n import explained, key_problem, t, use_keys, use_language
from counter.keymap.file import read_keys
from counter.keymap.names import said
from counter.look.own import chosen
from counter.look.painted import PaintedApp
from counter.look.themes import THEMES
from counter.screens.reader import AtReader, ReaderNews, card_reader, id_reader, of_cards, of_documents
from counter.screens.sign_in import SignInScreen
from counter.settings import Settings
from counter.terminal.encoding import read_typed_bytes
from counter.terminal.hangup import when_told_to_end
from counter.terminal.keyboard import as_text, ask_for
from counter.terminal.pictures import way_of
from counter.terminal.textual_private import GuardedApp, have_alt_with_digits
from counter.terminal.typeahead import Settled, TypeAhead
from counter.widgets.bound import bound
from counter.widgets.caret import CaretApp
from counter.widgets.lines import READER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from counter.desk.desk import Desk
    from counter.screens.case.result import ResultScreen
    from counter.screens.commands import Act
    from counter.screens.home import HomeScreen
    from counter.screens.practice.guide import Practice
    from counter.store.store import Store

HEARTBEAT_SECONDS = 20
SHOW_CURSOR = "\x1b[?25h"


class CounterApp(GuardedApp[int], PaintedApp[int], CaretApp[int]):
    """Sign-in first; the store, the rules and the network are imported while the clerk types."""

    TITLE = "counter"
    BINDINGS = [
        bound("lock", "lock", show=False),
        bound("quit", "quit", show=False),
        bound("customers", "customers", show=False),
        bound("lay-card", "lay_card", show=False),
        bound("palette", "command_palette", show=False, priority=True),
    ]

    def __init__(
        self,
        settings: Settings,
        customers: str = "",
        roster: "Path | None" = None,
        *,
        practises: bool = False,
        lay: "Callable[[], str] | None" = None,
    ) -> None:
        super().__init__()
        self.animation_level = "none"  # a clerk types on, and over SSH every frame of a scroll is bytes
        self.settings = settings
        self.keys = read_keys(settings.home)
        use_keys(self.keys)
        self.customers = customers
        self.roster = roster
        """A roster file to read as soon as somebody has signed in."""
        self.practises = practises
        """Is somebody to be led through a first day, once they have signed in?"""
        self.lay = lay
        """A hand that lays the next made-up card on a reader of the demonstration, and says which."""
        self.practice: Practice | None = None
        self.desk: Desk | None = None
        self.at_reader = AtReader(self, lambda: self.last_key, of_documents)
        self.at_card_reader = AtReader(self, lambda: self.last_key, of_cards)
        self.last_key = monotonic()
        self._told_of_loss = False
        self.typeahead = TypeAhead(self, super().on_event)

    def on_mount(self) -> None:
        self.set_keymap({id: ",".join(keys) for id, keys in self.keys.moved.items()})
        self.run_worker(self.typeahead.run(), group="typeahead")
        if self.settings.photo != "auto" or not self.is_headless:
            self.pictures = way_of(self.settings.photo)
            self.set_class(self.pictures == "kitty", "-kitty")
        if not self.is_headless:
            when_told_to_end(self.leave)
        self._dress()
        self.push_screen(SignInScreen(self.settings.home, self.settings.operator, self.customers), self._signed_in)
        self.call_after_refresh(self._warm_up)
        self.set_interval(5, self._lock_when_idle)
        self.set_interval(HEARTBEAT_SECONDS, self._ping)

    def _dress(self) -> None:
        """In the theme of the settings, for screen readers where they say so; what cannot be as they say is said."""
        theme, weak = chosen(self.settings.theme, self.settings.home)
        self.paint_in(theme)
        self.set_class(self.settings.screen_reader, READER)
        if self.settings.screen_reader:
            self.tell_terminal(SHOW_CURSOR)
        for sentence in (*weak, *map(key_problem, self.keys.problems)):
            self.notify(sentence, severity="warning", timeout=10)

    @work(thread=True, group="warm")
    def _warm_up(self) -> None:
        """Import what the first screen does not need (measured: a second on a counter's machine)."""
        from counter.screens.services import matching

        matching("?")  # what services are called, in pinyin too

    def _signed_in(self, store: "Store | None") -> None:
        if store is not None:
            self._open_desk(store)

    @work(thread=True, group="warm")
    def _open_desk(self, store: "Store") -> None:
        from counter.desk.opening import open_desk

        desk = open_desk(store, self.settings)
        store.when_ended = lambda: self.call_later(self._end_session, desk)
        self.call_from_thread(self._go_home, desk)

    def _go_home(self, desk: "Desk") -> None:
        from counter.screens.home import HomeScreen

        self.desk = desk
        self.at_reader.begin(id_reader(self.settings.id_reader))
        self.at_card_reader.begin(card_reader(self.settings.card_reader))
        self.push_screen(HomeScreen(desk))
        if self.practises:
            from counter.screens.practice.guide import Practice

            self.practice = Practice(self, desk)
            self.practice.start()
        if self.roster is not None:
            from counter.screens.roster.importing import import_and_open

            import_and_open(self, desk, self.roster)
        self._ping()

    async def _end_session(self, desk: "Desk") -> None:
        """Who has signed in was disabled meanwhile: nothing of a case stays on the screen, another may sign in."""
        if self.desk is not desk:
            return
        self.desk = self.practice = None
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        await asyncio.to_thread(desk.close)
        sign_in = SignInScreen(self.settings.home, customers=self.customers, problem=t("error.SessionEndedError"))
        self.push_screen(sign_in, self._signed_in)

    @work(thread=True, exclusive=True, group="heartbeat")
    def _ping(self) -> None:
        if self.desk is not None:
            self.desk.ping()

    async def on_event(self, event: events.Event) -> None:
        """Every key and paste says that somebody is there, and goes where the keys before it lead."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.last_key = monotonic()
            if self.practice is not None:
                self.practice.pressed()
            self.typeahead.put(as_text(event) if isinstance(event, events.Key) else event)
        else:
            await super().on_event(event)

    def on_reader_news(self, event: ReaderNews) -> None:
        event.by.told(event.news)

    def on_settled(self, event: Settled) -> None:
        event.arrived.set()

    def _lock_when_idle(self) -> None:
        if monotonic() - self.last_key > self.settings.idle_lock_minutes * 60:
            self.action_lock()

    def action_lock(self) -> None:
        """Ctrl+L, or nobody there: lock; the case is still there afterwards."""
        from counter.screens.dialogs.lock import LockScreen

        if self.desk is not None and not isinstance(self.screen, LockScreen):
            self.push_screen(LockScreen(self.desk))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There are made-up customers and cards in a demonstration only, and no palette over a locked screen."""
        if action == "command_palette":
            return not getattr(self.screen, "locked", False)
        if action == "lay_card":
            return self.lay is not None
        return bool(self.customers) if action == "customers" else True

    def action_lay_card(self) -> None:
        """Ctrl+O: the next made-up card comes to lie on the reader."""
        if self.lay is not None:
            self.notify(self.lay())

    def action_customers(self) -> None:
        """F12: the demonstration's customers to type; for who practises, what is to be done."""
        if self.practice is not None and self.practice.on:
            self.practice.told()
            return
        from counter.screens.dialogs.text import TextScreen

        self.push_screen(TextScreen(self.customers))

    def get_key_display(self, binding: Binding) -> str:
        """F1, Ctrl+L, Esc: as the keyboard says it."""
        return binding.key_display or said(binding.key)

    def is_foreseen(self, error: BaseException) -> bool:
        """A ledger that cannot be written now ends nobody's case: a foreseen error in a worker is only said."""
        reason = explained(error)
        if reason:
            self.notify(reason, severity="error", timeout=10)
        return bool(reason)

    def action_command_palette(self) -> None:
        """Ctrl+P: everything by name; what is chosen is done once the palette has gone."""
        from counter.screens.palette import PaletteScreen

        def do(act: "Act | None") -> None:
            if act is not None:
                self.call_later(act)

        if not isinstance(self.screen, PaletteScreen):
            self.push_screen(PaletteScreen(self, self.desk, self.screen), do)

    def themes(self) -> list[str]:
        """The looks that there are to choose from."""
        return list(THEMES)

    def wear(self, theme: str) -> None:
        """Go on in another of them."""
        self.paint_in(THEMES[theme])

    async def settle(self, name: str, value: Any) -> bool:
        """A setting was written; true where it holds at once, else it does from the next start."""
        self.settings = structs.replace(self.settings, **{name: value})
        if name == "lang":
            await self.speak(value)
        elif name in ("theme", "screen_reader"):
            self._dress()
        return name in ("lang", "theme", "screen_reader", "idle_lock_minutes")

    async def go_home(self) -> "HomeScreen | None":
        """Home, and what was open is kept as F4 keeps it; None, and nothing has happened, where that cannot be."""
        from counter.screens.home import HomeScreen

        home = next((screen for screen in self.screen_stack if isinstance(screen, HomeScreen)), None)
        if home is None or not await self._all_is_kept():
            return None
        while self.screen is not home:
            await self.pop_screen()
        return home

    async def start(self, service: str) -> None:
        """A new case of a service, for the next customer."""
        from counter.screens.case.screen import CaseScreen

        if (desk := self.desk) is not None and await self.go_home() is not None:
            self.push_screen(CaseScreen(desk, desk.store.drafts.new_id(), desk.new_case(service)))

    async def speak(self, language: str) -> None:
        """Go on in another language until the program ends, with the case that is open at its step."""
        from counter.screens.case.screen import CaseScreen
        from counter.screens.home import HomeScreen

        opened = [screen.open for screen in self.screen_stack if isinstance(screen, CaseScreen)]
        if (desk := self.desk) is None or await self.go_home() is None:
            return
        use_language(language)
        await self.switch_screen(HomeScreen(desk))
        for case in opened[-1:]:
            self.push_screen(CaseScreen(desk, case.id, case.case, case.step))

    def on_result_screen_follow_up(self, event: "ResultScreen.FollowUp") -> None:
        """What the customer needs next, in the place of the result; it leads home as that does."""
        from counter.screens.case.screen import CaseScreen

        if (desk := self.desk) is not None:
            self.switch_screen(CaseScreen(desk, desk.store.drafts.new_id(), event.case))

    async def action_quit(self) -> None:
        """Ctrl+Q: out; what was typed is kept as a draft. Where it cannot be, the first Ctrl+Q only says so."""
        if not await self._all_is_kept() and not self._told_of_loss:
            self._told_of_loss = True
            self.notify(t("screen.quit_unkept"), severity="error", timeout=10)
        else:
            await self._close(0, self._held())

    def leave(self, code: int) -> None:
        """Told to end by a signal: what was typed is kept as far as it can be, and the terminal is left as it was."""

        async def end() -> None:
            await self._all_is_kept()
            await self._close(code)

        self.run_worker(end(), group="leaving", exclusive=True)

    async def _close(self, code: int, said: str = "") -> None:
        self.at_reader.end()
        self.at_card_reader.end()
        if self.desk is not None:
            await asyncio.to_thread(self.desk.close)
        self.exit(code, message=said or None)

    def _held(self) -> str:
        """Which open cases are held now, for who reads the terminal."""
        from counter.screens.case.keeping import said_of
        from counter.screens.case.screen import CaseScreen

        cases = [screen.open for screen in self.screen_stack if isinstance(screen, CaseScreen)]
        return "\n".join(said_of(case) for case in cases if case.has_customer)

    async def _all_is_kept(self) -> bool:
        from counter.screens.case.screen import CaseScreen

        cases = [screen for screen in self.screen_stack if isinstance(screen, CaseScreen)]
        return all([await screen.keeping.is_kept() for screen in cases])


def run(
    settings: Settings,
    customers: str = "",
    roster: "Path | None" = None,
    *,
    practises: bool = False,
    lay: "Callable[[], str] | None" = None,
) -> int:
    """Open the screen and stay until it is left; the exit code. What ended it unforeseen is raised."""
    read_typed_bytes()
    have_alt_with_digits()
    ask_for(kitty=settings.keyboard == "kitty")
    app = CounterApp(settings, customers, roster, practises=practises, lay=lay)
    code = app.run()
    if app.fault is not None:
        raise app.fault
    return code or 0
