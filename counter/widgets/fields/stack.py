"""A control of one line with what may open below it."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget


class Stack(Vertical):
    """A control, and a widget that lies over what stands below it (`overlay: screen`)."""

    DEFAULT_CSS = "Stack { height: 1; width: 1fr; }"

    def __init__(self, control: Widget, below: Widget) -> None:
        super().__init__()
        self._parts = (control, below)

    def compose(self) -> ComposeResult:
        yield from self._parts
