"""Backup (备份): a folder that is a home of its own, with an encrypted copy, the keyring, and what was set beside them.

The copy has the same key and needs the same passphrases; without the keyring beside it nobody could open it again.
What is checked is the copy, not what it was made from.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from counter.files import is_exposed, sync_folder, write_whole
from counter.store import cipher, keys
from counter.store.database import FILE_NAME, Database, store_errors
from counter.store.errors import DamagedLedgerError, ExistingLedgerError, StoreError, disk_errors, unavailable
from counter.store.identity import place_anchor
from counter.store.records import Verification
from counter.store.whole import verify_whole

BESIDE: Final = ("counter.toml", "keys.toml", "branches.csv", "themes/*.toml")
"""What a home has beside its ledger and keyring that somebody has set: the settings, the keys, the branches, looks."""
SUFFIXES: Final = ("", "-wal", "-shm", "-journal")
"""The files that make up a ledger while it is open, or while it is keyed anew."""


def back_up(database: Database, folder: Path) -> Verification:
    """Copy the open ledger and its keyring into a folder, while others go on writing; what was found in the copy.

    Raises `ExistingLedgerError` for a folder with a ledger, `DamagedLedgerError` when the copy does not verify: then
    the folder holds no ledger.
    """
    part = prepare(folder)
    with (
        store_errors(part),
        closing(database.connect()) as source,  # as long as it is open nobody keys the file anew
        closing(cipher.connect(part, key := database.key)) as target,
    ):
        source.backup(target)
        home = database.path.parent
        rings = keys.read_keyring(home)
    with removed_unless_whole(part), closing(Database(part, key)) as copy:
        found = check(copy)
        with copy.read() as session:
            place_anchor(session, folder)
    take_along(home, folder)
    put_in_place(part, rings)
    return found


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


def make_private(home: Path) -> None:
    """Let nobody else into a folder that becomes a home; it is refused later where that cannot be."""
    if is_exposed(home):
        with suppress(OSError):
            home.chmod(0o700)


def is_there(home: Path) -> bool:
    """Is there a ledger here, or what belongs to one, once what was broken off is complete?"""
    finish(home)
    return is_taken(home)


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


@contextmanager
def removed_unless_whole(part: Path) -> Iterator[None]:
    """Delete an unfinished file that turns out to be damaged, or to be of a later program."""
    try:
        yield
    except StoreError:
        _remove(part)
        raise


def take_along(home: Path, folder: Path) -> None:
    """Copy what lies beside a ledger into another folder, unless that has its own. Raises `LedgerUnavailableError`."""
    with disk_errors():
        for path in (path for pattern in BESIDE for path in sorted(home.glob(pattern))):
            target = folder / path.relative_to(home)
            if not target.exists():
                target.parent.mkdir(mode=0o700, exist_ok=True)
                write_whole(target, path.read_bytes())


def put_in_place(part: Path, rings: keys.Keyring) -> None:
    """Make a finished file the ledger of its folder: keyring first, so that there is no ledger that nobody can open."""
    with disk_errors():
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        part.chmod(0o600)
    keys.write_keyring(part.parent, rings)
    finish(part.parent)


def check(copy: Database) -> Verification:
    """Check all of the copy. Raises `DamagedLedgerError`."""
    found = verify_whole(copy, lambda *_: None)
    if not found.valid:
        raise DamagedLedgerError("the copy does not verify")
    return found
