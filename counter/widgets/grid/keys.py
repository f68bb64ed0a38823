"""The keys of a grid: those that terminals really send, and no bare letters, which an input method takes."""

from typing import Final

from textual.binding import BindingType

from counter.widgets.bound import bound, fixed

MOVES: Final = {
    "up": "up",
    "down": "down",
    "left": "left",
    "right": "right",
    "home": "home",
    "end": "end",
    "pageup": "page_up",
    "pagedown": "page_down",
    "ctrl+home": "top",
    "ctrl+end": "bottom",
}


def _with_shift(key: str) -> str:
    return f"ctrl+shift+{key[5:]}" if key.startswith("ctrl+") else f"shift+{key}"


BINDINGS: Final[list[BindingType]] = [
    *(fixed("walk", key, f"go('{to}')") for key, to in MOVES.items()),
    *(fixed("extend", _with_shift(key), f"go('{to}', True)") for key, to in MOVES.items()),
    fixed("accept", "enter", "enter"),
    fixed("walk", "tab", "next(1)"),
    fixed("walk", "shift+tab", "next(-1)"),
    bound("back", "abandon", show=False),
    fixed("erase", "backspace", "backspace"),
    bound("grid-edit", "edit"),
    bound("grid-undo", "undo"),
    bound("grid-fill", "fill"),
    bound("grid-redo", "redo", show=False),
    bound("grid-clear", "clear", show=False),
    bound("grid-insert", "insert_row", show=False),
    bound("grid-delete", "delete_rows", show=False),
    bound("grid-duplicate", "duplicate", show=False),
    bound("grid-copy", "copy", show=False),
    bound("grid-paste", "paste", show=False),
]
