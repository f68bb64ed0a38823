"""Text rosters (.csv, .tsv): UTF-8 with and without BOM, GB18030, UTF-16; comma, tab, semicolon or bar."""

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from counter.roster.errors import RosterFileError
from counter.roster.header import recognised
from counter.sheets import limits
from counter.sheets.book import Sheet, SheetRow

_CHUNK: Final = 1024 * 1024
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")  # not the 1A with which old programs end a file
_DELIMITERS: Final = ",\t;|，"
_LOOKED_AT: Final = 40  # records


class DelimitedBook:
    """A text file as a book of one sheet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoding = _encoding(path)
        self._delimiter = self._sniffed()
        self.sheets = (Sheet(""),)

    def __enter__(self) -> "DelimitedBook":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open between two readings."""

    def rows(self, _sheet: Sheet) -> Iterator[SheetRow]:
        with self._open() as file:
            for number, cells in enumerate(_records(file, self._delimiter), start=1):
                yield SheetRow(number, cells[: limits.COLUMNS])

    def _open(self) -> TextIO:
        return self._path.open(encoding=self._encoding, newline="")

    def _sniffed(self) -> str:
        """The delimiter that makes most columns known, then most columns. Raises for a single column."""

        def columns(delimiter: str) -> tuple[int, int]:
            with self._open() as file:
                try:
                    found = list(islice(_records(file, delimiter), _LOOKED_AT))
                except RosterFileError as error:
                    if error.finding.code == "roster.file.line":
                        raise
                    return -1, -1  # not with this delimiter
            return max(map(recognised, found), default=0), max(map(len, found), default=0)

        most, best = max(((columns(each), each) for each in _DELIMITERS), key=lambda found: found[0])
        match most[1]:
            case -1:
                raise RosterFileError("quotes", row=1)
            case 0:
                raise RosterFileError("empty")
            case 1:
                raise RosterFileError("one_column")
        return best


def _records(file: TextIO, delimiter: str) -> Iterator[list[str]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(_lines(file), delimiter=delimiter, strict=True), start=1):  # noqa: B007
            yield cells
    except csv.Error:
        raise RosterFileError("quotes", row=number + 1) from None


def _lines(file: TextIO) -> Iterator[str]:
    """The lines, none longer than the limit."""
    while line := file.readline(limits.LINE_CHARACTERS):
        if len(line) == limits.LINE_CHARACTERS:
            raise RosterFileError("line")
        yield line


def _encoding(path: Path) -> str:
    """The encoding in which all of the file is text. Raises `RosterFileError` where there is none."""
    with path.open("rb") as file:
        head = file.read(4096)
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    for name in (marked,) if marked else (*_wide(head), "utf-8", "gb18030"):
        if _is_text(path, name):
            return name
    raise RosterFileError("binary")


def _wide(head: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: the commas, digits and line ends of such a file have one zero byte each."""
    low, high = head[1::2].count(0), head[0::2].count(0)
    return ("utf-16-le",) if low > 4 * high else ("utf-16-be",) if high > 4 * low else ()


def _is_text(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if _CONTROL.search(decoder.decode(chunk)):
                    return False
    except UnicodeDecodeError:
        return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise RosterFileError("truncated") from None
    return True
