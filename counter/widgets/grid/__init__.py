"""A table to type in: rows by the thousand, kept by whoever shows them, changed by edits that can all be undone."""

from counter.widgets.grid.model import Cell, Column, GridModel, Head, Key, State
from counter.widgets.grid.widget import Grid

__all__ = ["Cell", "Column", "Grid", "GridModel", "Head", "Key", "State"]
