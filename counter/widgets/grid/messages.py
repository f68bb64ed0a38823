"""What a grid says to its owner; a handler is called ``on_grid_edited`` and so on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.message import Message

from counter.widgets.grid.edits import Edit

if TYPE_CHECKING:
    from counter.widgets.grid.widget import Grid


class Edited(Message, namespace="grid"):
    """Edits to be undone together. The owner applies them and answers with the grid's `applied`."""

    def __init__(self, grid: "Grid", edits: Sequence[Edit]) -> None:
        super().__init__()
        self.grid = grid
        self.edits = tuple(edits)


class Undo(Message, namespace="grid"):
    """The clerk takes the last change back."""


class Redo(Message, namespace="grid"):
    """The clerk repeats what was taken back."""


class Moved(Message, namespace="grid"):
    """The cursor is elsewhere, or stands on something else. A later one replaces those before it."""

    def __init__(self, grid: "Grid") -> None:
        super().__init__()
        self.grid = grid

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Moved)


class Copied(Message, namespace="grid"):
    """A block was copied inside the grid. Only the owner may give it to the clipboard; `personal` says beware."""

    def __init__(self, text: str, *, personal: bool) -> None:
        super().__init__()
        self.text = text
        self.personal = personal


class Clipped(Message, namespace="grid"):
    """So many cells that were pasted found no place: beyond the last column, or locked."""

    def __init__(self, cells: int) -> None:
        super().__init__()
        self.cells = cells
