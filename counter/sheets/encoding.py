"""In which encoding a text file is written, of those in which units of Guangdong, Hong Kong, Macau and Taiwan write.

UTF-8 and UTF-16 show by themselves. GB18030 and Big5 do not: nearly any bytes are text in both, so that their reader
has to say in which of them a header is to be recognised.
"""

import codecs
import re
from pathlib import Path
from typing import Final

from counter.sheets.errors import SheetFileError

_CHUNK: Final = 1024 * 1024
_HEAD: Final = 64 * 1024
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHINESE: Final = ("gb18030", "big5hkscs")  # the first of equals; Big5 with the characters of Hong Kong
_GUESSED: Final = {"gb18030": "gb18030", "big5": "big5hkscs", "utf_32": "utf-32"}
"""What is asked for, since short texts pass for Korean or Cyrillic too; and what to read it by."""
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")  # not the 1A with which old programs end a file


def unicode_encoding(path: Path) -> str | None:
    """UTF-8 or UTF-16, where all of the file is text in it. Raises `SheetFileError` for one whose end lacks."""
    with path.open("rb") as file:
        head = file.read(4096)
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    tried = (marked,) if marked else (*_wide(head), "utf-8")
    return next((name for name in tried if _is_text(path, name)), None)


def chinese_encodings(path: Path) -> tuple[str, ...]:
    """GB18030 and Big5, where all of the file is text in them. Raises `SheetFileError` where only its end lacks."""
    found: list[str] = []
    incomplete: SheetFileError | None = None
    for name in _CHINESE:
        try:
            if _is_text(path, name):
                found.append(name)
        except SheetFileError as error:
            incomplete = error
    if incomplete and not found:
        raise incomplete
    return tuple(found)


def guessed_encoding(path: Path) -> str | None:
    """What a detector takes the file for by its characters' frequencies; None where it knows no better.

    Raises `SheetFileError` for a file whose end lacks.
    """
    from charset_normalizer import from_bytes  # noqa: PLC0415 - a tenth of a second that few files need

    with path.open("rb") as file:
        head = file.read(_HEAD)
    if len(head) == _HEAD and 0 not in head:  # not in the middle of a character
        head = head[: head.rfind(b"\n") + 1] or head
    best = from_bytes(head, cp_isolation=list(_GUESSED)).best()
    name = _GUESSED.get(best.encoding) if best else None
    return name if name and _is_text(path, name) else None


def _wide(head: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: the commas, digits and line ends of such a file have one zero byte each."""
    low, high = head[1::2].count(0), head[0::2].count(0)
    return ("utf-16-le",) if low > 4 * high else ("utf-16-be",) if high > 4 * low else ()


def _is_text(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if _CONTROL.search(decoder.decode(chunk)):
                    return False
    except UnicodeDecodeError:
        return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise SheetFileError("truncated") from None
    return True
