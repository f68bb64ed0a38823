"""A table in memory that a grid shows and a log changes: rows of text, their states, one view of them at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from counter.widgets.grid.edits import Edit, EditLog, Insert, Remove, Restore, Show, Write
from counter.widgets.grid.model import Cell, Column, Key, RowHead, State

Texts: TypeAlias = tuple[str, ...]
"""One text for each column. A tuple of strings: the garbage collector stops looking at it, whatever their number."""
Places: TypeAlias = tuple[tuple[int, Key], ...]


class Marks(NamedTuple):
    """What is known of a row: the states of some cells by column, its own (else the worst of those), a lock."""

    cells: Mapping[int, State] = MappingProxyType({})
    row: State = State.PLAIN
    locked: bool = False


UNMARKED: Final = Marks()


@dataclass(frozen=True, slots=True)
class View:
    """The rows that are shown, in order; None for all of them as they stand. `about` is the owner's note on it."""

    keys: tuple[Key, ...] | None = None
    about: object = None


@dataclass(frozen=True, slots=True)
class _Taken:
    """Removed rows, and where each stood in the table and in the view."""

    rows: tuple[tuple[Key, Texts], ...]
    in_order: Places
    in_view: Places


class Table:
    """Rows by key, and the order of the keys; a filtered or sorted view is a second order.

    A view is taken once: rows do not jump or vanish while they are being changed. New rows are in it.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Iterable[tuple[Key, Texts]] = (),
        *,
        new_key: Callable[[], Key] | None = None,
    ) -> None:
        self.columns = tuple(columns)
        self.rows: dict[Key, Texts] = dict(rows)
        self.order: list[Key] = list(self.rows)
        self.shown = self.order
        self.view = View()
        self.marks: dict[Key, Marks] = {}
        self.log = EditLog(self)
        self._numbers: dict[Key, int] | None = None
        self._new_key = new_key or count(len(self.rows)).__next__

    # --- what a grid asks ----------------------------------------------------------------------------------------

    @property
    def row_count(self) -> int:
        return len(self.shown)

    @property
    def last_number(self) -> int:
        return len(self.order)

    @property
    def can_undo(self) -> bool:
        return self.log.can_undo

    @property
    def can_redo(self) -> bool:
        return self.log.can_redo

    def head(self, row: int) -> RowHead:
        key = self.shown[row]
        marks = self.marks.get(key, UNMARKED)
        return RowHead(key, self._number(key, row), max(marks.row, *marks.cells.values(), State.PLAIN), marks.locked)

    def _number(self, key: Key, row: int) -> int:
        """A row's place in the table, from 1; in a view it keeps the number that it has there."""
        if self.shown is self.order:
            return row + 1
        if self._numbers is None:
            self._numbers = {key: number for number, key in enumerate(self.order, 1)}
        return self._numbers[key]

    def cell(self, row: int, column: int) -> Cell:
        key = self.shown[row]
        marks = self.marks.get(key, UNMARKED)
        return Cell(self.rows[key][column], marks.cells.get(column, marks.row))

    def position(self, key: Key) -> int | None:
        try:
            return self.shown.index(key)
        except ValueError:
            return None

    # --- what its owner does -------------------------------------------------------------------------------------

    def arranged(
        self,
        keep: Callable[[Key], bool] | None = None,
        by: Callable[[Key], Any] | None = None,
        *,
        reverse: bool = False,
        about: object = None,
    ) -> Show:
        """The edit that filters and sorts; with neither, all rows as they stand."""
        if keep is None and by is None:
            return Show(View(None, about))
        keys: Iterable[Key] = self.order if keep is None else filter(keep, self.order)
        return Show(View(tuple(sorted(keys, key=by, reverse=reverse) if by else keys), about))

    def apply(self, edit: Edit) -> Edit:
        """Change the table; the edit that takes the change back. Raises KeyError for a row that is not there."""
        match edit:
            case Write():
                return self._write(edit)
            case Insert():
                return self._insert(edit)
            case Remove():
                return self._remove(edit)
            case Restore(_Taken() as taken):
                return self._restore(taken)
            case Show(View() as view):
                return self._show(view)
            case _:
                raise TypeError(f"no edit of this table: {type(edit).__name__}")

    # --- how an edit is applied ----------------------------------------------------------------------------------

    def _write(self, edit: Write) -> Write:
        old = tuple(self.rows[key][column] for key in edit.keys for column in edit.columns)
        texts = iter(edit.texts)
        for key in edit.keys:
            row = list(self.rows[key])
            for column in edit.columns:
                row[column] = next(texts)
            self.rows[key] = tuple(row)
        return Write(edit.keys, edit.columns, old)

    def _insert(self, edit: Insert) -> Remove:
        orders = self._orders_to_change()
        places = [len(order) if edit.before is None else order.index(edit.before) for order in orders]
        keys = tuple(self._new_key() for _ in edit.rows)
        self.rows.update(zip(keys, edit.rows, strict=True))
        for order, place in zip(orders, places, strict=True):
            order[place:place] = keys
        return Remove(keys)

    def _remove(self, edit: Remove) -> Restore:
        rows = tuple((key, self.rows[key]) for key in edit.keys)
        gone = frozenset(edit.keys)
        orders = self._orders_to_change()
        places = [tuple((at, key) for at, key in enumerate(order) if key in gone) for order in orders]
        for order in orders:
            order[:] = [key for key in order if key not in gone]
        for key in gone:
            del self.rows[key]
        return Restore(_Taken(rows, places[0], places[-1]))

    def _restore(self, taken: _Taken) -> Remove:
        self.rows.update(taken.rows)
        for order, places in zip(self._orders_to_change(), (taken.in_order, taken.in_view), strict=False):
            _put_back(order, places)
        return Remove(tuple(key for key, _ in taken.rows))

    def _show(self, view: View) -> Show:
        former = View(None if self.view.keys is None else tuple(self.shown), self.view.about)
        self._numbers = None
        self.view = view
        self.shown = self.order if view.keys is None else list(view.keys)
        return Show(former)

    def _orders_to_change(self) -> tuple[list[Key], ...]:
        self._numbers = None
        return (self.order,) if self.shown is self.order else (self.order, self.shown)


def _put_back(order: list[Key], places: Places) -> None:
    """Keys back to the places that they had, in one pass: each place counts those before it."""
    rest = iter(order[:])
    order.clear()
    for place, key in places:
        order.extend(islice(rest, place - len(order)))
        order.append(key)
    order.extend(rest)
