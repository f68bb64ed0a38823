"""What two persons of a counter decide together (双人决定): that a day is closed or opened again, that a returned entry
is written off. Each decision names the one before it, and both have signed its hash."""

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from counter.rules.chain import sm3

SIGNED_AS: Final = "decision"
"""What the two sign, see `counter.rules.signers.sign`."""


class DecisionKind(StrEnum):
    """What was decided."""

    CLOSE = "close"  # 关账
    REOPEN = "reopen"  # 重开
    WRITE_OFF = "write_off"  # 核销


class LeftOpen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was open when a day was closed all the same: of which kind, which (ids, or how many), and why."""

    kind: str
    count: int
    ids: tuple[str, ...] = ()
    reason: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as it is signed: canonical JSON. `subject` is a business date (ISO 8601) or an entry's id, `last_seq`
    and `head` are the ledger's last entry by then, `previous` is the hash of the decision before, `GENESIS` at first.
    """

    kind: DecisionKind
    subject: str
    branch: str
    counter: str
    maker: str
    checker: str
    decided_at: datetime
    last_seq: int
    head: str
    previous: str
    reason: str = ""
    left_open: tuple[LeftOpen, ...] = ()


def encode(decision: Decision) -> bytes:
    """The bytes that are kept and whose hash is signed."""
    return msgspec.json.encode(decision, order="sorted")


def decode(content: bytes) -> Decision:
    """Raises `msgspec.MsgspecError` for what is no decision."""
    return msgspec.json.decode(content, type=Decision)


def hash_of(content: bytes) -> str:
    """SM3 of the bytes, in hex."""
    return sm3(content)
