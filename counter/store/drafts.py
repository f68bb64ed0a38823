"""Held cases (挂起): what a clerk has typed so far, kept after every step."""

import builtins
from datetime import datetime

import msgspec
import uuid_utils
from sqlmodel import Session, col, select

from counter.rules.case import Case
from counter.store import tables
from counter.store.errors import DamagedLedgerError
from counter.store.photos import named, release
from counter.store.records import Draft
from counter.store.unlocked import Unlocked


class Drafts:
    """The cases in progress at this counter, whoever began them."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def new_id(self) -> str:
        """An id for a new case (UUIDv7): the draft's, then the entry's, so that nothing is ever recorded twice."""
        return str(uuid_utils.uuid7())

    def save(self, id: str, case: Case, step: str) -> None:
        """Keep a case. One that is confirmed already is not held again: a late save must not bring it back."""
        with self._unlocked.database.write() as session:
            if _is_confirmed(session, id):
                return
            held = session.get(tables.Draft, id)
            note = held.note if held else ""
            hold(session, id, case, step, self._unlocked.operator.id, self._unlocked.clock(), note)

    def get(self, id: str) -> Draft | None:
        """The held case, or None."""
        with self._unlocked.database.read() as session:
            row = session.get(tables.Draft, id)
            return _draft(row) if row else None

    def list(self) -> builtins.list[Draft]:
        """All held cases, the latest first."""
        query = select(tables.Draft).order_by(col(tables.Draft.updated_at).desc(), col(tables.Draft.id).desc())
        with self._unlocked.database.read() as session:
            return [_draft(row) for row in session.exec(query)]

    def discard(self, id: str) -> None:
        """Forget a held case and the photo that only it named; one that is not there is forgotten already."""
        with self._unlocked.database.write() as session:
            row = session.get(tables.Draft, id)
            if row is None:
                return
            session.delete(row)
            session.flush()
            release(session, row.photo)


def hold(session: Session, id: str, case: Case, step: str, operator: str, at: datetime, note: str) -> None:
    """Keep a case in place of the draft of its id; a photo that only that one named goes, unless it was kept again
    since."""
    before = session.exec(select(tables.Draft.photo, tables.Draft.updated_at).where(tables.Draft.id == id)).first()
    session.merge(
        tables.Draft(
            id=id,
            content=msgspec.json.encode(case),
            step=step,
            operator=operator,
            updated_at=at,
            photo=named(case),
            note=note,
        )
    )
    session.flush()
    if before:
        replaced, kept_until = before
        release(session, replaced, kept_until=kept_until)


def _is_confirmed(session: Session, id: str) -> bool:
    entry = session.exec(select(col(tables.Entry.seq)).where(tables.Entry.id == id)).first()
    return entry is not None or session.get(tables.Awaiting, id) is not None


def _draft(row: tables.Draft) -> Draft:
    try:
        case = msgspec.json.decode(row.content, type=Case)
    except msgspec.MsgspecError as error:
        raise DamagedLedgerError("a held case is not as it was written") from error
    return Draft(row.id, case, row.step, row.operator, row.updated_at, row.note)
