"""Pinyin (拼音) of characters, from ``pinyin.txt`` beside this: what a clerk types who has no Chinese input method on.

A table of our own: pypinyin, which it was made with, takes 57 MB for phrases that a name has not.
"""

from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).with_name("pinyin.txt")
READINGS: Final = 4
"""Ways to read a name that are kept, where several of its characters have more than one."""


def typed_as(text: str) -> tuple[str, ...]:
    """How a text may be typed: its syllables in a row, and their initials, for each way to read it.

    ``单明`` is ``danming dm shanming sm``; what has no reading (letters, digits) stays as it is.
    """
    table = _table()
    if not any(character in table for character in text):
        return ()
    ways = islice(product(*(table.get(character, (character,)) for character in text)), READINGS)
    found = [form for way in ways for form in ("".join(way), "".join(syllable[0] for syllable in way))]
    return tuple(dict.fromkeys(found))


@cache
def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in _TABLE.read_text("utf-8").splitlines():
        syllable, _, characters = line.partition(" ")
        for character in characters:
            table[character] = (*table.get(character, ()), syllable)
    return table
