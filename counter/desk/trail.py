"""The audit trail (审计) in words: who revealed, exported, printed, failed, and everything else that was noted."""

from counter.clock import SHANGHAI
from counter.i18n import has, t
from counter.store.records import AuditNote

COLUMNS = ("seq", "at", "operator", "action", "subject")
"""What is told of a note; the headings are ``audit.column.<name>``."""


def told(note: AuditNote) -> tuple[str, ...]:
    """A note as it is listed."""
    at = f"{note.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    return str(note.seq), at, note.operator, action_name(note.action), note.subject


def action_name(action: str) -> str:
    """What an action is called: its longest beginning that has a name (``audit.action.<name>``), and the rest."""
    words = action.replace(".", " ").replace(":", "").replace(",", "").split()
    for length in range(len(words), 0, -1):
        name = "_".join(words[:length])
        key = f"audit.action.{name}"
        if has(key):
            return " ".join([t(key), *map(_rest, words[length:])])
    return action


def _rest(word: str) -> str:
    return t(f"service.{word}.name") if has(f"service.{word}.name") else word
