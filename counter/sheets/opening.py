"""Open a spreadsheet: what it is says its content, not its name. What is dangerous or no spreadsheet is refused."""

import stat
from pathlib import Path
from typing import Final

from counter.sheets import limits
from counter.sheets.book import Book, Recognised, no_titles
from counter.sheets.delimited import DelimitedBook
from counter.sheets.errors import SheetFileError
from counter.sheets.xlsx import XlsxBook

BOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt"})
"""What files that may be one are called, where a folder is listed; what they are their content says."""

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


def open_book(path: Path, recognised: Recognised = no_titles, *, one_column: bool = False) -> Book:
    """Open a spreadsheet: .xlsx, .xls, .csv or .tsv, by its content.

    `recognised` is who can tell the header's titles: by them a text file's encoding and delimiter are chosen; with
    `one_column` it may have one only. Raises `SheetFileError` for what is refused, OSError for what cannot be read.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise SheetFileError("no_file")
    if status.st_size == 0:
        raise SheetFileError("empty")
    if status.st_size > limits.FILE_BYTES:
        raise SheetFileError("huge", limit=limits.FILE_BYTES // 1024**2)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return XlsxBook(path)
    if head.startswith(_OLE):
        from counter.sheets.xls import XlsBook  # noqa: PLC0415 - xlrd takes a twentieth of a second, few files need it

        return XlsBook(path)
    if known := next((name for mark, name in _FOREIGN.items() if head.startswith(mark)), None):
        raise SheetFileError("foreign", format=known)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise SheetFileError("markup")
    return DelimitedBook(path, recognised, one_column=one_column)
