"""Which part of a grid is seen: rows from `top` on, columns from `left` on behind those that stay."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from textual.geometry import Region, Size

from counter.widgets.grid.block import Area
from counter.widgets.grid.model import Column

GAP: Final = 1
"""Cells between two columns."""
HEADER: Final = 1
"""Lines above the first row."""
DIGITS: Final = 4
"""Row numbers take at least this many cells, so that a growing table stays in place."""


class Span(NamedTuple):
    """A column on the screen: `width` cells from cell `x` of the line."""

    column: int
    x: int
    width: int


class Viewport:
    """The window onto `lines` rows. Regions are those of the widget."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self.size = Size(0, 0)
        self.digits = DIGITS
        self.top = 0
        self.left = 0

    @property
    def page(self) -> int:
        """How many rows are seen."""
        return max(1, self.size.height - HEADER)

    @property
    def gutter(self) -> int:
        """The cells before the first column: the mark, the number, a space."""
        return 1 + self.digits + 1

    @property
    def frozen(self) -> int:
        """How many columns stay; none where they would take more than two thirds of the line."""
        frozen = [column.width + GAP for column in self.columns if column.frozen]
        return len(frozen) if self.gutter + sum(frozen) <= self.size.width * 2 // 3 else 0

    def spans(self) -> tuple[Span, ...]:
        """The columns that are seen; the one at the border may be cut."""
        return self._spans(self.left)

    def _spans(self, left: int) -> tuple[Span, ...]:
        spans: list[Span] = []
        x, width, frozen = self.gutter, self.size.width, self.frozen
        for index in (*range(frozen), *range(max(left, frozen), len(self.columns))):
            if x >= width:
                break
            last = index == len(self.columns) - 1
            wide = width - x if last else min(self.columns[index].width, width - x)
            spans.append(Span(index, x, wide))
            x += wide + GAP
        return tuple(spans)

    def span(self, column: int) -> Span | None:
        """A column, if it is seen."""
        return next((span for span in self.spans() if span.column == column), None)

    def show(self, row: int, column: int, lines: int) -> bool:
        """Move as little as possible so that a cell is seen; was it a move at all?"""
        before = self.top, self.left
        self.top = max(0, min(self.top, lines - self.page))
        self.top = max(row - self.page + 1, min(self.top, row))
        self.left = self._left_for(column)
        return before != (self.top, self.left)

    def _left_for(self, column: int) -> int:
        frozen = self.frozen
        left = max(self.left, frozen)
        if column < frozen:
            return left
        left = min(left, column)
        while left < column and not self._is_whole(column, left):
            left += 1
        return left

    def _is_whole(self, column: int, left: int) -> bool:
        return any(span.column == column and span.width >= self.columns[column].width for span in self._spans(left))

    def scroll(self, by: int, lines: int) -> None:
        """Move by rows, whatever is seen then."""
        self.top = max(0, min(self.top + by, lines - self.page))

    def line(self, row: int) -> Region:
        """All of a row."""
        return Region(0, HEADER + row - self.top, self.size.width, 1)

    def regions(self, area: Area) -> list[Region]:
        """The part of an area that is seen, and the numbers of its rows."""
        top, bottom = max(area.top, self.top), min(area.bottom, self.top + self.page - 1)
        spans = [span for span in self.spans() if span.column in area.columns]
        if top > bottom:
            return []
        y, height = HEADER + top - self.top, bottom - top + 1
        cells = [Region(spans[0].x, y, spans[-1].x + spans[-1].width - spans[0].x, height)] if spans else []
        return [Region(0, y, self.gutter, height), *cells]
