"""What a file's columns are taken for (列对照): the header found with sample values, and reading by a corrected one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from counter.roster.columns import COLUMNS
from counter.roster.errors import RosterFileError
from counter.roster.reader import RosterPerson, choose, headers, open_roster, read
from counter.rules.finding import Finding
from counter.rules.reference import Reference
from counter.sheets.book import Book, Sheet
from counter.sheets.header import Header

SAMPLES: Final = 3
TOLD_EVERY: Final = 500


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
    """Look at a file, also at one without a header.

    Raises what `open_roster` and `choose` raise, and `RosterFileError` for a sheet of one column without a header.
    """
    with open_roster(path) as book:
        found = headers(book)
        with_header = choose(found, sheet)
        if with_header is None:
            wanted = [one for one in found if (not one.hidden if sheet is None else one.name == sheet)]
            return _without_header(book, wanted)
        chosen, header = with_header
        return Preview(chosen.name, header, _samples(book, chosen, header))


def _without_header(book: Book, wanted: Sequence[Sheet]) -> Preview:
    none = Header(0, {}, ())
    bare = next((Preview(one.name, none, _samples(book, one, none)) for one in wanted), None)
    if bare is None or bare.width < 2:
        raise RosterFileError("no_header")
    return bare


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

    Raises what `open_roster` and `read` raise, and `RosterFileError` for no rows.
    """
    lines: list[RosterPerson] = []
    with open_roster(path) as book:
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
        for column in COLUMNS:
            text = getattr(line.person, column.id)
            if text and (finding := column.spoiled(text)):
                bad.setdefault((finding.code, column.id), (finding, []))[1].append(line.row)
    return Remarks(
        {why: tuple(rows) for why, rows in passed_over.items()},
        tuple(hidden),
        {finding: tuple(rows) for finding, rows in bad.values()},
        header.unknown,
    )
