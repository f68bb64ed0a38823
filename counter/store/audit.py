"""Who did what (审计): append-only and chained; a subject is an id or a digest, never a person.

Each note has the hash of the one before it. What was noted before the chain is sealed by its first link.
"""

import builtins
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlmodel import Session, col, select

from counter.clock import moment_text
from counter.rules.chain import GENESIS, sm3
from counter.store import tables
from counter.store.database import below, insert_rows
from counter.store.deeds import ACTIONS, Watched
from counter.store.errors import LedgerFullError, LedgerReadOnlyError, NotAllowedError
from counter.store.records import AuditCheck, AuditNote, Role
from counter.store.unlocked import Unlocked

_LAST = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
ALL = "SELECT seq, at, operator, action, subject, previous, hash FROM audit ORDER BY seq"


class Note(NamedTuple):
    """A note as the file holds it; what its hash covers are all fields but the last."""

    seq: int
    at: str
    operator: str
    action: str
    subject: str
    previous: str
    hash: str = ""

    @property
    def own_hash(self) -> str:
        """The hash that it should have: SM3 of its fields as JSON."""
        return sm3(msgspec.json.encode(self[:-1]))


def record(session: Session, unlocked: Unlocked, action: str, subject: str = "", by: str = "") -> None:
    """Note an action in the transaction that does it: by whom, if not by the operator who has signed in."""
    session.flush()
    last, previous = head(session)
    if last and not previous:
        previous = sealed(Note(*row) for row in below(session).execute(ALL))
    note = Note(last + 1, moment_text(unlocked.clock()), by or unlocked.operator.id, action, subject, previous)
    insert_rows(session, tables.Audit, Note._fields, [(*note[:-1], note.own_hash)])


def head(session: Session) -> tuple[int, str]:
    """The last note's number and hash; 0 and `GENESIS` when there is none."""
    row = below(session).execute(_LAST).fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def sealed(before: Iterable[Note]) -> str:
    """What the first link says came before it: a digest over the notes that have none."""
    seal = GENESIS
    for note in before:
        seal = sm3(msgspec.json.encode((seal, *note[:-2])))
    return seal


class Audit:
    """The audit trail."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def note(self, action: str, subject: str = "") -> None:
        """Note an action that changes nothing else, such as showing a masked number (F6)."""
        with self._unlocked.database.write() as session:
            record(session, self._unlocked, action, subject)

    def note_if_room(self, action: str, subject: str = "") -> None:
        """The same of what is masked: it is printed even where the ledger can only be read, or is full."""
        with suppress(LedgerReadOnlyError, LedgerFullError):
            self.note(action, subject)

    def has(self, action: str, subject: str) -> bool:
        """Was this noted?"""
        query = select(tables.Audit.seq).where(tables.Audit.action == action, tables.Audit.subject == subject)
        with self._unlocked.database.read() as session:
            return session.exec(query.limit(1)).first() is not None

    def subjects(self, action: str) -> builtins.list[str]:
        """Of what this was noted, the oldest first."""
        query = select(tables.Audit.subject).where(tables.Audit.action == action).order_by(col(tables.Audit.seq))
        with self._unlocked.database.read() as session:
            return [*session.exec(query)]

    def list(self, limit: int = 200, deed: Watched | None = None, operator: str = "") -> builtins.list[AuditNote]:
        """The latest notes, newest first: of all, of one deed, of one operator."""
        query = select(tables.Audit).order_by(col(tables.Audit.seq).desc()).limit(limit)
        if deed:
            query = query.where(col(tables.Audit.action).in_(ACTIONS[deed]))
        if operator:
            query = query.where(tables.Audit.operator == operator)
        with self._unlocked.database.read() as session:
            return [
                AuditNote(row.seq or 0, row.at, row.operator, row.action, row.subject) for row in session.exec(query)
            ]

    def require_supervisor(self) -> None:
        """The trail is for who answers for the counter. Raises `NotAllowedError`."""
        if self._unlocked.operator.role is not Role.SUPERVISOR:
            raise NotAllowedError("this operator's role does not include that")

    def verify(self) -> AuditCheck:
        """How many notes there are, and the first that is not where it was written."""
        with self._unlocked.database.read() as session:
            rows = [tuple(row) for row in session.connection().exec_driver_sql(ALL)]
        return AuditCheck(len(rows), first_bad_note(rows))

    def head(self) -> tuple[int, str]:
        """The last note's number and hash: what day-close tells the province."""
        with self._unlocked.database.read() as session:
            return head(session)

    def latest(self) -> datetime | None:
        """The latest moment of the last thousand notes; each signing-in is one. None before the first."""
        last = select(col(tables.Audit.at)).order_by(col(tables.Audit.seq).desc()).limit(1000)
        with self._unlocked.database.read() as session:
            return max(session.exec(last), default=None)

    def hash_of(self, seq: int) -> str:
        """The hash of a note; empty where there is none."""
        with self._unlocked.database.read() as session:
            note = session.get(tables.Audit, seq)
        return note.hash if note else ""


def first_bad_note(rows: Iterable[tuple[Any, ...]]) -> int | None:
    """The number of the first note, out of all in their order, that does not follow the one before it."""
    seq, previous, before = 0, GENESIS, list[Note]()
    for row in rows:
        note, seq = Note(*row), seq + 1
        if not note.hash and not note.previous and previous == GENESIS:
            before.append(note)
        elif note.previous != (sealed(before) if previous == GENESIS else previous) or note.hash != note.own_hash:
            return seq
        else:
            previous = note.hash
        if note.seq != seq:
            return seq
    return None
