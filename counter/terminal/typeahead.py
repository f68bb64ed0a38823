"""Typing ahead: a key reaches the field that the keys before it lead to, however fast they come.

Textual hands every key to the widget that has the focus when the key arrives. A scanner, a paste of lines or a quick
clerk sends a number, Enter and a name within a millisecond: the name would still go to the number's field, because
Enter moves the focus a few messages later. So keys are taken one after the other, and after a key that may move the
focus the next one waits until what it set off has passed through the screen.

A character that is typed is drawn once, with what the rules say of it. Textual would draw the field at once and the
rest one or two frames later: its timer sleeps out a frame before it looks again.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol, TypeGuard, runtime_checkable

from textual import events
from textual.app import App
from textual.message import Message
from textual.widgets import Input

LAPS = 3
"""A field's answer to Enter takes two messages (submitted, accepted), and the last one is acted upon."""
GLANCE_SECONDS = 0.25
"""A widget that goes away takes its messages with it: so often is looked whether it is still there."""
HELD_SECONDS = 0.05
"""When what a character sets off takes longer it is drawn as it comes."""
SCAN_SECONDS = 0.03
"""No hand types two characters within this time: a scanner does, or a program."""
SCAN_WAIT_SECONDS = 0.05
"""So long is waited for a scanner's next character."""
SCAN_SHORTEST = 8
PATIENCE_SECONDS = 10.0
"""A busy machine is slow, and a key must not be lost for it; but keys are never held up for good."""


@runtime_checkable
class Ending(Protocol):
    """An input that the clerk may leave by the last character of what is typed."""

    @property
    def may_end(self) -> bool:
        """Has what is typed here an end?"""


@runtime_checkable
class TakesScans(Protocol):
    """A screen on which a scanner's text goes to the field that it is for, whatever has the focus."""

    def as_it_stands(self) -> object:
        """How things stand before a character, which may be the first of a scan."""

    def scan(self, text: str, before: object) -> str | None:
        """What is to be typed into the field that has the focus now, '' for nothing; None where it is typed on."""


@runtime_checkable
class TypesAhead(Protocol):
    """An app whose keys are taken one after the other."""

    typeahead: "TypeAhead"


Hand = Callable[[events.Event], Awaitable[None]]


class Settled(Message):
    """Travels from the focused widget up to the app, behind everything that is on its way there."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = asyncio.Event()


class TypeAhead:
    """The queue of keys in front of an app; `hand` gives an event to Textual."""

    def __init__(self, app: App[Any], hand: Hand) -> None:
        self.app = app
        self.hand = hand
        self._waiting: deque[events.Event] = deque()
        self._came = asyncio.Event()
        self._first: events.Key | None = None
        """The latest character of a hand: the first of a scan looks the same."""
        self._before: object = None
        self._looked_at = 0
        """So many of those that wait are no scan."""

    def put(self, event: events.Event) -> None:
        """Take a key or a paste."""
        self._waiting.append(event)
        self._came.set()

    def put_first(self, events: Iterable[events.Event]) -> None:
        """Take keys again, before those that wait: a question came between, and they are for what it was about."""
        self._waiting.extendleft(reversed(list(events)))
        self._came.set()

    async def run(self) -> None:
        """Hand over one event after the other, for as long as the app lives."""
        while True:
            await self._next_waits(None)
            if self._looked_at:
                self._looked_at -= 1
            elif await self._is_scan():
                continue
            await self._hand_over(self._waiting.popleft())

    async def _next_waits(self, seconds: float | None, at: int = 0) -> bool:
        """Does an event wait at this place of the queue, within so many seconds?"""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while len(self._waiting) <= at:
                    self._came.clear()
                    await self._came.wait()
        return len(self._waiting) > at

    async def _is_scan(self) -> bool:
        """Is what waits a scanner's text, and has the screen taken it?

        A scanner's first character looks like one that is typed, and is handed over at once; what follows within a
        moment is held until Enter or a pause.
        """
        screen, event = self.app.screen if self.app.screen_stack else None, self._waiting[0]
        if not isinstance(screen, TakesScans):
            return False
        if isinstance(event, events.Paste):
            typed = screen.scan(event.text, screen.as_it_stands())
            return await self._aim(typed, taken=1) if typed is not None else False
        if not _is_scanned(event):
            self._first = None
            return False
        if self._first is None or event.time - self._first.time > SCAN_SECONDS:
            self._first, self._before = event, screen.as_it_stands()
            return False
        held = await self._burst(self._first)
        text = "".join(each.character or "" for each in (self._first, *held))
        self._first = None
        if len(held) < len(self._waiting) and len(text) >= SCAN_SHORTEST and _ends(self._waiting[len(held)]):
            await self._settle()  # what the first character set off is over
            typed = screen.scan(text, self._before)
            if typed is not None:
                return await self._aim(typed, taken=len(held) + (not typed))
        self._looked_at = len(held)
        return False

    async def _burst(self, first: events.Key) -> list[events.Key]:
        """The characters that wait and came one right after the other."""
        held, last = list[events.Key](), first
        while await self._next_waits(SCAN_WAIT_SECONDS, at=len(held)):
            event = self._waiting[len(held)]
            if not _is_scanned(event) or event.time - last.time > SCAN_SECONDS:
                break
            held.append(event)
            last = event
        return held

    async def _aim(self, typed: str, *, taken: int) -> bool:
        """In place of the first ones that wait this is typed, into the field that has the focus now."""
        for _ in range(taken):
            self._waiting.popleft()
        await self._settle()  # the focus is there
        if typed:
            self._waiting.appendleft(events.Paste(typed))
            self._looked_at = 1
        return True

    async def _hand_over(self, event: events.Event) -> None:
        if self._may_move_focus(event):
            await self.hand(event)
            await self._settle()
        elif self._waiting:  # of what comes in one go the last key is waited for
            await self.hand(event)
        else:
            await self._draw_once(event)

    async def _draw_once(self, event: events.Event) -> None:
        """A character that is typed: what it changes goes through the screen undrawn. No other key does: while nothing
        is drawn, Textual does not wait with what is to be done after the next drawing."""
        with self.app.batch_update():
            await self.hand(event)
            settling = asyncio.create_task(self._settle())
            await asyncio.wait({settling}, timeout=HELD_SECONDS)
        settling.cancel()
        if self.app.screen_stack:
            self.app.screen.check_idle()  # which draws

    async def _settle(self) -> None:
        for _ in range(LAPS):
            await self._lap()

    def _may_move_focus(self, event: events.Event) -> bool:
        typed = isinstance(event, events.Paste) or (isinstance(event, events.Key) and event.is_printable)
        focused = self.app.focused
        return not (typed and isinstance(focused, Input)) or (isinstance(focused, Ending) and focused.may_end)

    async def _lap(self) -> None:
        settled, widget = Settled(), self.app.focused or self.app.screen
        waits = round(PATIENCE_SECONDS / GLANCE_SECONDS) if widget.post_message(settled) else 0
        for _ in range(waits):
            with suppress(TimeoutError):
                await asyncio.wait_for(settled.arrived.wait(), GLANCE_SECONDS)
            if settled.arrived.is_set() or not widget.is_attached:
                return


def _is_scanned(event: events.Event) -> TypeGuard[events.Key]:
    """Is it a character of a number, a code or an address, as scanners type them?"""
    return isinstance(event, events.Key) and event.is_printable and (event.character or "").isascii()


def _ends(event: events.Event) -> bool:
    return isinstance(event, events.Key) and event.key in {"enter", "tab"}
