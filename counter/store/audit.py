"""Who did what (审计): append-only; a subject is an id or a digest, never a person."""

from contextlib import suppress

from sqlmodel import Session, col, select

from counter.store import tables
from counter.store.deeds import ACTIONS, Watched
from counter.store.errors import LedgerFullError, LedgerReadOnlyError, NotAllowedError
from counter.store.records import AuditCheck, AuditNote, Role
from counter.store.unlocked import Unlocked


def record(session: Session, unlocked: Unlocked, action: str, subject: str = "", by: str = "") -> None:
    """Note an action in the transaction that does it: by whom, if not by the operator who has signed in."""
    session.add(tables.Audit(at=unlocked.clock(), operator=by or unlocked.operator.id, action=action, subject=subject))


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

    def list(self, limit: int = 200, deed: Watched | None = None, operator: str = "") -> list[AuditNote]:
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
        notes = 0
        with self._unlocked.database.read() as session:
            for (seq,) in session.connection().exec_driver_sql("SELECT seq FROM audit ORDER BY seq"):
                notes += 1
                if seq != notes:
                    return AuditCheck(notes, notes)
        return AuditCheck(notes)
