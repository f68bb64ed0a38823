"""The hand-over list (交接清单) for the unit: who is in, who is not and why; people masked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from counter.i18n import sentence, t
from counter.roster.checks import RowCheck
from counter.roster.lists import ListColumn, ListPart, PrintedList
from counter.roster.reader import RosterPerson
from counter.rules.finding import Finding, Level
from counter.rules.masking import mask_name, mask_number
from counter.rules.unit import Unit

_COLUMNS: Final = {"row": (8, 0, 7), "name": (12, 40, 13), "number": (24, 110, 24), "reason": (90, 240, 46)}
"""By name: the width in the workbook, where it begins on the page, how wide it is there."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A person on the list: the row of the unit's sheet, name and number masked, why they are not in."""

    row: int
    name: str
    number: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOver:
    """The list: the unit's name, the day, who is in (`taken`), who is not (`left`)."""

    unit: str
    day: date
    taken: tuple[Listed, ...]
    left: tuple[Listed, ...]


def hand_over(unit: Unit, day: date, rows: Iterable[tuple[RosterPerson, RowCheck]]) -> HandOver:
    """The list of rows that were judged, in the language in use: the valid ones are in."""
    taken: list[Listed] = []
    left: list[Listed] = []
    for line, check in rows:
        reasons = tuple(reason(each) for each in check.findings if each.level is Level.STOP)
        entry = Listed(line.row, mask_name(line.person.name), mask_number(line.person.number), reasons)
        (left if reasons else taken).append(entry)
    return HandOver(unit.name, day, tuple(taken), tuple(left))


def reason(finding: Finding) -> str:
    """A finding of a row in words for the unit, with the title of its column."""
    said = sentence(finding)
    return t("roster.reason", column=t(f"roster.column.{finding.field}"), said=said) if finding.field else said


def printed(list_: HandOver) -> PrintedList:
    """The list as it is written; on paper those who are not in stand first."""
    columns = tuple(ListColumn(t(f"roster.handover.column.{name}"), *measures) for name, measures in _COLUMNS.items())
    counts = t("roster.handover.counts", taken=len(list_.taken), left=len(list_.left))
    return PrintedList(
        head=(t("roster.handover.title"), f"{list_.unit}  {list_.day.isoformat()}".strip(), counts),
        parts=tuple(
            ListPart(t(f"roster.handover.{name}"), columns, tuple(map(_row, entries)))
            for name, entries in (("taken", list_.taken), ("left", list_.left))
        ),
        sign=t("roster.handover.sign"),
        last_first=True,
    )


def _row(listed: Listed) -> tuple[str, ...]:
    return str(listed.row), listed.name, listed.number, "\n".join(listed.reasons)
