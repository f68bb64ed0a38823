"""What a file's columns are taken for (列对照): the header found with sample values, and reading by a corrected one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from counter.roster.checks import spoiled
from counter.roster.errors import RosterFileError
from counter.roster.header import Header
from counter.roster.reader import RosterPerson, choose, headers, read
from counter.roster.row import RosterRow
from counter.rules.finding import Finding
from counter.rules.reference import Reference
from counter.sheets.book import (
    Book,
    Sheet,
    open_book,
)

SAMPLES: Final = 3
TOLD_EVERY: Final = 500
_READ: Final = tuple(name for name in RosterRow.__struct_fields__ if name != "remarks")


@dataclass(frozen=True, slots=True)
class Preview:
    """A sheet as it would be read: its header and the first filled rows below. Row 0 as the header's: none was found,
    and the columns have no titles."""

    sheet: str
    header: Header
    samples: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        """How many columns there are to be told apart."""
        return max(len(self.header.titles), *map(len, self.samples), 0)


@dataclass(frozen=True, slots=True)
class Remarks:
    """What reading found that whoever hands the file in should hear: rows by the reason why they were passed over
    (``header``, ``total``, ``note``), hidden rows, rows by what spoiled a cell, titles that were not read."""

    skipped: dict[str, tuple[int, ...]]
    hidden: tuple[int, ...]
    spoiled: dict[Finding, tuple[int, ...]]
    unread: tuple[str, ...]


def preview(path: Path, sheet: str | None = None) -> Preview:
    """Look at a file. Raises what `open_book` and `choose` raise; a file without a header only if it is one column."""
    with open_book(path) as book:
        found = headers(book)
        try:
            chosen, header = choose(found, sheet)
        except RosterFileError as error:
            if error.finding.code != "roster.file.no_header":
                raise
            wanted = [one for one in found if one.name == sheet or (sheet is None and not one.hidden)]
            none = Header(0, {}, ())
            bare = [Preview(one.name, none, _samples(book, one, none)) for one in wanted[:1]]
            if not bare or bare[0].width < 2:
                raise
            return bare[0]
        return Preview(chosen.name, header, _samples(book, chosen, header))


def _samples(book: Book, sheet: Sheet, header: Header) -> tuple[tuple[str, ...], ...]:
    below = (row.cells for row in book.rows(sheet) if row.number > header.row)
    return tuple(tuple(cells) for cells in islice((cells for cells in below if any(map(str.strip, cells))), SAMPLES))


def read_sheet(
    path: Path,
    looked_at: Preview,
    reference: Reference,
    tell: Callable[[int], None] = lambda _read: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[list[RosterPerson], Remarks] | None:
    """The people of a sheet by the columns of `looked_at`, and what is to be said of them; None when cancelled.

    Raises what `open_book` raises, and `RosterFileError` for what is damaged further down and for no rows.
    """
    lines: list[RosterPerson] = []
    with open_book(path) as book:
        chosen = next(one for one in book.sheets if one.name == looked_at.sheet)
        reading = read(book, chosen, looked_at.header, reference)
        for line in reading:
            lines.append(line)
            if len(lines) % TOLD_EVERY == 0:
                tell(len(lines))
                if cancelled():
                    return None
    if not lines:
        raise RosterFileError("no_rows")
    return lines, _remarks(lines, reading.skipped, looked_at.header)


def _remarks(lines: Iterable[RosterPerson], skipped: Iterable[tuple[int, str]], header: Header) -> Remarks:
    passed_over: dict[str, list[int]] = {}
    for row, why in skipped:
        passed_over.setdefault(why, []).append(row)
    hidden: list[int] = []
    bad: dict[tuple[str, str], tuple[Finding, list[int]]] = {}
    for line in lines:
        if line.hidden:
            hidden.append(line.row)
        for column in _READ:
            finding = spoiled(column, getattr(line.person, column))
            if finding is not None:
                bad.setdefault((finding.code, column), (finding, []))[1].append(line.row)
    return Remarks(
        {why: tuple(rows) for why, rows in passed_over.items()},
        tuple(hidden),
        {finding: tuple(rows) for finding, rows in bad.values()},
        header.unknown,
    )
