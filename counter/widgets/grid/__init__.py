"""A table to type in: rows by the thousand, kept by whoever shows them, changed by edits that can all be undone."""

from counter.widgets.grid.model import Cell, Column, GridModel, Key, RowHead, State
from counter.widgets.grid.widget import Grid

__all__ = ["Cell", "Column", "Grid", "GridModel", "Key", "RowHead", "State"]
