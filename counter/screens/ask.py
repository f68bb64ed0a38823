"""Questions to the clerk: one word before the case goes on."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from counter.i18n import sentence, t
from counter.rules.finding import Finding
from counter.widgets.prose import Prose


class AskScreen(ModalScreen[bool]):
    """Shows what has to be asked; F10 gives the clerk's word for all of it, Esc takes none.

    `title` and `hint` are catalog keys.
    """

    DEFAULT_CSS = """
    AskScreen { align: center middle; }
    AskScreen > VerticalScroll {
        width: 70; max-width: 95%; height: auto; max-height: 90%;
        border: ascii $warning; padding: 1 2; background: $surface;
    }
    """
    BINDINGS = [
        Binding("f10,enter", "answer(True)", "key.yes", key_display="F10"),
        Binding("escape", "answer(False)", "key.no", key_display="Esc"),
    ]

    def __init__(self, items: Sequence[str], *, title: str = "screen.ask_title", hint: str = "screen.ask_hint") -> None:
        super().__init__()
        self._lines = [t(title), "", *(line for item in items for line in (f"- {item}", "")), t(hint)]

    @classmethod
    def about(cls, findings: Sequence[Finding]) -> "AskScreen":
        """Asks what the rules want the clerk to ask the customer."""
        return cls([f"{sentence(finding)}  ({finding.rule})" for finding in findings])

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Prose("\n".join(self._lines))

    def action_answer(self, word: bool) -> None:
        self.dismiss(word)


class ConfirmScreen(AskScreen):
    """Says what will happen; F10 goes on, Esc goes back."""

    BINDINGS = [
        Binding("f10,enter", "answer(True)", "key.go_on", key_display="F10"),
    ]
