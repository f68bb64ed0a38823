"""The photo in the terminal: people look rather than read."""

from collections.abc import Sequence
from io import BytesIO

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

WIDTH, HEIGHT = 21, 13


class PhotoView(Widget):
    """A picture in half-blocks, two pixels a cell. It stands at the right edge: its character is of ambiguous width.

    Half-blocks and not `textual-image`: that asks the terminal questions at import, before the first frame or
    against Textual's own reader, and a counter's terminal seldom draws graphics.
    """

    DEFAULT_CSS = f"PhotoView {{ width: {WIDTH}; height: {HEIGHT}; display: none; }}"

    picture: reactive[Sequence[Strip]] = reactive[Sequence[Strip]](())
    """What `paint` gave."""

    def expect(self) -> None:
        """Keep the room for a picture that is on its way; what is there stays until it comes."""
        self.display = True

    def show(self, picture: Sequence[Strip]) -> None:
        """Show a picture; nothing for an empty one."""
        self.picture = picture
        self.display = bool(picture)

    def render_line(self, y: int) -> Strip:
        return self.picture[y] if y < len(self.picture) else Strip.blank(self.size.width)


def paint(jpeg: bytes, width: int = WIDTH, height: int = HEIGHT) -> list[Strip]:
    """The picture as lines of half-blocks, `width` by `height` cells; empty when it is no picture. For a thread."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(jpeg)) as picture:
            small = picture.convert("RGB").resize((width, height * 2))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return []
    pixels = list(small.get_flattened_data())
    rows = [pixels[y * width : (y + 1) * width] for y in range(height * 2)]
    return [Strip(list(map(_cell, upper, lower))) for upper, lower in zip(rows[::2], rows[1::2], strict=True)]


def _cell(over: object, under: object) -> Segment:
    return Segment("\u2580", Style(color=_color(over), bgcolor=_color(under)))


def _color(pixel: object) -> Color:
    assert isinstance(pixel, tuple), "an RGB picture has three bands"
    return Color.from_rgb(*pixel)
