"""Alarms (银行账户未锁定): a loss whose bank's side failed waits here until the bank has been phoned, LOS-1."""

import builtins
from datetime import datetime

from sqlmodel import Session, col, select

from counter.rules.record import CaseRecord
from counter.rules.service import Effect
from counter.rules.services import SERVICES
from counter.store import audit, listing, tables
from counter.store.errors import NoAlarmError
from counter.store.operators import require
from counter.store.records import Alarm, Role
from counter.store.unlocked import Unlocked


class Alarms:
    """The alarms of this counter that are not settled."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def list(self) -> builtins.list[Alarm]:
        """All that wait, the oldest first."""
        alarm, entry = tables.Alarm, tables.Entry
        query = select(alarm, entry).join(entry, col(entry.id) == col(alarm.entry), isouter=True)
        waiting = query.where(col(alarm.settled_at).is_(None)).order_by(col(alarm.raised_at), col(alarm.entry))
        with self._unlocked.database.read() as session:
            return [self._alarm(row, of) for row, of in session.exec(waiting)]

    def sound(self, entry: str) -> None:
        """The bank's side of this entry's loss failed; the same again changes nothing."""
        with self._unlocked.database.write() as session:
            sound(session, self._unlocked, entry)

    def see(self, entry: str) -> None:
        """The clerk acknowledges it (知悉); it goes on waiting."""
        with self._unlocked.database.write() as session:
            row = session.get(tables.Alarm, entry)
            if row is not None and row.seen_at is None:
                row.seen_by, row.seen_at = self._unlocked.operator.id, self._unlocked.clock()
                audit.record(session, self._unlocked, "see alarm", entry)

    def settle(self, entry: str, phoned_by: str, phoned_at: datetime, result: str) -> None:
        """It is settled: who phoned the bank, when, and what came of it. Raises `NoAlarmError`, `NotAllowedError`."""
        with self._unlocked.database.write() as session:
            require(session, self._unlocked.operator.id, Role.CLERK, Role.SUPERVISOR)
            row = _waiting(session, entry)
            row.settled_by, row.settled_at = self._unlocked.operator.id, self._unlocked.clock()
            row.phoned_by, row.phoned_at, row.result = phoned_by, phoned_at, result
            audit.record(session, self._unlocked, "settle alarm", entry)

    def _alarm(self, row: tables.Alarm, entry: tables.Entry | None) -> Alarm:
        place = self._unlocked.place
        number = listing.quote_number(place, entry) if entry else ""
        return Alarm(row.entry, row.bank, number, row.raised_at, row.seen_at is not None)


def sound(session: Session, unlocked: Unlocked, entry: str, bank: str = "") -> None:
    """Raise the alarm of an entry, once, see `Alarms.sound`; its bank is the entry's where none is named."""
    if session.get(tables.Alarm, entry) is not None:
        return
    if not bank:
        standing = listing.one(session, col(tables.Entry.id) == entry)
        card = standing.record.case.old_card if standing and standing.record else None
        bank = card.bank if card else ""
    session.add(tables.Alarm(entry=entry, bank=bank, raised_at=unlocked.clock()))


def sound_for(session: Session, unlocked: Unlocked, entry: str, record: CaseRecord) -> None:
    """Raise the alarm of an entry that says itself that the bank's side failed."""
    card, service = record.case.old_card, SERVICES.get(record.case.service)
    if card and card.bank_lock_failed and service and service.effect is Effect.LOSS:
        sound(session, unlocked, entry, card.bank)


def _waiting(session: Session, entry: str) -> tables.Alarm:
    row = session.get(tables.Alarm, entry)
    if row is None or row.settled_at is not None:
        raise NoAlarmError("no alarm of this id waits")
    return row
