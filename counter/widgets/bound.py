"""Binding a key: by the id of its command, never by the key itself (`counter.keymap.declared`)."""

from textual.binding import Binding

from counter.keymap.declared import COMMANDS


def bound(id: str, action: str, does: str = "", *, show: bool = True, priority: bool = False) -> Binding:
    """A command's keys, where they do `action`; `does` is what it is called here, if not as everywhere."""
    command = COMMANDS[id]
    return Binding(
        ",".join(command.keys),
        action,
        does or command.does,
        show=show,
        priority=priority,
        id=id,
    )


def fixed(
    id: str,
    keys: str,
    action: str,
    does: str = "",
    *,
    priority: bool = False,
    display: str | None = None,
    show: bool = True,
) -> Binding:
    """Some of the keys of a form or a list, which nobody can move; named to the clerk only where `does` says what."""
    if not set(keys.split(",")) <= set(COMMANDS[id].keys) or not COMMANDS[id].fixed:
        raise ValueError(f"{keys} are not among the fixed keys of {id}")
    return Binding(keys, action, does, show=show, key_display=display, priority=priority, id=id)
