"""The keys that hold in this process, for every sentence that names one."""

from counter.keymap.declared import COMMANDS
from counter.keymap.file import KeyFile, Keys
from counter.keymap.names import said

_current = KeyFile()


def use(keys: KeyFile) -> bool:
    """Have these hold from here on, as `i18n.use_language` does for its own; are they others than before?"""
    global _current  # noqa: PLW0603 - one clerk, one keyboard
    changed = keys.moved != _current.moved
    _current = keys
    return changed


def keys_of(id: str) -> Keys:
    """The keys of a command now."""
    return _current.keys_of(id)


def key_of(id: str) -> str:
    """The first of them, as the keyboard says it."""
    return said(_current.keys_of(id)[0])


def is_first(id: str | None, key: str) -> bool:
    """Is this the key by which a command is named? Others that it has are not shown, even where this one is taken."""
    return id not in COMMANDS or COMMANDS[id].fixed or keys_of(id)[0] == key


def is_usually(id: str | None, key: str) -> bool:
    """Is this a command that has this key where nobody has moved it?"""
    return id in COMMANDS and key in COMMANDS[id].keys
