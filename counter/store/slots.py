"""Key slots: a passphrase (argon2id) or a key file wraps the private half of a pair, to which the file key is sealed.

So the ledger can be keyed anew without anybody's passphrase (`counter.store.rekeying`). Which public half is whose is
vouched for with the file key: one that was put into the keyring file from outside is given no key.
The wrapping binds the slot's id and role, so that editing the keyring file opens nothing and promotes nobody.
A passphrase also wraps its operator's signing key: who has the file key by another slot cannot sign as this operator.
"""

import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from counter.files import write_new
from counter.reference.passphrases import common_passphrases
from counter.rules.passphrase import Weakness, weakness
from counter.store.errors import (
    CommonPassphraseError,
    DisabledOperatorError,
    ExistingLedgerError,
    OwnNamePassphraseError,
    WeakPassphraseError,
    WrongCredentialsError,
)
from counter.store.keys import Cost, Keyring, Slot
from counter.store.records import Operator, Role
from counter.store.sealing import sealed_for, unsealed

KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
COST = Cost()
"""What new slots cost; tests make them cheap."""
_WEAK: Final[Mapping[Weakness, type[WeakPassphraseError]]] = {
    Weakness.SHORT: WeakPassphraseError,
    Weakness.COMMON: CommonPassphraseError,
    Weakness.OWN: OwnNamePassphraseError,
}


class OpenedSlot(NamedTuple):
    """What a slot held: the ledger's key, and its operator's own; None in a timer's slot, and in one of before."""

    file_key: bytes
    signer: Ed25519PrivateKey | None = None


def new_file_key() -> bytes:
    """A random file key."""
    return secrets.token_bytes(KEY_BYTES)


def passphrase_slot(
    operator: Operator, passphrase: str, file_key: bytes, signer: Ed25519PrivateKey | None = None
) -> Slot:
    """A slot that this passphrase opens. Raises `WeakPassphraseError` or a kind of it."""
    weak = weakness(passphrase, (operator.id, operator.name), common_passphrases())
    if weak is not None:
        raise _WEAK[weak]("this passphrase is easily guessed")
    salt = secrets.token_bytes(SALT_BYTES)
    wrapping_key = _from_passphrase(passphrase, salt, COST)
    slot = _wrap(operator, salt, COST, wrapping_key, file_key)
    return _with_signer(slot, wrapping_key, signer) if signer else slot


def with_signer(slot: Slot, passphrase: str, signer: Ed25519PrivateKey) -> Slot:
    """The slot of before, with a signing key."""
    assert slot.cost is not None, "a timer signs nothing"
    return _with_signer(slot, _from_passphrase(passphrase, slot.salt, slot.cost), signer)


def key_file_slot(operator: Operator, key_file: Path, file_key: bytes) -> Slot:
    """A slot that a new key file opens, for `counter sync` from a timer.

    Raises `ExistingLedgerError`: a key file is never overwritten.
    """
    secret = secrets.token_bytes(KEY_BYTES)
    try:
        write_new(key_file, secret)
    except FileExistsError:
        raise ExistingLedgerError("a key file is never overwritten") from None
    return _wrap(operator, secrets.token_bytes(SALT_BYTES), None, secret, file_key)


def closed(slot: Slot) -> Slot:
    """The slot without its key: setting it active again in the file opens nothing."""
    empty = dict.fromkeys(("nonce", "wrapped", "signer", "public", "sealed", "proof"), b"")
    return msgspec.structs.replace(slot, active=False, **empty)


def is_open(slot: Slot) -> bool:
    """Does it hold a key?"""
    return slot.active and bool(slot.wrapped)


def resealed(keyring: Keyring, old: bytes, new: bytes) -> Keyring | None:
    """The keyring with the new file key in every open slot; None where one of before has no pair to seal it to.

    A slot whose public half nobody with the old key has vouched for is closed.
    """
    if not all(slot.public for slot in keyring.slots if is_open(slot)):
        return None
    slots = (_kept(slot, old, new) if is_open(slot) else slot for slot in keyring.slots)
    return Keyring(tuple(slots), keyring.format)


def with_pair(slot: Slot, secret: str | bytes, file_key: bytes) -> Slot:
    """A slot of before with a pair; `secret` is the passphrase, or a key file's content."""
    if isinstance(secret, str):
        assert slot.cost is not None, "a key file is no passphrase"
        secret = _from_passphrase(secret, slot.salt, slot.cost)
    return _with_pair(slot, secret, file_key)


def open_with_passphrase(keyring: Keyring, operator_id: str, passphrase: str) -> OpenedSlot:
    """The file key and the operator's own. Raises `WrongCredentialsError`, `DisabledOperatorError`."""
    slot = keyring.slot(operator_id)
    if slot is None or slot.cost is None:
        _from_passphrase(passphrase, bytes(SALT_BYTES), COST)  # an unknown id takes as long as a wrong passphrase
        raise WrongCredentialsError("operator and passphrase do not open a slot")
    _refuse_closed(slot)
    wrapping_key = _from_passphrase(passphrase, slot.salt, slot.cost)
    return OpenedSlot(_unwrap(slot, wrapping_key), _signer_in(slot, wrapping_key))


def open_with_key_file(keyring: Keyring, secret: bytes) -> OpenedSlot:
    """The file key in the timer's slot, by a key file's content.

    Raises `WrongCredentialsError`, `DisabledOperatorError`.
    """
    slot = next((slot for slot in keyring.slots if slot.cost is None), None)
    if slot is None or len(secret) != KEY_BYTES:
        raise WrongCredentialsError("the key file does not open a slot")
    _refuse_closed(slot)
    return OpenedSlot(_unwrap(slot, secret))


def key_file_content(path: Path) -> bytes:
    """A key file's content; empty where it cannot be read, which opens nothing."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _refuse_closed(slot: Slot) -> None:
    if not slot.active:
        raise DisabledOperatorError("this slot has been closed")


def _from_passphrase(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    secret = passphrase.encode("utf-8", "surrogatepass")
    return hash_secret_raw(secret, salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID)


def _bound_to(id: str, role: Role) -> bytes:
    return msgspec.json.encode(("counter-slot-v1", id, role))


def _wrap(operator: Operator, salt: bytes, cost: Cost | None, wrapping_key: bytes, file_key: bytes) -> Slot:
    slot = Slot(id=operator.id, name=operator.name, role=operator.role, salt=salt, cost=cost, nonce=b"", wrapped=b"")
    return _with_pair(slot, wrapping_key, file_key)


def _with_pair(slot: Slot, wrapping_key: bytes, file_key: bytes) -> Slot:
    nonce, pair = secrets.token_bytes(NONCE_BYTES), X25519PrivateKey.generate()
    wrapped = AESGCM(wrapping_key).encrypt(nonce, pair.private_bytes_raw(), _bound_to(slot.id, slot.role))
    public = pair.public_key().public_bytes_raw()
    return _sealed(msgspec.structs.replace(slot, nonce=nonce, wrapped=wrapped, public=public), file_key)


def _sealed(slot: Slot, file_key: bytes) -> Slot:
    sealed = sealed_for(slot.public, file_key, _bound_to(slot.id, slot.role))
    return msgspec.structs.replace(slot, sealed=sealed, proof=_proof(slot, file_key))


def _kept(slot: Slot, old: bytes, new: bytes) -> Slot:
    return _sealed(slot, new) if hmac.compare_digest(slot.proof, _proof(slot, old)) else closed(slot)


def _proof(slot: Slot, file_key: bytes) -> bytes:
    """That who had the file key has given this slot its public half."""
    said = msgspec.json.encode(("counter-pair-v1", slot.id, slot.role, slot.public))
    return hmac.digest(file_key, said, "sha256")


def _unwrap(slot: Slot, wrapping_key: bytes) -> bytes:
    bound = _bound_to(slot.id, slot.role)
    try:
        content = AESGCM(wrapping_key).decrypt(slot.nonce, slot.wrapped, bound)
    except (InvalidTag, ValueError):
        raise WrongCredentialsError("operator and passphrase do not open a slot") from None
    return unsealed(X25519PrivateKey.from_private_bytes(content), slot.sealed, bound) if slot.public else content


def _with_signer(slot: Slot, wrapping_key: bytes, signer: Ed25519PrivateKey) -> Slot:
    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = _bound_to(slot.id, slot.role)
    wrapped = AESGCM(_signing(wrapping_key)).encrypt(nonce, signer.private_bytes_raw(), bound)
    return msgspec.structs.replace(slot, signer=nonce + wrapped)


def _signer_in(slot: Slot, wrapping_key: bytes) -> Ed25519PrivateKey | None:
    if not slot.signer:
        return None
    nonce, wrapped = slot.signer[:NONCE_BYTES], slot.signer[NONCE_BYTES:]
    try:
        seed = AESGCM(_signing(wrapping_key)).decrypt(nonce, wrapped, _bound_to(slot.id, slot.role))
    except (InvalidTag, ValueError):
        raise WrongCredentialsError("operator and passphrase do not open a slot") from None
    return Ed25519PrivateKey.from_private_bytes(seed)


def _signing(wrapping_key: bytes) -> bytes:
    """A key of its own for what signs: whoever is given the one that wraps the file key has not got this one."""
    return hmac.digest(wrapping_key, b"counter-signer-v1", "sha256")
