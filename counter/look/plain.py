"""Painting with nothing but letters: no colour at all, and no character whose width a terminal may doubt."""

from typing import ClassVar

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.scrollbar import ScrollBarRender


class WithoutColour(LineFilter):
    """What ``NO_COLOR`` asks for: bold, underlined and reversed stay. Textual's own writes greys."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - as Textual calls it
        return [Segment(text, style.without_color if style else style, control) for text, style, control in segments]


class WholeCells(ScrollBarRender):
    """A scroll bar of blanks: the eighths of a block (U+2581 …) take two columns on Chinese consoles."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]
