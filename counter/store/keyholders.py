"""Who gets in (持有密钥槽的人): whose row is active in the ledger *and* whose slot is open in the keyring.

The two are two files, so that a program can be killed between them. The ledger is written first where somebody is to
be kept out, and last where somebody is let in: in between nobody gets in by the one alone, and `close_slots` has the
keyring follow the ledger when it is opened next.
"""

from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session, col, select

from counter.store import tables
from counter.store.database import Database, below
from counter.store.errors import SessionEndedError
from counter.store.keys import Keyring, read_keyring, write_keyring
from counter.store.records import Role
from counter.store.slots import closed, is_open


def guard_of(id: str, ended: Callable[[], None]) -> Callable[[Session], None]:
    """A check for every transaction of an operator's: once they are disabled `ended` is called, and
    `SessionEndedError` raised."""

    def guard(session: Session) -> None:
        row = below(session).execute("SELECT active FROM operator WHERE id = ?", (id,)).fetchone()
        if row is None or not row[0]:
            ended()
            raise SessionEndedError("this operator was disabled meanwhile")

    return guard


def holders(session: Session, home: Path, *roles: Role) -> set[str]:
    """The ids of those in these roles who get in."""
    open_slots = {slot.id for slot in read_keyring(home).slots if is_open(slot)}
    rows = select(col(tables.Operator.id)).where(col(tables.Operator.active), col(tables.Operator.role).in_(roles))
    return {id for id in session.exec(rows) if id in open_slots}


def confirmers(session: Session, home: Path, by: str) -> set[str]:
    """Of whom one has to confirm that `by` makes a supervisor; nobody where `by` is the first of this counter.

    Another supervisor; where all others have gone, a clerk: two people know of it, and a counter is no dead end.
    """
    others = col(tables.Operator.id) != by
    supervisors = select(col(tables.Operator.id)).where(tables.Operator.role == Role.SUPERVISOR.value, others)
    if session.exec(supervisors.limit(1)).first() is None:
        return set()
    return holders(session, home, Role.SUPERVISOR) - {by} or holders(session, home, Role.CLERK)


def close_slots(database: Database) -> None:
    """Close every open slot of who is disabled or not in the ledger: what somebody was killed in is finished, or
    undone. Raises `LedgerUnavailableError`."""
    home = database.path.parent
    with database.read(guarded=False) as session:
        keyring = read_keyring(home)
        if _followed(session, keyring) == keyring:
            return
    with database.write(guarded=False) as session:  # an operator who is being added just now stands there then
        keyring = read_keyring(home)
        write_keyring(home, _followed(session, keyring))


def _followed(session: Session, keyring: Keyring) -> Keyring:
    active = dict(iter(session.exec(select(col(tables.Operator.id), col(tables.Operator.active)))))
    slots = (closed(slot) if not active[slot.id] else slot for slot in keyring.slots if slot.id in active)
    return Keyring(tuple(slots), keyring.format)
