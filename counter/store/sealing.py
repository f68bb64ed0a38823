"""Sealing (封装): a key put away for somebody whose passphrase is not at hand, with their pair's public half.

X25519 with a pair that is used once, HKDF-SHA256 and AES-256-GCM, as in HPKE (RFC 9180); `bound` is what both sides
know, and has to be the same.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from counter.store.errors import WrongCredentialsError

KEY_BYTES: Final = 32
_NONCE: Final = bytes(12)
"""Each key encrypts once."""


def sealed_for(public: bytes, secret: bytes, bound: bytes) -> bytes:
    """The secret as the private half of `public` (32 bytes) alone opens it: the used pair's public half comes first."""
    used = X25519PrivateKey.generate()
    mine = used.public_key().public_bytes_raw()
    shared = used.exchange(X25519PublicKey.from_public_bytes(public))
    return mine + AESGCM(_key(shared, mine, public)).encrypt(_NONCE, secret, bound)


def unsealed(private: X25519PrivateKey, sealed: bytes, bound: bytes) -> bytes:
    """What was sealed. Raises `WrongCredentialsError` for another's, and for anything malformed."""
    theirs, content = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
        key = _key(shared, theirs, private.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(_NONCE, content, bound)
    except (InvalidTag, ValueError):
        raise WrongCredentialsError("operator and passphrase do not open a slot") from None


def _key(shared: bytes, used: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, b"counter-sealed-v1" + used + public).derive(shared)
