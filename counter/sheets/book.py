"""What an open spreadsheet is to its reader: sheets, and their rows as text."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

from counter.sheets import limits

Recognised: TypeAlias = Callable[[Sequence[str]], int]
"""How many titles that the reader knows stand in these cells."""


def no_titles(_cells: Sequence[str]) -> int:
    """A reader who expects no header."""
    return 0


class SheetRow(NamedTuple):
    """A row of a sheet: its number as the spreadsheet shows it, its cells as text, hidden or not."""

    number: int
    cells: Sequence[str]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet (工作表) of a file; the name of a text file's only one is ''."""

    name: str
    hidden: bool = False


class Book(Protocol):
    """An open file. Use it in a `with`; `rows` raises `SheetFileError` for what is damaged further down."""

    @property
    def sheets(self) -> tuple[Sheet, ...]: ...

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows that are there, in their order, merged cells filled downwards; read anew at each call."""

    def __enter__(self) -> "Book": ...

    def __exit__(self, *_: object) -> None: ...


class Merged(NamedTuple):
    """A merged range (合并单元格): first and last row as the sheet counts them, first column from 0."""

    first: int
    last: int
    column: int


def fill_merged(rows: Iterable[SheetRow], merged: Iterable[Merged]) -> Iterator[SheetRow]:
    """The rows, with what stands in a merged cell in each of the rows that it covers."""
    starts: dict[int, list[Merged]] = {}
    for one in merged:
        if one.last > one.first and one.column < limits.COLUMNS:
            starts.setdefault(one.first, []).append(one)
    if not starts:
        yield from rows
        return
    open_: dict[int, tuple[int, str]] = {}
    for row in rows:
        cells = list(row.cells)
        for column, (last, text) in list(open_.items()):
            if row.number > last:
                del open_[column]
                continue
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or text
        for one in starts.get(row.number, ()):
            if one.column < len(cells) and cells[one.column]:
                open_[one.column] = (one.last, cells[one.column])
        yield row._replace(cells=cells)
