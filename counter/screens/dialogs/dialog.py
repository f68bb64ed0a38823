"""What every dialog (对话框) is: a box over the screen with a sentence at its head, one below, and a way out."""

from collections.abc import Iterable
from typing import ClassVar, Generic

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget

from counter.screens.background import Result, WorkingScreen
from counter.widgets.bound import bound
from counter.widgets.prose import Prose
from counter.widgets.reading import ReadSoFar


class Dialog(ModalScreen[Result], WorkingScreen[Result], Generic[Result]):
    """Esc answers with None. A subclass composes what it asks with in `compose_body`.

    `heading` and `hint` are sentences in the clerk's language.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > VerticalScroll {
        width: 72; max-width: 100%; height: auto; max-height: 90%;
        padding: 1 2;
    }
    Dialog.-short > VerticalScroll { padding: 0 2; }
    Dialog .heading { margin-bottom: 1; }
    Dialog .hint { padding-top: 1; dock: bottom; }
    Dialog .problem { min-height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [bound("back", "leave")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]

    only_read: ClassVar[bool] = False
    """There is nothing to type or choose: the arrows scroll the text."""
    reads: ClassVar[str] = "VerticalScroll"
    """What is read, by its selector: how much of it is below its edge stands on the frame."""
    warns: ClassVar[bool] = False
    """Is it about something that is not easily taken back?"""

    def __init__(self, heading: str = "", hint: str = "") -> None:
        super().__init__(classes="-warning" if self.warns else None)
        self.heading = heading
        self.hint = hint
        self.reading = ReadSoFar(self.read_further)

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=self.only_read):
            if self.heading:
                yield Prose(self.heading, classes="heading")
            yield from self.compose_body()
            if self.hint:
                yield Prose(self.hint, id="hint", classes="hint")

    def compose_body(self) -> Iterable[Widget]:
        """What stands between the head and the hint."""
        raise NotImplementedError

    @on(events.Mount)
    def _read_from_the_top(self) -> None:
        self.reading.follow(self.query_one(self.reads))

    def read_further(self) -> None:
        """More of it has been on the screen, or less is below."""
        self.query_one(VerticalScroll).border_subtitle = self.reading.said

    def answer(self, result: Result | None) -> None:
        """Go, with an answer."""
        self.dismiss(result)

    def action_leave(self) -> None:
        """Esc: without an answer."""
        self.answer(None)
