"""What becomes of an entry that the province returned (退回): it is corrected by a new entry that names it, or written
off by two persons. Either clears it: it is listed no longer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import msgspec
import uuid_utils
from msgspec import structs
from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, select

from counter.rules.case import Case, IdentityCheck, OneCard
from counter.rules.decision import DecisionKind, decode
from counter.rules.record import CaseRecord
from counter.rules.services import SERVICES
from counter.store import audit, listing, tables
from counter.store.database import insert_rows
from counter.store.drafts import hold
from counter.store.errors import NotReturnedError
from counter.store.operators import require
from counter.store.records import LedgerEntry, Role, SendState
from counter.store.unlocked import Unlocked

CORRECT: Final = "correct"
"""How the audit calls it that a returned case is opened again."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """How a returned entry was cleared, when and by whom; `seq` is the entry that corrects it, 0 for none."""

    how: Literal["corrected", "written_off"]
    at: datetime
    maker: str
    checker: str = ""
    seq: int = 0
    reason: str = ""


class Clearing:
    """The returned entries of this counter, and what became of them."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def of(self, id: str) -> Cleared | None:
        """How the entry of this id was cleared; None where it was not."""
        with self._unlocked.database.read() as session:
            return of(session, id)

    def require_returned(self, id: str) -> None:
        """Raise `NotReturnedError` unless the entry of this id came back and waits to be cleared."""
        with self._unlocked.database.read() as session:
            returned(session, id)

    def reopen(self, id: str, note: str) -> str:
        """Open a returned entry's case again as a held one, with the reason as its note; the id of that draft.

        What the province said of the person is asked anew. Asked again it is the same draft. Raises
        `NotReturnedError`, also where its correction waits for a second person.
        """
        with self._unlocked.database.write() as session:
            require(session, self._unlocked.operator.id, Role.CLERK, Role.SUPERVISOR)
            entry = returned(session, id)
            if entry.record is None or entry.reverses is not None:
                raise NotReturnedError("there is no case in it to correct")
            if waits := _under_way(session, id):
                return waits
            draft, case = str(uuid_utils.uuid7()), entry.record.case
            again = structs.replace(case, corrects=id, identity_check=IdentityCheck(), one_card=OneCard())
            first = SERVICES[case.service].steps[0]
            hold(session, draft, again, first, self._unlocked.operator.id, self._unlocked.clock(), note)
            audit.record(session, self._unlocked, CORRECT, id)
        return draft


def of(session: Session, id: str) -> Cleared | None:
    """How an entry was cleared, see `Clearing.of`."""
    by = select(tables.Entry).join(tables.Correction, col(tables.Correction.entry) == col(tables.Entry.id))
    if entry := session.exec(by.where(tables.Correction.returned == id)).first():
        return Cleared("corrected", entry.recorded_at, entry.maker, entry.checker or "", entry.seq)
    if row := session.exec(select(tables.Decision).where(*_written_off(id))).first():
        said = decode(row.content)
        return Cleared("written_off", said.decided_at, said.maker, said.checker, reason=said.reason)
    return None


def returned(session: Session, id: str) -> LedgerEntry:
    """The entry of this id, which the province returned and nobody has cleared. Raises `NotReturnedError`."""
    entry = listing.one(session, col(tables.Entry.id) == id)
    if entry is None or entry.state is not SendState.REJECTED or of(session, id) is not None:
        raise NotReturnedError("the province has not returned this, or it is cleared already")
    return entry


def require_correctable(session: Session, records: Iterable[tuple[str, CaseRecord]]) -> None:
    """Every case (by the kind of its entry) that corrects an entry corrects a returned one, of the same service and for
    the same person: name or number may have been what was wrong, not both. Raises `NotReturnedError`."""
    for kind, record in records:
        if kind == record.case.service and record.case.corrects:
            former = returned(session, record.case.corrects)
            if former.kind != kind or (former.record and not _is_same_person(former.record, record)):
                raise NotReturnedError("this corrects nothing of another customer's")


def _is_same_person(former: CaseRecord, record: CaseRecord) -> bool:
    return any(one == other for one, other in zip(listing.found_by(former), listing.found_by(record), strict=True))


def note_correction(session: Session, id: str, kind: str, record: CaseRecord) -> None:
    """Remember which entry is corrected by this one; of two that a restored home may bring the first counts."""
    corrects = record.case.corrects
    if not corrects or kind != record.case.service:
        return
    there = session.exec(select(tables.Entry.id).where(tables.Entry.id == corrects)).first()
    if there and session.get(tables.Correction, corrects) is None:
        insert_rows(session, tables.Correction, ("returned", "entry"), [(corrects, id)])


def is_cleared() -> ColumnElement[bool]:
    """Is the entry of a query over `tables.Entry` cleared?"""
    id = col(tables.Entry.id)
    return or_(exists().where(col(tables.Correction.returned) == id), exists().where(*_written_off(id)))


def is_returned() -> ColumnElement[bool]:
    """Did the entry of a query over `tables.Entry` and `tables.Outbox` come back, and wait to be cleared?"""
    return (col(tables.Outbox.state) == SendState.REJECTED.value) & ~is_cleared()


def _written_off(id: object) -> tuple[ColumnElement[bool], ...]:
    return col(tables.Decision.subject) == id, col(tables.Decision.kind) == DecisionKind.WRITE_OFF.value


def _under_way(session: Session, id: str) -> str | None:
    """The held case that corrects this entry already. Raises `NotReturnedError` where it waits for authorisation."""
    for row in session.exec(select(tables.Awaiting)):
        if listing.record_in(row.content).case.corrects == id and row.reverses is None:
            raise NotReturnedError("its correction waits for a second person")
    held = session.exec(select(tables.Draft))
    return next((row.id for row in held if msgspec.json.decode(row.content, type=Case).corrects == id), None)
