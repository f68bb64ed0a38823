"""What the province holds beyond a backup: a home that was restored takes it over before it records anything.

Each entry is taken as it was made, in its place: it continues the chain, its body fits its digest, and those whom it
names have signed it. So the ledger verifies on, and what comes next fits the province's chain.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec
from sqlmodel import Session, col, select

from counter.rules.chain import body_digest, link_hash
from counter.rules.link import SignedLink, SignerKey
from counter.rules.record import pictures
from counter.rules.signers import believed, is_signed
from counter.store import audit, tables
from counter.store.alarms import sound_for
from counter.store.database import insert_rows
from counter.store.errors import DamagedLedgerError
from counter.store.identity import identity_row
from counter.store.listing import record_in
from counter.store.posting import Written, columns_of, forget_draft, head, write
from counter.store.records import Role, SendState
from counter.store.signers import said
from counter.store.unlocked import Unlocked


class Held(Protocol):
    """An entry's link with its body, and what became of it; `counter.province.wire.HeldEntry` is one."""

    @property
    def body(self) -> bytes: ...
    @property
    def salt(self) -> bytes: ...
    @property
    def outcome(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def rule(self) -> str: ...


class Behind:
    """Where a restored home stands with what came after its backup."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def is_possible(self) -> bool:
        """Was this home restored, and has the province not been asked since?"""
        with self._unlocked.database.read() as session:
            return identity_row(session).may_be_behind

    def take(self, entries: Sequence[tuple[SignedLink, Held]], keys: Iterable[SignerKey]) -> None:
        """Take over the next entries, all or none of them. Raises `DamagedLedgerError` where they do not fit."""
        with self._unlocked.database.write() as session:
            known = know(session, self._unlocked, keys)
            for link, held in entries:
                take_over(session, self._unlocked, known, link, held)
            audit.record(session, self._unlocked, "take over", f"{entries[0][0].seq}-{entries[-1][0].seq}")

    def is_over(self) -> None:
        """The province holds no more than this ledger: from now on it records."""
        with self._unlocked.database.write() as session:
            identity_row(session).may_be_behind = False
            audit.record(session, self._unlocked, "take over", "all")


def know(session: Session, unlocked: Unlocked, keys: Iterable[SignerKey]) -> list[SignerKey]:
    """Keep those of another home's signing keys that this one believes; all that it knows then.

    Who came after the backup has no slot here: they are listed, disabled, until a supervisor adds them anew.
    """
    rows = list(session.exec(select(tables.Signer).order_by(col(tables.Signer.seq))))
    before = list(session.exec(select(tables.Operator.id).where(tables.Operator.from_before)))
    known = [said(row) for row in rows]
    place = unlocked.place
    for key in keys:
        if key not in known and believed(known, key, place.branch, place.counter, before):
            name(session, key.operator, key.role)
            session.add(tables.Signer(**msgspec.structs.asdict(key), sent=True))
            session.flush()
            known.append(key)
    return known


def take_over(session: Session, unlocked: Unlocked, known: Sequence[SignerKey], link: SignedLink, held: Held) -> None:
    """Put an entry into its place as it was made. Raises `DamagedLedgerError` where it does not fit."""
    if not fits(session, unlocked, known, link, held):
        raise DamagedLedgerError("an entry of the home before does not fit this ledger")
    for operator in filter(None, (link.maker, link.checker)):
        name(session, operator, Role.CLERK if operator == link.maker else Role.SUPERVISOR)
    record = record_in(held.body)
    state = SendState(held.outcome)
    row = Written(
        link.seq, link.id, link.kind, columns_of(link), held.salt, held.body, record, state, held.code, held.rule
    )
    write(session, [row])
    there = select(col(tables.Photo.digest)).where(col(tables.Photo.digest).in_(sorted(pictures(record.case))))
    on_their_way = select(col(tables.Upload.digest))
    fresh = session.exec(there.where(col(tables.Photo.digest).not_in(on_their_way)))
    sent = int(state is not SendState.PENDING)
    insert_rows(session, tables.Upload, ("digest", "sent"), [(digest, sent) for digest in list(fresh)])
    _forget(session, link.id)
    if link.reverses is None:
        sound_for(session, unlocked, link.id, record)


def fits(session: Session, unlocked: Unlocked, known: Sequence[SignerKey], link: SignedLink, held: Held) -> bool:
    """Does it continue this ledger, with the body that it says, signed by those whom it names?"""
    place = unlocked.place
    last, previous = head(session)
    if (link.seq, link.previous) != (last + 1, previous) or body_digest(held.salt, held.body) != link.body_digest:
        return False
    try:
        own_hash = link_hash(link, place.branch, place.counter)
    except (ValueError, OverflowError):
        return False
    return own_hash == link.hash and is_signed(link, place.branch, place.counter, known)


def name(session: Session, id: str, role: str) -> None:
    """Have a row for somebody who came after the backup; it is disabled."""
    if session.get(tables.Operator, id) is None:
        session.add(tables.Operator(id=id, name=id, role=role, active=False))
        session.flush()


def _forget(session: Session, id: str) -> None:
    """What was still open at the time of the backup has become this entry."""
    if waits := session.get(tables.Awaiting, id):
        session.delete(waits)
        session.flush()
    forget_draft(session, id)
