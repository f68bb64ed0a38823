"""The photo in the terminal: people look rather than read."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rich.color import Color
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from counter.rules.portrait import Mend
from counter.rules.reference import PhotoSpec
from counter.terminal.pictures import KITTY_GONE, Way, cell_pixels, kitty_lines, placed, sixel_lines
from counter.terminal.textual_private import GuardedApp
from counter.widgets.photo_marks import drawn

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT = 21, 13
"""Cells. A picture of pixels leaves the last column free: Textual cuts off what follows the last text of a line."""

_DRAWS: Final = ((ControlType.CURSOR_FORWARD, 0),)
"""Makes a control of a segment: it takes no cells. What kind it is nobody asks."""


class PhotoView(Widget):
    """A picture in pixels where the terminal has them, else in half-blocks, two pixels a cell.

    It stands at the right edge: the half-block is of ambiguous width. Not `textual-image`: that asks the terminal
    questions at import, before the first frame or against Textual's own reader.
    """

    DEFAULT_CSS = f"PhotoView {{ width: {WIDTH}; height: {HEIGHT}; display: none; }}"

    picture: reactive[Sequence[Strip | str]] = reactive[Sequence[Strip | str]](())
    """What `paint` gave: half-blocks, or for each line what draws it."""

    def __init__(self) -> None:
        super().__init__()
        self._stood = Region()

    @property
    def way(self) -> Way:
        """How this terminal shows pictures; without colours half-blocks are noise."""
        way = self.app.pictures if isinstance(self.app, GuardedApp) else "blocks"
        return "none" if way == "blocks" and self.app.current_theme.name == "ascii" else way

    def expect(self) -> None:
        """Keep the room for a picture that is on its way; what is there stays until it comes."""
        self.display = self.way != "none"

    def show(self, picture: Sequence[Strip | str]) -> None:
        """Show a picture; nothing for an empty one."""
        self.put_away()
        self.picture = picture
        self.display = bool(picture)

    def put_away(self) -> None:
        """Take the picture off the terminal, where text that is painted over it does not."""
        if self.way == "kitty" and isinstance(self.app, GuardedApp):
            self.app.tell_terminal(KITTY_GONE)

    def on_hide(self) -> None:
        self.put_away()

    def on_unmount(self) -> None:
        self.put_away()

    def render_line(self, y: int) -> Strip:
        line = self.picture[y] if y < len(self.picture) else ""
        return line if isinstance(line, Strip) else Strip.blank(self.size.width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines; one that draws pixels does so where the view stands now."""
        if not any(isinstance(line, str) for line in self.picture):
            return super().render_lines(crop)
        lines = [self._pixels(y, crop.width) for y in crop.line_range]
        if self.way == "kitty" and self.region != self._stood and lines:
            lines[0] = Strip([Segment(KITTY_GONE, None, _DRAWS), *lines[0]], crop.width)
        self._stood = self.region
        return lines

    def _pixels(self, y: int, width: int) -> Strip:
        drawing, style = self.picture[y] if y < len(self.picture) else "", self.rich_style
        if not drawing or isinstance(drawing, Strip) or width < WIDTH:
            return Strip.blank(width, style)
        end = self.region.x + width - 1
        control = Segment(placed(drawing, self.region.x, end), None, _DRAWS)
        return Strip([Segment(" " * (width - 1), style), control, Segment(" ", style)], width)


def paint(image: "Image", spec: PhotoSpec, mend: Mend, way: Way) -> Sequence[Strip | str]:
    """A photo with its marks, as `PhotoView` shows it. For a thread."""
    if way == "none":
        return ()
    if way == "blocks":
        return half_blocks(drawn(image, spec, mend, (WIDTH, HEIGHT * 2)))
    across, down = cell_pixels()
    picture = drawn(image, spec, mend, ((WIDTH - 1) * across, HEIGHT * down))
    return kitty_lines(picture, down, WIDTH - 1) if way == "kitty" else sixel_lines(picture, down)


def half_blocks(image: "Image") -> list[Strip]:
    """A picture, two of its rows a line."""
    pixels, width = list(image.get_flattened_data()), image.width
    rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    return [Strip(list(map(_cell, upper, lower))) for upper, lower in zip(rows[::2], rows[1::2], strict=True)]


def _cell(over: object, under: object) -> Segment:
    return Segment("\u2580", Style(color=_color(over), bgcolor=_color(under)))


@lru_cache(4096)
def _color(pixel: object) -> Color:
    assert isinstance(pixel, tuple), "an RGB picture has three bands"
    return Color.from_rgb(*pixel)
