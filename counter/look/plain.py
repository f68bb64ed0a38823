"""Painting with nothing but letters: no colour at all, and no character whose width a terminal may doubt."""

from typing import ClassVar

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.scrollbar import ScrollBarRender

from counter.terminal.encoding import COMMANDS


class WithoutColour(LineFilter):
    """What ``NO_COLOR`` asks for: bold, underlined and reversed stay. Textual's own writes greys."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - as Textual calls it
        return [Segment(text, style.without_color if style else style, control) for text, style, control in segments]


class WithoutCommands(LineFilter):
    """A control character in a name or a file would be a command to the terminal: on the screen it is left out, which
    moves nothing, since it takes no column. What Textual and the pictures tell the terminal is marked as such."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - as Textual calls it
        if not any(COMMANDS.search(text) and not control for text, _, control in segments):
            return segments
        return [
            Segment(text if control else COMMANDS.sub("", text), style, control) for text, style, control in segments
        ]


class WholeCells(ScrollBarRender):
    """A scroll bar of blanks: the eighths of a block (U+2581 …) take two columns on Chinese consoles."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]
