"""Who signs the entries of a counter: the keys of its operators, and what vouches for each; alike here and there.

A key is an operator's once somebody says so whose word counts: the operator with an earlier key, a supervisor of the
counter, or the key itself where nobody could: the first of a ledger, and the first of each who was there before
entries were signed. A signature covers one entry, or up to `GROUP` that one person has recorded together: then it is
over the root of their tree, and each entry carries its own way there, so that it can be checked alone.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import UTC
from functools import lru_cache
from hashlib import sha256
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from counter.rules.chain import act_digest
from counter.rules.link import SIGNATURE_BYTES, SIGNED, SignedLink, SignerKey

GROUP: Final = 32
SUPERVISOR: Final = "supervisor"
HASH: Final = "hash"
"""What the one who closes an entry signs."""
ACT: Final = "act"
"""What the maker of a case signs that waits for its checker."""

_DIGEST: Final = 32


def public(key: Ed25519PrivateKey) -> str:
    """The public half in hex."""
    return key.public_key().public_bytes_raw().hex()


def vouched(said: SignerKey, by: Ed25519PrivateKey, branch: str, counter: str) -> SignerKey:
    """The key with the word of another, or of itself."""
    said = msgspec.structs.replace(said, voucher=public(by))
    return msgspec.structs.replace(said, signature=by.sign(_statement(said, branch, counter)))


def believed(known: Iterable[SignerKey], new: SignerKey, branch: str, counter: str, before: Container[str]) -> bool:
    """Does the word of somebody whose word counts say whose key this is? `before`: who was there before signatures."""
    if not covers(new.voucher, new.signature, _statement(new, branch, counter)):
        return False
    known = tuple(known)
    if new.voucher == new.public_key:
        return not known or (new.operator in before and all(key.operator != new.operator for key in known))
    by = next((key for key in known if key.public_key == new.voucher), None)
    return by is not None and (by.role == SUPERVISOR or (by.operator, by.role) == (new.operator, new.role))


def sign(key: Ed25519PrivateKey, what: str, digests: Sequence[str]) -> list[bytes]:
    """A signature for each of these digests (hex), all of them made with one key."""
    groups = (digests[first : first + GROUP] for first in range(0, len(digests), GROUP))
    return [
        proof
        for group in groups
        for _, proof in zip(group, _group(key, what, list(map(bytes.fromhex, group))), strict=False)
    ]


def verifies(public_key: str, what: str, digest: str, proof: bytes) -> bool:
    """Does this signature of this key (hex) cover the digest (hex)? False for anything malformed."""
    way, rest = divmod(len(proof) - SIGNATURE_BYTES - 1, _DIGEST)
    if way < 0 or rest:
        return False
    try:
        node, place = bytes.fromhex(digest), proof[SIGNATURE_BYTES]
    except ValueError:
        return False
    for first in range(SIGNATURE_BYTES + 1, len(proof), _DIGEST):
        beside = proof[first : first + _DIGEST]
        node = _node(beside, node) if place & 1 else _node(node, beside)
        place >>= 1
    return _is_signed_once(public_key, proof[:SIGNATURE_BYTES], _text(what, node))


def is_signed(link: SignedLink, branch: str, counter: str, keys: Iterable[SignerKey]) -> bool:
    """Is an entry signed by those whom it names, the checker being a supervisor? `keys` are all that are believed."""
    if link.form < SIGNED:
        return not (link.maker_signature or link.checker_signature)
    makers = [key.public_key for key in keys if key.operator == link.maker]
    if link.checker is None:
        return not link.checker_signature and _any(makers, HASH, link.hash, link.maker_signature)
    checkers = [key.public_key for key in keys if (key.operator, key.role) == (link.checker, SUPERVISOR)]
    return _any(makers, ACT, act_digest(link, branch, counter), link.maker_signature) and _any(
        checkers, HASH, link.hash, link.checker_signature
    )


def _any(public_keys: Iterable[str], what: str, digest: str, proof: bytes) -> bool:
    return any(verifies(key, what, digest, proof) for key in public_keys)


def _group(key: Ed25519PrivateKey, what: str, leaves: list[bytes]) -> list[bytes]:
    levels = [leaves]
    while len(level := levels[-1]) > 1:
        if len(level) % 2:
            level.append(level[-1])
        levels.append([_node(level[at], level[at + 1]) for at in range(0, len(level), 2)])
    signature = key.sign(_text(what, levels.pop()[0]))
    ways = [b""]
    for level in reversed(levels):
        ways = [level[place ^ 1] + ways[place >> 1] for place in range(len(level))]
    return [signature + bytes((place,)) + way for place, way in enumerate(ways)]


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()  # no entry's hash is one: that is SM3 of JSON


def _text(what: str, root: bytes) -> bytes:
    return b"\n".join((b"counter-entry-v1", what.encode(), root))


def _statement(said: SignerKey, branch: str, counter: str) -> bytes:
    made_at = said.made_at.astimezone(UTC)
    content = (branch, counter, said.operator, said.role, said.public_key, made_at, said.voucher)
    return b"counter-signer-v1\n" + msgspec.json.encode(content)


def covers(public_key: str, signature: bytes, text: bytes) -> bool:
    """Does this signature of this key (hex) cover the text? False for anything malformed."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


_is_signed_once: Final = lru_cache(maxsize=256)(covers)
"""The entries of a group come one after the other and share one signature."""
