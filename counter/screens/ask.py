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
    """Shows what has to be asked; F10 gives the clerk's word for all of it, Esc takes none."""

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

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self.findings = tuple(findings)

    def compose(self) -> ComposeResult:
        lines = [t("screen.ask_title"), ""]
        for finding in self.findings:
            lines += [f"- {sentence(finding)}  ({finding.rule})", ""]
        with VerticalScroll():
            yield Prose("\n".join([*lines, t("screen.ask_hint")]))

    def action_answer(self, word: bool) -> None:
        self.dismiss(word)
