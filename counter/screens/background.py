"""What a screen has done behind the clerk's back: the one way to ledger, province and files that keeps no key waiting.

The event loop touches neither: a function runs in a thread, says how far it is, stops where it is asked to, and its
result comes back to the screen as a call among its messages. Where the clerk's next key must wait for the answer
(a change of a row that the next key builds on) a handler awaits `asyncio.to_thread` instead: see `terminal.typeahead`.
"""

from collections.abc import Awaitable, Callable
from threading import Event
from typing import Any, Generic, TypeVar

from textual import events, on
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from counter.i18n import explained
from counter.widgets.fields.in_view import keep_in_view

Result = TypeVar("Result")
T = TypeVar("T")
Answer = Awaitable[None] | None
Progress = Callable[[int, int, str], None]


class Background(Generic[T]):
    """One function at work for a screen. The function is given this, to say how far it is and to ask whether to stop;
    everything else is for the screen."""

    def __init__(
        self,
        screen: "WorkingScreen[Any]",
        function: "Callable[[Background[T]], T]",
        then: Callable[[T], Answer],
        *,
        refused: Callable[[str], Answer],
        told: Progress | None = None,
        under: bool = False,
    ) -> None:
        self.running = True
        self._screen = screen
        self._app = screen.app
        self._function = function
        self._then = then
        self._refused = refused
        self._told = told
        self._under = under
        self._stop = Event()
        self._unwanted = False
        self._progress: tuple[int, int, str] | None = None
        self._worker: Worker[None] | None = None

    # --- in the thread

    def tell(self, done: int, total: int = 0, stage: str = "") -> None:
        """So many are done, of so many (0: not known); while the screen is busy the latest replaces those before it."""
        waiting, self._progress = self._progress, (done, total, stage)
        if waiting is None and self._told is not None:
            self._screen.call_later(self._tell)

    def cancelled(self) -> bool:
        """Has somebody asked to stop, or has the screen gone?"""
        return self._stop.is_set() or (self._worker is not None and self._worker.is_cancelled)

    def _run(self) -> None:
        try:
            result = self._function(self)
        except Exception as error:
            reason = explained(error)
            if not reason:
                raise
            if not self._screen.call_later(self._deliver, self._refused, reason):
                self._app.notify(reason, severity="error", timeout=10)  # said even where the screen has gone
        else:
            self._screen.call_later(self._deliver, self._then, result)

    # --- on the screen's side

    def start(self, group: str) -> None:
        """Begin; the screen does."""
        self._worker = self._screen.run_worker(self._run, thread=True, group=group)

    def cancel(self) -> None:
        """Stop at the next place where nothing is half done; what comes of it is still delivered."""
        self._stop.set()

    def drop(self) -> None:
        """Stop, and never mind the result: something newer has taken its place."""
        self._unwanted = True
        self._stop.set()

    def _tell(self) -> None:
        progress, self._progress = self._progress, None
        if self._told is not None and progress is not None and self.running:
            self._told(*progress)

    def _deliver(self, receive: Callable[[Any], Answer], result: object) -> Answer:
        if self._under:
            return self._receive(receive, result)
        return self._screen.once_seen(lambda: self._receive(receive, result))

    def _receive(self, receive: Callable[[Any], Answer], result: object) -> Answer:
        if self._unwanted:
            return None
        self.running = False
        return receive(result)


class WorkingScreen(Screen[Result], Generic[Result]):
    """A screen that has something done in the background."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self.delayed: list[Callable[[], Answer]] = []
        """What waits for another screen, perhaps a locked one, to go from over this one."""
        self._newest: dict[str, Background[Any]] = {}
        self._seen_at: tuple[object, ...] = ()
        """Where the focus stood, and in how much room, when it was last scrolled into view."""

    @on(events.ScreenResume)
    def _is_styled_already(self, event: events.ScreenResume) -> None:
        """What a new screen mounts has its styles; Textual works all of them out again when it is shown (measured: a
        quarter of what opening a case costs)."""
        if not self.stack_updates:
            event.refresh_styles = False

    @on(events.Mount)
    def _follow_the_layout(self) -> None:
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self._keep_the_focus_in_view())

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Textual would scroll later, to where the focus was before a layout that is due: `keep_in_view` scrolls."""
        super().set_focus(widget, scroll_visible=False, from_app_focus=from_app_focus)

    @on(events.DescendantFocus)
    def _follow_the_focus(self) -> None:
        self._keep_the_focus_in_view()

    def _keep_the_focus_in_view(self) -> None:
        """After every move of the focus and every change of the layout; whoever scrolls away meanwhile may."""
        focused = self.focused
        if focused is None:
            return
        around = [node for node in focused.ancestors_with_self if isinstance(node, Widget)]
        stands_at = (focused, *((node.virtual_region, node.size) for node in around))
        if stands_at != self._seen_at:
            self._seen_at = stands_at
            keep_in_view(focused)

    def in_background(
        self,
        function: Callable[[Background[T]], T],
        then: Callable[[T], Answer],
        *,
        group: str = "",
        once: bool = False,
        refused: Callable[[str], Answer] | None = None,
        told: Progress | None = None,
        under: bool = False,
    ) -> Background[T]:
        """Have a function done in a thread; `then` is given its result here, `refused` the sentence of a foreseen error
        (else the sentence is shown), `told` how far it is.

        They are called as long as the screen is there, and once it is the one that is seen: nothing opens or closes
        over a locked screen. With `under` they are called behind other screens too. Of a named `group` only the latest
        counts or, where it is to be done `once`, the one that is running.
        """
        former = self._newest.get(group)
        if once and former is not None and former.running:
            return former
        work = Background(self, function, then, refused=refused or self.say_refused, told=told, under=under)
        if group:
            if former is not None:
                former.drop()
            self._newest[group] = work
        work.start(group or "background")
        return work

    def once_seen(self, act: Callable[[], Answer]) -> Answer:
        """Do something now or, while another screen stands over this one, as soon as it is gone."""
        if self.is_active:
            return act()
        self.delayed.append(act)
        return None

    def say_refused(self, reason: str) -> None:
        """Say why something came to nothing."""
        self.notify(reason, severity="error", timeout=10)

    @on(events.ScreenResume)
    async def _deliver_delayed(self) -> None:
        """What waited for this screen to be seen again."""
        delayed, self.delayed = self.delayed, []
        for act in delayed:
            answer = self.once_seen(act)
            if answer is not None:
                await answer
