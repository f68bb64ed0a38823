"""F1: the rule behind a finding in full, with its source; what the focused field and the step are; and the keys."""

from collections.abc import Iterable
from typing import Any

from rich.cells import set_cell_size
from textual.screen import Screen
from textual.widget import Widget

from counter.i18n import has, sentence, t
from counter.rules.finding import Finding
from counter.screens.dialogs.dialog import Dialog
from counter.widgets.bound import bound, fixed
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
    lines: dict[tuple[str, str], str] = {}
    for _, binding, _enabled, _tooltip in active:
        if binding.description.startswith("key."):
            line = f"  {set_cell_size(screen.app.get_key_display(binding), 10)} {t(binding.description)}"
            lines.setdefault((binding.action, binding.description), line)
    return "\n".join(lines.values())


class HelpScreen(Dialog[None]):
    """The rule of a finding, what is `explained` of where the clerk is, and the keys of the screen below."""

    BINDINGS = [
        bound("back", "leave", "key.close"),
        bound("help", "leave", "key.close", show=False),
        fixed("accept", "enter", "leave"),
    ]

    only_read = True

    def __init__(self, finding: Finding | None, below: Screen[Any], explained: Iterable[str] = ()) -> None:
        super().__init__(t("screen.help_title"), t("screen.close_hint"))
        self.finding = finding
        self.below = below
        self.explained = tuple(explained)

    def compose_body(self) -> Iterable[Widget]:
        rule = [] if self.finding is None else [sentence(self.finding), rule_text(self.finding.rule)]
        keys = f"{t('screen.keys_title')}\n{keys_text(self.below)}"
        yield Prose("\n\n".join(dict.fromkeys([*rule, *self.explained, keys])))  # a rule is not said twice
