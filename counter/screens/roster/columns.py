"""The columns of an open roster, in the order of the grid: what is checked most stands first. No Textual."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from counter.i18n import t
from counter.rules.finding import Finding, Level
from counter.rules.masking import mask_card, mask_mobile, mask_name, mask_number
from counter.widgets.grid.model import Column, State

WIDTHS: Final = {
    "name": 8,
    "number": 18,
    "mobile": 11,
    "ethnicity": 6,
    "occupation": 12,
    "old_card": 10,
    "photo": 8,
    "document_kind": 12,
    "sex": 4,
    "birth": 10,
    "valid_from": 10,
    "valid_to": 10,
    "remarks": 12,
}
IDS: Final = tuple(WIDTHS)
FROZEN: Final = 2
_MASKS: Final = {"name": mask_name, "number": mask_number, "mobile": mask_mobile, "old_card": mask_card}
_STATES: Final = {Level.STOP: State.WRONG, Level.ASK: State.WARNED, Level.TELL: State.WARNED}

CellStates: TypeAlias = dict[int, State]
"""What is known of the cells of a row, by their columns."""


def columns(*, locked: bool) -> tuple[Column, ...]:
    """The grid's columns; `locked` where nothing is to be changed any more."""
    return tuple(
        Column(id, t(f"roster.column.{id}"), width, frozen=at < FROZEN, mask=_MASKS.get(id), locked=locked)
        for at, (id, width) in enumerate(WIDTHS.items())
    )


def column_at(finding: Finding) -> int:
    """The column that a finding is about; of the whole row, the name's."""
    return IDS.index(finding.field) if finding.field in WIDTHS else 0


def cell_states(findings: Iterable[Finding]) -> CellStates:
    """How the cells of a row stand by what is said of it."""
    states: CellStates = {}
    for finding in findings:
        at = column_at(finding)
        states[at] = max(states.get(at, State.PLAIN), _STATES[finding.level])
    return states
