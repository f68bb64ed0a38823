"""What a grid says to its owner; a handler is called ``on_grid_edited`` and so on."""

from collections.abc import Sequence

from textual.message import Message

from counter.widgets.grid.edits import Edit


class Edited(Message, namespace="grid"):
    """Edits to be undone together. The owner applies them and answers with the grid's `applied`."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        super().__init__()
        self.edits = tuple(edits)


class ListWanted(Message, namespace="grid"):
    """The clerk wants to choose what stands in the cell under the cursor; the owner answers with the grid's `put`."""


class Undo(Message, namespace="grid"):
    """The clerk takes the last change back."""


class Redo(Message, namespace="grid"):
    """The clerk repeats what was taken back."""


class Moved(Message, namespace="grid"):
    """The cursor is elsewhere, or stands on something else. A later one replaces those before it."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Moved)


class Clipped(Message, namespace="grid"):
    """So many cells that were pasted found no place: beyond the last column, or locked."""

    def __init__(self, cells: int) -> None:
        super().__init__()
        self.cells = cells
