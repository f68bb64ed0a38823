"""Who did what (审计): append-only; a subject is an id or a digest, never a person."""

from sqlmodel import Session, col, select

from counter.store import tables
from counter.store.records import AuditNote
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

    def has(self, action: str, subject: str) -> bool:
        """Was this noted?"""
        query = select(tables.Audit.seq).where(tables.Audit.action == action, tables.Audit.subject == subject)
        with self._unlocked.database.read() as session:
            return session.exec(query.limit(1)).first() is not None

    def list(self, limit: int = 200) -> list[AuditNote]:
        """The latest notes, newest first."""
        query = select(tables.Audit).order_by(col(tables.Audit.seq).desc()).limit(limit)
        with self._unlocked.database.read() as session:
            return [AuditNote(row.at, row.operator, row.action, row.subject) for row in session.exec(query)]
