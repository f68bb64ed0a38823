"""Keying anew (换钥): the ledger gets another file key, so that what an old keyring file opens is no ledger any more.

A key is *given up* in the transaction that disables somebody or changes a passphrase, and the file is keyed anew as
soon as nobody else has it open: at once, or when it is opened next. In between, who was disabled is kept out by the
ledger's own row.

The keyring that will fit is brought to the disk as ``keyring.next`` before the file changes, and gets its name once the
file was opened with the new key. Whoever has the ledger open and finds a ``keyring.next``, its writer or a start after
that was killed, goes by the key that has opened the file: nobody can change it meanwhile.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from sqlmodel import Session, select

from counter.files import sync_folder
from counter.store import audit, cipher, slots, tables
from counter.store.database import FILE_NAME, Database
from counter.store.errors import (
    DamagedLedgerError,
    DisabledOperatorError,
    LedgerDiskError,
    LedgerUnavailableError,
    MissingLedgerError,
    WrongCredentialsError,
    disk_errors,
)
from counter.store.keys import FILE_NAME as KEYRING
from counter.store.keys import NEXT, Keyring, read_keyring, write_keyring
from counter.store.slots import KEY_BYTES, OpenedSlot
from counter.store.unlocked import Unlocked

NOTE: Final = "key anew"
LOCK: Final = "keying.lock"
"""Held by who changes the key: who closes the file for that must not come back to a key that they do not know."""


def give_up(session: Session, key: bytes) -> None:
    """From this transaction on the file is to be keyed anew; the key goes on opening what was copied before."""
    if key not in given_up(session):
        session.exec(select(tables.Identity)).one().given_up += key


def given_up(session: Session) -> list[bytes]:
    """The keys that this ledger has had and is not to have any more, oldest first."""
    keys = session.exec(select(tables.Identity.given_up)).one()
    return [keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES)]


def is_due(database: Database) -> bool:
    """Is the key that the file has given up?"""
    with database.read(guarded=False) as session:
        keys = given_up(session)
    return database.key in keys  # only now is it the one that has opened the file


def key_anew(unlocked: Unlocked) -> bool:
    """Give the file another key where its own is given up; False where that has to wait.

    It waits while another program has the file open, while there is no room, and for everybody with a slot of before
    to sign in once, which gives them a pair that a key can be sealed to.
    """
    database = unlocked.database
    if not is_due(database):
        return True
    with suppress(LedgerUnavailableError, Timeout, OSError), FileLock(database.path.parent / LOCK, 0, mode=0o600):
        _change(database)
    still_due = is_due(database)  # by the key that has opened it
    with suppress(LedgerUnavailableError):
        _settle(database.path.parent, fits=not still_due)
    if still_due:
        return False
    with database.write(guarded=False) as session:
        audit.record(session, unlocked, NOTE)
    return True


def _change(database: Database) -> None:
    home, old, new = database.path.parent, database.key, slots.new_file_key()
    with database.alone(new) as connection:
        rings = slots.resealed(read_keyring(home), old, new)
        if rings is not None:
            write_keyring(home, rings, NEXT)
            _encrypt(connection, new)


def _encrypt(connection: cipher.Connection, key: bytes) -> None:
    try:
        cipher.key_anew(connection, key)
    except cipher.DATABASE_ERROR as error:  # which says the same whatever it was
        raise LedgerDiskError("the ledger could not be keyed anew") from error


def opened(
    home: Path, rings: Keyring, slot: OpenedSlot, open_slot: Callable[[Keyring], OpenedSlot]
) -> tuple[Database, OpenedSlot]:
    """The ledger of a home, and what the slot held that opens it; `slot` is what `open_slot` found in `rings`.

    Where its key does not fit, the file was keyed anew by a program that was killed before it named the keyring, or
    since `rings` was read. Raises `DamagedLedgerError`, `LedgerUnavailableError`.
    """
    try:
        database = Database(home / FILE_NAME, slot.file_key)
    except DamagedLedgerError:
        database, slot = _opened_by_another(home, rings, open_slot)
    try:
        _settle_with(home, slot, open_slot)
    except BaseException:
        database.close()
        raise
    return database, slot


def give_pair(database: Database, id: str, secret: str | bytes) -> None:
    """A slot of before gets a pair; `secret` opens it, a passphrase or a key file's content."""
    home = database.path.parent
    if not _lacks_pair(read_keyring(home), id):
        return
    with database.write(guarded=False):
        rings = read_keyring(home)
        if _lacks_pair(rings, id) and (slot := rings.slot(id)):
            write_keyring(home, rings.with_slot(slots.with_pair(slot, secret, database.key)))


def keyrings(home: Path) -> Iterator[Keyring]:
    """The keyrings that lie in a folder: that of a ledger being keyed anew comes second."""
    yield read_keyring(home)
    with suppress(MissingLedgerError):
        yield read_keyring(home, NEXT)


def _lacks_pair(rings: Keyring, id: str) -> bool:
    slot = rings.slot(id)
    return slot is not None and slots.is_open(slot) and not slot.public


def _opened_by_another(
    home: Path, rings: Keyring, open_slot: Callable[[Keyring], OpenedSlot]
) -> tuple[Database, OpenedSlot]:
    candidates = [*reversed(list(keyrings(home))), read_keyring(home)]  # `keyring.next` may get its name meanwhile
    for other in candidates:
        if other != rings:
            with suppress(DamagedLedgerError, WrongCredentialsError, DisabledOperatorError):
                slot = open_slot(other)
                return Database(home / FILE_NAME, slot.file_key), slot
    raise DamagedLedgerError("no keyring in this home opens the ledger")


def _settle_with(home: Path, slot: OpenedSlot, open_slot: Callable[[Keyring], OpenedSlot]) -> None:
    """Finish, or undo, what somebody was killed in: nobody keys the file anew while it is open here."""
    with suppress(MissingLedgerError, DamagedLedgerError, WrongCredentialsError, DisabledOperatorError):
        coming = read_keyring(home, NEXT)
        with suppress(LedgerUnavailableError):
            _settle(home, fits=open_slot(coming).file_key == slot.file_key)


def _settle(home: Path, *, fits: bool) -> None:
    """Give the coming keyring its name where it fits the ledger that is open here, else throw it away; somebody else
    may have."""
    with suppress(FileNotFoundError), disk_errors():
        if fits:
            (home / NEXT).replace(home / KEYRING)
        else:
            (home / NEXT).unlink()
        sync_folder(home)
