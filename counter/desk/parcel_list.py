"""The list that comes with a parcel (交接清单): the card numbers in a spreadsheet, or one a line."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

from counter.rules.counting import is_card_number
from counter.rules.text import number_text, plain
from counter.sheets.book import SheetRow
from counter.sheets.errors import SheetFileError
from counter.sheets.header import Header, bare_title, choose, find_header
from counter.sheets.opening import open_book

_TITLES: Final = {
    bare_title(title): id
    for id, titles in {
        "card": ("社保卡号", "社会保障卡号", "卡号", "新卡号", "卡片号码", "card", "card number", "card no"),
        "parcel": ("包裹号", "包号", "批次号", "封包号", "parcel", "parcel number"),
    }.items()
    for title in titles
}


class ParcelFileError(SheetFileError):
    """A spreadsheet that can be read and is no list of cards (code ``parcel.file.<reason>``)."""

    namespace: ClassVar = "parcel.file"


def read_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """The card numbers of lines, as a scanner or a script writes them; empty ones are passed over."""
    return tuple(number for line in lines if (number := number_text(line)))


def read_list(path: Path, sheet: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The parcel's number, where the list has one, and the card numbers in their order.

    A list of nothing but card numbers needs no header. Raises `SheetFileError`, `ChooseSheetError` where one of several
    sheets has to be named, and OSError.
    """
    with open_book(path, _recognised, one_column=True) as book:
        chosen = choose({each: find_header(book.rows(each), _positions) for each in book.sheets}, sheet)
        if chosen is None:
            return "", _bare(book.rows(book.sheets[0]))
        found, header = chosen
        rows = [row for row in book.rows(found) if row.number > header.row]
    parcels = {number for row in rows if (number := _cell(row, header, "parcel"))}
    number = parcels.pop() if len(parcels) == 1 else ""
    return number, tuple(card for row in rows if (card := _cell(row, header, "card")))


def _bare(rows: Iterable[SheetRow]) -> tuple[str, ...]:
    numbers = read_lines(cell for row in rows for cell in row.cells)
    if not numbers or not all(map(is_card_number, numbers)):
        raise ParcelFileError("no_header")
    return numbers


def _cell(row: SheetRow, header: Header, column: str) -> str:
    at = header.columns.get(column)
    return number_text(plain(row.cells[at])) if at is not None and at < len(row.cells) else ""


def _recognised(cells: Sequence[str]) -> int:
    return len(_columns(cells))


def _positions(cells: Sequence[str]) -> Mapping[str, int]:
    """A header has the column of the cards."""
    columns = _columns(cells)
    return columns if "card" in columns else {}


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """The position of each column that these cells name; of two of one name the first."""
    named = [(_TITLES.get(bare_title(cell), ""), at) for at, cell in enumerate(cells)]
    return {name: at for name, at in reversed(named) if name}
