"""A paper for a receipt printer: its text in ESC/POS, and the QR code of the number to quote.

The printer draws what is in its own font, the two-byte characters of GB18030; every other character is a picture, drawn
here in a font of this machine. A character that neither has is marked and named, or the paper is refused, as in
`counter.paper.pdf`.
"""

import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from counter.devices import escpos
from counter.paper.fonts import Face, Fonts, NoFontError, RareCharacterError, covered, find_fonts
from counter.paper.pdf import said_of

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

MARK: Final = "〓"
"""Every Chinese printer has it."""
_LETTER_DOTS: Final = 22
"""A letter's height in a picture; a Chinese character keeps a dot's distance to the next."""
_BASE: Final = 20
"""Dots from the top to the line that letters stand on."""


def fonts_for_pictures(own: Path | None) -> Fonts:
    """The fonts of this machine; none of them where there are none, so that the printer's own must do."""
    try:
        return find_fonts(own)
    except NoFontError:
        return Fonts(())


def receipt(text: str, number: str, fonts: Fonts, *, whole: bool = False) -> bytes:
    """The text of a paper, then the QR code of a number; '' has none.

    Raises `RareCharacterError` where it must be whole and neither the printer nor a font has one of its characters.
    """
    lacking = "".join(char for char in fonts.lacking(text) if not _encoded(char))
    if lacking and whole:
        raise RareCharacterError(lacking)
    lines = [*text.translate(dict.fromkeys(map(ord, lacking), MARK)).split("\n"), *said_of(lacking, MARK)]
    body = b"".join(b"".join(_char(char, fonts) for char in line) + b"\n" for line in lines)
    code = escpos.qr(number) + b"\n" if number else b""
    return escpos.START + escpos.CHINESE + body + escpos.END_CHINESE + code + escpos.CUT


def _char(char: str, fonts: Fonts) -> bytes:
    """A character as the printer's font has it, in as many columns as it has here; else as a picture."""
    face = fonts.of(char)
    if in_printer(char) or face is None:
        return _encoded(char)
    return escpos.picture(drawn(char, face))


def in_printer(char: str) -> bool:
    """Is the character in the printer's font, and as wide there as here? Quotes and letters with accents are not."""
    return len(_encoded(char)) == cell_len(char) > 0


def _encoded(char: str) -> bytes:
    """A character in GB18030; empty where the printer's font ends: four bytes, user-defined and control characters."""
    encoded = char.encode("gb18030", "ignore")
    return encoded if len(encoded) <= 2 and unicodedata.category(char) not in {"Cc", "Cn", "Co"} else b""


@cache
def drawn(char: str, face: Face) -> bytes:
    """A character as columns of 24 dots, 3 bytes each; one that is wider than its columns of the line is narrowed."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only where there is a rare character

    font = _letters(face)
    room = max(1, cell_len(char)) * escpos.COLUMN_DOTS
    wide = max(1, round(font.getlength(char)))
    image = Image.new("1", (wide, escpos.DOTS))
    ImageDraw.Draw(image).text((0, _BASE), char, fill=1, font=font, anchor="ls")
    if wide > room:
        image, wide = image.resize((room, escpos.DOTS)), room
    placed = Image.new("1", (room, escpos.DOTS))
    placed.paste(image, ((room - wide) // 2, 0))
    turned = placed.transpose(Image.Transpose.ROTATE_90).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return escpos.harmless(turned.tobytes())


@cache
def _letters(face: Face) -> "FreeTypeFont":
    from PIL import ImageFont  # noqa: PLC0415 - see above

    # the other engine, which some builds of Pillow have, refuses single characters of some fonts
    return ImageFont.truetype(face.path, _LETTER_DOTS, index=face.number, layout_engine=ImageFont.Layout.BASIC)


def reader(fonts: Fonts) -> Callable[[bytes], str]:
    """Reads the pictures of a receipt back, for who looks at one on a screen; a second at the first rare name."""
    known: dict[bytes, str] = {}
    codes = sorted({code for face in fonts.faces for code in covered(face)})
    rest = (char for char in map(chr, codes) if not in_printer(char))

    def read(picture: bytes) -> str:
        while picture not in known:
            char = next(rest, "")
            if not char or (face := fonts.of(char)) is None:
                return MARK
            known.setdefault(drawn(char, face), char)
        return known[picture]

    return read
