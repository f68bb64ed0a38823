"""Rows on their way to the checks and back, as they stood when they were taken. No Textual."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from counter.roster.checks import Checker
from counter.roster.columns import RosterRow
from counter.roster.row import Answers
from counter.screens.roster.columns import CellStates, cell_states
from counter.widgets.grid.model import Key
from counter.widgets.grid.table import Texts


@dataclass(frozen=True, slots=True)
class RowToCheck:
    """A row to be checked, as it stood then."""

    key: Key
    cells: Texts
    row: RosterRow
    answers: Answers


@dataclass(frozen=True, slots=True)
class Checked:
    """The states of a row's cells, as the checks found them; of no use when the row is no longer `cells`."""

    key: Key
    cells: Texts
    states: CellStates


def check_rows(checker: Checker, rows: Iterable[RowToCheck], ids: Sequence[str]) -> list[Checked]:
    """What the rules say of rows, as states of the columns; safe in any thread."""
    return [
        Checked(row.key, row.cells, cell_states(checker.check(row.row, answers=row.answers).findings, ids))
        for row in rows
    ]
