"""Bytes that are typed, piped or named, and are not UTF-8: a GBK terminal or scanner is read, nothing ends for it.

And what must not reach a terminal raw: control characters in an argument, a name or a file are commands to it.
"""

import codecs
import re
import sys
from importlib import import_module
from typing import Any, Final

CHINESE: Final = "gb18030"
"""What is not UTF-8 at a counter in Guangdong is of this family (GB2312, GBK)."""
_LONGEST: Final = 4
"""Bytes of the longest character in UTF-8 and in GB18030."""


def decoded(data: bytes) -> str:
    """Text in UTF-8, else in GB18030 where that fits; what is neither shows as U+FFFD, which no field takes."""
    for encoding in ("utf-8", CHINESE):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


class TypedDecoder(codecs.IncrementalDecoder):
    """`decoded` for bytes that come in pieces: a character that is cut waits for its rest."""

    def __init__(self, errors: str = "strict") -> None:
        super().__init__(errors)
        self._waiting = b""

    def decode(self, data: Any, final: bool = False) -> str:
        """The text of all bytes but an unfinished character at their end. Never raises."""
        data = self._waiting + bytes(data)
        for encoding in ("utf-8", CHINESE):
            for end in range(len(data), max(len(data) - _LONGEST, -1), -1):
                text = _whole(data[:end], encoding)
                if text is not None and _may_begin(data[end:], encoding):
                    self._waiting = data[end:]
                    return text + (self._flush() if final else "")
        self._waiting = b""
        return decoded(data)

    def _flush(self) -> str:
        rest, self._waiting = self._waiting, b""
        return decoded(rest)

    def reset(self) -> None:
        self._waiting = b""


def _whole(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _may_begin(data: bytes, encoding: str) -> bool:
    """Are these bytes the beginning of a character?"""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(data) == ""
    except UnicodeDecodeError:
        return False


def read_typed_bytes() -> None:
    """Have Textual read the keyboard by `TypedDecoder`: its own ends the program at the first byte of another code."""
    if sys.platform == "win32":
        return  # the console gives characters there
    linux_driver = import_module("textual.drivers.linux_driver")
    setattr(linux_driver, "getincrementaldecoder", lambda _encoding: TypedDecoder)  # noqa: B010 - not declared there


def text_of(argument: str) -> str:
    """What an argument says, also where its bytes were no UTF-8: Python keeps those as lone surrogates."""
    if any("\udc80" <= char <= "\udcff" for char in argument):
        return decoded(argument.encode("utf-8", "surrogateescape"))
    return argument


def harmless(text: str) -> str:
    """The text with a picture for every control character (ESC as ␛) and every mark that turns text around."""
    return text.translate(_PICTURES)


def visible(text: str) -> str:
    """A text for a terminal."""
    return harmless(text_of(text)).translate(_NO_CHARACTERS)


_PICTURES: Final = {
    **{code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),
}
COMMANDS: Final = re.compile(f"[{re.escape(''.join(map(chr, _PICTURES)))}]")
"""A character that a terminal obeys, or that turns its text around."""
_NO_CHARACTERS: Final = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
