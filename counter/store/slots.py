"""Key slots: a passphrase (argon2id) or a key file wraps the random file key (AES-256-GCM).

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
    return msgspec.structs.replace(slot, active=False, nonce=b"", wrapped=b"", signer=b"")


def open_with_passphrase(keyring: Keyring, operator_id: str, passphrase: str) -> OpenedSlot:
    """The file key and the operator's own. Raises `WrongCredentialsError`, `DisabledOperatorError`."""
    slot = keyring.slot(operator_id)
    if slot is None or slot.cost is None:
        _from_passphrase(passphrase, bytes(SALT_BYTES), COST)  # an unknown id takes as long as a wrong passphrase
        raise WrongCredentialsError("operator and passphrase do not open a slot")
    _refuse_closed(slot)
    wrapping_key = _from_passphrase(passphrase, slot.salt, slot.cost)
    return OpenedSlot(_unwrap(slot, wrapping_key), _signer_in(slot, wrapping_key))


def open_with_key_file(keyring: Keyring, key_file: Path) -> tuple[str, bytes]:
    """The timer's operator id and the file key. Raises `WrongCredentialsError`, `DisabledOperatorError`."""
    slot = next((slot for slot in keyring.slots if slot.cost is None), None)
    try:
        secret = key_file.read_bytes()
    except OSError:
        secret = b""
    if slot is None or len(secret) != KEY_BYTES:
        raise WrongCredentialsError("the key file does not open a slot")
    _refuse_closed(slot)
    return slot.id, _unwrap(slot, secret)


def _refuse_closed(slot: Slot) -> None:
    if not slot.active:
        raise DisabledOperatorError("this slot has been closed")


def _from_passphrase(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    secret = passphrase.encode("utf-8", "surrogatepass")
    return hash_secret_raw(secret, salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID)


def _bound_to(id: str, role: Role) -> bytes:
    return msgspec.json.encode(("counter-slot-v1", id, role))


def _wrap(operator: Operator, salt: bytes, cost: Cost | None, wrapping_key: bytes, file_key: bytes) -> Slot:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Slot(
        id=operator.id,
        name=operator.name,
        role=operator.role,
        salt=salt,
        cost=cost,
        nonce=nonce,
        wrapped=AESGCM(wrapping_key).encrypt(nonce, file_key, _bound_to(operator.id, operator.role)),
    )


def _unwrap(slot: Slot, wrapping_key: bytes) -> bytes:
    try:
        return AESGCM(wrapping_key).decrypt(slot.nonce, slot.wrapped, _bound_to(slot.id, slot.role))
    except (InvalidTag, ValueError):
        raise WrongCredentialsError("operator and passphrase do not open a slot") from None


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
