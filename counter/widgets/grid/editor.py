"""The text of the cell that is being edited, and its caret. A sign and the marks on it are one step."""

from rich.cells import cell_len, set_cell_size

from counter.widgets.grid.model import Key
from counter.widgets.grid.paint import safe


class CellEditor:
    """A line of text with a caret; `in_place` says that arrows move the caret and not on to the next cell."""

    def __init__(self, key: Key | None, column: int, before: str, text: str, *, in_place: bool) -> None:
        self.key = key
        self.column = column
        self.before = before
        self.text = text
        self.in_place = in_place
        self.caret = len(text)
        self._first = 0

    def insert(self, text: str) -> None:
        """Put text in at the caret."""
        self.text = self.text[: self.caret] + text + self.text[self.caret :]
        self.caret += len(text)

    def left(self) -> None:
        self.caret = self._before(self.caret)

    def right(self) -> None:
        self.caret = self._after(self.caret)

    def to_start(self) -> None:
        self.caret = 0

    def to_end(self) -> None:
        self.caret = len(self.text)

    def backspace(self) -> None:
        """Take out the sign before the caret."""
        start = self._before(self.caret)
        self.text = self.text[:start] + self.text[self.caret :]
        self.caret = start

    def delete(self) -> None:
        """Take out the sign under the caret."""
        self.text = self.text[: self.caret] + self.text[self._after(self.caret) :]

    def window(self, width: int) -> tuple[str, str, str]:
        """The text before, under and behind the caret, in exactly `width` cells together."""
        text = safe(self.text)
        under = text[self.caret : self._after(self.caret)] or " "
        if cell_len(under) > width:
            under = " "
        self._first = min(self._first, self.caret)
        while cell_len(text[self._first : self.caret]) + cell_len(under) > width:
            self._first = self._after(self._first)
        before = text[self._first : self.caret]
        behind = text[self._after(self.caret) :]
        return before, under, set_cell_size(behind, width - cell_len(before) - cell_len(under))

    def _after(self, at: int) -> int:
        at = min(at + 1, len(self.text))
        while at < len(self.text) and not cell_len(safe(self.text[at])):
            at += 1
        return at

    def _before(self, at: int) -> int:
        at = max(at - 1, 0)
        while at > 0 and not cell_len(safe(self.text[at])):
            at -= 1
        return at
