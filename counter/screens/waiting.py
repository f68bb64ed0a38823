"""What waits on home (等着您的事), a line each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from counter.clock import SHANGHAI
from counter.desk.returned import why_returned
from counter.i18n import step_name, t
from counter.rules.case import Case
from counter.rules.masking import mask_name
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.store.records import Alarm, AwaitingCase, DayFigures, Draft, LedgerEntry
from counter.widgets.picks import Pick, cut

NAME_WIDTH = 12
"""Cells of a masked name."""

Item: TypeAlias = Draft | AwaitingCase | LedgerEntry


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the clerk."""

    figures: DayFigures
    drafts: Sequence[Draft]
    awaiting: Sequence[AwaitingCase]
    returned: Sequence[LedgerEntry]
    news: int
    lying: int
    alarms: Sequence[Alarm]
    closed: bool = False


def waiting_pick(item: Item, today: date) -> Pick:
    """What waits in a line: what it is, whose, which service; why it waits; since when."""
    match item:
        case Draft():
            why = t("home.stopped_at", step=step_name(SERVICES[item.case.service], StepId(item.step)))
            return _waits("held", item.case, item.case.service, why, _when(item.updated_at, today), item.id)
        case AwaitingCase():
            why = t(f"choice.authorised.{item.reason}")
            return _waits("awaiting", item.record.case, item.kind, why, _when(item.created_at, today), item.id)
        case LedgerEntry():
            case = item.record.case if item.record else Case()
            return _waits("returned", case, item.kind, why_returned(item), _when(item.recorded_at, today), item.id)


def _waits(state: str, case: Case, kind: str, why: str, when: str, id: str) -> Pick:
    warns = state != "held"
    name = cut(mask_name(case.holder.name), NAME_WIDTH)
    cells = (f"{'!' if warns else ' '} {t(f'home.{state}')}", name, t(f"service.{kind}.name"))
    return Pick(id, cells, why, when, warns=warns)


def _when(at: datetime, today: date) -> str:
    """The hour of today, the day of before."""
    local = at.astimezone(SHANGHAI)
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m-%d}"
