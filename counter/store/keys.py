"""The keyring file: who has a key slot (密钥槽). Read before unlocking, so it imports neither SQL nor ciphers.

``<home>/keyring.json`` holds slots; a slot holds the wrapped file key and how to unwrap it, see `counter.store.slots`.
What it says of a person is for the sign-in screen only: after unlocking, the ledger's own table of operators counts.
"""

from pathlib import Path
from typing import Annotated, Final

import msgspec

from counter.files import write_whole
from counter.store.errors import DamagedLedgerError, MissingLedgerError, unavailable
from counter.store.records import Operator, Role

FILE_NAME: Final = "keyring.json"
NEXT: Final = "keyring.next"
"""The keyring of a ledger that is being keyed anew (`counter.store.rekeying`)."""


class Cost(msgspec.Struct, frozen=True):
    """What argon2id costs: passes, KiB of memory, lanes. The bounds keep a forged file from exhausting the machine."""

    passes: Annotated[int, msgspec.Meta(ge=1, le=64)] = 3
    memory_kib: Annotated[int, msgspec.Meta(ge=8, le=1024 * 1024)] = 64 * 1024
    lanes: Annotated[int, msgspec.Meta(ge=1, le=16)] = 4


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """One way to the file key.

    `cost` is None for a slot that a key file opens; `wrapped` is empty in a closed slot, and holds the private half of
    a pair. The file key is `sealed` to its `public` half, with a `proof` that this was done by who had that key; in a
    slot of before these three are empty and `wrapped` holds the file key. `signer` holds the operator's own signing
    key, which the file key does not open; it is empty in the timer's slot, and in one of before.
    """

    id: str
    name: str
    role: Role
    active: bool = True
    salt: bytes
    cost: Cost | None = None
    nonce: bytes
    wrapped: bytes
    signer: bytes = b""
    public: bytes = b""
    sealed: bytes = b""
    proof: bytes = b""

    @property
    def operator(self) -> Operator:
        return Operator(self.id, self.name, self.role, self.active)


class Keyring(msgspec.Struct, frozen=True):
    """All slots, in the order in which they were added."""

    slots: tuple[Slot, ...] = ()
    format: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1

    def slot(self, id: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.id == id), None)

    def with_slot(self, new: Slot) -> "Keyring":
        """The keyring with this slot in the place of the one of the same id, or at the end."""
        if self.slot(new.id) is None:
            return Keyring((*self.slots, new))
        return Keyring(tuple(new if slot.id == new.id else slot for slot in self.slots))


def read_keyring(home: Path, name: str = FILE_NAME) -> Keyring:
    """The keyring of a home. Raises `MissingLedgerError`, `DamagedLedgerError`, `LedgerUnavailableError`."""
    try:
        return msgspec.json.decode((home / name).read_bytes(), type=Keyring)
    except FileNotFoundError:
        raise MissingLedgerError("there is no keyring in this home") from None
    except OSError as error:
        raise unavailable(error) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedLedgerError("the keyring cannot be read") from error


def write_keyring(home: Path, keyring: Keyring, name: str = FILE_NAME) -> None:
    """Replace the keyring in one step: the old one or the new one is there, never half of one.

    Raises `LedgerUnavailableError`: then it is the old one.
    """
    try:
        write_whole(home / name, msgspec.json.format(msgspec.json.encode(keyring)))
    except OSError as error:
        raise unavailable(error) from error


def operators_at(home: Path) -> list[Operator]:
    """The people of a home for the sign-in screen, before unlocking; the timer is none.

    Raises `MissingLedgerError` and `DamagedLedgerError`.
    """
    return [slot.operator for slot in read_keyring(home).slots if slot.role is not Role.TIMER]
