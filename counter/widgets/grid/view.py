"""The grid as it is painted: the cursor, the selection, the cell that is being edited, and nothing of the data."""

from collections.abc import Iterator
from typing import ClassVar, Final

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from counter.widgets.grid.block import Area
from counter.widgets.grid.editor import CellEditor
from counter.widgets.grid.model import MARKS, Cell, GridModel, Key, RowHead, State
from counter.widgets.grid.paint import fit, header, strip
from counter.widgets.grid.viewport import HEADER, Span, Viewport

WHEEL_LINES: Final = 3


class GridView(Widget):
    """Paints the rows of a model that are seen. Nothing here lays out or asks for more rows than that."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    GridView { height: 1fr; width: 1fr; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header",
        "grid--gutter",
        "grid--plain",
        "grid--changed",
        "grid--wrong",
        "grid--warned",
        "grid--submitted",
        "grid--selected",
        "grid--cursor",
        "grid--editing",
    }

    def __init__(self, model: GridModel, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.model = model
        self.columns = tuple(model.columns)
        self.viewport = Viewport(self.columns)
        self.rows = model.row_count
        self.row = 0
        self.column = 0
        self.selected_from: tuple[int, int] | None = None
        self.editor: CellEditor | None = None
        self.revealed = False

    @property
    def growing(self) -> bool:
        """Can rows be added?"""
        return not all(column.locked for column in self.columns)

    @property
    def lines(self) -> int:
        """The rows, and the empty one under them in which a new one begins."""
        return self.rows + self.growing

    @property
    def area(self) -> Area:
        """The selected cells, the cursor's at least."""
        return Area.between(self.selected_from or (self.row, self.column), (self.row, self.column))

    @property
    def locked(self) -> bool:
        """Is the cell under the cursor one that cannot be typed in?"""
        head = self.head_at(self.row)
        return self.columns[self.column].locked or (head is not None and head.locked)

    def head_at(self, row: int) -> RowHead | None:
        """The row in a place; None for the empty one, and for rows that were asked for and are not there yet."""
        return self.model.head(row) if 0 <= row < self.model.row_count else None

    def key_at(self, row: int) -> Key | None:
        """The key of the row in a place."""
        head = self.head_at(row)
        return head.key if head else None

    def text_at(self, row: int, column: int) -> str:
        """The whole text of a cell."""
        return self.model.cell(row, column).text if row < self.model.row_count else ""

    def refresh_area(self, area: Area) -> None:
        """Paint the part of an area that is seen."""
        if regions := self.viewport.regions(area):
            self.refresh(*regions)

    def refresh_line(self, row: int) -> None:
        """Paint all of a row."""
        self.refresh(self.viewport.line(row))

    def reveal(self) -> bool:
        """Show what is masked, or mask it again; is it shown now?"""
        self.revealed = not self.revealed
        self.refresh()
        return self.revealed

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -WHEEL_LINES)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        event.stop()
        self.viewport.scroll(by, self.lines)
        self.refresh()

    @property
    def line_here(self) -> Region:
        """The cell under the cursor, in the widget."""
        span = self.viewport.span(self.column)
        at, width = (span.x, span.width) if span is not None else (0, self.size.width)
        return Region(at, HEADER + self.row - self.viewport.top, width, 1)

    def render_line(self, y: int) -> Strip:
        width = self.viewport.size.width
        if y < HEADER:
            style = self.get_component_rich_style("grid--header")
            titles = header(self.columns, self.viewport.spans(), width)
            return strip(((title, style) for title in titles), width, style)
        row, plain = self.viewport.top + y - HEADER, self._style(State.PLAIN)
        return strip(self._row(row, plain) if row < self.lines else (), width, plain)

    def _row(self, row: int, plain: Style) -> Iterator[tuple[str, Style]]:
        head, area = self.head_at(row), self.area
        at = self.viewport.gutter - 1
        yield self._number(row, head, at)
        for span in self.viewport.spans():
            yield " " * (span.x - at), plain
            yield from self._cell(row, span, area)
            at = span.x + span.width

    def _number(self, row: int, head: RowHead | None, width: int) -> tuple[str, Style]:
        state = head.state if head else State.PLAIN
        style = self._style(state) if state else self.get_component_rich_style("grid--gutter")
        here = self.has_focus and row == self.row
        text = f"{MARKS[state]}{head.number if head else self.model.last_number + 1:>{width - 1}}"
        return fit(text, width), style + Style(bold=True, reverse=True) if here else style

    def _cell(self, row: int, span: Span, area: Area) -> Iterator[tuple[str, Style]]:
        here = (row, span.column) == (self.row, self.column)
        if here and self.editor is not None:
            style = self.get_component_rich_style("grid--editing")
            before, under, behind = self.editor.window(span.width)
            yield from ((before, style), (under, style + Style(reverse=True)), (behind, style))
            return
        cell = self.model.cell(row, span.column) if row < self.model.row_count else Cell("")
        style = self._style(cell.state)
        if self.selected_from is not None and area.holds(row, span.column):
            style += self.get_component_rich_style("grid--selected", partial=True)
        if here:
            style = self.get_component_rich_style("grid--cursor") if self.has_focus else style + Style(underline=True)
        yield fit(self._shown(cell.text, row, span.column), span.width), style

    def _shown(self, text: str, row: int, column: int) -> str:
        """A text as it may be seen: in clear while its row is being edited, or all of it is revealed."""
        mask = self.columns[column].mask
        in_clear = self.revealed or (self.editor is not None and row == self.row)
        return text if mask is None or in_clear or not text else mask(text)

    def _style(self, state: State) -> Style:
        return self.get_component_rich_style(f"grid--{state.name.lower()}")
