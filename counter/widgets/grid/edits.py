"""Edits of a table, and the log that undoes them all (撤销).

Applying an edit gives the edit that takes it back, so the log needs to know nothing of either: undo applies the
inverse and keeps what that returns for redo. An entry holds references to keys and texts, never a copy of the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from counter.widgets.grid.model import Key


@dataclass(frozen=True, slots=True)
class Write:
    """Texts into a block of cells: `texts` row by row, ``len(keys) * len(columns)`` of them."""

    keys: tuple[Key, ...]
    columns: tuple[int, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Insert:
    """New rows before a row, or at the end; a row has one text for each column. The table gives the keys."""

    before: Key | None
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Remove:
    """Rows to take out."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Restore:
    """Rows that were taken out, with their keys, to the places where they were. What `taken` is, the table knows."""

    taken: object


@dataclass(frozen=True, slots=True)
class Show:
    """Another filter or order of the rows. What a view is, the table knows; the former one comes back exactly."""

    view: object


Edit: TypeAlias = Write | Insert | Remove | Restore | Show


class Editable(Protocol):
    """What edits are applied to."""

    def apply(self, edit: Edit) -> Edit:
        """Change the table, wholly or (raising) not at all; the edit that takes the change back."""


def touched(inverses: Sequence[Edit]) -> tuple[Key | None, int | None]:
    """The row and the column that a change ended in, from what would take it back: where the cursor goes."""
    for edit in inverses:
        if isinstance(edit, Write):
            return edit.keys[0], edit.columns[0]
        if isinstance(edit, Remove):
            return edit.keys[0], None
    return None, None


class EditLog:
    """Every change of a table, to be undone and redone without end. The table is changed through the log alone.

    `do`, `undo` and `redo` give the edits that would take back what they did.
    """

    def __init__(self, table: Editable) -> None:
        self.table = table
        self._undo: list[tuple[Edit, ...]] = []
        self._redo: list[tuple[Edit, ...]] = []

    @property
    def can_undo(self) -> bool:
        """Is there anything to undo?"""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Was anything undone since the last change?"""
        return bool(self._redo)

    def do(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Apply edits that are undone together. What changed nothing need not be undone."""
        inverses = self._apply(edits)
        if inverses != tuple(reversed(edits)):
            self._undo.append(inverses)
            self._redo.clear()
        return inverses

    def undo(self) -> tuple[Edit, ...]:
        """Take the last change back; nothing when there is none."""
        return self._swap(self._undo, self._redo)

    def redo(self) -> tuple[Edit, ...]:
        """Repeat what was undone last; nothing when there is none."""
        return self._swap(self._redo, self._undo)

    def _swap(self, source: list[tuple[Edit, ...]], target: list[tuple[Edit, ...]]) -> tuple[Edit, ...]:
        if not source:
            return ()
        inverses = self._apply(source[-1])
        source.pop()
        target.append(inverses)
        return inverses

    def _apply(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """All of the edits or, when the table refuses one, none; their inverses, the last one first."""
        inverses: list[Edit] = []
        try:
            for edit in edits:
                inverses.append(self.table.apply(edit))
        except BaseException:
            for inverse in reversed(inverses):
                self.table.apply(inverse)
            raise
        return tuple(reversed(inverses))
