"""The list of new card numbers for the unit's HR (统一收集变更名单), Z6(1), EXC-5, EXC-7: who has which card now.

HR passes it on to those who pay, so the new card's number stands on it whole: it is what the list is for. So does the
name; the document number is masked as on the hand-over list, which is enough to tell two of one name apart. Of the old
card only the last digits are said.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from counter.i18n import t
from counter.roster.lists import ListColumn, ListPart, PrintedList

_READY: Final = {
    "row": (8, 0, 6),
    "name": (14, 34, 13),
    "number": (24, 104, 19),
    "old": (12, 204, 9),
    "new": (16, 256, 12),
    "bank": (24, 322, 17),
    "day": (12, 412, 11),
}
_WAITING: Final = {"row": (8, 0, 6), "name": (14, 34, 13), "number": (24, 104, 24), "reason": (60, 234, 46)}
"""By name: the width in the workbook, where it begins on the page, how wide it is there."""


@dataclass(frozen=True, slots=True)
class NewNumber:
    """Somebody whose card is made: the place in the roster, name, masked document number, the old card's last digits,
    the new card's number, its bank by name, the day it was made."""

    row: int
    name: str
    number: str
    old: str
    new: str
    bank: str
    day: date | None


@dataclass(frozen=True, slots=True)
class NotReady:
    """Somebody who has no new card yet: place, name, masked document number, why."""

    row: int
    name: str
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class NewNumbers:
    """The list: the unit's name, the day, those whose cards are made, those who wait."""

    unit: str
    day: date
    ready: tuple[NewNumber, ...]
    waiting: tuple[NotReady, ...]


def printed(list_: NewNumbers) -> PrintedList:
    """The list as it is written, in the language in use."""
    counts = t("roster.numbers.counts", ready=len(list_.ready), waiting=len(list_.waiting))
    ready = tuple(
        (str(each.row), each.name, each.number, each.old, each.new, each.bank, each.day.isoformat() if each.day else "")
        for each in list_.ready
    )
    waiting = tuple((str(each.row), each.name, each.number, each.reason) for each in list_.waiting)
    return PrintedList(
        head=(t("roster.numbers.title"), f"{list_.unit}  {list_.day.isoformat()}".strip(), counts),
        parts=(
            ListPart(t("roster.numbers.ready"), _columns(_READY), ready),
            ListPart(t("roster.numbers.waiting"), _columns(_WAITING), waiting),
        ),
        sign=t("roster.numbers.sign"),
    )


def _columns(measures: dict[str, tuple[int, int, int]]) -> tuple[ListColumn, ...]:
    return tuple(ListColumn(t(f"roster.numbers.column.{name}"), *each) for name, each in measures.items())
