"""Restore (恢复): a backup, or what is left of a machine that broke down, becomes a home that goes on.

It goes on in numbers of its own: each restore draws an *incarnation* that stands in every number it gives, so that none
is given twice, whatever the home before it had given after the backup. What the province holds beyond the backup comes
first (`counter.store.behind`): until it was asked, an enrolled home records nothing.
"""

import secrets
import shutil
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from counter.clock import Clock, system_clock
from counter.store import anchor, audit, backup, slots
from counter.store.database import FILE_NAME, Database
from counter.store.errors import DamagedLedgerError, MissingLedgerError, disk_errors
from counter.store.identity import identity_row, place_anchor, place_of
from counter.store.listing import incarnation_text
from counter.store.operators import signed_in
from counter.store.records import Restored
from counter.store.rekeying import keyrings
from counter.store.schema import migrate_in_place
from counter.store.unlocked import Signatory, Unlocked

INCARNATIONS: Final = 2**30
"""Six letters of a quote number; two restores of one backup draw the same one in a thousand million times."""


def restore(home: Path, folder: Path, operator_id: str, passphrase: str, clock: Clock = system_clock) -> Restored:
    """Put a backup into a home without a ledger, once it verifies; what was found in it, and what is missing.

    Raises `MissingLedgerError` (no backup there), `ExistingLedgerError`, `WrongCredentialsError`,
    `DisabledOperatorError`, `NewerSchemaError`, `DamagedLedgerError`; a ledger is never overwritten.
    """
    found_rings = [(rings, slots.open_with_passphrase(rings, operator_id, passphrase)) for rings in keyrings(folder)]
    if not is_there(folder):
        raise MissingLedgerError("there is no ledger in this folder")
    part = backup.prepare(home)
    backup.make_private(home)
    copy_files(folder, part)
    with backup.removed_unless_whole(part), closing(opened_by(part, [key for _, (key, _) in found_rings])) as copy:
        rings = next(rings for rings, slot in found_rings if slot.file_key == copy.key)
        found = backup.check(copy)
        expected = anchored(copy, folder)
        migrate_in_place(copy)
        _begin_anew(copy, operator_id, clock)
        with copy.read() as session:
            place_anchor(session, home)
    backup.take_along(folder, home)
    backup.put_in_place(part, rings)
    return Restored(found.entries, found.first_bad_seq, found.flaws, max(expected, found.entries))


def is_there(folder: Path) -> bool:
    """Is there a ledger in this folder?"""
    return (folder / FILE_NAME).is_file()


def opened_by(path: Path, file_keys: Iterable[bytes]) -> Database:
    """The ledger in this file with the first of these keys that opens it. Raises `DamagedLedgerError`."""
    for key in file_keys:
        with suppress(DamagedLedgerError):
            return Database(path, key)
    raise DamagedLedgerError("none of these keys opens the ledger")


def copy_files(folder: Path, part: Path) -> None:
    """Copy a ledger's file; that of a machine that broke down may have a WAL or a journal, which is part of it."""
    for suffix in ("", "-wal", "-journal"):
        with suppress(FileNotFoundError), disk_errors():
            shutil.copyfile(folder / (FILE_NAME + suffix), part.with_name(part.name + suffix))


def anchored(copy: Database, folder: Path) -> int:
    """How many entries the anchor in this folder says that its ledger had; 0 where it has none that can be read."""
    with copy.read() as session:
        run = session.connection().exec_driver_sql
        if not run("SELECT 1 FROM pragma_table_info('identity') WHERE name = 'anchor_key'").first():
            return 0
        key = run("SELECT anchor_key FROM identity").scalar()
    found = anchor.opened(anchor.content(folder), key) if key else None
    return found.seq if found else 0


def _begin_anew(copy: Database, operator_id: str, clock: Clock) -> None:
    with copy.write() as session:
        identity = identity_row(session)
        operator = signed_in(session, operator_id)
        identity.incarnation = secrets.randbelow(INCARNATIONS - 1) + 1
        identity.may_be_behind = True
        unlocked = Unlocked(copy, place_of(identity), Signatory(operator), clock, identity.incarnation)
        audit.record(session, unlocked, "restore", incarnation_text(identity.incarnation))
