"""A block of cells: its corners, and its text as spreadsheets copy and paste it (tabs and lines)."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """Cells from a corner to the other, both in it."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def between(cls, one: tuple[int, int], other: tuple[int, int]) -> "Area":
        """The area of two (row, column) in opposite corners."""
        (top, bottom), (left, right) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        return cls(top, left, bottom, right)

    @property
    def rows(self) -> range:
        return range(self.top, self.bottom + 1)

    @property
    def columns(self) -> range:
        return range(self.left, self.right + 1)

    @property
    def is_one_cell(self) -> bool:
        return len(self.rows) == len(self.columns) == 1

    def holds(self, row: int, column: int) -> bool:
        """Is a cell in it?"""
        return row in self.rows and column in self.columns


def parse_block(text: str) -> list[list[str]]:
    """The cells of a pasted text, row by row; rows may differ in length.

    Spreadsheets quote a cell with a tab, a line or a quotation mark in it. A text that breaks those rules was not
    copied from one: then every tab and line end counts.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True))
    except csv.Error:
        rows = [line.split("\t") for line in text.removesuffix("\n").split("\n")]
    return [row or [""] for row in rows]


def format_block(rows: Sequence[Sequence[str]]) -> str:
    """Cells as a text that `parse_block` and spreadsheets read."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(rows)
    return text.getvalue()
