"""Find a bank, a branch, a code or a region by pinyin initials, characters, id or keyword (BNK-3).

A query is one or more words; every word must be found. The best comes first: the whole key, its beginning, anywhere
in it; equals keep their order. An empty query finds everything.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Final, TypeVar

from counter.rules.reference import Bank, Branch, Coded, Region
from counter.rules.text import plain

LIMIT: Final = 50
"""More than a clerk reads; the next letter finds better than the next page."""

T = TypeVar("T")
Keys = tuple[str, ...]


def search_banks(query: str, banks: Iterable[Bank], limit: int = LIMIT) -> list[Bank]:
    """Banks (银行) by id, names or initials: ``icbc``, ``工商``, ``gsyh``, ``gh``."""
    return search(query, banks, lambda bank: (bank.id, bank.zh, bank.short, bank.en, *bank.initials.split()), limit)


def search_branches(
    query: str, branches: Iterable[Branch], regions: Mapping[str, Region] | None = None, limit: int = LIMIT
) -> list[Branch]:
    """Branches (网点) by district or any keyword of name, address, phone or id, BNK-3.

    With `regions` a district's name and initials find its branches, also where the address does not say it.
    """

    def keys(branch: Branch) -> Keys:
        district = regions.get(branch.district) if regions else None
        own = (branch.id, branch.name, branch.address, branch.phone, *branch.initials.split())
        return (*own, district.name, district.initials) if district else own

    return search(query, branches, keys, limit)


def search_coded(query: str, items: Iterable[Coded], limit: int = LIMIT) -> list[Coded]:
    """Items of a code list (民族, 职业) by code, names or initials."""
    return search(query, items, lambda item: (item.code, item.zh, item.en, *item.initials.split()), limit)


def search_regions(query: str, regions: Iterable[Region], near: str = "", limit: int = LIMIT) -> list[Region]:
    """Regions (地区) by code, name or initials; a word may also name what the region belongs to (``河源 紫金``).

    Of equals those come first whose code begins like `near`: the counter's own city, then its province.
    """
    listed = {region.code: region for region in regions}
    words = _words(query)
    found: list[tuple[int, int, Region]] = []
    for region in listed.values():
        weight = _weight(words[-1:], (region.code, region.name, *region.initials.split()))
        if weight is not None and all(_within(word, region, listed) for word in words[:-1]):
            found.append((weight, -_common(region.code, near), region))
    found.sort(key=lambda each: each[:2])
    return [region for _, _, region in found[:limit]]


def search(query: str, items: Iterable[T], keys: Callable[[T], Keys], limit: int) -> list[T]:
    """Items by their keys, as the head of this module says."""
    words = _words(query)
    found = [(weight, item) for item in items if (weight := _weight(words, keys(item))) is not None]
    found.sort(key=lambda each: each[0])
    return [item for _, item in islice(found, limit)]


def _words(query: str) -> list[str]:
    return plain(query).casefold().split()


def _weight(words: list[str], keys: Keys) -> int | None:
    """How far the words are from the keys: 0 exact, 1 beginning, 2 inside, added up; None when one is not there."""
    total = 0
    folded = [key.casefold() for key in keys]
    for word in words:
        if word in folded:
            continue
        inside = [key for key in folded if word in key]
        if not inside:
            return None
        total += 1 if any(key.startswith(word) for key in inside) else 2
    return total


def _within(word: str, region: Region, listed: Mapping[str, Region]) -> bool:
    above = listed.get(region.parent)
    while above:
        if word in above.name or above.initials.startswith(word) or above.code == word:
            return True
        above = listed.get(above.parent)
    return False


def _common(code: str, near: str) -> int:
    return next((size for size in (6, 4, 2) if near and code[:size] == near[:size]), 0)
