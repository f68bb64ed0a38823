"""The header (表头) of a roster: a row with several of its titles, a name or number among them."""

from collections.abc import Iterable, Mapping, Sequence

from counter.roster.columns import ranked_column_of
from counter.sheets import header
from counter.sheets.book import SheetRow
from counter.sheets.header import Header


def find_header(rows: Iterable[SheetRow]) -> Header | None:
    """The header among the first rows: the first with most known columns; or None."""
    return header.find_header(rows, _of_a_header)


def recognised(cells: Sequence[str]) -> int:
    """How many columns of a roster these cells name."""
    return len(_positions(cells))


def _of_a_header(cells: Sequence[str]) -> Mapping[str, int]:
    columns = _positions(cells)
    return columns if len(columns) >= 2 and columns.keys() & {"name", "number"} else {}


def _positions(cells: Sequence[str]) -> dict[str, int]:
    """By column; of two titles for one column the one that names it better, of equals the first."""
    found: dict[str, tuple[int, int]] = {}
    for at, title in enumerate(cells):
        column, rank = ranked_column_of(title)
        if column:
            found[column] = min(found.get(column, (rank, at)), (rank, at))
    return {column: at for column, (_, at) in found.items()}
