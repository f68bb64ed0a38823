"""Nothing is recorded unseen: what a key would record has stood still on the screen before the key was pressed."""

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

STILL_SECONDS = 0.5
"""So long what is to be recorded stands there unchanged before a key records it; what was typed ahead never does."""


class Standstill:
    """Since when a screen shows what it shows. Times are those of the keys (`Event.time`): when a key was pressed
    counts, not when its turn came. `changed` is called whenever `stands` may have become another."""

    def __init__(self, screen: Screen[Any], changed: Callable[[], None]) -> None:
        self.stands = False
        """Has it stood long enough by now? The key that records is shown from then on."""
        self._screen = screen
        self._changed = changed
        self._shown: object = None
        self._begun = 0
        self.drawn_at: float | None = None
        """When it was drawn, on the clock of the keys."""
        self._timer: Timer | None = None

    def show(self, shown: object) -> None:
        """This is what stands there, None for nothing to record; anything else than before begins anew."""
        if shown != self._shown:
            self._shown = shown
            self.begin()

    def begin(self) -> None:
        """Begin anew, as soon as all has been drawn."""
        self.stands, self.drawn_at = False, None
        self._begun += 1
        if self._timer is not None:
            self._timer.stop()
        self._changed()
        if self._shown is not None:
            self._screen.call_after_refresh(partial(self._is_drawn, self._begun))

    def was_seen_by(self, pressed: float) -> bool:
        """Could whoever pressed a key at this time have looked at it?"""
        return self.drawn_at is not None and pressed - self.drawn_at >= STILL_SECONDS

    def _is_drawn(self, begun: int) -> None:
        if begun == self._begun:
            self.drawn_at = Message().time
            self._timer = self._screen.set_timer(STILL_SECONDS, self._now_stands)

    def _now_stands(self) -> None:
        self.stands = True
        self._changed()
