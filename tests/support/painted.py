"""What stands in the cells of a screen: colours as they are seen, and how far apart they are."""

import unicodedata
from collections.abc import Iterator

from rich.color import Color
from rich.segment import Segment
from textual.color import Color as ThemeColor

from counter.look.contrast import ENOUGH, ratio
from tests.support.screen_world import Clerk

HALF_BLOCK = "\u2580"
"""A photo's pixels."""


def painted(clerk: Clerk) -> Iterator[Segment]:
    """Every piece of text on the screen but the photo's pixels."""
    for strip in clerk.screen._compositor.render_strips():
        yield from (one for one in strip if one.text.strip() and HALF_BLOCK not in one.text)


def colours(segment: Segment) -> tuple[Color, Color]:
    """A segment's colours as they are seen: over, under."""
    assert segment.style is not None
    over, under = segment.style.color or Color.default(), segment.style.bgcolor or Color.default()
    return (under, over) if segment.style.reverse else (over, under)


def assert_readable(clerk: Clerk) -> None:
    """Every text stands out from its ground by 4.5 to 1, and none of its characters is of doubtful width."""
    for segment in painted(clerk):
        over, under = (ThemeColor.from_rich_color(colour) for colour in colours(segment))
        assert ratio(over, under) >= ENOUGH, f"{segment.text!r}: {ratio(over, under):.1f}"
        doubtful = {char for char in segment.text if unicodedata.east_asian_width(char) == "A"}
        assert not doubtful - IN_SENTENCES, f"{segment.text!r} has characters of ambiguous width"


IN_SENTENCES = frozenset("“”‘’—·")
"""Chinese punctuation, which stands in running text alone and moves nothing that is in a column."""
