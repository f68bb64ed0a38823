"""What we ask of the terminal's keyboard: next to nothing, so that an input method's text arrives as text.

Textual asks for every key as an escape sequence with its text (kitty's flags 1, 8 and 16). iTerm2, WezTerm, VS Code and
older Ghostty then lose what an input method commits, or send it as the Enter that committed it. We need none of that:
`ESC[>1u` at most, which only tells Esc from the beginning of a sequence.
"""

import sys
from importlib import import_module
from typing import Final

from textual import constants, events


def ask_for(*, kitty: bool) -> None:
    """Ask for flag 1 or, where the settings say ``plain``, for nothing; said before the screen opens."""
    setattr(constants, "DISABLE_KITTY_KEY", not kitty)  # noqa: B010 - declared Final
    if sys.platform != "win32":
        linux_driver = import_module("textual.drivers.linux_driver")
        for more in ("KITTY_REPORT_ALL_KEYS", "KITTY_REPORT_ASSOCIATED_TEXT"):
            setattr(linux_driver, more, 0)


def as_text(event: events.Key) -> events.Key:
    """The key itself; or, where an input method's text came as the key that committed it, the key of that text.

    Alt with a letter or digit is a command, never text: Textual gives it the character, which a field would take.
    """
    if event.key.startswith("alt+"):
        return events.Key(event.key, None)
    if event.key in _COMMITTING and event.character and event.character.isprintable() and event.character != " ":
        return events.Key(event.character, event.character)
    return event


_COMMITTING: Final = frozenset({"enter", "space", "tab", "escape", "backspace"})
