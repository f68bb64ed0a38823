"""Which rows of a roster are shown, and in which order. No Textual."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from counter.screens.roster.table import RosterTable
from counter.widgets.grid import Key
from counter.widgets.grid.edits import Show

FILTERS: Final = ("all", "wrong", "changed", "open")
NOT_BOOKED: Final = "not_booked"
"""Besides, where a unit changes its bank."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a view of the rows is: a filter of `FILTERS` or `NOT_BOOKED`, and the column that it is sorted by."""

    filter: str = "all"
    by: int | None = None
    reverse: bool = False


def arrangement(table: RosterTable) -> Arrangement:
    """How the rows are shown now."""
    about = table.view.about
    return about if isinstance(about, Arrangement) else Arrangement()


def next_filter(table: RosterTable) -> Show:
    """All rows, the wrong ones, the changed ones, those not submitted, where a booking is needed those without an
    approved one, all again."""
    now, filters = arrangement(table), (*FILTERS, *((NOT_BOOKED,) if table.with_bookings else ()))
    return filtered(table, filters[(filters.index(now.filter) + 1) % len(filters)])


def filtered(table: RosterTable, filter: str) -> Show:
    """The rows of a filter; the order stays."""
    keep: dict[str, Callable[[Key], bool]] = {
        "wrong": table.wrong.__contains__,
        "changed": lambda key: bool(table.changed.get(key)),
        "open": lambda key: key not in table.submitted,
        NOT_BOOKED: lambda key: key not in table.submitted and not table.is_approved(key),
    }
    return _arranged(table, replace(arrangement(table), filter=filter), keep.get(filter))


def next_order(table: RosterTable, column: int) -> Show:
    """By this column, by it in reverse, as the table has them; the rows that are shown stay the same ones."""
    now = arrangement(table)
    if now.by != column:
        then = replace(now, by=column, reverse=False)
    elif not now.reverse:
        then = replace(now, reverse=True)
    else:
        then = replace(now, by=None, reverse=False)
    return _arranged(table, then, None if now.filter == "all" else set(table.shown).__contains__)


def _arranged(table: RosterTable, then: Arrangement, keep: Callable[[Key], bool] | None) -> Show:
    def place(key: Key) -> tuple[bool, bytes]:
        """Empty cells last. The common characters of GB 18030 stand in the order of their sounds (拼音)."""
        text = table.rows[key][then.by or 0]
        return (not text) is not then.reverse, text.encode("gb18030", "replace")

    by = None if then.by is None else place
    return table.arranged(keep, by, reverse=then.reverse, about=then)
