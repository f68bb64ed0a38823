"""Old workbooks (.xls), by xlrd: values as stored, dates, merged cells, hidden rows and sheets.

xlrd and not python-calamine, which takes a gigabyte for two cells in the corners of a sheet (see `archive`).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import xlrd

from counter.sheets import limits
from counter.sheets.book import (
    Merged,
    Sheet,
    SheetRow,
    fill_merged,
)
from counter.sheets.cells import number_cell
from counter.sheets.errors import SheetFileError

_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")


class XlsBook:
    """An .xls file as a book."""

    def __init__(self, path: Path) -> None:
        content = path.read_bytes()
        if _PACKAGE in content:  # a protected .xlsx is an OLE file with the encrypted one inside
            raise SheetFileError("encrypted")
        if len(content) > limits.XLS_BYTES:
            raise SheetFileError("huge", limit=limits.XLS_BYTES // 1024**2)
        self._log = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - closed with the book; xlrd prints warnings
        try:
            self._book = xlrd.open_workbook(
                file_contents=content, logfile=self._log, on_demand=True, ragged_rows=True, formatting_info=True
            )
        except Exception as error:  # over damaged records it may raise anything
            self._log.close()
            raise SheetFileError(_reason(content, str(error))) from error
        names = self._book.sheet_names()[: limits.SHEETS]
        self.sheets = tuple(
            Sheet(name, hidden=self._book._sheet_visibility[index] != 0)  # type: ignore[attr-defined]  # else each sheet has to be read
            for index, name in enumerate(names)
        )

    def __enter__(self) -> "XlsBook":
        return self

    def __exit__(self, *_: object) -> None:
        self._book.release_resources()
        self._log.close()

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        index = self.sheets.index(sheet)
        try:
            found = self._book.sheet_by_index(index)
        except Exception as error:  # see above
            raise SheetFileError("damaged") from error
        merged = [Merged(first + 1, last, column) for first, last, column, _ in found.merged_cells[: limits.MERGED]]
        return fill_merged(self._rows(found), merged)

    def _rows(self, sheet: Any) -> Iterator[SheetRow]:
        for index in range(sheet.nrows):
            cells = [self._text(cell) for cell in sheet.row(index)[: limits.COLUMNS]]
            info = sheet.rowinfo_map.get(index)
            yield SheetRow(index + 1, cells, bool(info and info.hidden))

    def _text(self, cell: Any) -> str:
        match cell.ctype:
            case xlrd.XL_CELL_TEXT:
                return str(cell.value)[: limits.CELL_CHARACTERS]
            case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
                is_date = cell.ctype == xlrd.XL_CELL_DATE
                return number_cell(cell.value, is_date=is_date, since_1904=self._book.datemode == 1)
            case xlrd.XL_CELL_BOOLEAN:
                return "TRUE" if cell.value else "FALSE"
            case xlrd.XL_CELL_ERROR:
                return str(xlrd.error_text_from_code.get(cell.value, "#VALUE!"))
        return ""


def _reason(content: bytes, message: str) -> str:
    if "encrypted" in message:
        return "encrypted"
    has_workbook = any(name.encode("utf-16-le") in content for name in ("Workbook", "Book"))
    return "truncated" if has_workbook else "not_a_workbook"
