"""What a passphrase may be (口令), after NIST SP 800-63B: long, and none that anybody tries first.

No mixture of kinds of characters is asked for: it makes passphrases no harder to guess.
"""

import unicodedata
from collections.abc import Collection
from enum import StrEnum
from itertools import pairwise
from typing import Final

SHORTEST: Final = 12
"""Characters."""
_OWN: Final = 8
"""So many characters have to be left of it without who it belongs to."""
_UNIT: Final = 4
"""Something of so few characters, said again and again, is no passphrase."""


class Weakness(StrEnum):
    """Why a passphrase is refused."""

    SHORT = "short"
    COMMON = "common"
    OWN = "own"


def weakness(passphrase: str, whose: Collection[str], common: Collection[str]) -> Weakness | None:
    """Why this is none to be taken, or None. `whose`: id and name; `common`: folded, see `folded`."""
    if len(passphrase) < SHORTEST:
        return Weakness.SHORT
    text = folded(passphrase)
    if not text or text in common or text.strip("0123456789") in common or _is_run(text) or _is_repeated(text):
        return Weakness.COMMON
    without = text
    for own in filter(None, map(folded, whose)):
        without = without.replace(own, "")
    return Weakness.OWN if without != text and len(without) < _OWN else None


def folded(text: str) -> str:
    """Small letters and digits only: what somebody who guesses does not vary."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def _is_run(text: str) -> bool:
    """Up or down by one, digits round the clock: ``abcdefghijkl``, ``567890123456``."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    if text.isdecimal():
        steps = {step % 10 for step in steps}
        return steps <= {1} or steps <= {9}
    return steps <= {1} or steps <= {-1}


def _is_repeated(text: str) -> bool:
    return (text + text).find(text, 1) <= _UNIT
