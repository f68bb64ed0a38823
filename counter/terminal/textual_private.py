"""Every private name of Textual that we need, here and nowhere else: a new version of Textual is looked through here.

A test says whether each name is still there; another that nothing else in the program has one.
"""

from typing import Any, Generic

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.app import App, ReturnType
from textual.worker import WorkerFailed

from counter.terminal.pictures import Way

NAMES = ("_clipboard", "_exit", "_handle_exception", "_fatal_error", "_close_messages_no_wait", "_driver")
"""Attributes of an `App`."""


def have_alt_with_digits() -> None:
    """Alt+2 is a key everywhere; Textual reads what most terminals send for it (ESC 2) as a Mac's Option key:
    ™, which a field would take."""
    assert isinstance(ANSI_SEQUENCES_KEYS, dict), "declared a Mapping"
    for digit in range(10):
        ANSI_SEQUENCES_KEYS.pop(f"\x1b{digit}", None)


def is_ending(app: App[Any]) -> bool:
    """Is the application on its way out?"""
    return app._exit


class GuardedApp(App[ReturnType], Generic[ReturnType]):
    """An app that keeps copied text to itself, and whose end prints nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: BaseException | None = None
        """What nobody foresaw and ended the screen."""
        self.pictures: Way = "blocks"
        """How pictures are shown in this terminal (`counter.terminal.pictures`)."""

    def is_foreseen(self, error: BaseException) -> bool:
        """Did a worker end with an error that was said, and need not end the app?"""
        raise NotImplementedError

    def tell_terminal(self, sequence: str) -> None:
        """Write a control sequence that draws no text, in its turn after what was painted before it."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    def copy_to_clipboard(self, text: str) -> None:
        """Copied text stays inside the program: the terminal's clipboard (OSC 52) never carries a person."""
        self._clipboard = text

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not (isinstance(error, WorkerFailed) and self.is_foreseen(cause)):
            self.fault = self.fault or cause  # what falls over afterwards follows from the first
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Textual would print the locals too, and locals are people: `fault` is for whoever ran the app instead."""
        self._close_messages_no_wait()
