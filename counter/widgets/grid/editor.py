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
        self.at = len(text)
        self._first = 0

    def insert(self, text: str) -> None:
        """Put text in at the caret."""
        self.text = self.text[: self.at] + text + self.text[self.at :]
        self.at += len(text)

    def left(self) -> None:
        self.at = self._before(self.at)

    def right(self) -> None:
        self.at = self._after(self.at)

    def to_start(self) -> None:
        self.at = 0

    def to_end(self) -> None:
        self.at = len(self.text)

    def backspace(self) -> None:
        """Take out the sign before the caret."""
        start = self._before(self.at)
        self.text = self.text[:start] + self.text[self.at :]
        self.at = start

    def delete(self) -> None:
        """Take out the sign under the caret."""
        self.text = self.text[: self.at] + self.text[self._after(self.at) :]

    def window(self, width: int) -> tuple[str, str, str]:
        """The text before, under and behind the caret, in exactly `width` cells together."""
        text = safe(self.text)
        under = text[self.at : self._after(self.at)] or " "
        if cell_len(under) > width:
            under = " "
        self._first = min(self._first, self.at)
        while cell_len(text[self._first : self.at]) + cell_len(under) > width:
            self._first = self._after(self._first)
        before = text[self._first : self.at]
        behind = text[self._after(self.at) :]
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
