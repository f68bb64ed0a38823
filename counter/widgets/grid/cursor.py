"""The cursor of a grid: where it stands, and the keys that move it."""

from collections.abc import Collection

from textual import events

from counter.widgets.grid import messages
from counter.widgets.grid.editor import CellEditor
from counter.widgets.grid.model import GridModel, Key
from counter.widgets.grid.view import GridView
from counter.widgets.grid.viewport import DIGITS, HEADER


class GridCursor(GridView, can_focus=True):
    """A view with a cursor. What is being typed is taken before the cursor leaves it: a subclass says how."""

    Moved = messages.Moved

    def __init__(self, model: GridModel, *, id: str | None = None) -> None:
        super().__init__(model, id=id)
        self.key = self.key_at(0)
        self._tabbed_from: int | None = None

    def accept(self) -> bool:
        """Take what is being typed as the cell's text; was there anything to take?"""
        raise NotImplementedError

    def offer(self) -> None:
        """Other keys may apply now."""
        raise NotImplementedError

    def refresh_rows(self, keys: Collection[Key]) -> None:
        """Paint the cells of some rows again; those that are not seen cost nothing."""
        top = self.viewport.top
        for row in range(top, min(top + self.viewport.page, self.model.row_count)):
            if self.model.head(row).key in keys:
                self.refresh_line(row)
        self.offer()

    def action_go(self, to: str, select: bool = False) -> None:
        """Move the cursor, with Shift the selection's end; inside a text that is edited in place, the caret."""
        if self.editor is not None and self.editor.in_place and self._move_caret(self.editor, to):
            return
        self.accept()
        page, last = self.viewport.page, len(self.columns) - 1
        row, column = {
            "up": (self.row - 1, self.column),
            "down": (self.row + 1, self.column),
            "left": (self.row, self.column - 1),
            "right": (self.row, self.column + 1),
            "home": (self.row, 0),
            "end": (self.row, last),
            "page_up": (self.row - page, self.column),
            "page_down": (self.row + page, self.column),
            "top": (0, 0),
            "bottom": (self.rows - 1, last),
        }[to]
        self.move(row, column, select=select, scroll={"page_up": -page, "page_down": page}.get(to, 0))

    def _move_caret(self, editor: CellEditor, to: str) -> bool:
        if to not in {"left", "right", "home", "end"}:
            return False
        {"left": editor.left, "right": editor.right, "home": editor.to_start, "end": editor.to_end}[to]()
        self.refresh_area(self.area)
        return True

    def action_enter(self) -> None:
        """Take the cell and go down; after a run of Tabs, to the next row where the run began."""
        column = self.column if self._tabbed_from is None else self._tabbed_from
        self.accept()
        self.move(self.row + 1, column)

    def action_next(self, by: int) -> None:
        """Take the cell and go to the next one that can be typed in, from row to row."""
        self.accept()
        began = self.column if self._tabbed_from is None else self._tabbed_from
        cells = [column for column in range(len(self.columns)) if not self.columns[column].locked][::by]
        row, onward = self.row, [column for column in cells if (column - self.column) * by > 0]
        if not onward:
            row, onward = row + by, cells
        if onward and 0 <= row < self.lines:
            self.move(row, onward[0])
            self._tabbed_from = began if by > 0 else None

    def move(self, row: int, column: int, *, select: bool = False, scroll: int = 0) -> None:
        """Move the cursor and paint what changes by it: two cells, or everything when the view moves."""
        before = self.area
        self.selected_from = (self.selected_from or (self.row, self.column)) if select else None
        self._tabbed_from = None
        self.viewport.top += scroll
        if self.place(row, column) or scroll:
            self.refresh()
        else:
            self.refresh_area(before)
            self.refresh_area(self.area)

    def place(self, row: int, column: int) -> bool:
        """Put the cursor on a cell, or the nearest; did the view move?"""
        self.row = max(0, min(row, self.lines - 1))
        self.column = max(0, min(column, len(self.columns) - 1))
        self.key = self.key_at(self.row)
        self.viewport.size = self.size
        self.viewport.digits = max(DIGITS, len(str(max(self.rows, self.model.last_number) + 1)))
        moved = self.viewport.show(self.row, self.column, self.lines)
        self.offer()
        self.post_message(self.Moved())
        return moved

    # --- focus, mouse, size --------------------------------------------------------------------------------------

    def on_focus(self) -> None:
        self.refresh_area(self.area)

    def on_resize(self) -> None:
        """The cursor stays in sight; what was painted for another size goes."""
        self.place(self.row, self.column)
        self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        span = next((span for span in self.viewport.spans() if span.x <= event.x < span.x + span.width), None)
        if span is not None and event.y >= HEADER:
            self.accept()
            self.move(self.viewport.top + event.y - HEADER, span.column, select=event.shift)
