"""The edits behind the keys of a grid: an area of a model in, edits out; none where nothing could be changed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from counter.widgets.grid.block import Area
from counter.widgets.grid.edits import Edit, Insert, Remove, Restore, Show, Write
from counter.widgets.grid.model import GridModel, Key


def write(key: Key, column: int, text: str) -> Write:
    """A text into one cell."""
    return Write((key,), (column,), (text,))


def moves_rows(edits: Iterable[Edit]) -> bool:
    """Is a row in another place after these?"""
    return any(isinstance(edit, Insert | Remove | Restore | Show) for edit in edits)


def clear(model: GridModel, area: Area) -> list[Edit]:
    """Empty cells, but for locked ones."""
    keys, columns = _open_keys(model, area), _open_columns(model, area.columns)
    return _written(keys, columns, ("",) * (len(keys) * len(columns)))


def fill_down(model: GridModel, area: Area) -> list[Edit]:
    """The first row of an area into the rest of it; a single row takes what stands above it."""
    source = area.top if area.top < area.bottom else area.top - 1
    if not 0 <= source < model.row_count:
        return []
    columns = _open_columns(model, area.columns)
    texts = tuple(model.cell(source, column).text for column in columns)
    if area.top == model.row_count:
        filled = dict(zip(columns, texts, strict=True))
        return [Insert(None, (tuple(filled.get(column, "") for column in range(len(model.columns))),))]
    keys = _open_keys(model, replace(area, top=source + 1))
    return _written(keys, columns, texts * len(keys))


def insert_row(model: GridModel, row: int) -> list[Edit]:
    """An empty row in a place."""
    before = model.head(row).key if row < model.row_count else None
    return [Insert(before, (("",) * len(model.columns),))]


def remove_rows(model: GridModel, area: Area) -> list[Edit]:
    """Rows out, but for locked ones."""
    keys = _open_keys(model, area)
    return [Remove(keys)] if keys else []


def duplicate(model: GridModel, area: Area) -> list[Edit]:
    """Rows once more, under themselves. Locked rows can be copied, locked columns stay empty."""
    end = min(area.bottom + 1, model.row_count)
    open_ones = set(_open_columns(model, range(len(model.columns))))
    rows = tuple(
        tuple(model.cell(row, column).text if column in open_ones else "" for column in range(len(model.columns)))
        for row in range(area.top, end)
    )
    before = model.head(end).key if end < model.row_count else None
    return [Insert(before, rows)] if rows else []


def paste(model: GridModel, top: int, left: int, block: Sequence[Sequence[str]]) -> tuple[list[Edit], int]:
    """A block of texts from a cell on; rows that it needs beyond the last one are added.

    With the edits, the number of texts that found no place: beyond the last column, or in a locked cell. Where a row
    of the block is shorter than another, the cells stay as they are.
    """
    width = min(max(map(len, block)), len(model.columns) - left)
    columns = _open_columns(model, range(left, left + width))
    here = max(0, min(len(block), model.row_count - top))
    keys: list[Key] = []
    texts: list[str] = []
    lost = 0
    for row, cells in enumerate(block[:here], top):
        head = model.head(row)
        if head.locked:
            lost += sum(map(bool, cells))
            continue
        keys.append(head.key)
        lost += _homeless(cells, left, columns)
        texts += (
            cells[column - left] if column - left < len(cells) else model.cell(row, column).text for column in columns
        )
    added = tuple(_as_row(cells, left, columns, len(model.columns)) for cells in block[here:])
    lost += sum(_homeless(cells, left, columns) for cells in block[here:])
    edits = _written(tuple(keys), columns, tuple(texts))
    if added and columns:
        edits.append(Insert(None, added))
    return edits, lost


def _as_row(cells: Sequence[str], left: int, columns: Sequence[int], width: int) -> tuple[str, ...]:
    row = [""] * width
    for column in columns:
        if column - left < len(cells):
            row[column] = cells[column - left]
    return tuple(row)


def _homeless(cells: Sequence[str], left: int, columns: Sequence[int]) -> int:
    return sum(bool(text) and left + at not in columns for at, text in enumerate(cells))


def _written(keys: tuple[Key, ...], columns: tuple[int, ...], texts: tuple[str, ...]) -> list[Edit]:
    return [Write(keys, columns, texts)] if texts else []


def _open_columns(model: GridModel, columns: Iterable[int]) -> tuple[int, ...]:
    return tuple(column for column in columns if not model.columns[column].locked)


def _open_keys(model: GridModel, area: Area) -> tuple[Key, ...]:
    heads = map(model.head, range(area.top, min(area.bottom + 1, model.row_count)))
    return tuple(head.key for head in heads if not head.locked)
