"""The ledger (台账): what was done at this counter, append-only and chained."""

import secrets
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from counter.rules.case import CaseRecord, encode_record
from counter.rules.chain import GENESIS, Link, body_digest, link_hash
from counter.store import audit, listing, tables
from counter.store.clock import business_date, today
from counter.store.errors import ConflictError, MissingPhotoError, NotAllowedError
from counter.store.operators import require
from counter.store.photos import release
from counter.store.records import DayFigures, LedgerEntry, Role, SendState, Verification
from counter.store.unlocked import Unlocked
from counter.store.verify import verify_chain

SALT_BYTES: Final = 16


class Ledger:
    """The ledger of this counter."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def append(
        self, id: str, kind: str, record: CaseRecord, checker: str | None = None, reverses: str | None = None
    ) -> LedgerEntry:
        """Record a confirmed case under its draft's id: entry, body, outbox, photo to send, audit; the draft goes.

        One transaction; the same call again answers with the entry that stands. `reverses` is the id of the entry that
        this one takes back (冲正). Raises `ConflictError` for the same id with other content, for a second reversal and
        for one of nothing, `NotAllowedError` for a maker or a checker who may not, `MissingPhotoError` for a photo
        that was not kept.
        """
        content = encode_record(record)
        with self._unlocked.database.write() as session:
            standing = _one(session, col(tables.Entry.id) == id)
            if standing is None:
                self._judge(session, record, checker, reverses)
                seq = self._write(session, id, kind, record, content, checker, reverses)
                _forget_draft(session, id)
                audit.record(session, self._unlocked, f"append {kind}", id)
                session.flush()
                standing = _one(session, col(tables.Entry.seq) == seq)
            elif not _same(session, standing, kind, content, checker, reverses):
                raise ConflictError("this id stands in the ledger with other content")
        assert standing is not None, "what a transaction wrote can be read in it"
        return standing

    def _judge(self, session: Session, record: CaseRecord, checker: str | None, reverses: str | None) -> None:
        maker, photo = self._unlocked.operator.id, record.case.photo.digest
        require(session, maker, Role.CLERK, Role.SUPERVISOR)
        if checker is not None:
            if checker == maker:
                raise NotAllowedError("nobody checks their own entry")
            require(session, checker, Role.SUPERVISOR)
        if photo and session.get(tables.Photo, photo) is None:
            raise MissingPhotoError("the case names a photo that was not kept")
        if reverses is not None:
            if _one(session, col(tables.Entry.id) == reverses) is None:
                raise ConflictError("there is no such entry to reverse")
            if _one(session, col(tables.Entry.reverses) == reverses) is not None:
                raise ConflictError("the entry is reversed already")

    def _write(
        self,
        session: Session,
        id: str,
        kind: str,
        record: CaseRecord,
        content: bytes,
        checker: str | None,
        reverses: str | None,
    ) -> int:
        """Write the entry and all that goes with it; its number."""
        last, previous = _head(session)
        now, salt = self._unlocked.clock(), secrets.token_bytes(SALT_BYTES)
        link = Link(
            seq=last + 1,
            id=id,
            branch=self._unlocked.place.branch,
            counter=self._unlocked.place.counter,
            business_date=business_date(now),
            recorded_at=now,
            kind=kind,
            fee_fen=record.fee_fen,
            maker=self._unlocked.operator.id,
            checker=checker,
            reverses=reverses,
            body_digest=body_digest(salt, content),
            previous=previous,
        )
        _insert(session, _entry_of(link))
        _insert(session, tables.Body(seq=link.seq, salt=salt, content=content))
        _insert(session, listing.finder(link.seq, record), tables.Outbox(seq=link.seq))
        photo = record.case.photo.digest
        if photo and session.get(tables.Upload, photo) is None:
            _insert(session, tables.Upload(digest=photo))
        return link.seq

    def today(self) -> date:
        """The business date of now: an entry appended now has it."""
        return today(self._unlocked.clock)

    def get(self, seq: int) -> LedgerEntry | None:
        """The entry of this number, or None."""
        with self._unlocked.database.read() as session:
            return _one(session, col(tables.Entry.seq) == seq)

    def by_id(self, id: str) -> LedgerEntry | None:
        """The entry of this id, or None."""
        with self._unlocked.database.read() as session:
            return _one(session, col(tables.Entry.id) == id)

    def record_of(self, id: str) -> CaseRecord | None:
        """What was recorded under this id; None where there is no such entry, or retention has erased its body."""
        entry = self.by_id(id)
        return entry.record if entry else None

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

    def count(self) -> int:
        """How many entries there are."""
        return self.head()[0]

    def head(self) -> tuple[int, str]:
        """The last entry's number and hash; 0 and `GENESIS` when there is none."""
        with self._unlocked.database.read() as session:
            return _head(session)

    def verify(self) -> Verification:
        """Compute every digest and hash again, and see what does not hold."""
        return verify_chain(self._unlocked.database)

    def quote_number(self, entry: LedgerEntry) -> str:
        """The number to quote (受理号), see `counter.store.listing.quote_number`."""
        return listing.quote_number(self._unlocked.place, entry.business_date, entry.seq)

    def figures(self, on: date) -> DayFigures:
        """A business date in figures; held, pending and rejected count what is open now, of whatever date."""
        with self._unlocked.database.read() as session:
            kinds = select(col(tables.Entry.kind), func.count(), func.sum(col(tables.Entry.fee_fen)))
            of_the_day = kinds.where(tables.Entry.business_date == on).group_by(tables.Entry.kind)
            open_entries = select(col(tables.Outbox.state), func.count()).group_by(col(tables.Outbox.state))
            states = dict(iter(session.exec(open_entries)))
            return DayFigures(
                business_date=on,
                by_kind={kind: (count, fees) for kind, count, fees in session.exec(of_the_day)},
                held=session.exec(select(func.count()).select_from(tables.Draft)).one(),
                pending=states.get(SendState.PENDING, 0),
                rejected=states.get(SendState.REJECTED, 0) + states.get(SendState.CONFLICT, 0),
            )


def _one(session: Session, condition: ColumnElement[bool]) -> LedgerEntry | None:
    return next(iter(listing.listed(session, listing.entries().where(condition))), None)


def _head(session: Session) -> tuple[int, str]:
    last = select(col(tables.Entry.seq), col(tables.Entry.hash)).order_by(col(tables.Entry.seq).desc())
    return session.exec(last.limit(1)).first() or (0, GENESIS)


def _same(
    session: Session, entry: LedgerEntry, kind: str, content: bytes, checker: str | None, reverses: str | None
) -> bool:
    body = session.get(tables.Body, entry.seq)
    asked = (kind, content, checker, reverses)
    return body is not None and asked == (entry.kind, body.content, entry.checker, entry.reverses)


def _entry_of(link: Link) -> tables.Entry:
    return tables.Entry(
        seq=link.seq,
        id=link.id,
        business_date=link.business_date,
        recorded_at=link.recorded_at,
        kind=link.kind,
        fee_fen=link.fee_fen,
        maker=link.maker,
        checker=link.checker,
        reverses=link.reverses,
        body_digest=link.body_digest,
        previous=link.previous,
        hash=link_hash(link),
        algorithm=link.algorithm,
    )


def _insert(session: Session, *rows: tables.Table) -> None:
    """Insert now, so that what refers to a row comes after it."""
    session.add_all(rows)
    session.flush()


def _forget_draft(session: Session, id: str) -> None:
    if held := session.get(tables.Draft, id):
        session.delete(held)
        session.flush()
        release(session, held.photo)
