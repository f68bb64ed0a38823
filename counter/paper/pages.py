"""Pages of PDF on which lines are drawn by their columns, in a subset of the machine's fonts that goes with them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from rich.cells import cell_len

from counter.paper.fonts import Face, Fonts

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

A4: Final = (595.28, 841.89)
A5: Final = (419.53, 595.28)
"""Width and height in points."""

_GAP: Final = re.compile(r" {2,}")
_ALWAYS: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""When every document was made: the same text gives the same bytes, and no file tells when a customer was here."""


class Pages:
    """A document that is drawn line by line; `text` is every character that will be on it, `size` the letters' points.

    A column is half of a letter's height wide, a Chinese character two of them. What follows two blanks begins at its
    own column, in whatever font; a word that is wider than its columns is drawn narrower.
    """

    def __init__(self, title: str, page: tuple[float, float], fonts: Fonts, text: str, size: float) -> None:
        from fpdf import FPDF  # noqa: PLC0415 - 0.3 s, wanted for paper only

        self.width, self.height = page
        self._fonts, self._size = fonts, size
        self._document = FPDF(unit="pt", format=page)
        self._document.set_auto_page_break(False)
        self._document.set_title(title)
        self._document.set_creation_date(_ALWAYS)
        self._names = _embed(self._document, fonts, text)

    def page(self) -> None:
        """Begin a page."""
        self._document.add_page()

    def draw(self, x: float, y: float, text: str) -> None:
        """A line that begins at `x` and stands on `y`, points from the page's upper left corner."""
        for column, words in _words(self._fonts.marked(text)):
            self._draw_words(x + column * self._size / 2, y, words)

    def draw_right(self, x: float, y: float, text: str) -> None:
        """A line that ends at `x`."""
        self.draw(x - cell_len(text) * self._size / 2, y, text)

    def finish(self) -> bytes:
        """The whole document."""
        return bytes(self._document.output())

    def _draw_words(self, x: float, y: float, words: str) -> None:
        runs = [(self._names[face], chars) for face, chars in self._fonts.runs(words)]
        wide = sum(self._width(name, chars) for name, chars in runs)
        share = min(1.0, cell_len(words) * self._size / 2 / wide) if wide else 1.0
        self._document.set_stretching(round(100 * share, 2))
        for name, chars in runs:
            self._document.set_font(name, size=self._size)
            self._document.text(x, y, chars)
            x += self._width(name, chars) * share

    def _width(self, name: str, chars: str) -> float:
        """Points of a text that is not narrowed."""
        font = cast("TTFFont", self._document.fonts[name])
        return sum(font.cw[ord(char)] for char in chars) * self._size / 1000


def _embed(document: "FPDF", fonts: Fonts, text: str) -> dict[Face, str]:
    """Give the document the characters of a text, of each font those that it draws; the fonts' names in it."""
    chars: dict[Face, set[int]] = {}
    for face, run in fonts.runs(fonts.marked("".join(sorted({*text, " ", fonts.mark} - {"\n"})))):
        chars.setdefault(face, set()).update(map(ord, run))
    for number, (face, drawn) in enumerate(chars.items()):
        document.add_font(
            f"f{number}", fname=face.path, unicode_range=sorted(drawn), collection_font_number=face.number
        )
    return {face: f"f{number}" for number, face in enumerate(chars)}


def _words(line: str) -> Iterator[tuple[int, str]]:
    """The pieces of a line that stand two blanks or more apart, and at which column each begins."""
    begin = 0
    for gap in (*_GAP.finditer(line), None):
        end = gap.start() if gap else len(line)
        if line[begin:end].strip():
            yield cell_len(line[:begin]), line[begin:end]
        begin = gap.end() if gap else begin
