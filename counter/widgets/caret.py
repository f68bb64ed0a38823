"""Where on the screen the clerk is: there the terminal's own cursor goes.

An input method opens its candidates at it, a braille line shows the line it is in, a screen reader reads from it.
"""

from typing import Generic

from textual.app import App, ReturnType
from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import DataTable, Input, OptionList

from counter.widgets.fields.in_view import line_of


class CaretApp(App[ReturnType], Generic[ReturnType]):
    """After each frame the terminal's cursor stands where the clerk is in what has the focus."""

    @property
    def cursor_position(self) -> Offset:
        """On the screen; the corner where nothing has the focus."""
        return caret_of(self.focused) if self.focused is not None else Offset(0, 0)

    @cursor_position.setter
    def cursor_position(self, _place: Offset) -> None:
        """Textual's inputs say where they are; whoever has the focus is asked instead."""


def caret_of(focused: Widget) -> Offset:
    """Where in it the clerk is, on the screen."""
    match focused:
        case Input():
            return focused.cursor_screen_offset
        case OptionList():
            return focused.content_region.offset + Offset(0, (focused.highlighted or 0) - focused.scroll_offset.y)
        case DataTable():
            line = focused.header_height + focused.cursor_row - focused.scroll_offset.y
            return focused.content_region.offset + Offset(0, line)
        case _:
            return line_of(focused).offset
