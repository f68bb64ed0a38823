"""Which rows of a roster have a number in common (重复). No Textual."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from counter.roster.checks import key_of
from counter.roster.columns import BY_ID, RosterRow
from counter.widgets.grid.model import Key

Number = tuple[str, str]
"""A column and the number in it, as it is compared."""
_NAMED = 21
"""Rows of one number among which a finding names the others."""


class SharedNumbers:
    """Who has which number: nearly all of them alone, but what stands for a number may be everybody's."""

    def __init__(self) -> None:
        self._alone: dict[Number, Key] = {}
        self._several: dict[Number, dict[Key, None]] = {}

    def numbers(self, row: RosterRow) -> Iterator[Number]:
        """The numbers of a row that nobody else may have."""
        if row.number:
            yield "number", key_of(row)
        if row.old_card:
            yield "old_card", row.old_card

    def join(self, key: Key, row: RosterRow) -> set[Key]:
        """Enter a row under its numbers; the rows that were alone with them until now."""
        others: set[Key] = set()
        for number in self.numbers(row):
            if number in self._several:
                self._several[number][key] = None
            elif (first := self._alone.setdefault(number, key)) != key:
                self._several[number] = {self._alone.pop(number): None, key: None}
                others.add(first)
        return others

    def part(self, key: Key, row: RosterRow) -> set[Key]:
        """Take a row out from under the numbers that it had; the rows that are alone with them from now on."""
        others: set[Key] = set()
        for number in self.numbers(row):
            several = self._several.get(number)
            if several is None:
                self._alone.pop(number, None)
                continue
            several.pop(key, None)
            if len(several) == 1:
                self._alone[number], _ = self._several.pop(number).popitem()
                others.add(self._alone[number])
        return others

    def columns(self, row: RosterRow) -> list[str]:
        """The columns of a row that hold a number which another row has too."""
        return [
            column
            for column, text in self.numbers(row)
            if (column, text) in self._several and BY_ID[column].spoiled(text) is None
        ]

    def others(self, key: Key, row: RosterRow) -> list[Key]:
        """The rows that have a number in common with this one, the first of them."""
        same = (key for number in self.numbers(row) for key in islice(self._several.get(number, ()), _NAMED))
        return [other for other in dict.fromkeys(same) if other != key]

    def everybody(self) -> Iterable[Key]:
        """All rows that have a number in common with another."""
        return chain.from_iterable(self._several.values())
