"""Find the header (表头) of a sheet by its titles, also under title rows; the mapping can be corrected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from counter.roster.columns import ranked_column_of
from counter.sheets.book import SheetRow

LOOKED_AT: Final = 30
"""Filled rows at the top among which a header is looked for."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands: its row as the sheet shows it (0: there is none), the position from 0 of each column
    that was found, by id, and all the titles."""

    row: int
    columns: Mapping[str, int]
    titles: tuple[str, ...]

    def corrected(self, changes: Mapping[str, int | None]) -> "Header":
        """The header with columns at other positions, or (None) nowhere. A position belongs to one column."""
        taken = {position for position in changes.values() if position is not None}
        kept = {name: at for name, at in self.columns.items() if name not in changes and at not in taken}
        moved = {name: at for name, at in changes.items() if at is not None}
        return Header(self.row, {**kept, **moved}, self.titles)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The titles of the columns that are not read."""
        used = set(self.columns.values())
        return tuple(title for at, title in enumerate(self.titles) if title.strip() and at not in used)


def find_header(rows: Iterable[SheetRow]) -> Header | None:
    """The header among the first rows: the first with most known columns, a name or number among them; or None."""
    filled = (row for row in rows if any(cell.strip() for cell in row.cells))
    found = [header for row in islice(filled, LOOKED_AT) if (header := _header(row))]
    return max(found, key=lambda header: len(header.columns), default=None)  # the first of equals


def recognised(cells: Sequence[str]) -> int:
    """How many columns of a roster these cells name."""
    return len(_positions(cells))


def _header(row: SheetRow) -> Header | None:
    columns = _positions(row.cells)
    if len(columns) < 2 or not columns.keys() & {"name", "number"}:
        return None
    return Header(row.number, columns, tuple(cell.strip() for cell in row.cells))


def _positions(cells: Sequence[str]) -> dict[str, int]:
    """By column; of two titles for one column the one that names it better, of equals the first."""
    found: dict[str, tuple[int, int]] = {}
    for at, title in enumerate(cells):
        column, rank = ranked_column_of(title)
        if column:
            found[column] = min(found.get(column, (rank, at)), (rank, at))
    return {column: at for column, (_, at) in found.items()}
