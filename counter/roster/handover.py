"""The hand-over list (交接清单) for the unit: who is in, who is not and why, and what each holder has to do next.

People are masked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from counter.i18n import notice, sentence, t
from counter.paper.contacts import whom_to_call
from counter.roster.checks import RowCheck
from counter.roster.columns import RosterRow
from counter.roster.lists import ListColumn, ListPart, PrintedList
from counter.roster.reader import RosterPerson
from counter.roster.row import kind_of, to_case
from counter.rules.finding import Finding, Level
from counter.rules.masking import mask_name, mask_number
from counter.rules.reference import Context
from counter.rules.services.exchange import EXCHANGE
from counter.rules.unit import Unit

_COLUMNS: Final = {"row": (8, 0, 7), "name": (12, 40, 13), "number": (24, 110, 24), "last": (90, 240, 46)}
"""By name: the width in the workbook, where it begins on the page, how wide it is there."""
_TOLD: Final = (120, 0, 92)


@dataclass(frozen=True, slots=True)
class Listed:
    """A person on the list: the row of the unit's sheet, name and number masked.

    `document` is what they bring when it is their turn (居民身份证), `reasons` are why they are not in.
    """

    row: int
    name: str
    number: str
    document: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What stands in the last column."""
        return self.reasons or (self.document,)


@dataclass(frozen=True, slots=True)
class HandOver:
    """The list: the unit's name, the day, who is in (`taken`), who is not (`left`), what every holder is `told`;
    `ready`: the notices on when the cards will be ready (TIM-1), several where they were recorded on several days."""

    unit: str
    day: date
    taken: tuple[Listed, ...]
    left: tuple[Listed, ...]
    told: tuple[str, ...] = ()
    ready: tuple[str, ...] = ()


def hand_over(
    unit: Unit, context: Context, rows: Iterable[tuple[RosterPerson, RowCheck]], ready: tuple[str, ...] = ()
) -> HandOver:
    """The list of rows that were judged, in the language in use: the valid ones are in."""
    taken: list[Listed] = []
    left: list[Listed] = []
    for line, check in rows:
        reasons = tuple(reason(each) for each in check.findings if each.level is Level.STOP)
        person, document = line.person, t(f"choice.document.{kind_of(line.person)}")
        entry = Listed(line.row, mask_name(person.name), mask_number(person.number), document, reasons)
        (left if reasons else taken).append(entry)
    return HandOver(unit.name, context.today, tuple(taken), tuple(left), _told(unit, context), ready)


def _told(unit: Unit, context: Context) -> tuple[str, ...]:
    """What the slip of each holder says too, of nobody in particular; where the cards are, and whom to call."""
    anybody, reference = to_case(RosterRow(), unit, context), context.reference
    whom = whom_to_call(reference.branches.get(anybody.branch), anybody.city, reference, anybody.bank)
    return (*(notice(each) for each in EXCHANGE.notices(anybody, EXCHANGE, context)), *whom)


def reason(finding: Finding) -> str:
    """A finding of a row in words for the unit, with the title of its column."""
    said = sentence(finding)
    return t("roster.reason", column=t(f"roster.column.{finding.field}"), said=said) if finding.field else said


def printed(list_: HandOver) -> PrintedList:
    """The list as it is written; on paper those who are not in stand first."""
    counts = t("roster.handover.counts", taken=len(list_.taken), left=len(list_.left))
    title, unit = t("roster.handover.title"), f"{list_.unit}  {list_.day.isoformat()}".strip()
    told = ListPart(t("roster.handover.told"), (ListColumn("", *_TOLD),), tuple((text,) for text in list_.told))
    return PrintedList(
        head=(title, unit, counts, *map(notice, list_.ready)),
        parts=(_part("taken", "document", list_.taken), _part("left", "reason", list_.left), told),
        sign=t("roster.handover.sign"),
        on_paper=(1, 0, 2),
    )


def _part(name: str, last: str, entries: tuple[Listed, ...]) -> ListPart:
    titles = (t(f"roster.handover.column.{last if column == 'last' else column}") for column in _COLUMNS)
    columns = tuple(ListColumn(title, *measures) for title, measures in zip(titles, _COLUMNS.values(), strict=True))
    return ListPart(t(f"roster.handover.{name}"), columns, tuple(map(_row, entries)))


def _row(listed: Listed) -> tuple[str, ...]:
    return str(listed.row), listed.name, listed.number, "\n".join(listed.remarks)
