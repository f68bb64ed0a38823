"""The outbox (待同步): what the province is still to have, and what it said."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import ColumnElement, func, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from counter.rules.record import pictures
from counter.store import audit, listing, tables
from counter.store.alarms import sound
from counter.store.clearing import is_cleared, is_returned
from counter.store.identity import identity_row
from counter.store.records import LedgerEntry, OutboundEntry, OutboxCounts, ProvinceEvent, SendState
from counter.store.unlocked import Unlocked

ENVELOPE_BYTES: Final = 1400
"""What an entry takes on the wire beside its body."""

SETTLED: Final = {state.value: state for state in SendState if state is not SendState.PENDING}
"""By the word of the answer what becomes of an entry; any other settles nothing."""

PHOTO_FAILED: Final = "sync: province failed over a photo"
EVENT_REJECTED: Final = "rejected"
EVENT_BANK_FAILED: Final = ("loss", "bank_failed")
"""LOS-1: kind and code; the entry did at sync what was not told at once."""


class SyncAnswer(Protocol):
    """The province's answer to one entry; `counter.province.wire.EntryAnswer` is one."""

    @property
    def id(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def rule(self) -> str: ...


class SyncEvent(Protocol):
    """What the province has to say; `counter.province.wire.Event` is one."""

    @property
    def cursor(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def entry(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def detail(self) -> str: ...


class Outbox:
    """What goes to the province. Nothing here holds a transaction while the province is asked."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def pending(self, limit: int = 1000, max_bytes: int = 1024 * 1024) -> list[OutboundEntry]:
        """The next entries to send, in the order of seq: at most `limit`, and of about `max_bytes` as JSON on the wire.

        The first is always among them, however large.
        """
        query = (
            select(tables.Entry, tables.Body)
            .join(tables.Body, col(tables.Body.seq) == col(tables.Entry.seq))
            .join(tables.Outbox, col(tables.Outbox.seq) == col(tables.Entry.seq))
            .where(tables.Outbox.state == SendState.PENDING.value)
            .order_by(col(tables.Entry.seq))
            .limit(limit)
        )
        batch: list[OutboundEntry] = []
        size = 0
        with self._unlocked.database.read() as session:
            for entry, body in session.exec(query.execution_options(yield_per=100)):
                size += ENVELOPE_BYTES + len(body.content) * 4 // 3  # bytes are base64 in JSON
                if batch and size > max_bytes:
                    break
                batch.append(_outbound(entry, body))
        return batch

    def settle(self, answers: Iterable[SyncAnswer]) -> None:
        """Keep the province's answers, all at once; ``retry``, and a word that this program does not know, leave an
        entry pending; a late one changes nothing."""
        with self._unlocked.database.write() as session:
            for answer in answers:
                if (state := SETTLED.get(answer.outcome)) is not None:
                    _move(session, answer.id, (SendState.PENDING,), state, answer.code, answer.rule)

    def offer_again(self, ids: Iterable[str] = (), *, after: int | None = None) -> int:
        """Have what the province has answered and lost sent again, with its pictures; how many entries that are.

        They are those of these ids, or all `after` a seq. One whose body retention has erased is not among them.
        """
        answered = (SendState.CREATED.value, SendState.EXISTS.value, SendState.REJECTED.value)
        wanted = col(tables.Entry.id).in_(list(ids)) if after is None else col(tables.Entry.seq) > after
        query = (
            select(col(tables.Entry.seq), col(tables.Body.content))
            .join(tables.Body, col(tables.Body.seq) == col(tables.Entry.seq))
            .join(tables.Outbox, col(tables.Outbox.seq) == col(tables.Entry.seq))
            .where(col(tables.Outbox.state).in_(answered), wanted)
        )
        with self._unlocked.database.write() as session:
            lost = dict(iter(session.exec(query)))
            for seq, body in lost.items():
                at = update(tables.Outbox).where(col(tables.Outbox.seq) == seq)
                session.connection().execute(at.values(state=SendState.PENDING.value, code="", rule=""))
                named = col(tables.Upload.digest).in_(pictures(listing.record_in(body).case))
                session.connection().execute(update(tables.Upload).where(named).values(sent=False, refused=""))
            if lost and after is not None:  # its events start again where the backup ended
                identity_row(session).events_cursor = 0
            if lost:
                audit.record(session, self._unlocked, "sync: offer again", f"{len(lost)} from {min(lost)}")
        return len(lost)

    def refused(self, id: str, code: str, rule: str) -> None:
        """The province refused at once what this entry says, which is still to be sent and will come back."""
        with self._unlocked.database.write() as session:
            _move(session, id, (SendState.PENDING,), SendState.PENDING, code, rule)

    def failed(self, id: str) -> int:
        """The province has failed over this entry again, which is noted; how often it has."""
        of_the_entry = col(tables.Entry.id) == id
        query = select(tables.Outbox).join(tables.Entry, col(tables.Entry.seq) == col(tables.Outbox.seq))
        with self._unlocked.database.write() as session:
            row = session.exec(query.where(of_the_entry)).one()
            row.failures += 1
            audit.record(session, self._unlocked, "sync: province failed", id)
            return row.failures

    def photos_pending(self) -> list[str]:
        """The digests of photos to send."""
        query = select(col(tables.Upload.digest)).where(_to_send()).order_by(col(tables.Upload.digest))
        with self._unlocked.database.read() as session:
            return list(session.exec(query))

    def photo_refused(self, digest: str, code: str) -> None:
        """The province will not have this photo: it waits no more, and the entries that name it come back."""
        with self._unlocked.database.write() as session:
            refused = update(tables.Upload).where(col(tables.Upload.digest) == digest).values(refused=code)
            session.connection().execute(refused)
            audit.record(session, self._unlocked, f"sync: photo refused, {code}", digest)

    def photo_failed(self, digest: str) -> int:
        """The province has failed over this photo again, which is noted; how often it has."""
        with self._unlocked.database.write() as session:
            audit.record(session, self._unlocked, PHOTO_FAILED, digest)
            noted = (col(tables.Audit.action) == PHOTO_FAILED, col(tables.Audit.subject) == digest)
            return session.exec(select(func.count()).select_from(tables.Audit).where(*noted)).one()

    def photo_sent(self, digest: str) -> None:
        """The province has this photo."""
        with self._unlocked.database.write() as session:
            sent = update(tables.Upload).where(col(tables.Upload.digest) == digest).values(sent=True)
            session.connection().execute(sent)

    def cursor(self) -> int:
        """How far the province's events were read; 0 at first."""
        with self._unlocked.database.read() as session:
            return identity_row(session).events_cursor

    def advance(self, cursor: int, events: Iterable[SyncEvent]) -> None:
        """Keep events and how far they go, all at once; events read before are passed over.

        An event ``rejected`` about an entry takes it back to the clerk, whatever was answered before; one that says
        that the bank's side of a loss failed raises its alarm.
        """
        with self._unlocked.database.write() as session:
            row = identity_row(session)
            for event in events:
                fresh = event.cursor > row.events_cursor and _keep_event(session, event)
                if fresh and (event.kind, event.code) == EVENT_BANK_FAILED and event.entry:
                    sound(session, self._unlocked, event.entry)
            row.events_cursor = max(row.events_cursor, cursor)

    def events(self, limit: int = 100) -> list[ProvinceEvent]:
        """What the province had to say, newest first."""
        query = select(tables.Event).order_by(col(tables.Event.cursor).desc()).limit(limit)
        with self._unlocked.database.read() as session:
            return [
                ProvinceEvent(row.cursor, row.kind, row.at, row.entry, row.code, row.detail)
                for row in session.exec(query)
            ]

    def unread(self) -> int:
        """How many events nobody has looked at yet."""
        query = select(func.count()).select_from(tables.Event).where(~col(tables.Event.read))
        with self._unlocked.database.read() as session:
            return session.exec(query).one()

    def read(self, cursor: int) -> None:
        """Somebody has looked at the events up to this one."""
        seen = update(tables.Event).where(col(tables.Event.cursor) <= cursor, ~col(tables.Event.read))
        with self._unlocked.database.write() as session:
            session.connection().execute(seen.values(read=True))

    def counts(self) -> OutboxCounts:
        """What is open."""
        by_state = open_by_state()
        photos = select(func.count()).select_from(tables.Upload).where(_to_send())
        with self._unlocked.database.read() as session:
            count = dict(iter(session.exec(by_state)))
            return OutboxCounts(
                pending=count.get(SendState.PENDING, 0),
                rejected=count.get(SendState.REJECTED, 0),
                conflict=count.get(SendState.CONFLICT, 0),
                photos=session.exec(photos).one(),
            )

    def rejected(self) -> list[LedgerEntry]:
        """The entries that came back and are not cleared yet, or are in conflict, oldest first."""
        back = is_returned() | (col(tables.Outbox.state) == SendState.CONFLICT.value)
        with self._unlocked.database.read() as session:
            return listing.listed(session, listing.entries().where(back).order_by(col(tables.Entry.seq)))


def open_by_state() -> Select[str, int]:
    """How many entries are in each state; of those that came back, how many wait to be cleared."""
    state = col(tables.Outbox.state)
    of_entries = select(state, func.count()).join(tables.Entry, col(tables.Entry.seq) == col(tables.Outbox.seq))
    return of_entries.where((state != SendState.REJECTED.value) | ~is_cleared()).group_by(state)


def _to_send() -> ColumnElement[bool]:
    """Photos that the province has neither taken nor refused."""
    return ~col(tables.Upload.sent) & (col(tables.Upload.refused) == "")


def accepted() -> ColumnElement[bool]:
    """Entries that the province has taken."""
    return col(tables.Outbox.state).in_((SendState.CREATED.value, SendState.EXISTS.value))


def at_the_province() -> ColumnElement[bool]:
    """Entries that the province holds: those it has taken, and those it has stored as refused."""
    return accepted() | (col(tables.Outbox.state) == SendState.REJECTED.value)


def _move(session: Session, id: str, before: tuple[SendState, ...], state: SendState, code: str, rule: str) -> None:
    of_the_entry = (
        col(tables.Outbox.seq) == select(col(tables.Entry.seq)).where(tables.Entry.id == id).scalar_subquery()
    )
    from_there = col(tables.Outbox.state).in_([one.value for one in before])
    moved = update(tables.Outbox).where(of_the_entry, from_there)
    session.connection().execute(moved.values(state=state.value, code=code, rule=rule))


def _keep_event(session: Session, event: SyncEvent) -> bool:
    """Keep an event; False for one that is there: a province that was restored counts again from where it was."""
    last = session.exec(select(func.max(col(tables.Event.cursor)))).one() or 0
    if event.cursor <= last and session.exec(select(tables.Event).where(*_same(event))).first():
        return False
    session.add(
        tables.Event(
            cursor=event.cursor if event.cursor > last else last + 1,
            kind=str(event.kind),
            at=event.at,
            entry=event.entry,
            code=event.code,
            detail=event.detail,
        )
    )
    if event.kind == EVENT_REJECTED and event.entry:
        at_rest = (SendState.PENDING, SendState.CREATED, SendState.EXISTS)
        _move(session, event.entry, at_rest, SendState.REJECTED, event.code, "")
    return True


def _same(event: SyncEvent) -> tuple[ColumnElement[bool], ...]:
    row = tables.Event
    said = ((row.entry, event.entry), (row.kind, str(event.kind)), (row.code, event.code), (row.at, event.at))
    return tuple(col(column) == value for column, value in said)


def _outbound(entry: tables.Entry, body: tables.Body) -> OutboundEntry:
    return OutboundEntry(
        **listing.link_in(entry),
        body=body.content,
        salt=body.salt,
        deferred=listing.record_in(body.content).deferred,
    )
