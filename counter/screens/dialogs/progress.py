"""Something slow (耗时操作): it runs in the background, says how far it is, and Esc asks it to stop where it may."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from textual.widget import Widget

from counter.i18n import t
from counter.screens.background import Background
from counter.screens.dialogs.dialog import Dialog
from counter.widgets.prose import Prose, bar

T = TypeVar("T")


class ProgressScreen(Dialog[T], Generic[T]):
    """Answers with what the function gives; None where the ledger refused, which is said."""

    def __init__(self, title: str, function: Callable[[Background[T]], T]) -> None:
        super().__init__(title, t("task.stop_hint"))
        self._function = function
        self._work: Background[T] | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield Prose(" ", id="progress")

    def on_mount(self) -> None:
        self._work = self.in_background(self._function, self.answer, refused=self._came_to_nothing, told=self._told)

    def _told(self, done: int, total: int, _stage: str) -> None:
        text = f"{bar(done, total)}  {done}/{total}" if total else str(done)
        self.query_one("#progress", Prose).update(text)

    def _came_to_nothing(self, reason: str) -> None:
        self.say_refused(reason)
        self.answer(None)

    def action_leave(self) -> None:
        """Esc: stop at the next place where that leaves nothing half done."""
        if self._work is not None:
            self._work.cancel()
        self.query_one("#hint", Prose).update(t("task.stopping"))
