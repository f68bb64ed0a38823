"""Fonts of the tests' own, so that no test depends on what the machine has.

In `plain_font` every character is the same box. In `reading_font` each is its own code point, as squares: a picture of
a page can be read back (`tests.support.readback`), whatever program drew it.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from rich.cells import cell_len

from counter.paper.fonts import covered, find_fonts, known_fonts

EM: Final = 1000
RISE: Final = 800
"""How far a letter rises above its line."""
COLUMNS, ROWS = 5, 5
"""The squares of a character: 20 bits of its code point from the upper left, and in the lowest row how wide it is."""
WIDTHS: Final = {1: 0b10011 << 20, 2: 0b10000 << 20}
"""The lowest row of one that takes so many columns: two narrow ones side by side do not look like a wide one."""
RARE_OF_TESTS: Final = "\U00020bb7\U0002cc56\u36c3\U00020b9f"


def plain_font(path: Path, without: str = "", half: int = EM // 2) -> Path:
    """A font of the Latin letters, `half` wide, the BMP's Chinese characters and the rare ones of the tests, but for
    some."""
    ranges = ((0x20, 0x250), (0x1E00, 0x2700), (0x3000, 0x3400), (0x3400, 0xA000), (0xFF00, 0xFFF0))
    codes = {code for first, last in ranges for code in range(first, last)} | set(map(ord, RARE_OF_TESTS))
    codes -= set(map(ord, without))
    names = {code: "wide" if cell_len(chr(code)) == 2 else "half" for code in codes}
    return _write(path, names, {"half": _box(half), "wide": _box(EM)})


def forget_fonts() -> None:
    """Whoever asks next looks at the machine again."""
    find_fonts.cache_clear()
    known_fonts.cache_clear()
    covered.cache_clear()


def reading_font(path: Path, text: Iterable[str]) -> Path:
    """A font of these characters, each of them its code point."""
    codes = sorted({ord(char) for char in text if char != "\n"} | {ord("?")})
    return _write(path, {code: f"c{code:x}" for code in codes}, {f"c{code:x}": _squares(code) for code in codes})


Drawing = tuple[Callable[[TTGlyphPen], None], int]
"""How a glyph is drawn, and how wide it is."""


def _box(width: int) -> Drawing:
    return lambda pen: _square(pen, 50, 0, width - 50, EM - 250), width


def _squares(code: int) -> Drawing:
    columns = max(1, cell_len(chr(code)))
    wide, squares = EM * columns // 2, code | WIDTHS[columns]
    across, up = wide // COLUMNS, EM // ROWS

    def draw(pen: TTGlyphPen) -> None:
        for place in range(COLUMNS * ROWS):
            row, column = divmod(place, COLUMNS)
            if (squares >> place) & 1:
                x, y = column * across, RISE - (row + 1) * up
                _square(pen, x, y, x + across, y + up)

    return (lambda _: None if code == 0x20 else draw(_)), wide


def _square(pen: TTGlyphPen, left: int, low: int, right: int, high: int) -> None:
    pen.moveTo((left, low))
    for point in ((left, high), (right, high), (right, low)):
        pen.lineTo(point)
    pen.closePath()


def _write(path: Path, names: Mapping[int, str], drawings: Mapping[str, Drawing]) -> Path:
    builder = FontBuilder(EM, isTTF=True)
    drawn = {".notdef": _box(EM), **drawings}
    builder.setupGlyphOrder(list(drawn))
    builder.setupCharacterMap(dict(names))
    glyphs = {}
    for name, (draw, _) in drawn.items():
        pen = TTGlyphPen(None)
        draw(pen)
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    lefts = {name: getattr(glyph, "xMin", 0) for name, glyph in builder.font["glyf"].glyphs.items()}
    builder.setupHorizontalMetrics({name: (width, lefts[name]) for name, (_, width) in drawn.items()})
    builder.setupHorizontalHeader(ascent=RISE, descent=-200)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular", "fullName": path.stem})
    builder.setupOS2(sTypoAscender=RISE, sTypoDescender=-200)
    builder.setupPost()
    builder.save(path)
    return path
