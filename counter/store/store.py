"""The store: the door to one counter's ledger file. Each part is a module of its own."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from counter.clock import Clock, system_clock
from counter.files import is_exposed
from counter.rules.reference import Place
from counter.store import audit, backup, carrying, rekeying, restoring, schema, signers, slots, tables
from counter.store.alarms import Alarms
from counter.store.attempts import Attempts
from counter.store.audit import Audit
from counter.store.awaiting import Awaiting
from counter.store.batches import Batches
from counter.store.behind import Behind
from counter.store.blanks import Blanks
from counter.store.clearing import Clearing
from counter.store.database import FILE_NAME, Database, Stamp
from counter.store.days import Days
from counter.store.decisions import Decisions
from counter.store.deeds import BACK_UP
from counter.store.drafts import Drafts
from counter.store.errors import (
    ExposedError,
    LedgerFullError,
    LedgerReadOnlyError,
    MissingLedgerError,
    NotAllowedError,
)
from counter.store.identity import Identity, check_anchor, drop_anchor, identity_row, place_of
from counter.store.keyholders import close_slots, guard_of
from counter.store.keys import Keyring, operators_at, read_keyring
from counter.store.ledger import Ledger
from counter.store.lives import Lives
from counter.store.movements import Movements
from counter.store.operators import TIMER, Operators, check_names, row_of, signed_in
from counter.store.outbox import Outbox
from counter.store.parcels import Parcels
from counter.store.payments import Payments
from counter.store.photos import Photos
from counter.store.records import Operator, Restored, Role, Verification
from counter.store.retention import Retention
from counter.store.signers import Signers
from counter.store.till import Tills
from counter.store.unlocked import Signatory, Unlocked

__all__ = ["Stamp", "Store", "operators_at"]


class Store:
    """An unlocked ledger and who has unlocked it. Its parts may be used from any thread, and beside other programs."""

    def __init__(self, home: Path, unlocked: Unlocked) -> None:
        """Use `create`, `unlock` or `unlock_with_key_file`."""
        self.home = home
        self.place = unlocked.place
        self.operator = unlocked.operator
        self.operators = Operators(unlocked)
        self.behind = Behind(unlocked)
        self.signers = Signers(unlocked.database, unlocked.place)
        self.drafts = Drafts(unlocked)
        self.ledger = Ledger(unlocked)
        self.awaiting = Awaiting(unlocked)
        self.batches = Batches(unlocked)
        self.outbox = Outbox(unlocked)
        self.parcels = Parcels(unlocked)
        self.lives = Lives(unlocked)
        self.photos = Photos(unlocked)
        self.retention = Retention(unlocked)
        self.audit = Audit(unlocked)
        self.alarms = Alarms(unlocked)
        self.days = Days(unlocked)
        self.clearing = Clearing(unlocked)
        self.decisions = Decisions(unlocked)
        self.payments = Payments(unlocked)
        self.movements = Movements(unlocked)
        self.till = Tills(unlocked)
        self.blanks = Blanks(unlocked)
        self.identity = Identity(unlocked)
        self._unlocked = unlocked
        self.when_ended: Callable[[], object] = lambda: None
        """For who shows something of this ledger; called in whatever thread, see `has_ended`."""
        self._database = unlocked.database

    @classmethod
    def create(cls, home: Path, place: Place, operator: Operator, passphrase: str, clock: Clock = system_clock) -> Self:
        """Make a ledger with its first supervisor, and unlock it.

        Raises `ExistingLedgerError`, `WeakPassphraseError`, `UnusableNameError`, `NotAllowedError` when the first
        operator is no supervisor.
        """
        check_names(operator.id, place.branch, place.counter)
        if operator.role is not Role.SUPERVISOR or not operator.active:
            raise NotAllowedError("the first operator is an active supervisor")
        opened = slots.OpenedSlot(slots.new_file_key(), key := signers.new())
        rings = Keyring((slots.passphrase_slot(operator, passphrase, *opened),))
        part = backup.prepare(home)
        backup.make_private(home)
        database = Database(part, opened.file_key)
        try:
            schema.make_schema(database)
            unlocked = Unlocked(database, place, Signatory(operator, key), clock)
            with database.write() as session:
                session.add(
                    tables.Identity(city=place.city, bank=place.bank, branch=place.branch, counter=place.counter)
                )
                session.add(row_of(operator))
                session.flush()
                signers.register(session, place, operator, key, clock)
                audit.record(session, unlocked, "create ledger")
        finally:
            database.close()
        backup.put_in_place(part, rings)
        return cls._open(Database(home / FILE_NAME, opened.file_key), opened, operator.id, clock, passphrase)

    @staticmethod
    def is_there(home: Path) -> bool:
        """Is there a ledger in this home, or what belongs to one?"""
        return backup.is_there(home)

    @classmethod
    def unlock(cls, home: Path, operator_id: str, passphrase: str, clock: Clock = system_clock) -> Self:
        """Open the ledger of a home.

        Raises `MissingLedgerError`, `ExposedError`, `WrongCredentialsError`, `SlowedDownError`,
        `DisabledOperatorError`, `NewerSchemaError`, `DamagedLedgerError`.
        """
        rings = _keyring(home)
        slot = Attempts(home, clock).opened(rings, operator_id, passphrase)
        again = partial(slots.open_with_passphrase, operator_id=operator_id, passphrase=passphrase)
        opened = rekeying.opened(home, rings, slot, again)
        return cls._open(*opened, operator_id, clock, passphrase)

    @classmethod
    def unlock_with_key_file(cls, home: Path, key_file: Path, clock: Clock = system_clock) -> Self:
        """Open the ledger for `counter sync` from a timer; raises as `unlock` does."""
        rings, secret = _keyring(home), slots.key_file_content(key_file)
        with Attempts(home, clock).counted(TIMER.id):
            slot = slots.open_with_key_file(rings, secret)
        if is_exposed(key_file):
            raise ExposedError(key_file, "600")
        opened = rekeying.opened(home, rings, slot, partial(slots.open_with_key_file, secret=secret))
        return cls._open(*opened, TIMER.id, clock, secret)

    @classmethod
    def _open(
        cls, database: Database, opened: slots.OpenedSlot, operator_id: str, clock: Clock, secret: str | bytes
    ) -> Self:
        """`secret` is a passphrase, or the key file of the timer, which signs nothing."""
        home = database.path.parent
        try:
            schema.check_schema(database)
            with database.read() as session:
                operator = signed_in(session, operator_id)
                identity = identity_row(session)
            check_anchor(database)
            database.anchor_key = identity.anchor_key
            place, key = place_of(identity), None
            with suppress(LedgerReadOnlyError, LedgerFullError):
                if identity.anchor_key is None:
                    drop_anchor(database)
                rekeying.give_pair(database, operator_id, secret)
                if isinstance(secret, str):
                    key = signers.introduce(database, place, operator, secret, opened.signer, clock)
            unlocked = Unlocked(database, place, Signatory(operator, key), clock, identity.incarnation)
            store = cls(home, unlocked)
            database.guard = guard_of(operator_id, store.has_ended)
            with suppress(LedgerReadOnlyError, LedgerFullError):  # what can only be read can still be read
                close_slots(database)
                rekeying.key_anew(unlocked)
                store.audit.note("unlock")
                Attempts(home, clock).note(unlocked)
        except BaseException:
            database.close()
            raise
        return store

    @staticmethod
    def restore(home: Path, folder: Path, operator_id: str, passphrase: str, clock: Clock = system_clock) -> Restored:
        """Put a backup into a home without a ledger, see `counter.store.restoring`."""
        return restoring.restore(home, folder, operator_id, passphrase, clock)

    def back_up(self, folder: Path) -> Verification:
        """Copy ledger and keyring into a folder and check the copy, see `counter.store.backup.back_up`."""
        with self._database.read():
            """Does who has signed in still get in? The copy is made below the transactions that ask."""
        found = backup.back_up(self._database, folder)
        self.audit.note(BACK_UP, str(folder.absolute()))
        return found

    def carry_over(self, old_home: Path, passphrase: str = "") -> carrying.CarriedOver:
        """Bring over what another home of this counter's has and this one lacks, see `counter.store.carrying`."""
        return carrying.carry_over(self._unlocked, old_home, passphrase)

    def stamp(self) -> Stamp:
        """Another one as soon as any program has written to the ledger; asks the folder, not the file."""
        return self._database.stamp()

    def has_ended(self) -> None:
        """Who has signed in was disabled: tell whoever wants to know, as often as something is asked all the same."""
        self.when_ended()

    def close(self) -> None:
        """Let go of the file; what was recorded is on the disk already."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _keyring(home: Path) -> Keyring:
    backup.finish(home)
    if not (home / FILE_NAME).exists():
        raise MissingLedgerError("there is no ledger in this home")
    if is_exposed(home):
        raise ExposedError(home, "700")
    return read_keyring(home)
