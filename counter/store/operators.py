"""Operators (柜员、主管): a row in the ledger file and a key slot in the keyring.

The row says who somebody is, the slot how they get in; see `counter.store.keyholders` for what comes first. The keyring
is written in a transaction of the ledger, which keeps two programs from writing it at once.
"""

import builtins
import hmac
from dataclasses import replace
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, col, select

from counter.rules.link import is_name
from counter.store import audit, signers, slots, tables
from counter.store.attempts import UNKNOWN, Attempts
from counter.store.database import below
from counter.store.errors import (
    ConflictError,
    DisabledOperatorError,
    LastSupervisorError,
    NotAllowedError,
    SamePassphraseError,
    SecondSupervisorError,
    UnknownOperatorError,
    UnusableNameError,
    WrongCredentialsError,
)
from counter.store.keyholders import close_slots, confirmers, holders
from counter.store.keys import Slot, read_keyring, write_keyring
from counter.store.records import Operator, Role
from counter.store.rekeying import give_up, is_due, key_anew
from counter.store.unlocked import Signatory, Unlocked

TIMER: Final = Operator("timer", "timer", Role.TIMER)


def require(session: Session, id: str, *roles: Role) -> None:
    """Raise `NotAllowedError` unless this operator is active in one of these roles."""
    row = below(session).execute("SELECT role, active FROM operator WHERE id = ?", (id,)).fetchone()
    if row is None or not row[1] or row[0] not in roles:
        raise NotAllowedError("this operator's role does not include that")


def signed_in(session: Session, id: str) -> Operator:
    """Who has opened a slot, as the ledger knows them. Raises `WrongCredentialsError`, `DisabledOperatorError`."""
    row = session.get(tables.Operator, id)
    if row is None:
        raise WrongCredentialsError("operator and passphrase do not open a slot")
    if not row.active:
        raise DisabledOperatorError("this operator has been disabled")
    return _operator(row)


class Operators:
    """The people who may open this counter. Everything but one's own passphrase is for supervisors."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    @property
    def _home(self) -> Path:
        return self._unlocked.database.path.parent

    def list(self) -> builtins.list[Operator]:
        """Everybody, disabled ones and the timer too, by id; active is who gets in."""
        query = select(tables.Operator).order_by(col(tables.Operator.id))
        with self._unlocked.database.read() as session:
            inside = holders(session, self._home, *Role)
            return [replace(_operator(row), active=row.id in inside) for row in session.exec(query)]

    def is_passphrase(self, id: str, passphrase: str) -> bool:
        """Is this the passphrase of an active operator? For the lock screen."""
        try:
            self.verify(id, passphrase)
        except (WrongCredentialsError, DisabledOperatorError):
            return False
        return True

    def verify(self, id: str, passphrase: str) -> Signatory:
        """The active operator whose passphrase this is, with the key that they sign with.

        A slot must hold this ledger's key: one that somebody has put into the keyring file holds another. Raises
        `WrongCredentialsError`, `SlowedDownError`, `DisabledOperatorError`.
        """
        unlocked = self._unlocked
        opened = self._opened(id, passphrase)
        with unlocked.database.read() as session:
            operator = signed_in(session, id)
        key = signers.introduce(unlocked.database, unlocked.place, operator, passphrase, opened.signer, unlocked.clock)
        return Signatory(operator, key)

    def require_supervisor(self) -> None:
        """Raise `NotAllowedError` unless a supervisor has signed in."""
        with self._unlocked.database.read() as session:
            require(session, self._unlocked.operator.id, Role.SUPERVISOR)

    def add(self, id: str, name: str, role: Role, passphrase: str, second: Signatory | None = None) -> Operator:
        """A new clerk or supervisor; the latter is confirmed by a `second` person, with whom `verify` has answered.

        Raises `NotAllowedError`, `SecondSupervisorError`, `UnusableNameError`, `ConflictError` for an id in use,
        `WeakPassphraseError`.
        """
        if role is Role.TIMER:
            raise NotAllowedError("a timer has a key file, not a passphrase")
        check_names(id)
        operator = Operator(id, name, role)
        key = signers.new()
        slot = slots.passphrase_slot(operator, passphrase, self._unlocked.database.key, key)
        with self._unlocked.database.write() as session:
            self._may_let_in(session, operator, second)
            if operator.id == TIMER.id or session.get(tables.Operator, operator.id) is not None:
                raise ConflictError("there is an operator of this id")
            session.add(row_of(operator))
            self._let_in(session, operator, slot, key, "add operator")
        return operator

    def enable(self, id: str, passphrase: str, second: Signatory | None = None) -> Operator:
        """Somebody who was disabled gets in again, with a new passphrase and key: the old slot holds none any more.

        Raises as `add` does, `UnknownOperatorError`, `ConflictError` for somebody who gets in.
        """
        former = next((each for each in self.list() if each.id == id), None)
        if former is None or former.role is Role.TIMER:
            raise UnknownOperatorError("there is no such operator")
        operator, key = replace(former, active=True), signers.new()
        slot = slots.passphrase_slot(operator, passphrase, self._unlocked.database.key, key)
        with self._unlocked.database.write() as session:
            self._may_let_in(session, operator, second)
            row = session.get(tables.Operator, id)
            if row is None or id in holders(session, self._home, *Role):
                raise ConflictError("this operator gets in")
            row.active = True
            self._let_in(session, operator, slot, key, "enable operator")
        return operator

    def add_key_file(self, path: Path) -> Operator:
        """The timer's slot, opened by a new key file at this path (mode 0600); an earlier one opens nothing more.

        Raises `NotAllowedError`, `ExistingLedgerError` for an existing file.
        """
        with self._unlocked.database.write() as session:
            require(session, self._unlocked.operator.id, Role.SUPERVISOR)
            former = read_keyring(self._home).slot(TIMER.id)
            if former is not None and slots.is_open(former):
                give_up(session, self._unlocked.database.key)
            slot = slots.key_file_slot(TIMER, path, self._unlocked.database.key)
            session.merge(tables.Operator(id=TIMER.id, name=TIMER.name, role=TIMER.role.value))
            self._keep(session, slot, "add key file")
        key_anew(self._unlocked)
        return TIMER

    def disable(self, id: str) -> None:
        """Close somebody's slot. Raises `NotAllowedError`, `UnknownOperatorError`, `LastSupervisorError`."""
        with self._unlocked.database.write() as session:
            require(session, self._unlocked.operator.id, Role.SUPERVISOR)
            row = session.get(tables.Operator, id)
            if row is None:
                raise UnknownOperatorError("there is no such operator")
            if holders(session, self._home, Role.SUPERVISOR) == {id}:
                raise LastSupervisorError("the last supervisor who gets in cannot be disabled")
            row.active = False
            give_up(session, self._unlocked.database.key)
            audit.record(session, self._unlocked, "disable operator", id)
        close_slots(self._unlocked.database)
        key_anew(self._unlocked)

    def key_is_given_up(self) -> bool:
        """Does the file have a key that it is not to have any more? Then it gets another when it is opened next."""
        return is_due(self._unlocked.database)

    def change_passphrase(self, id: str, old: str, new: str) -> None:
        """Change a passphrase, the old one given; the signing key changes with it, on the old one's word.

        Raises `WrongCredentialsError`, `SlowedDownError`, `DisabledOperatorError`, `WeakPassphraseError`.
        """
        shown, key = self.verify(id, old), signers.new()
        if new == old:
            raise SamePassphraseError("the new passphrase is the old one")
        operator, unlocked = shown.operator, self._unlocked
        slot = slots.passphrase_slot(operator, new, unlocked.database.key, key)  # slow on purpose
        if shown.key is not None:
            with unlocked.database.write() as session:  # by itself and first: no slot holds a key that nobody knows
                signers.register(session, unlocked.place, operator, key, unlocked.clock, by=shown.key)
        with unlocked.database.write() as session:
            signed_in(session, id)
            give_up(session, unlocked.database.key)
            self._keep(session, slot, "change passphrase")
        key_anew(unlocked)

    def _opened(self, id: str, passphrase: str) -> slots.OpenedSlot:
        """What their slot holds; a wrong passphrase is counted, and noted in the audit."""
        keyring, attempts = read_keyring(self._home), Attempts(self._home, self._unlocked.clock)
        try:
            with attempts.counted(id if keyring.slot(id) else UNKNOWN):
                opened = slots.open_with_passphrase(keyring, id, passphrase)
                if not hmac.compare_digest(opened.file_key, self._unlocked.database.key):
                    raise WrongCredentialsError("operator and passphrase do not open a slot")
        finally:
            attempts.note(self._unlocked)
        return opened

    def _may_let_in(self, session: Session, operator: Operator, second: Signatory | None) -> None:
        """A supervisor may; that somebody becomes one is confirmed by another."""
        by = self._unlocked.operator.id
        require(session, by, Role.SUPERVISOR)
        if operator.role is not Role.SUPERVISOR:
            return
        asked = confirmers(session, self._home, by)
        if asked and (second is None or second.operator.id not in asked):
            raise SecondSupervisorError("another supervisor has to confirm this")
        if second is not None:
            audit.record(session, self._unlocked, "confirm supervisor", operator.id, by=second.operator.id)

    def _let_in(self, session: Session, operator: Operator, slot: Slot, key: Ed25519PrivateKey, action: str) -> None:
        """Register the key on the word of who has signed in, and keep the slot."""
        session.flush()
        unlocked = self._unlocked
        signers.register(session, unlocked.place, operator, key, unlocked.clock, by=unlocked.signatory.signs_with)
        self._keep(session, slot, action)

    def _keep(self, session: Session, slot: Slot, action: str) -> None:
        """Note it, and put the slot into the keyring last: if that fails, the transaction fails with it."""
        audit.record(session, self._unlocked, action, slot.id)
        session.flush()
        write_keyring(self._home, read_keyring(self._home).with_slot(slot))


def check_names(*ids: str) -> None:
    """Raise `UnusableNameError` where one of these ids would not come through to the province."""
    if not all(map(is_name, ids)):
        raise UnusableNameError("an id is 1 to 64 letters, digits, dots, hyphens and underscores")


def row_of(operator: Operator) -> tables.Operator:
    """The row of a new operator."""
    return tables.Operator(id=operator.id, name=operator.name, role=operator.role.value, active=operator.active)


def _operator(row: tables.Operator) -> Operator:
    return Operator(row.id, row.name, Role(row.role), row.active)
