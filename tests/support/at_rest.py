"""When a screen has come to rest: its event loop has nothing left to do, and nothing is on its way back to it."""

import asyncio
from time import monotonic
from typing import Any, cast

from textual import events
from textual.app import App

from counter.terminal.typeahead import TypeAhead

PATIENCE = 20.0
A_LOOK = 0.002
A_FRAME = 1 / 30
"""What is drawn later is drawn within a frame of Textual's, 1/60 s; so is whatever a test makes short."""
_ENDLESS = {"typeahead", "ask", "authorise"}
"""Workers that wait for a person."""


class Rest:
    """Sees what an app has yet to do: keys, messages, workers, threads that a handler awaits, frames that are due.

    A message that is not handled keeps its handler's task ready, and that the loop says; so no order of events is
    foreseen here, and what one thread sets off is seen as what the first one did.
    """

    def __init__(self, app: App[Any], typeahead: TypeAhead) -> None:
        self._app = app
        self._typeahead = keys = cast(Any, typeahead)
        self._in_hand = 0
        self._threads = set[asyncio.Future[Any]]()
        self._loop = loop = cast(Any, asyncio.get_running_loop())
        hand_over, in_thread = keys._hand_over, loop.run_in_executor

        async def counted(event: events.Event) -> None:
            self._in_hand += 1
            try:
                await hand_over(event)
            finally:
                self._in_hand -= 1

        def followed(*args: Any) -> asyncio.Future[Any]:
            thread: asyncio.Future[Any] = in_thread(*args)
            self._threads.add(thread)
            thread.add_done_callback(self._threads.discard)
            return thread

        keys._hand_over = counted
        loop.run_in_executor = followed

    async def comes(self) -> None:
        """Wait until there is nothing left; raises what ended the app."""
        end = monotonic() + PATIENCE
        while (pause := self._next_look()) is not None:
            assert monotonic() < end, f"it does not come to rest: {self._at_work()}"
            await asyncio.sleep(pause)
        if self._app._exception is not None:
            raise self._app._exception

    def _next_look(self) -> float | None:
        """In how many seconds it may be at rest; None when it is now."""
        if self._app._exception is not None:
            return None
        if self._loop._ready:
            return 0
        if self._at_work():
            return A_LOOK
        timers = (timer.when() for timer in self._loop._scheduled if not timer.cancelled())
        due = max(0, min(timers, default=float("inf")) - self._loop.time())
        return due if due < A_FRAME else None

    def _at_work(self) -> list[object]:
        keys = self._app.is_running and (self._in_hand or self._typeahead._waiting)
        workers = [each for each in self._app.workers if not each.is_finished and each.group not in _ENDLESS]
        return [*workers, *self._threads, *(["keys"] if keys else [])]
