"""Find the header (表头) of a sheet by the titles that its reader knows, also under title rows; choose the sheet."""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from counter.rules.text import plain
from counter.sheets.book import Sheet, SheetRow
from counter.sheets.errors import ChooseSheetError

LOOKED_AT: Final = 30
"""Filled rows at the top among which a header is looked for."""
_ASIDE: Final = re.compile(r"[(\[【〔].*?[)\]】〕]|[*＊※:：、。★]|\s+")
_LONGEST: Final = 60
_TRADITIONAL: Final = str.maketrans(
    "證號碼機電話聯繫係職業種類別備註說會舊務員個崗動屬來執參請領戶銀網點編稱區縣營時間製發開單國護內陸臺灣",
    "证号码机电话联系系职业种类别备注说会旧务员个岗动属来执参请领户银网点编称区县营时间制发开单国护内陆台湾",
)
"""The characters of titles that Hong Kong, Macau and Taiwan write otherwise."""

Positions: TypeAlias = Callable[[Sequence[str]], Mapping[str, int]]
"""The position from 0 of each known column that these cells name, by id; empty where they are no header."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands: its row as the sheet shows it (0: there is none), the position from 0 of each column
    that was found, by id, and all the titles."""

    row: int
    columns: Mapping[str, int]
    titles: tuple[str, ...]

    def corrected(self, changes: Mapping[str, int | None]) -> "Header":
        """The header with columns at other positions, or (None) nowhere. A position belongs to one column."""
        taken = {position for position in changes.values() if position is not None}
        kept = {name: at for name, at in self.columns.items() if name not in changes and at not in taken}
        moved = {name: at for name, at in changes.items() if at is not None}
        return Header(self.row, {**kept, **moved}, self.titles)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The titles of the columns that are not read."""
        used = set(self.columns.values())
        return tuple(title for at, title in enumerate(self.titles) if title.strip() and at not in used)


def find_header(rows: Iterable[SheetRow], positions: Positions) -> Header | None:
    """The header among the first rows: the first with most known columns; or None."""
    filled = (row for row in rows if any(cell.strip() for cell in row.cells))
    found = [
        Header(row.number, columns, tuple(cell.strip() for cell in row.cells))
        for row in islice(filled, LOOKED_AT)
        if (columns := positions(row.cells))
    ]
    return max(found, key=lambda header: len(header.columns), default=None)  # the first of equals


def choose(
    found: Mapping[Sheet, Header | None], name: str | None = None, aside: Container[str] = ()
) -> tuple[Sheet, Header] | None:
    """The sheet of this name, else the only visible one with a header; None where there is no header.

    Of several with a header those `aside` (names in small letters) do not count. Raises `ChooseSheetError` where
    several are left, and where none has the name.
    """
    if name is not None:
        named = next((each for each in found.items() if each[0].name == name), None)
        if named is None:
            raise ChooseSheetError(tuple(sheet.name for sheet in found))
        return (named[0], named[1]) if named[1] else None
    with_header = [(sheet, header) for sheet, header in found.items() if header and not sheet.hidden]
    wanted = [each for each in with_header if plain(each[0].name).casefold() not in aside] or with_header
    if len(wanted) > 1:
        raise ChooseSheetError(tuple(sheet.name for sheet, _ in wanted))
    return wanted[0] if wanted else None


def bare_title(title: str) -> str:
    """A title as it is compared: ``*姓 名（必填）：`` is 姓名, 證件號碼 is 证件号码. What is too long for one is ''."""
    return simplified(_ASIDE.sub("", plain(title)).casefold()) if len(title) <= _LONGEST else ""


def simplified(words: str) -> str:
    """The words of titles and short lists in simplified characters."""
    return words.translate(_TRADITIONAL)
