"""Paragraphs that break as Chinese does: anywhere between characters, never inside a word."""

import re

from rich.text import Text
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from counter.wrapping import hang

_HEAD = re.compile(r" *(- )?")


class Prose(Widget):
    """Plain text in the width there is, hanging under its indent and its dash.

    Textual's own wrapping would break a Chinese sentence at its first space.
    """

    DEFAULT_CSS = "Prose { height: auto; width: 1fr; }"

    text: reactive[str] = reactive("", layout=True)

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(Prose.text, text)

    def update(self, text: str) -> None:
        """Show another text."""
        self.text = text

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Text:
        return Text("\n".join(self._lines(self.size.width)))

    def _lines(self, width: int) -> list[str]:
        lines = []
        for paragraph in self.text.split("\n"):
            head = paragraph[: _HEAD.match(paragraph).end()]  # type: ignore[union-attr]  # it matches the empty string
            lines += hang(head, paragraph.removeprefix(head), max(width, 2))
        return lines
