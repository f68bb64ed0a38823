"""Paragraphs that break as Chinese does: anywhere between characters, never inside a word."""

import re

from rich.text import Text
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from counter.terminal.wrapping import hang

BAR = 30
"""Cells of a progress bar."""
_HEAD = re.compile(r" *(- )?")


class Prose(Widget):
    """Plain text in the width there is, hanging under its indent and its dash, or under all that stands before a tab.

    Textual's own wrapping would break a Chinese sentence at its first space.
    """

    DEFAULT_CSS = "Prose { height: auto; width: 1fr; }"

    text: reactive[str] = reactive("", layout=False)

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(Prose.text, text)

    def update(self, text: str) -> None:
        """Show another text."""
        self.text = text

    def watch_text(self, before: str, now: str) -> None:
        """Lay the screen out anew only where the text takes more or fewer lines: it changes with every key."""
        width = self.size.width
        if self.display and (not width or len(self._lines(before, width)) != len(self._lines(now, width))):
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(self.text, width))

    def render(self) -> Text:
        return Text("\n".join(self._lines(self.text, self.size.width)))

    @staticmethod
    def _lines(text: str, width: int) -> list[str]:
        lines = []
        for paragraph in text.split("\n"):
            head, tab, rest = paragraph.partition("\t")
            if not tab:
                head = paragraph[: _HEAD.match(paragraph).end()]  # type: ignore[union-attr]  # it matches the empty string
                rest = paragraph.removeprefix(head)
            lines += hang(head, rest, max(width, 2))
        return lines


def bar(done: int, total: int) -> str:
    """How far something is, drawn in ASCII."""
    filled = round(BAR * min(1.0, done / total)) if total else BAR
    return f"[{'#' * filled}{'-' * (BAR - filled)}]"
