"""What keys are called: in the file, to Textual, and to people."""

import re
from typing import Final

_SAID: Final = {
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "delete": "Del",
    "insert": "Ins",
}
_ALIASES: Final = {said.lower(): name for name, said in _SAID.items()} | {"control": "ctrl", "return": "enter"}
_MODIFIERS: Final = ("ctrl", "shift", "alt", "super")
"""In the order in which Textual names them."""
_WALKING: Final = r"up|down|left|right|home|end|pageup|pagedown|insert|delete"
_NAMED: Final = re.compile(
    rf"((ctrl|alt|shift|ctrl\+shift)\+)?f([1-9]|1\d|2[0-4])|escape|((ctrl|shift|alt|ctrl\+shift)\+)?({_WALKING})"
    r"|(ctrl|alt)\+[a-z]|alt\+\d|((shift|ctrl|alt)\+)?(enter|tab|space|backspace)"
)
"""Keys that terminals tell apart."""
_TYPED: Final = re.compile(r"(shift\+)?[^\W_]|[^\w\s]|_|space|enter|shift\+(enter|space)")
_SAME: Final = {
    "ctrl+i": "Tab",
    "ctrl+m": "Enter",
    "ctrl+j": "Enter",
    "ctrl+h": "Backspace",
    "alt+b": "Ctrl+Left",
    "alt+f": "Ctrl+Right",
}
"""What many a terminal sends the very same bytes for."""
_ARROWS: Final = ("up", "down", "left", "right", "home", "end")
_NEEDED: Final = frozenset(
    (
        *_ARROWS,
        *(f"{held}+{way}" for held in ("shift", "ctrl", "ctrl+shift") for way in _ARROWS),
        *("tab", "shift+tab", "ctrl+tab", "alt+tab", "pageup", "pagedown", "delete", "backspace"),
        *("shift+backspace", "ctrl+backspace", "alt+backspace", "ctrl+enter", "alt+enter", "ctrl+space", "alt+space"),
        *(f"ctrl+{letter}" for letter in "aewudkfcxvz"),
    )
)
"""What the fields of a form, their texts, the lists and the windows of the desktop are worked with."""


def named(text: str) -> str:
    """A key as Textual calls it, however it is written: ``Ctrl+L``, ``PgDn``, ``F10``."""
    parts = [_ALIASES.get(part, part) for part in re.split(r"\s*\+\s*", text.strip().lower())]
    held = [modifier for modifier in _MODIFIERS if modifier in parts[:-1]]
    return "+".join([*held, parts[-1]]) if len(held) == len(parts) - 1 else text.strip()


def said(key: str) -> str:
    """A key as the keyboard says it: F1, Ctrl+L, Esc."""
    return "+".join(_SAID.get(part, part.capitalize()) for part in key.split("+"))


def unfit(key: str) -> str:
    """Why no command may be put on a key: the code of the reason, empty for one that may be.

    ``typed`` is what an input method or a scanner types, ``needed`` what forms and texts are worked with, ``same`` what
    a terminal cannot tell from another key, ``unknown`` what no keyboard has.
    """
    if _TYPED.fullmatch(key):
        return "typed"
    if key in _SAME:
        return "same"
    if key in _NEEDED:
        return "needed"
    return "" if _NAMED.fullmatch(key) else "unknown"


def same_as(key: str) -> str:
    """The key that a terminal takes this one for; empty for one that it tells apart."""
    return _SAME.get(key, "")
