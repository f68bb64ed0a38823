"""What a grid shows: columns, rows asked for by their place, and cells with a state."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, Protocol, TypeAlias

Key: TypeAlias = Hashable
"""What a row is known by, wherever it stands: the owner's id."""


class State(IntEnum):
    """What is known of a cell or a row; of several the highest counts."""

    PLAIN = 0
    SUBMITTED = 1
    CHANGED = 2
    WARNED = 3
    WRONG = 4


MARKS: Final = {State.PLAIN: " ", State.SUBMITTED: "s", State.CHANGED: "+", State.WARNED: "w", State.WRONG: "!"}
"""A row's state without colours."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column `width` cells wide; the last one of a grid takes what is left of the line.

    Frozen columns come first and stay where the others scroll. `mask` hides a text while its row is not being
    edited. In a locked column nothing can be typed. The owner has a list of what may stand in a `listed` one.
    """

    key: str
    title: str
    width: int
    frozen: bool = False
    mask: Callable[[str], str] | None = None
    locked: bool = False
    listed: bool = False


class Cell(NamedTuple):
    """The whole text of a cell, unmasked, and its state."""

    text: str
    state: State = State.PLAIN


class RowHead(NamedTuple):
    """A row but for its cells: its key, the number beside it, its state; a locked one cannot be changed."""

    key: Key
    number: int
    state: State = State.PLAIN
    locked: bool = False


class GridModel(Protocol):
    """The rows as they are shown now, filtered and sorted. A grid asks only for rows that it paints or changes."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns, the frozen ones first; they do not change while a grid shows them."""

    @property
    def row_count(self) -> int:
        """How many rows are shown."""

    @property
    def last_number(self) -> int:
        """The highest number beside any row, shown or not."""

    @property
    def can_undo(self) -> bool:
        """Is there anything to undo?"""

    @property
    def can_redo(self) -> bool:
        """Was anything undone that can be done again?"""

    def head(self, row: int) -> RowHead:
        """The row in a place, 0 <= row < row_count."""

    def cell(self, row: int, column: int) -> Cell:
        """A cell of the row in a place."""

    def position(self, key: Key) -> int | None:
        """The place of a row; None when it is not shown or not there."""
