"""Text as a spreadsheet (.csv, .tsv), in the encodings of `encoding`; comma, tab, semicolon or bar."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from counter.sheets import limits
from counter.sheets.book import Recognised, Sheet, SheetRow
from counter.sheets.encoding import chinese_encodings, guessed_encoding, unicode_encoding
from counter.sheets.errors import SheetFileError

_DELIMITERS: Final = ",\t;|，"
_LOOKED_AT: Final = 40  # records


class DelimitedBook:
    """A text file as a book of one sheet."""

    def __init__(self, path: Path, recognised: Recognised, *, one_column: bool = False) -> None:
        self._path = path
        self._layout = _layout(path, recognised, one_column=one_column)
        self.sheets = (Sheet(""),)

    def __enter__(self) -> "DelimitedBook":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open between two readings."""

    def rows(self, _sheet: Sheet) -> Iterator[SheetRow]:
        with _open(self._path, self._layout.encoding) as file:
            for number, cells in enumerate(_records(file, self._layout.delimiter), start=1):
                yield SheetRow(number, cells[: limits.COLUMNS])


class _Layout(NamedTuple):
    """How a file is read, and what that makes of it: known titles in its best row, columns in its longest (-1: the
    quotation marks do not match)."""

    titles: int
    columns: int
    encoding: str
    delimiter: str


def _layout(path: Path, recognised: Recognised, *, one_column: bool) -> _Layout:
    """The encoding and delimiter that make most titles known. Raises `SheetFileError` for what is no table of text."""
    best = _best_layout(path, recognised)
    match best.columns:
        case -1:
            raise SheetFileError("quotes", row=1)
        case 0:
            raise SheetFileError("empty")
        case 1 if not one_column:
            raise SheetFileError("one_column")
    return best


def _best_layout(path: Path, recognised: Recognised) -> _Layout:
    if certain := unicode_encoding(path):
        return _delimited(path, certain, recognised)
    usual = [_delimited(path, name, recognised) for name in chinese_encodings(path)]
    best = max(usual, key=lambda layout: layout.titles, default=None)
    if best and best.titles:
        return best
    if name := guessed_encoding(path):
        return _delimited(path, name, recognised)
    if best is None:
        raise SheetFileError("binary")
    return best


def _delimited(path: Path, encoding: str, recognised: Recognised) -> _Layout:
    """The layout by the delimiter that makes most titles known, then most columns."""

    def by(delimiter: str) -> _Layout:
        with _open(path, encoding) as file:
            try:
                found = list(islice(_records(file, delimiter), _LOOKED_AT))
            except SheetFileError as error:
                if error.reason == "line":
                    raise
                return _Layout(-1, -1, encoding, delimiter)  # not with this delimiter
        return _Layout(max(map(recognised, found), default=0), max(map(len, found), default=0), encoding, delimiter)

    return max(map(by, _DELIMITERS), key=lambda layout: (layout.titles, layout.columns))


def _open(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, newline="")


def _records(file: TextIO, delimiter: str) -> Iterator[list[str]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(_lines(file), delimiter=delimiter, strict=True), start=1):  # noqa: B007
            yield cells
    except csv.Error:
        raise SheetFileError("quotes", row=number + 1) from None


def _lines(file: TextIO) -> Iterator[str]:
    """The lines, none longer than the limit."""
    while line := file.readline(limits.LINE_CHARACTERS):
        if len(line) == limits.LINE_CHARACTERS:
            raise SheetFileError("line")
        yield line
