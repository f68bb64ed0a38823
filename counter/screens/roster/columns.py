"""The columns of an open roster, in the order of the grid: what is checked most stands first. No Textual."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from counter.i18n import t
from counter.roster.columns import COLUMNS
from counter.rules.finding import Finding, Level
from counter.widgets.grid.model import Column, State

SHOWN: Final = tuple(sorted(COLUMNS, key=lambda column: column.place))
IDS: Final = tuple(column.id for column in SHOWN)
FROZEN: Final = 2
_STATES: Final = {Level.STOP: State.WRONG, Level.ASK: State.WARNED, Level.TELL: State.WARNED}

CellStates: TypeAlias = dict[int, State]
"""What is known of the cells of a row, by their columns."""


def columns(*, locked: bool) -> tuple[Column, ...]:
    """The grid's columns; `locked` where nothing is to be changed any more."""
    return tuple(
        Column(
            column.id,
            t(f"roster.column.{column.id}"),
            column.width,
            frozen=at < FROZEN,
            mask=column.mask,
            locked=locked,
        )
        for at, column in enumerate(SHOWN)
    )


def column_at(finding: Finding) -> int:
    """The column that a finding is about; of the whole row, the name's."""
    return IDS.index(finding.field) if finding.field in IDS else 0


def cell_states(findings: Iterable[Finding]) -> CellStates:
    """How the cells of a row stand by what is said of it."""
    states: CellStates = {}
    for finding in findings:
        at = column_at(finding)
        states[at] = max(states.get(at, State.PLAIN), _STATES[finding.level])
    return states
