"""ESC/POS, the language of receipt printers: what is sent, and what a status says (Epson's reference, DLE EOT, GS r).

Chinese stands between `FS &` and `FS .` in GB18030; what the printer's font lacks is a picture of 24 dots' height in
the line. A column is 12 dots wide, a Chinese character 24; 48 columns are the 576 dots of paper of 80 mm.
"""

from typing import Final

ESC, FS, GS, DLE = b"\x1b", b"\x1c", b"\x1d", b"\x10"
START: Final = ESC + b"@"
CHINESE: Final = FS + b"&"
END_CHINESE: Final = FS + b"."
PICTURE: Final = ESC + b"*\x21"
"""Then the dots across (2 bytes, little-endian), then 3 bytes for each: 24 dots from the top, the highest bit first."""
CUT: Final = GS + b"VB\x00"
"""Feed to the knife and cut, all but a corner."""
QR: Final = GS + b"(k"
"""Then the length of what follows (2 bytes, little-endian), then `1`, the function and its values."""

DOTS: Final = 24
"""Of a character's height; a picture is as high."""
COLUMN_DOTS: Final = 12

ASK_OFFLINE: Final = DLE + b"\x04\x02"
ASK_PAPER: Final = DLE + b"\x04\x04"
"""Both are answered at once, whatever is being printed."""
ASK_DONE: Final = GS + b"r\x01"
"""Answered once all before it has been printed."""

COVER_OPEN, PAPER_STOP, FAULT = 0x04, 0x20, 0x40  # of ASK_OFFLINE
PAPER_END: Final = 0x60  # of ASK_PAPER
DONE_PAPER_END: Final = 0x0C  # of ASK_DONE


def is_status(byte: int) -> bool:
    """Has the byte the form of an answer to `ASK_OFFLINE` or `ASK_PAPER`?"""
    return byte & 0x93 == 0x12


def is_done(byte: int) -> bool:
    """Has the byte the form of an answer to `ASK_DONE`?"""
    return byte & 0x90 == 0


def qr(value: str, dots: int = 6) -> bytes:
    """A QR code (model 2, correction M); a square of it is so many dots wide."""
    content = value.encode("ascii")
    functions = (b"1A2\x00", b"1C" + bytes([dots]), b"1E1", b"1P0" + content, b"1Q0")
    return b"".join(QR + len(each).to_bytes(2, "little") + each for each in functions)


def harmless(columns: bytes) -> bytes:
    """The columns of a picture, with a dot more where they would be an order that a printer heeds wherever it stands:
    to answer, to forget what is wrong, to turn itself off (DLE EOT, ENQ, DC4)."""
    for order in (b"\x04", b"\x05", b"\x14"):
        columns = columns.replace(DLE + order, b"\x18" + order)
    return columns


def picture(columns: bytes) -> bytes:
    """A picture in the line: 3 bytes for each column of dots, `harmless` ones."""
    return PICTURE + (len(columns) // 3).to_bytes(2, "little") + columns
