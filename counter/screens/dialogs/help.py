"""F1: the rule behind a finding in full, with its source; and the keys."""

from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen

from counter.i18n import has, sentence, t
from counter.rules.finding import Finding
from counter.widgets.prose import Prose


def rule_text(rule: str) -> str:
    """A rule of the book: id, title, text and source."""
    if not has(f"rule.{rule}.title"):
        return rule
    lines = (
        f"{rule}  {t(f'rule.{rule}.title')}",
        "",
        t(f"rule.{rule}.text"),
        "",
        t("screen.source", source=t(f"rule.{rule}.source")),
    )
    return "\n".join(lines)


def keys_text(screen: Screen[Any]) -> str:
    """The keys that work on a screen, one a line; those that the last line shows come first."""
    active = sorted(screen.active_bindings.values(), key=lambda binding: not binding.binding.show)
    lines = [
        f"  {screen.app.get_key_display(binding):<10} {t(binding.description)}"
        for _, binding, _enabled, _tooltip in active
        if binding.description.startswith("key.")
    ]
    return "\n".join(dict.fromkeys(lines))


class HelpScreen(ModalScreen[None]):
    """The rule of a finding, and under it the keys of the screen below."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 72; max-width: 95%; height: auto; max-height: 90%;
        border: ascii $primary; padding: 1 2; background: $surface;
    }
    """
    BINDINGS = [
        Binding("escape,f1,enter", "dismiss", "key.close", key_display="Esc"),
    ]

    def __init__(self, finding: Finding | None, below: Screen[Any]) -> None:
        super().__init__()
        self.finding = finding
        self.below = below

    def compose(self) -> ComposeResult:
        parts = [t("screen.help_title"), ""]
        if self.finding is not None:
            parts += [sentence(self.finding), "", rule_text(self.finding.rule), ""]
        parts += [t("screen.keys_title"), keys_text(self.below), "", t("screen.close_hint")]
        with VerticalScroll():
            yield Prose("\n".join(parts))
