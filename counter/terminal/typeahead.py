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
from typing import Any, Protocol, runtime_checkable

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
PATIENCE_SECONDS = 10.0
"""A busy machine is slow, and a key must not be lost for it; but keys are never held up for good."""


@runtime_checkable
class Ending(Protocol):
    """An input that the clerk may leave by the last character of what is typed."""

    @property
    def may_end(self) -> bool:
        """Has what is typed here an end?"""


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
            while not self._waiting:
                self._came.clear()
                await self._came.wait()
            await self._hand_over(self._waiting.popleft())

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
