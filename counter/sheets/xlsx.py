"""Workbooks (.xlsx, .xlsm), row by row: values as stored, dates, merged cells, hidden rows and sheets."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from counter.sheets import limits
from counter.sheets.archive import Archive, local
from counter.sheets.book import (
    Merged,
    Sheet,
    SheetRow,
    fill_merged,
)
from counter.sheets.cells import number_cell, unescaped
from counter.sheets.errors import SheetFileError

_WORKBOOK: Final = "xl/workbook.xml"
_BUILT_IN_DATES: Final = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_LITERAL: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_MERGED: Final = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^<>]{0,200}?ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})["']"""
)
_OVERLAP: Final = 300  # bytes: more than a mergeCell is long
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")


class XlsxBook:
    """An .xlsx file as a book."""

    def __init__(self, path: Path) -> None:
        self._archive = Archive(path)
        try:
            self._refuse_foreign()
            self._parts, self._since_1904 = _workbook(self._archive)
            self._strings = _strings(self._archive)
            self._date_styles = _date_styles(self._archive)
        except BaseException:
            self._archive.close()
            raise
        self.sheets = tuple(self._parts)

    def __enter__(self) -> "XlsxBook":
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        part = self._parts[sheet]
        return fill_merged(self._rows(part), _merged(self._archive, part))

    def _rows(self, part: str) -> Iterator[SheetRow]:
        found = _Rows(self._strings, self._date_styles, since_1904=self._since_1904)
        for _ in self._archive.parse(part, found.start, found.end, found.text):
            yield from found.taken()

    def _refuse_foreign(self) -> None:
        if _WORKBOOK in self._archive:
            return
        binary, document = "xl/workbook.bin" in self._archive, "mimetype" in self._archive
        raise SheetFileError("foreign", format="XLSB" if binary else "ODS" if document else "ZIP")


class _Rows:
    """What the parser of a sheet calls: collects the rows that are complete."""

    def __init__(self, strings: list[str], date_styles: frozenset[str], *, since_1904: bool) -> None:
        self._strings = strings
        self._date_styles = date_styles
        self._since_1904 = since_1904
        self._names: dict[str, str] = {}
        self._complete: list[SheetRow] = []
        self._number = 0
        self._hidden = False
        self._cells: list[str] = []
        self._column = -1
        self._kind = self._style = ""
        self._taking: list[str] | None = None
        self._value = self._formula = ""
        self._size = 0

    def taken(self) -> list[SheetRow]:
        """The rows that were completed since the last time."""
        complete, self._complete = self._complete, []
        return complete

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = self._names.setdefault(name, local(name)) if len(self._names) < 100 else local(name)
        if name == "c":
            address = attributes.get("r")
            self._column = self._column + 1 if address is None else _column(address)
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._value = self._formula = ""
        elif name in {"v", "t", "f"}:
            self._taking, self._size = [], 0
        elif name == "row":
            self._number = _row_number(attributes["r"]) if "r" in attributes else self._number + 1
            self._hidden = attributes.get("hidden") in {"1", "true"}
            self._cells, self._column = [], -1

    def text(self, text: str) -> None:
        if self._taking is not None and self._size < limits.CELL_CHARACTERS:
            self._taking.append(text)
            self._size += len(text)

    def end(self, name: str) -> None:
        name = self._names.get(name) or local(name)
        if name in {"v", "t", "f"}:
            text = "".join(self._taking or ())[: limits.CELL_CHARACTERS]
            self._taking = None
            if name == "f":
                self._formula = "=" + text
            elif len(self._value) < limits.CELL_CHARACTERS:  # a cell may have any number of pieces
                self._value += text
        elif name == "c":
            self._keep()
        elif name == "row":
            self._complete.append(SheetRow(self._number, self._cells, self._hidden))

    def _keep(self) -> None:
        if self._column >= limits.COLUMNS:
            return
        text = self._said()
        if text:
            cells = self._cells
            if len(cells) <= self._column:
                cells.extend([""] * (self._column + 1 - len(cells)))
            cells[self._column] = text

    def _said(self) -> str:
        """The cell as text."""
        value, kind = self._value, self._kind
        if not value:
            # a string formula may have stored an empty text; any other formula without a value was never computed
            return "" if kind == "str" else self._formula
        if kind == "s":
            return self._strings[int(value)] if 0 <= int(value) < len(self._strings) else ""
        if kind in {"str", "inlineStr"}:
            return unescaped(value)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind in {"e", "d"}:
            return value
        return number_cell(float(value), is_date=self._style in self._date_styles, since_1904=self._since_1904)


def _workbook(archive: Archive) -> tuple[dict[Sheet, str], bool]:
    """The sheets with their parts, and whether days count since 1904."""
    targets: dict[str, str] = {}
    listed: list[tuple[Sheet, str]] = []
    since_1904 = False

    def relation(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def entry(name: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if local(name) == "workbookPr":
            since_1904 = attributes.get("date1904") in {"1", "true"}
        elif local(name) == "sheet" and len(listed) < limits.SHEETS:
            id = next((value for key, value in attributes.items() if local(key) == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            listed.append((Sheet(attributes.get("name", ""), hidden), id))

    for _ in archive.parse("xl/_rels/workbook.xml.rels", relation):
        pass
    for _ in archive.parse(_WORKBOOK, entry):
        pass
    parts = {sheet: posixpath.normpath(posixpath.join("/xl", targets.get(id, ""))).lstrip("/") for sheet, id in listed}
    there = {sheet: part for sheet, part in parts.items() if part in archive and "chartsheets/" not in part}
    if not there:
        raise SheetFileError("damaged")
    return there, since_1904


def _strings(archive: Archive) -> list[str]:
    """The shared strings, within their limits; phonetic hints (rPh) are not part of them."""
    if "xl/sharedStrings.xml" not in archive:
        return []
    strings: list[str] = []
    pieces: list[str] = []
    taking = phonetic = False
    left = limits.STRING_CHARACTERS

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal taking, phonetic
        match local(name):
            case "si":
                pieces.clear()
            case "t":
                taking = not phonetic
            case "rPh":
                phonetic = True

    def text(text: str) -> None:
        nonlocal left
        if taking:
            left -= len(text)
            if left < 0:
                raise SheetFileError("bomb")
            pieces.append(text)

    def end(name: str) -> None:
        nonlocal taking, phonetic
        match local(name):
            case "si":
                if len(strings) >= limits.STRINGS:
                    raise SheetFileError("bomb")
                strings.append(unescaped("".join(pieces))[: limits.CELL_CHARACTERS])
            case "t":
                taking = False
            case "rPh":
                phonetic = False

    for _ in archive.parse("xl/sharedStrings.xml", start, end, text):
        pass
    return strings


def _date_styles(archive: Archive) -> frozenset[str]:
    """The numbers of the cell styles that show a number as a date."""
    if "xl/styles.xml" not in archive:
        return frozenset()
    dates = set(_BUILT_IN_DATES)
    styles: list[bool] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        match local(name):
            case "numFmt":
                if _shows_date(attributes.get("formatCode", "")):
                    dates.add(int(attributes.get("numFmtId", 0)))
            case "cellXfs":
                inside = True
            case "xf" if inside and len(styles) < 65_536:
                styles.append(int(attributes.get("numFmtId", 0)) in dates)

    def end(name: str) -> None:
        nonlocal inside
        if local(name) == "cellXfs":
            inside = False

    for _ in archive.parse("xl/styles.xml", start, end):
        pass
    return frozenset(str(number) for number, is_date in enumerate(styles) if is_date)


def _shows_date(code: str) -> bool:
    bare = _LITERAL.sub("", code).casefold()
    return "y" in bare or "d" in bare or "年" in code


def _merged(archive: Archive, part: str) -> list[Merged]:
    """The merged ranges, which stand behind the rows: found by a look through the part before it is parsed."""
    found: list[Merged] = []
    rest = b""
    for chunk in archive.chunks(part):
        window = rest + chunk
        end = 0
        for match in _MERGED.finditer(window):
            end = match.end()
            column, first, last = match.groups()
            if len(found) < limits.MERGED:
                found.append(Merged(int(first), int(last), _number_of(column.decode())))
        rest = window[max(end, len(window) - _OVERLAP) :]
    return found


def _column(address: str) -> int:
    known = _ADDRESS.fullmatch(address)
    if known is None:
        raise SheetFileError("damaged")
    return _number_of(known[1])


def _number_of(letters: str) -> int:
    """The position from 0 of a column's letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _row_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 7):
        raise SheetFileError("damaged")
    return int(text)
