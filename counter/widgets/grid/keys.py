"""The keys of a grid: those that terminals really send, and no bare letters, which an input method takes."""

from typing import Final

from textual.binding import Binding, BindingType

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
    *(Binding(key, f"go('{to}')", show=False) for key, to in MOVES.items()),
    *(Binding(_with_shift(key), f"go('{to}', True)", show=False) for key, to in MOVES.items()),
    Binding("enter", "enter", show=False),
    Binding("tab", "next(1)", show=False),
    Binding("shift+tab", "next(-1)", show=False),
    Binding("escape", "abandon", show=False),
    Binding("backspace", "backspace", show=False),
    Binding("f2", "edit", "key.edit", id="grid-edit"),
    Binding("ctrl+z", "undo", "key.undo", id="grid-undo"),
    Binding("ctrl+d", "fill", "key.fill_down", id="grid-fill"),
    Binding("ctrl+y", "redo", "key.redo", show=False, id="grid-redo"),
    Binding("delete", "clear", "key.clear_cells", show=False, id="grid-clear"),
    # Not every keyboard has Insert, and Ctrl+Insert and Shift+Insert are many terminals' own copy and paste.
    Binding("insert,ctrl+n", "insert_row", "key.insert_row", show=False, id="grid-insert"),
    Binding("ctrl+delete,ctrl+k", "delete_rows", "key.delete_rows", show=False, id="grid-delete"),
    Binding("ctrl+r", "duplicate", "key.duplicate_rows", show=False, id="grid-duplicate"),
    Binding("ctrl+c,super+c", "copy", "key.copy", show=False, id="grid-copy"),
    Binding("ctrl+v,super+v", "paste", "key.paste", show=False, id="grid-paste"),
]
