"""The anchor (锚): beside the keyring, how far the ledger had come, so that a tail that was cut off is missed.

``<home>/ledger.anchor`` has the last entry's seq and hash, the audit's too, and a MAC with a key that lies in the
ledger. It is written after each commit and never brought to the disk by force: after a crash it is a little behind, and
only a ledger that is behind its anchor has lost something. A copy of the file without its WAL is such a one.
"""

import hmac
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from counter.files import write_whole
from counter.rules.chain import GENESIS
from counter.rules.link import Hex

FILE_NAME: Final = "ledger.anchor"
SIZE: Final = 512
"""Always so many bytes, written at once: the old ones or the new ones are there."""
KEY_BYTES: Final = 32


class Anchor(msgspec.Struct, frozen=True):
    """How far a ledger had come: its last entry, and its audit's last note."""

    seq: Annotated[int, Meta(ge=0)] = 0
    head: Hex = GENESIS
    note: Annotated[int, Meta(ge=0)] = 0
    note_head: Annotated[str, Meta(max_length=64)] = GENESIS


class _Sealed(msgspec.Struct, frozen=True):
    anchor: Anchor
    mac: Hex


Run = Callable[..., Iterable[Any]]
"""Runs a query: that of a connection below SQLAlchemy, or of a session's."""

HEADS: Final = f"""
    SELECT coalesce((SELECT max(seq) FROM entry), 0),
      coalesce((SELECT hash FROM entry ORDER BY seq DESC LIMIT 1), '{GENESIS}'),
      coalesce((SELECT max(seq) FROM audit), 0),
      coalesce((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), '{GENESIS}')
"""  # noqa: S608 - a constant of our own


def content(home: Path) -> bytes:
    """The file as it stands, empty where there is none. To be read before the ledger is, which only goes on."""
    try:
        return (home / FILE_NAME).read_bytes()
    except OSError:
        return b""


def opened(content: bytes, key: bytes) -> Anchor | None:
    """The anchor in the file; None where it is none that this key has sealed."""
    try:
        sealed = msgspec.json.decode(content, type=_Sealed)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return sealed.anchor if hmac.compare_digest(sealed.mac, _mac(sealed.anchor, key)) else None


def drop(home: Path, key: bytes, anchor: Anchor) -> None:
    """Put a home's first anchor beside the keyring, and bring it to the disk. Raises OSError."""
    write_whole(home / FILE_NAME, _content(key, anchor))


def move(home: Path, key: bytes, anchor: Anchor) -> None:
    """Take the anchor along. What cannot be written is left: the ledger may be ahead of its anchor."""
    with suppress(OSError), (home / FILE_NAME).open("r+b", buffering=0) as file:
        file.write(_content(key, anchor))


def heads(run: Run) -> Anchor:
    """How far the ledger has come."""
    return Anchor(*next(iter(run(HEADS))))


def holds(run: Run, anchor: Anchor) -> bool:
    """Has the ledger all that had been in it when this anchor was written, as it was?"""
    entry = [hash for (hash,) in run("SELECT hash FROM entry WHERE seq = ?", (anchor.seq,))]
    note = [hash for (hash,) in run("SELECT hash FROM audit WHERE seq = ?", (anchor.note,))]
    return (entry, note) == ([anchor.head] * bool(anchor.seq), [anchor.note_head] * bool(anchor.note))


def _content(key: bytes, anchor: Anchor) -> bytes:
    return msgspec.json.encode(_Sealed(anchor, _mac(anchor, key))).ljust(SIZE)


def _mac(anchor: Anchor, key: bytes) -> str:
    return hmac.new(key, msgspec.json.encode(("counter-anchor-v1", anchor)), "sha256").hexdigest()
