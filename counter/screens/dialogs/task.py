"""Something slow (耗时操作): it runs in a thread, says how far it is, and stops where it may when Esc asks it to."""

from collections.abc import Callable
from threading import Event
from typing import Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen

from counter.i18n import explained, t
from counter.store.errors import StoreError
from counter.widgets.prose import Prose

T = TypeVar("T")
BAR = 30


class Task:
    """What a slow function is given: whom to tell how far it is, and whether to stop."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        self._cancel = Event()
        self.tell = tell
        """Done, and of how many (0: not known)."""

    def cancel(self) -> None:
        """Stop at the next place where nothing is half done."""
        self._cancel.set()

    def cancelled(self) -> bool:
        """Has somebody asked to stop?"""
        return self._cancel.is_set()


class TaskScreen(ModalScreen[T | None], Generic[T]):
    """Answers with what the function gives; None where the ledger refused, which is said."""

    DEFAULT_CSS = """
    TaskScreen { align: center middle; }
    TaskScreen > Vertical {
        width: 64; max-width: 95%; height: auto; border: ascii $primary; padding: 1 2; background: $surface;
    }
    """
    BINDINGS = [Binding("escape", "stop", "key.stop", key_display="Esc")]

    class Told(Message):
        """How far it is; a later one replaces those before it."""

        def __init__(self, done: int, total: int) -> None:
            super().__init__()
            self.done = done
            self.total = total

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TaskScreen.Told)

    class Ended(Message):
        def __init__(self, result: object, error: StoreError | None = None) -> None:
            super().__init__()
            self.result = result
            self.error = error

    def __init__(self, title: str, run: Callable[[Task], T | None]) -> None:
        super().__init__()
        self.what = title
        self.doing = Task(self._tell)
        self.function = run
        self.ended: TaskScreen.Ended | None = None

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Prose(self.what)
            yield Prose(" ", id="progress")
            yield Prose(t("task.stop_hint"), id="hint")

    def on_mount(self) -> None:
        self._run()

    def on_unmount(self) -> None:
        self.doing.cancel()

    @work(thread=True, group="task")
    def _run(self) -> None:
        try:
            self.post_message(self.Ended(self.function(self.doing)))
        except StoreError as error:
            self.post_message(self.Ended(None, error))

    def _tell(self, done: int, total: int) -> None:
        self.post_message(self.Told(done, total))

    def on_task_screen_told(self, event: Told) -> None:
        done, total = event.done, event.total
        share = min(1.0, done / total) if total else 0.0
        bar = f"[{'#' * round(BAR * share)}{'-' * (BAR - round(BAR * share))}]  " if total else ""
        self.query_one("#progress", Prose).update(f"{bar}{done}{f'/{total}' if total else ''}")

    def on_task_screen_ended(self, event: Ended) -> None:
        if event.error is not None:
            self.app.notify(explained(event.error), severity="error", timeout=10)
        self.ended = event
        self._leave()

    def on_screen_resume(self) -> None:
        """Over a screen that was locked meanwhile, nothing opens: it is left once somebody is there again."""
        self._leave()

    def _leave(self) -> None:
        if self.ended is not None and self.is_active:
            self.dismiss(self.ended.result)  # type: ignore[arg-type]  # the function's own result, through a message

    def action_stop(self) -> None:
        """Esc: stop at the next place where that leaves nothing half done."""
        self.doing.cancel()
        self.query_one("#hint", Prose).update(t("task.stopping"))
