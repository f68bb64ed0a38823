"""What comes from a keyboard, a paste or a scanner, in its normal form; what names, addresses, mobiles look like.

Normalising never refuses and is idempotent; the checks say what is wrong. The limits of the normal forms are far
above those of the checks, so that a check can still say "too long" while a pasted book never reaches a screen.
"""

import re
import unicodedata
from typing import Final

from counter.rules.finding import Finding, ask, stop

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MIDDLE_DOTS: Final = dict.fromkeys((0x0387, 0x16EB, 0x2022, 0x2027, 0x2219, 0x22C5, 0x30FB, 0xFF65), "·")
_DASHES_AND_SPACES: Final = re.compile(r"[\s\-\u2010-\u2015\u2212\uFE58\uFE63]")
_HAN: Final = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACE_AT_HAN: Final = re.compile(f"(?<=[{_HAN}·]) +(?=[{_HAN}·])")
_DOT_AT_HAN: Final = re.compile(f"(?<=[{_HAN}])\\.(?=[{_HAN}])")

_ORDINARY: Final = re.compile("[!-~\u4e00-\u9fff]*")
"""ASCII without spaces and the ideographs of most names: in normal form as they are."""
IDEOGRAPHS: Final = re.compile("[\u4e00-\u9fff]+")
"""Most names: no form changes these."""

NAME_LIMIT: Final = 50
ADDRESS_LIMIT: Final = 100
ADDRESS_SHORT: Final = 6
_DOOR: Final = re.compile("[0-9零〇一二三四五六七八九十]|号|室|房|栋|幢|座|楼|单元|户|组|队")
_MOBILE_DIGITS: Final = 11


def plain(text: str, *, limit: int = 500) -> str:
    """One line of printable text, at most `limit` characters.

    Control, format (bidi marks, zero width, BOM) and surrogate code points go; any kind of space becomes one
    plain space; full-width ASCII becomes ASCII. Rare characters and a font's private ones stay.
    """
    if len(text) <= limit and _ORDINARY.fullmatch(text):
        return text  # as nearly all are: a roster has a hundred thousand of them
    kept = []
    for char in text[: limit * 4].translate(_FULL_WIDTH):
        category = unicodedata.category(char)
        if char.isspace() or category in {"Zs", "Zl", "Zp"}:
            kept.append(" ")
        elif category not in {"Cc", "Cf", "Cs"}:
            kept.append(char)
    return " ".join("".join(kept).split())[:limit].rstrip()


def number_text(text: str, *, limit: int = 60) -> str:
    """A number of letters and digits: no spaces, no dashes, upper case."""
    if text.isascii() and text.isalnum() and len(text) <= limit:
        return text.upper()  # as most numbers are: a roster has a hundred thousand of them
    return _DASHES_AND_SPACES.sub("", plain(text, limit=limit * 2)).upper()[:limit]


def mobile_text(text: str) -> str:
    """A mobile number as its digits, without country code, spaces and dashes; anything else stays to be refused."""
    number = number_text(text).replace("(", "").replace(")", "")
    if number[:1] == "1":
        return number
    known = re.fullmatch(r"(?:\+|00)?86(1\d{10})", number)
    return known.group(1) if known else number


def name_text(text: str) -> str:
    """A name: middle dots as ``·`` (also the full stop typed between Chinese characters), no space between those."""
    if len(text) <= NAME_LIMIT and IDEOGRAPHS.fullmatch(text):
        return text
    name = plain(text, limit=NAME_LIMIT * 4).translate(_MIDDLE_DOTS)
    return _DOT_AT_HAN.sub("·", _SPACE_AT_HAN.sub("", re.sub(" *· *", "·", name)))


def check_name(name: str, field: str = "") -> tuple[Finding, ...]:
    """What is wrong with a name in normal form, APP-1."""
    if not name:
        return (stop("APP-1", "text.name_empty", field),)
    if len(name) > NAME_LIMIT:
        return (stop("APP-1", "text.name_long", field, limit=NAME_LIMIT),)
    if IDEOGRAPHS.fullmatch(name):
        return ()
    if not all(_in_names(char) for char in name) or not any(_is_letter(char) for char in name):
        return (stop("APP-1", "text.name_characters", field),)
    return ()


def check_address(address: str, field: str = "") -> tuple[Finding, ...]:
    """What is wrong with a detailed address (详细地址, to the door) in normal form, APP-1 and PIC-3."""
    if not address:
        return (stop("APP-1", "text.address_empty", field),)
    if len(address) > ADDRESS_LIMIT:
        return (stop("APP-1", "text.address_long", field, limit=ADDRESS_LIMIT),)
    if not all(_in_addresses(char) for char in address) or not any(_is_letter(char) for char in address):
        return (stop("APP-1", "text.address_characters", field),)
    if len(address) < ADDRESS_SHORT or not _DOOR.search(address):
        return (ask("APP-1", "text.address_short", field),)
    return ()


def check_mobile(mobile: str, field: str = "") -> tuple[Finding, ...]:
    """What is wrong with a mobile number (手机号码) in normal form, APP-1: ``1[3-9]`` and nine digits."""
    if not mobile:
        return (stop("APP-1", "text.mobile_empty", field),)
    if not re.fullmatch(r"1(?:[3-9][0-9]*)?", mobile):
        return (stop("APP-1", "text.mobile_characters", field),)
    missing = _MOBILE_DIGITS - len(mobile)
    if missing > 0:
        return (stop("APP-1", "text.mobile_unfinished", field, missing=missing),)
    if missing < 0:
        return (stop("APP-1", "text.mobile_long", field, surplus=-missing),)
    return ()


def _is_letter(char: str) -> bool:
    # Newer extensions than this Unicode table have no category; private characters are older systems' rare names.
    return char.isalpha() or char == "〇" or 0x20000 <= ord(char) <= 0x3FFFF or unicodedata.category(char) == "Co"


def _in_names(char: str) -> bool:
    # A variation selector for emoji is a mark too, but never part of a name.
    is_mark = unicodedata.category(char) in {"Mn", "Mc"} and char not in "\ufe0e\ufe0f"
    return _is_letter(char) or is_mark or char in "· -'.,"


def _in_addresses(char: str) -> bool:
    category = unicodedata.category(char)
    return _in_names(char) or char in "+~№" or category[0] in "NP"
