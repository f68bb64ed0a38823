"""The ledger (台账): what was done at this counter, append-only and chained."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec
import uuid_utils
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from counter.clock import business_date, today
from counter.rules.record import CaseRecord
from counter.store import audit, listing, tables
from counter.store.awaiting import wait
from counter.store.database import chunks, has_row
from counter.store.errors import ConflictError, NotReversibleError
from counter.store.operators import require
from counter.store.outbox import open_by_state
from counter.store.posting import Posting, head, post, post_one, seal
from counter.store.records import AwaitingCase, DayFigures, LedgerEntry, Role, SendState, Verification
from counter.store.unlocked import Unlocked
from counter.store.whole import Progress, verify_whole

REVERSAL: Final = "reversal"
"""The kind of an entry that takes another back (冲正), and the reason code of its authorisation."""


class Ledger:
    """The ledger of this counter."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def append(self, id: str, kind: str, record: CaseRecord) -> LedgerEntry:
        """Record a confirmed case under its draft's id: entry, body, outbox, photo to send, audit; the draft goes.

        One transaction; the same call again answers with the entry that stands. An entry with a second person, or one
        that takes another back, is asked for with `counter.store.awaiting` instead: `SecondPersonError`. Raises
        `ConflictError` for the same id with other content and for one that waits for authorisation, `NotAllowedError`
        for a maker who may not, `MissingPhotoError` for a photo that was not kept.
        """
        maker = self._unlocked.operator.id
        with self._unlocked.database.write() as session:
            require(session, maker, Role.CLERK, Role.SUPERVISOR)
            if has_row(session, tables.Awaiting, id):
                raise ConflictError("this id waits for authorisation")
            entry, is_new = post_one(session, self._unlocked, Posting(id, kind, record, maker))
            if is_new:
                audit.record(session, self._unlocked, f"append {kind}", id)
        return entry

    def append_for(self, batch: int, cases: Iterable[tuple[str, CaseRecord]]) -> None:
        """Record confirmed cases of a roster's people under ids of their own, those that do not stand yet.

        One transaction. What stands under an id is not compared: the ids follow from the rows, and after an
        interruption the same is asked again at another moment. Raises as `append` does, but for `ConflictError`.
        """
        maker = self._unlocked.operator.id
        sealed = [seal(Posting(id, record.case.service, record, maker)) for id, record in cases]
        with self._unlocked.database.write() as session:
            require(session, maker, Role.CLERK, Role.SUPERVISOR)
            ids = [each.posting.id for each in sealed]
            there = set(session.exec(select(col(tables.Entry.id)).where(col(tables.Entry.id).in_(ids))))
            new = [each for each in sealed if each.posting.id not in there]
            if new:
                post(session, self._unlocked, new)
                audit.record(session, self._unlocked, f"append {new[0].posting.kind} of batch", str(batch))

    def reverse(self, id: str, reason: str) -> AwaitingCase:
        """Ask for an entry to be taken back (冲正), before or after sync: a case of kind `REVERSAL` that waits.

        Authorised, it becomes an entry with the fee negated. Raises `NotReversibleError`, `NotAllowedError`.
        """
        now = self._unlocked.clock()
        with self._unlocked.database.write() as session:
            asked = AwaitingCase(
                id=str(uuid_utils.uuid7()),
                kind=REVERSAL,
                record=_taken_back(session, id, reason.strip()),
                reason=REVERSAL,
                maker=self._unlocked.operator.id,
                reverses=id,
                business_date=business_date(now),
                created_at=now,
            )
            return wait(session, self._unlocked, asked)

    def today(self) -> date:
        """The business date of now: an entry appended now has it."""
        return today(self._unlocked.clock)

    def get(self, seq: int) -> LedgerEntry | None:
        """The entry of this number, or None."""
        with self._unlocked.database.read() as session:
            return listing.one(session, col(tables.Entry.seq) == seq)

    def by_id(self, id: str) -> LedgerEntry | None:
        """The entry of this id, or None."""
        with self._unlocked.database.read() as session:
            return listing.one(session, col(tables.Entry.id) == id)

    def of_ids(self, ids: Iterable[str]) -> dict[str, LedgerEntry]:
        """Those of these ids that are entries."""
        found: list[LedgerEntry] = []
        with self._unlocked.database.read() as session:
            for chunk in chunks(ids):
                found += listing.listed(session, listing.entries().where(col(tables.Entry.id).in_(chunk)))
        return {entry.id: entry for entry in found}

    def standing(self, ids: Iterable[str]) -> dict[str, bool]:
        """Those of these ids that are entries: does the entry stand (True), or was it taken back?"""
        back = aliased(tables.Entry)
        query = select(col(tables.Entry.id), col(back.id)).join(
            back, col(back.reverses) == col(tables.Entry.id), isouter=True
        )
        found: dict[str, bool] = {}
        with self._unlocked.database.read() as session:
            for chunk in chunks(ids):
                rows = session.exec(query.where(col(tables.Entry.id).in_(chunk)))
                found.update((id, taken_back is None) for id, taken_back in rows)
        return found

    def notices(self, ids: Iterable[str]) -> set[str]:
        """What the customers of those entries were told, of all that have their body."""
        told: set[str] = set()
        with self._unlocked.database.read() as session:
            for chunk in chunks(ids):
                found = listing.listed(session, listing.entries().where(col(tables.Entry.id).in_(chunk)))
                told.update(notice for entry in found if entry.record for notice in entry.record.notices)
        return told

    def search(
        self,
        text: str = "",
        on: date | None = None,
        state: SendState | None = None,
        limit: int = 200,
        offset: int = 0,
    ) -> list[LedgerEntry]:
        """Entries, newest first.

        `text` is a quote number or its last part, any part of a name, or a document number or its last four or more
        characters; full width or not, upper case or lower.
        """
        query = listing.entries().order_by(col(tables.Entry.seq).desc()).limit(limit).offset(offset)
        if text.strip():
            query = query.where(listing.matching(text, self._unlocked.place))
        if on is not None:
            query = query.where(col(tables.Entry.business_date) == on)
        if state is not None:
            query = query.where(col(tables.Outbox.state) == state.value)
        with self._unlocked.database.read() as session:
            return listing.listed(session, query)

    def finders(self, after: int = 0) -> list[tuple[int, str, str]]:
        """Number, name and document number (both folded) of the entries after this one that have their body, in their
        order."""
        query = "SELECT seq, name, document FROM finder WHERE seq > ? ORDER BY seq"
        with self._unlocked.database.read() as session:
            return [(seq, name, number) for seq, name, number in session.connection().exec_driver_sql(query, (after,))]

    def of_numbers(self, numbers: Iterable[int]) -> list[LedgerEntry]:
        """The entries of these numbers, newest first."""
        found: list[LedgerEntry] = []
        with self._unlocked.database.read() as session:
            for chunk in chunks(numbers):
                found += listing.listed(session, listing.entries().where(col(tables.Entry.seq).in_(chunk)))
        return sorted(found, key=lambda entry: -entry.seq)

    def quoted(self, text: str) -> list[LedgerEntry]:
        """The entry of this quote number or its last part."""
        of_number = listing.numbered(text, self._unlocked.place)
        if of_number is None:
            return []
        with self._unlocked.database.read() as session:
            return listing.listed(session, listing.entries().where(of_number))

    def count(self) -> int:
        """How many entries there are."""
        return self.head()[0]

    def head(self) -> tuple[int, str]:
        """The last entry's number and hash; 0 and `GENESIS` when there is none."""
        with self._unlocked.database.read() as session:
            return head(session)

    def verify(self, progress: Progress = lambda *_: None) -> Verification:
        """Check the whole file and what lies beside it, see `counter.store.whole`."""
        database = self._unlocked.database
        return verify_whole(database, progress, home=database.path.parent)

    def quote_number(self, entry: LedgerEntry) -> str:
        """The number to quote (受理号), see `counter.store.listing.quote_number`."""
        return listing.quote_number(self._unlocked.place, entry)

    def figures(self, on: date) -> DayFigures:
        """A business date in figures; held, pending, rejected and awaiting count what is open now, of whatever date."""
        with self._unlocked.database.read() as session:
            kinds = select(col(tables.Entry.kind), func.count(), func.sum(col(tables.Entry.fee_fen)))
            of_the_day = kinds.where(tables.Entry.business_date == on).group_by(tables.Entry.kind)
            states = dict(iter(session.exec(open_by_state())))
            return DayFigures(
                business_date=on,
                by_kind={kind: (count, fees) for kind, count, fees in session.exec(of_the_day)},
                held=session.exec(select(func.count()).select_from(tables.Draft)).one(),
                pending=states.get(SendState.PENDING, 0),
                rejected=states.get(SendState.REJECTED, 0) + states.get(SendState.CONFLICT, 0),
                awaiting=session.exec(select(func.count()).select_from(tables.Awaiting)).one(),
            )


def _taken_back(session: Session, id: str, reason: str) -> CaseRecord:
    """The record of the entry that takes this one back. Raises `NotReversibleError`."""
    entry = listing.one(session, col(tables.Entry.id) == id)
    if entry is None or entry.record is None:
        raise NotReversibleError("there is no such entry, or its body has been erased")
    if entry.reverses is not None:
        raise NotReversibleError("a reversal is not reversed")
    if entry.state is SendState.REJECTED:
        raise NotReversibleError("what came back is corrected or written off")
    reversed_by = select(col(tables.Entry.id)).where(tables.Entry.reverses == id)
    asked_by = select(col(tables.Awaiting.id)).where(tables.Awaiting.reverses == id)
    if session.exec(reversed_by).first() or session.exec(asked_by).first():
        raise NotReversibleError("the entry is reversed already, or about to be")
    if not reason:
        raise NotReversibleError("a reversal has a reason")
    return msgspec.structs.replace(
        entry.record, fee_fen=-entry.fee_fen, texts=(), notices=(), deferred=(), authorised=REVERSAL, reason=reason
    )
