"""What a cell holds, as text; and what a spreadsheet does to numbers.

A cell that is no good stays recognisable by its text, wherever it is kept: a number that lost digits is written as
``4.40115E+17``, a formula without a stored value as ``=A1``, an error as ``#N/A``.
"""

import re
from datetime import date, timedelta
from math import isfinite
from typing import Final

from counter.rules.text import plain

EXACT: Final = 10**15
"""A spreadsheet's number keeps 15 digits; from here on the last ones are gone."""

ERRORS: Final = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"}
)
_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{2,3}")
_WHOLE: Final = re.compile(r"([0-9]+)\.0+")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_EPOCH: Final = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_LAST_SERIAL: Final = {False: 2_958_465, True: 2_957_003}  # 9999-12-31
_DATE: Final = re.compile(
    r"([0-9]{4})(?:[-/.年])([0-9]{1,2})(?:[-/.月])([0-9]{1,2})日?(?:[ T].*)?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_LONG_TERM: Final = frozenset({"长期", "长期有效", "永久", "long_term", "longterm", "long term"})


def number_cell(value: float, *, is_date: bool = False, since_1904: bool = False) -> str:
    """A numeric cell as text: whole without a point, a date as YYYY-MM-DD, one that lost digits as 4.4E+17."""
    if not isfinite(value):
        return "#NUM!"
    if is_date and 1 <= value < _LAST_SERIAL[since_1904]:
        return serial_date(int(value), since_1904=since_1904).isoformat()
    if abs(value) >= EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else f"{value:.15g}"


def serial_date(serial: int, *, since_1904: bool = False) -> date:
    """The day of a spreadsheet's serial number (序列号)."""
    return _EPOCH[since_1904] + timedelta(days=serial)


def unescaped(text: str) -> str:
    """A stored string without OOXML's ``_x000D_``."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def digits_text(text: str) -> str:
    """A number without what spreadsheets put around it: apostrophes, and ``.0`` behind it."""
    bare = plain(text).strip("'`‘’′\"“” ")
    whole = _WHOLE.fullmatch(bare)
    return whole[1] if whole else bare


def date_text(text: str) -> str:
    """A date as YYYY-MM-DD, ``long_term``, or what was written where it is none. A serial number is a date too."""
    bare = plain(text)
    if bare.casefold() in _LONG_TERM:
        return "long_term"
    if bare.isdecimal() and bare.isascii() and len(bare) == 5:
        return serial_date(int(bare)).isoformat()
    found = _DATE.fullmatch(bare)
    if not found:
        return bare
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return bare


def is_destroyed(text: str) -> bool:
    """Is this a number that a spreadsheet took digits from?"""
    return _SCIENTIFIC.fullmatch(text.upper()) is not None


def is_formula(text: str) -> bool:
    """Is this a formula without a stored value?"""
    return text.startswith("=")


def is_error(text: str) -> bool:
    """Is this a spreadsheet's error value?"""
    return text.upper() in ERRORS
