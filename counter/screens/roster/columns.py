"""The columns of an open roster, in the order of the grid: what is checked most stands first. No Textual.

Where a unit changes its bank there is one more, which nobody types in: how each person's booking stands.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from counter.i18n import t
from counter.roster.checks import BOOKING
from counter.roster.columns import BY_ID, COLUMNS
from counter.rules.case import Mode
from counter.rules.finding import Finding, Level
from counter.rules.unit import Unit
from counter.widgets.grid.model import Column, State

SHOWN: Final = tuple(sorted(COLUMNS, key=lambda column: column.place))
IDS: Final = tuple(column.id for column in SHOWN)
FROZEN: Final = 2
_BEFORE_BOOKING: Final = 3
"""What stands before the booking: what is pasted most, names, numbers and mobiles."""
_BOOKING_WIDTH: Final = 24
_STATES: Final = {Level.STOP: State.WRONG, Level.ASK: State.WARNED, Level.TELL: State.WARNED}

CellStates: TypeAlias = dict[int, State]
"""What is known of the cells of a row, by their columns."""


def ids_of(unit: Unit) -> tuple[str, ...]:
    """The columns of a unit's roster, by id."""
    booked = (BOOKING,) if unit.mode is Mode.CHANGE_BANK else ()
    return (*IDS[:_BEFORE_BOOKING], *booked, *IDS[_BEFORE_BOOKING:])


def columns(ids: Iterable[str], *, locked: bool) -> tuple[Column, ...]:
    """The grid's columns; `locked` where nothing is to be changed any more."""
    return tuple(
        Column(
            id,
            t(f"roster.column.{id}"),
            _BOOKING_WIDTH if id == BOOKING else BY_ID[id].width,
            frozen=at < FROZEN,
            mask=None if id == BOOKING else BY_ID[id].mask,
            locked=locked or id == BOOKING,
            listed=id != BOOKING and BY_ID[id].kind.is_listed,
        )
        for at, id in enumerate(ids)
    )


def column_at(finding: Finding, ids: Sequence[str]) -> int:
    """The column that a finding is about; of the whole row, the name's."""
    return ids.index(finding.field) if finding.field in ids else 0


def cell_states(findings: Iterable[Finding], ids: Sequence[str]) -> CellStates:
    """How the cells of a row stand by what is said of it."""
    states: CellStates = {}
    for finding in findings:
        at = column_at(finding, ids)
        states[at] = max(states.get(at, State.PLAIN), _STATES[finding.level])
    return states
