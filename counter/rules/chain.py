"""The ledger's chain: pure functions that the counter and the province compute alike.

SM3 (GB/T 32905) is the hash of the trade; the algorithm's name stands in every entry, so that another can follow.
The entry's hash covers the salted digest of the body, not the body: a person's data can be erased after the
retention time without breaking the chain.
"""

from datetime import UTC, date, datetime
from typing import Final

import msgspec
from cryptography.hazmat.primitives import hashes

ALGORITHM: Final = "SM3"
GENESIS: Final = "0" * 64
"""The hash before the first entry."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry's hash covers; digests and hashes are lower-case hex of 64 characters, `recorded_at` is aware."""

    seq: int
    id: str
    branch: str
    counter: str
    business_date: date
    recorded_at: datetime
    kind: str
    fee_fen: int
    maker: str
    checker: str | None
    reverses: str | None
    body_digest: str
    previous: str
    algorithm: str = ALGORITHM


def sm3(data: bytes) -> str:
    """SM3 of the bytes, in hex."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def body_digest(salt: bytes, body: bytes) -> str:
    """The salted digest of a body: SM3 of the 16-byte salt and the body's exact bytes."""
    return sm3(salt + body)


def link_hash(link: Link) -> str:
    """The entry's hash: SM3 of the link as canonical JSON, its moment in UTC.

    Raises ValueError for an unknown algorithm.
    """
    if link.algorithm != ALGORITHM:
        raise ValueError(f"unknown chain algorithm {link.algorithm}")
    in_utc = msgspec.structs.replace(link, recorded_at=link.recorded_at.astimezone(UTC))
    return sm3(msgspec.json.encode(in_utc, order="sorted"))
