"""What the audit calls that by which something leaves the encrypted file, and the tries to get in."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

REVEAL: Final = "reveal"
REVEAL_ENTRY: Final = "ledger.reveal"
REVEAL_PARCELS: Final = "parcels.reveal"
LETTER: Final = "letter"
EXPORT: Final = "ledger.export"
EXPORT_AUDIT: Final = "audit.export"
BACK_UP: Final = "back up"
PRINT: Final = "print paper"
SAVE: Final = "save paper"
FAIL: Final = "fail passphrase"
ERASE: Final = "erase"
"""Followed by what was erased past its time: entries, drafts, photos …"""


class Watched(StrEnum):
    """What an auditor asks for first."""

    REVEALED = "revealed"
    EXPORTED = "exported"
    PRINTED = "printed"
    FAILED = "failed"


ACTIONS: Final[Mapping[Watched, frozenset[str]]] = {
    Watched.REVEALED: frozenset({REVEAL, REVEAL_ENTRY, REVEAL_PARCELS, LETTER}),
    Watched.EXPORTED: frozenset({EXPORT, EXPORT_AUDIT, BACK_UP}),
    Watched.PRINTED: frozenset({PRINT, SAVE}),
    Watched.FAILED: frozenset({FAIL}),
}
"""What each deed is noted as."""
