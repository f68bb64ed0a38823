"""Open a roster file: what it is says its content, not its name. What is dangerous or no roster is refused."""

import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from counter.roster.errors import RosterFileError
from counter.sheets import limits

_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: Final = {
    b"%PDF": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"SQLite format 3": "SQLite",
}
_MARKUP: Final = (b"<?xml", b"<!doctype", b"<html", b"<table", b"<meta", b"mime-version")


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
    """An open file. Use it in a `with`; `rows` raises `RosterFileError` for what is damaged further down."""

    @property
    def sheets(self) -> tuple[Sheet, ...]: ...

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows that are there, in their order, merged cells filled downwards; read anew at each call."""

    def __enter__(self) -> "Book": ...

    def __exit__(self, *_: object) -> None: ...


def open_book(path: Path) -> Book:
    """Open a roster: .xlsx, .xls, .csv or .tsv, by its content.

    Raises `RosterFileError` for what is refused, OSError for what cannot be read.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise RosterFileError("no_file")
    if status.st_size == 0:
        raise RosterFileError("empty")
    if status.st_size > limits.FILE_BYTES:
        raise RosterFileError("huge", limit=limits.FILE_BYTES // 1024**2)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        from counter.sheets.xlsx import XlsxBook  # noqa: PLC0415 - one of three is needed

        return XlsxBook(path)
    if head.startswith(_OLE):
        from counter.sheets.xls import XlsBook  # noqa: PLC0415 - one of three is needed

        return XlsBook(path)
    if known := next((name for mark, name in _FOREIGN.items() if head.startswith(mark)), None):
        raise RosterFileError("foreign", format=known)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise RosterFileError("markup")
    from counter.sheets.delimited import DelimitedBook  # noqa: PLC0415 - one of three is needed

    return DelimitedBook(path)


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
