"""Lines of a grid, exactly as wide as they must be, whatever the cells hold."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from counter.widgets.grid.model import Column
from counter.widgets.grid.viewport import Span

CUT: Final = ".."
"""What a text that does not fit ends with; the ellipsis is of ambiguous width."""
_JOINERS: Final = "\u200d\ufe0e\ufe0f"
"""They change the width of their neighbours, in some terminals only."""
_STAND_INS: Final = str.maketrans(
    {"·": "･", "‘": "'", "’": "'", "“": '"', "”": '"', "—": "-", "–": "-", "×": "x", "…": "~"}
)
"""Signs of ambiguous width and the narrow ones drawn instead: on a Chinese console they would shift the line."""


def safe(text: str) -> str:
    """A text that cannot disturb the terminal: a space for each control, format, surrogate or joining character."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if char in _JOINERS or unicodedata.category(char) in _UNSAFE else char for char in text)


_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def fit(text: str, width: int) -> str:
    """A text in exactly `width` cells; a wide character is never halved."""
    text = safe(text).translate(_STAND_INS)
    if cell_len(text) > width > 2 * len(CUT):
        text = set_cell_size(text, width - len(CUT)).rstrip() + CUT
    return set_cell_size(text, width)


def strip(parts: Iterable[tuple[str, Style]], width: int, base: Style) -> Strip:
    """A line of parts, filled up or cut to `width`; neighbours of one style go out as one."""
    segments: list[Segment] = []
    text, style, used = "", base, 0
    for part, its in parts:
        used += cell_len(part)
        if its != style and text:
            segments.append(Segment(text, style))
            text = ""
        text, style = text + part, its
    if text:
        segments.append(Segment(text, style))
    if used < width:
        segments.append(Segment(" " * (width - used), base))
    return Strip(segments, max(used, width)).crop(0, width)


def header(columns: Sequence[Column], spans: Sequence[Span], width: int) -> Iterator[str]:
    """The parts of the header: the titles of what is seen, `<` and `>` where there is more on either side."""
    at, former = 0, -1
    for span in spans:
        yield fit("<" if span.column > former + 1 else "", span.x - at)
        title, wide = columns[span.column].title, span.width
        at, former = span.x + wide, span.column
        if at == width and (former < len(columns) - 1 or wide < columns[former].width):
            yield fit(title, wide - 1) + ">"
        else:
            yield fit(title, wide)
