"""The ledger's chain: pure functions that the counter and the province compute alike.

SM3 (GB/T 32905) is the hash of the trade; the algorithm's name stands in every entry, so that another can follow.
The entry's hash covers the salted digest of the body, not the body: a person's data can be erased after the
retention time without breaking the chain.
"""

from datetime import UTC
from typing import Final

import msgspec
from cryptography.hazmat.primitives import hashes

from counter.rules.link import ALGORITHM, FORMS, LATER, Link

GENESIS: Final = "0" * 64
"""The hash before the first entry."""


class UnknownFormError(ValueError):
    """The entry is of a form that this program does not know: a later one has written it."""


def sm3(data: bytes) -> str:
    """SM3 of the bytes, in hex."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def body_digest(salt: bytes, body: bytes) -> str:
    """The salted digest of a body: SM3 of the 16-byte salt and the body's exact bytes."""
    return sm3(salt + body)


def link_hash(link: Link, branch: str, counter: str) -> str:
    """The hash of this counter's entry: SM3 of what the entry's form covers, as canonical JSON, its moment in UTC.

    Raises `UnknownFormError`, and ValueError for an unknown algorithm or a field set that the form does not cover.
    """
    covered = FORMS.get(link.form)
    if covered is None:
        raise UnknownFormError(f"unknown form {link.form}")
    if link.algorithm != ALGORITHM:
        raise ValueError(f"unknown chain algorithm {link.algorithm}")
    if any(getattr(link, name) != default for name, default in LATER.items() if name not in covered):
        raise ValueError(f"form {link.form} does not cover all that the entry says")
    said = {"branch": branch, "counter": counter, "recorded_at": link.recorded_at.astimezone(UTC)}
    said |= {name: getattr(link, name) for name in covered if name not in said}
    return sm3(msgspec.json.encode(said, order="sorted"))


def act_digest(link: Link, branch: str, counter: str) -> str:
    """What a maker signs of a case that waits for its checker: SM3 of all that is known of its entry by then.

    Its place in the chain and the checker are not; the checker's signature over the hash covers both.
    """
    said = {name: getattr(link, name) for name in _ACT} | {"branch": branch, "counter": counter}
    return sm3(msgspec.json.encode(said, order="sorted"))


_ACT: Final = ("id", "business_date", "kind", "fee_fen", "maker", "reverses", "body_digest")
