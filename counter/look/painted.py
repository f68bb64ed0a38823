"""An app that is painted by roles."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Generic

from rich.theme import Theme as RichTheme
from textual.app import App, ReturnType
from textual.filter import LineFilter
from textual.scrollbar import ScrollBar
from textual.theme import Theme
from textual.widget import Widget
from textual.widgets import Static

from counter.look.plain import WholeCells, WithoutColour, WithoutCommands
from counter.look.roles import styles
from counter.look.themes import THEMES, USUAL

ScrollBar.renderer = WholeCells

_NO_COLOUR: Final = WithoutColour()
_NO_COMMANDS: Final = WithoutCommands()


class PaintedApp(App[ReturnType], Generic[ReturnType]):
    """Has our themes and stylesheet; what a text's role (``(text, "quiet")``) looks like, the theme says."""

    CSS_PATH = Path(__file__).with_name("look.tcss")

    def __init__(self) -> None:
        self.colourless = bool(os.environ.get("NO_COLOR"))
        """Was no colour asked for (no-color.org)? Then no theme has any, whichever is chosen."""
        self.has_sixteen = False
        """Has the terminal sixteen colours only? A theme's own would be rounded to them, and hardly be read."""
        super().__init__()
        self.has_sixteen = self.console.color_system == "standard"
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = USUAL

    def paint_in(self, theme: Theme) -> None:
        """From now on in this theme."""
        self.register_theme(theme)
        self.theme = theme.name

    def watch_theme(self) -> None:
        """Textual paints anew what its stylesheet colours; a text with a role has looked its colour up already."""
        self.call_next(self._repaint)

    def _repaint(self) -> None:
        for screen in self.screen_stack:
            for widget in screen.walk_children(Widget):
                widget.notify_style_update()
                if isinstance(widget, Static):
                    widget.update(widget.content, layout=False)
                else:
                    widget.refresh()

    @property
    def current_theme(self) -> Theme:
        if self.colourless:
            return THEMES["ascii"]
        theme = super().current_theme
        return THEMES["sixteen"] if self.has_sixteen and not theme.ansi else theme

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own answer to ``NO_COLOR`` writes greys; and nothing that is shown is a command."""
        return [_NO_COMMANDS, *([_NO_COLOUR] if self.colourless else super().get_line_filters())]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our names in a theme that is none of ours."""
        return THEMES[USUAL].variables

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, for the stylesheet and, as roles, for texts."""
        variables = super().get_css_variables()
        self.console.push_theme(RichTheme(styles(variables)))
        return variables
