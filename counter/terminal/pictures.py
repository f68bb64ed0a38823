"""Pictures in a terminal: which way this one can show them, and the bytes that do it.

The terminal is not asked: while Textual reads the keyboard it would type the answer into a field. So the settings say
it, or what the environment tells of the terminal; in a multiplexer, where a picture goes astray, it is half-blocks.

A picture is drawn line by line, each line of cells for itself: what scrolls, is covered and comes back, or is repainted
in part needs no more than its lines.
"""

import os
import re
import struct
import sys
from base64 import standard_b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from PIL.Image import Image

Way = Literal["kitty", "sixel", "blocks", "none"]
"""How a picture is shown: kitty's graphics protocol, sixel, half-blocks, not at all."""

KITTY_GONE: Final = "\x1b_Ga=d,d=A,q=2\x1b\\"
"""All pictures are deleted, and their data with them: text that is painted over one does not do it."""

_CHUNK: Final = 4096
_COLOURS: Final = 128
_FIRST_ID: Final = 2026_00
_VT340: Final = (10, 20)
"""Pixels of a cell where the terminal does not say it; Windows Terminal's sixel has such cells, whatever its font."""
_LARGEST: Final = (20, 40)

_IN_MULTIPLEXER: Final = ("TMUX", "STY", "ZELLIJ")
_KITTY: Final = frozenset({"xterm-kitty", "xterm-ghostty", "ghostty"})
_SIXEL: Final = frozenset({"wezterm", "iterm.app", "iterm2", "mlterm", "contour", "konsole"})


def way_of(setting: str, environ: Mapping[str, str] = os.environ) -> Way:
    """The way that a setting says; for ``auto`` what the environment tells of a terminal that is known to have it."""
    if setting in ("kitty", "sixel", "blocks", "none"):
        return setting  # type: ignore[return-value]  # one of the four
    term = environ.get("TERM", "")
    if any(environ.get(name) for name in _IN_MULTIPLEXER) or term.startswith(("screen", "tmux")):
        return "blocks"
    names = {term.lower(), *(environ.get(name, "").lower() for name in ("TERM_PROGRAM", "LC_TERMINAL"))}
    if names & _KITTY or environ.get("KITTY_WINDOW_ID"):
        return "kitty"
    known = names & _SIXEL or term.startswith(("foot", "mlterm", "contour"))
    return "sixel" if known or int_of(environ.get("KONSOLE_VERSION", "")) >= 220400 else "blocks"


def int_of(text: str) -> int:
    """The number, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() else 0


def cell_pixels() -> tuple[int, int]:
    """Width and height of a cell in pixels, as the terminal told the system; a VT340's where it did not."""
    if sys.platform == "win32":
        return _VT340
    import fcntl  # noqa: PLC0415 - Windows has neither
    import termios  # noqa: PLC0415

    try:
        told = fcntl.ioctl(sys.__stdout__.fileno() if sys.__stdout__ else 1, termios.TIOCGWINSZ, bytes(8))
    except (OSError, ValueError):
        return _VT340
    lines, columns, across, down = struct.unpack("HHHH", told)
    if not (lines and columns and across and down):
        return _VT340
    return min(max(across // columns, 1), _LARGEST[0]), min(max(down // lines, 1), _LARGEST[1])


def sixel_lines(image: "Image", cell_height: int) -> list[str]:
    """A picture as sixel, one sequence for each line of cells; the height in pixels is a multiple of a cell's."""
    few = image.quantize(_COLOURS)
    palette = few.getpalette() or []
    pixels, width = few.tobytes(), image.width
    rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    return [_sixel(rows[top : top + cell_height], palette) for top in range(0, len(rows), cell_height)]


def kitty_lines(image: "Image", cell_height: int, columns: int) -> list[str]:
    """A picture as kitty draws it, one sequence for each line of cells, `columns` wide; nothing is answered."""
    count = image.height // cell_height
    return [_kitty(image, (at * cell_height, (at + 1) * cell_height), columns, _FIRST_ID + at) for at in range(count)]


def placed(drawing: str, left: int, right: int) -> str:
    """A drawing at a column of the line that the cursor is in, the cursor afterwards at another; both count from 0."""
    return f"\x1b[{left + 1}G\x1b7{drawing}\x1b8\x1b[{right + 1}G"


# --- sixel: bands of six rows, in each band a row of characters for each colour ------------------------------------


def _sixel(rows: list[bytes], palette: list[int]) -> str:
    """Rows of palette indices as one sixel picture; pixels of a last band that is not full stay as they are."""
    used = sorted(set(b"".join(rows)))
    colours = "".join(
        f"#{index};2;{';'.join(str(round(value * 100 / 255)) for value in palette[index * 3 : index * 3 + 3])}"
        for index in used
    )
    bands = "-".join("$".join(_band(rows[top : top + 6])) for top in range(0, len(rows), 6))
    return f'\x1bP9;1q"1;1;{len(rows[0])};{len(rows)}{colours}{bands}\x1b\\'


def _band(rows: list[bytes]) -> Iterator[str]:
    width = len(rows[0])
    nothing = int.from_bytes(b"?" * width, "big")  # a sixel character is ? and the bits of its six pixels
    for colour in sorted(set(b"".join(rows))):
        bits = sum(int.from_bytes(row.translate(_only(colour)), "big") << at for at, row in enumerate(rows))
        yield f"#{colour}{_REPEATED.sub(_shorter, (bits + nothing).to_bytes(width, 'big').decode('ascii'))}"


@cache
def _only(colour: int) -> bytes:
    """A table that leaves 1 of a colour and 0 of all others."""
    return bytes(1 if value == colour else 0 for value in range(256))


_REPEATED: Final = re.compile(r"(.)\1{3,}")


def _shorter(run: re.Match[str]) -> str:
    return f"!{len(run[0])}{run[1]}"


# --- kitty: a PNG in pieces ------------------------------------------------------------------------------------------


def _kitty(image: "Image", rows: tuple[int, int], columns: int, id: int) -> str:
    buffer = BytesIO()
    image.crop((0, rows[0], image.width, rows[1])).save(buffer, "PNG")
    data = standard_b64encode(buffer.getvalue()).decode("ascii")
    pieces = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
    head = f"a=T,f=100,q=2,C=1,i={id},p=1,c={columns},r=1,"
    return "".join(
        f"\x1b_G{head if at == 0 else 'q=2,'}m={int(at < len(pieces) - 1)};{piece}\x1b\\"
        for at, piece in enumerate(pieces)
    )
