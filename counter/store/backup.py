"""Backup (备份) and restore (恢复): a folder that is a home of its own, with an encrypted copy and the keyring.

The copy has the same key and needs the same passphrases; without the keyring beside it nobody could open it again.
What is checked is the copy, not what it was made from.
"""

import os
import shutil
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from counter.files import sync_folder
from counter.store import cipher, keys, slots
from counter.store.database import FILE_NAME, Database, store_errors
from counter.store.errors import DamagedLedgerError, ExistingLedgerError, MissingLedgerError, disk_errors, unavailable
from counter.store.identity import place_anchor
from counter.store.records import Verification
from counter.store.whole import verify_whole

SUFFIXES: Final = ("", "-wal", "-shm")
"""The files that make up a ledger while it is open."""


def back_up(database: Database, folder: Path) -> Verification:
    """Copy the open ledger and its keyring into a folder, while others go on writing; what was found in the copy.

    Raises `ExistingLedgerError` for a folder with a ledger, `DamagedLedgerError` when the copy does not verify: then
    the folder holds no ledger.
    """
    part = prepare(folder)
    with (
        store_errors(part),
        closing(database.connect()) as source,
        closing(cipher.connect(part, database.key)) as target,
    ):
        source.backup(target)
    return _check_and_place(part, database.key, keys.read_keyring(database.path.parent))


def restore(home: Path, folder: Path, operator_id: str, passphrase: str) -> Verification:
    """Put a backup into a home without a ledger, once it verifies; what was found in it.

    Raises `MissingLedgerError` (no backup there), `ExistingLedgerError`, `WrongCredentialsError`,
    `DisabledOperatorError`, `DamagedLedgerError`; a ledger is never overwritten.
    """
    rings = keys.read_keyring(folder)
    file_key = slots.open_with_passphrase(rings, operator_id, passphrase).file_key
    if not (folder / FILE_NAME).is_file():
        raise MissingLedgerError("there is no ledger in this folder")
    part = prepare(home)
    for suffix in ("", "-wal"):  # the files of a machine that broke down may still have a WAL: it is part of the ledger
        with suppress(FileNotFoundError), disk_errors():
            shutil.copyfile(folder / (FILE_NAME + suffix), part.with_name(part.name + suffix))
    return _check_and_place(part, file_key, rings)


def prepare(home: Path) -> Path:
    """Where a new ledger is written until it is complete. Raises `ExistingLedgerError` for one that is there.

    A keyring or a WAL without its ledger counts as one: it belongs to a file that somebody may bring back.
    """
    finish(home)
    if is_taken(home):
        raise ExistingLedgerError("there is a ledger in this home")
    part = _part(home)
    with disk_errors():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove(part)
    return part


def is_taken(home: Path) -> bool:
    """Does a ledger stand here, or a file that belongs to one?"""
    return any((home / name).exists() for name in (keys.FILE_NAME, *(FILE_NAME + suffix for suffix in SUFFIXES)))


def finish(home: Path) -> None:
    """Complete what `put_in_place` was killed in, between the keyring and the ledger. Raises `LedgerUnavailableError`.

    The keyring comes after a file that was complete and on the disk: nothing but its name was missing.
    """
    part, ledger = _part(home), home / FILE_NAME
    if part.exists() and (home / keys.FILE_NAME).exists() and not ledger.exists():
        try:
            part.replace(ledger)
            sync_folder(home)
        except OSError as error:
            raise unavailable(error) from error


def _part(home: Path) -> Path:
    return home / f".{FILE_NAME}.part"


def _remove(part: Path) -> None:
    """Delete an unfinished file with its WAL, which SQLite would take for the next file's of that name."""
    for suffix in SUFFIXES:
        part.with_name(part.name + suffix).unlink(missing_ok=True)


def _check_and_place(part: Path, file_key: bytes, rings: keys.Keyring) -> Verification:
    try:
        with closing(Database(part, file_key)) as copy:
            found = _check(copy)
            with copy.read() as session:
                place_anchor(session, part.parent)
    except DamagedLedgerError:
        _remove(part)
        raise
    put_in_place(part, rings)
    return found


def put_in_place(part: Path, rings: keys.Keyring) -> None:
    """Make a finished file the ledger of its folder: keyring first, so that there is no ledger that nobody can open."""
    with disk_errors():
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        part.chmod(0o600)
    keys.write_keyring(part.parent, rings)
    finish(part.parent)


def _check(copy: Database) -> Verification:
    """Check all of the copy. Raises `DamagedLedgerError`."""
    found = verify_whole(copy, lambda *_: None)
    if not found.valid:
        raise DamagedLedgerError("the copy does not verify")
    return found
