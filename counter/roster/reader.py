"""From a sheet to rows of a roster: which sheet, which lines are people, which are titles, totals and notes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from counter.roster.columns import RosterRow
from counter.roster.errors import RosterFileError
from counter.roster.header import find_header, recognised
from counter.roster.row import Normal
from counter.rules.reference import Reference
from counter.rules.text import plain
from counter.sheets import limits
from counter.sheets.book import Book, Sheet, SheetRow
from counter.sheets.header import Header
from counter.sheets.header import choose as choose_sheet
from counter.sheets.opening import open_book

_EXAMPLES: Final = frozenset({"示例", "样例", "填写示例", "example", "examples"})
"""Sheets that show how to fill in the template are not rosters."""
_FEWEST_DIGITS: Final = 5
"""A line with so many digits for a document's number is a person; with fewer perhaps a total (``12人``)."""
_TOTAL: Final = re.compile(
    "(?:合计|总计|小计|共计|总人数|合计人数|人数|共[0-9]+人|(?:total|subtotal|sum)\b).*", re.IGNORECASE
)
_NOTE: Final = re.compile(
    "(?:注|备注|说明|填表说明|填表人|填表|制表人|制表|审核人|审核|复核|经办人|经办|单位盖章|盖章|联系人|单位负责人|日期|填表日期)[:：(].*|"
    "(?:note|notes|prepared by|checked by)[:：].*",
    re.IGNORECASE,
)


class RosterPerson(msgspec.Struct, frozen=True, gc=False):
    """A person of the roster: the row of the sheet, what it says, and whether the sheet hides it."""

    row: int
    person: RosterRow
    hidden: bool = False


@dataclass(slots=True)
class RosterReading:
    """The lines of a sheet as they are read; `skipped` fills with what is no person: row and reason
    (``header``, ``total``, ``note``)."""

    lines: Iterator[RosterPerson]
    header: Header
    skipped: list[tuple[int, str]] = field(default_factory=list)

    def __iter__(self) -> Iterator[RosterPerson]:
        return self.lines


def open_roster(path: Path) -> Book:
    """Open a file by what units call a roster's columns. Raises what `open_book` raises."""
    return open_book(path, recognised)


def headers(book: Book) -> dict[Sheet, Header | None]:
    """Each sheet with the header that was found in it."""
    return {sheet: find_header(book.rows(sheet)) for sheet in book.sheets}


def choose(found: Mapping[Sheet, Header | None], name: str | None = None) -> tuple[Sheet, Header] | None:
    """The sheet of this name, else the only visible one with a header (an example sheet is none); None for none.

    Raises `ChooseSheetError` where several have one.
    """
    return choose_sheet(found, name, _EXAMPLES)


def read(book: Book, sheet: Sheet, header: Header, reference: Reference) -> RosterReading:
    """The people of a sheet below its header, one by one. Blank lines are passed over.

    Hidden rows are read like all others, and say so: a filter that was left on must not lose people.
    Iterating raises `SheetFileError` for what is damaged further down, `RosterFileError` for more rows than a roster
    may have.
    """
    reading = RosterReading(iter(()), header)
    reading.lines = _lines(book.rows(sheet), reading, Normal(reference))
    return reading


def read_file(
    path: Path, reference: Reference, sheet: str | None = None, columns: Mapping[str, str] | None = None
) -> tuple[Header, list[RosterPerson], list[tuple[int, str]]]:
    """All of a file at once: header, lines, what was skipped. `columns` gives titles of the file to column ids.

    Raises what `open_roster`, `choose` and `read` raise, and `RosterFileError` (``no_header``, ``no_column``,
    ``no_rows``).
    """
    with open_roster(path) as book:
        found = choose(headers(book), sheet)
        if found is None:
            raise RosterFileError("no_header")
        chosen, header = found
        if columns:
            header = header.corrected({name: _position(header, title) for name, title in columns.items()})
        reading = read(book, chosen, header, reference)
        lines = list(reading)
    if not lines:
        raise RosterFileError("no_rows")
    return header, lines, reading.skipped


def _position(header: Header, title: str) -> int | None:
    if not title:
        return None
    wanted = plain(title)
    found = next((at for at, each in enumerate(header.titles) if plain(each) == wanted), None)
    if found is None:
        raise RosterFileError("no_column", title=wanted)
    return found


def _lines(rows: Iterator[SheetRow], reading: RosterReading, normal: Normal) -> Iterator[RosterPerson]:
    columns = reading.header.columns
    count = 0
    for row in rows:
        if row.number <= reading.header.row:
            continue
        values = {name: text for name, at in columns.items() if at < len(row.cells) and (text := row.cells[at].strip())}
        if reason := _no_person(row, values):
            reading.skipped.append((row.number, reason))
        elif values:
            count += 1
            if count > limits.ROWS:
                raise RosterFileError("rows", limit=limits.ROWS)
            yield RosterPerson(row.number, normal.row(values), row.hidden)


def _no_person(row: SheetRow, values: Mapping[str, str]) -> str:
    """Why a row is no person (``header``, ``total``, ``note``); '' for one, and for a blank line."""
    if sum(map(str.isdigit, values.get("number", ""))) >= _FEWEST_DIGITS:
        return ""
    if recognised(row.cells) >= 2:
        return "header"
    first = next((text for cell in row.cells if (text := "".join(plain(cell).split()))), "")
    if _TOTAL.fullmatch(first):
        return "total"
    return "note" if _NOTE.fullmatch(first) and not values.get("mobile") else ""
