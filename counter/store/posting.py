"""Posting (记账): the one way into the ledger's tables, for one entry and for many.

The chain is computed in memory from the last entry on, then each table takes all its rows with one statement.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, select

from counter.clock import business_date, moment_text
from counter.rules.chain import GENESIS, body_digest, link_hash
from counter.rules.limits import EARLIEST, is_reasonable_fee
from counter.rules.link import BODY_BYTES, FORM, Link, SignedLink
from counter.rules.record import CaseRecord, encode_record, pictures
from counter.rules.services import SERVICES
from counter.rules.signers import HASH, sign
from counter.store import blanks, clearing, listing, parcels, payments, tables
from counter.store.alarms import sound_for
from counter.store.closed import require_open
from counter.store.database import below, has_row, insert_rows
from counter.store.errors import (
    ConflictError,
    MissingPhotoError,
    OversizeError,
    SecondPersonError,
    UnreasonableError,
)
from counter.store.identity import require_caught_up
from counter.store.photos import release
from counter.store.records import LedgerEntry, SendState
from counter.store.unlocked import Signatory, Unlocked

SALT_BYTES: Final = 16
_AS_THEY_ARE: Final = tuple(name for name in Link.__struct_fields__ if name not in ("business_date", "recorded_at"))
_values: Final = attrgetter(*_AS_THEY_ARE)
"""What of a link stands in its row as it is; date and moment are text there."""
COLUMNS: Final = (*_AS_THEY_ARE, "business_date", "recorded_at", *(SignedLink.__struct_fields__[-3:]))


class Posting(NamedTuple):
    """What becomes an entry: by whom, checked by whom, taking back what; `on` is the business date, None for now's.

    Of a case that has waited, its maker has signed what it becomes with this salt. `carried`: another home has recorded
    it, so the stock of blank cards is not asked.
    """

    id: str
    kind: str
    record: CaseRecord
    maker: str
    checker: str | None = None
    reverses: str | None = None
    on: date | None = None
    salt: bytes = b""
    maker_signature: bytes = b""
    carried: bool = False


class Sealed(NamedTuple):
    """A posting with its exact bytes, their salt and digest: all that does not depend on the entry before it."""

    posting: Posting
    content: bytes
    salt: bytes
    digest: str


class Written(NamedTuple):
    """An entry as its tables take it; `columns` are the values of the entry's own, in the order of `COLUMNS`."""

    seq: int
    id: str
    kind: str
    columns: tuple[object, ...]
    salt: bytes
    content: bytes
    record: CaseRecord
    state: SendState = SendState.PENDING
    code: str = ""
    rule: str = ""

    @property
    def entry(self) -> LedgerEntry:
        """The entry as it will be read again."""
        link: dict[str, Any] = dict(zip(COLUMNS, self.columns, strict=True))
        link["business_date"] = date.fromisoformat(link["business_date"])
        link["recorded_at"] = datetime.fromisoformat(link["recorded_at"])
        return LedgerEntry(**link, record=self.record, state=self.state, code=self.code, rule=self.rule)


def seal(posting: Posting) -> Sealed:
    """Encode and digest a posting; no transaction is needed for that.

    Every entry passes here, and none that needs a second person without one: raises `SecondPersonError`. Nor one that
    the province would never take: `OversizeError`, `UnreasonableError`.
    """
    if posting.record.authorised and posting.checker in (None, posting.maker):
        raise SecondPersonError("this becomes an entry by a second person only")
    content, salt = encode_record(posting.record), posting.salt or secrets.token_bytes(SALT_BYTES)
    if len(content) > BODY_BYTES:
        raise OversizeError("the case is larger than an entry may be")
    if not is_reasonable_fee(posting.record.fee_fen, taken_back=posting.reverses is not None):
        raise UnreasonableError("no province asks this fee")
    return Sealed(posting, content, salt, body_digest(salt, content))


def head(session: Session) -> tuple[int, str]:
    """The last entry's number and hash; 0 and `GENESIS` when there is none."""
    row = below(session).execute("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def post_one(
    session: Session, unlocked: Unlocked, posting: Posting, closer: Signatory | None = None
) -> tuple[LedgerEntry, bool]:
    """Record one posting, once: its entry, and whether it is new or the one that stands already; its draft goes.

    `closer` signs it, see `post`.

    Raises `ConflictError` for the same id with other content, and as `seal` and `post` do.
    """
    is_there = has_row(session, tables.Entry, posting.id)
    if is_there and (standing := listing.one(session, col(tables.Entry.id) == posting.id)):
        if not _is_same(session, standing, posting):
            raise ConflictError("this id stands in the ledger with other content")
        return standing, False
    (written,) = post(session, unlocked, [seal(posting)], closer)
    forget_draft(session, posting.id)
    if posting.reverses is None:
        sound_for(session, unlocked, posting.id, posting.record)
    return written.entry, True


def post(
    session: Session, unlocked: Unlocked, sealed: Sequence[Sealed], closer: Signatory | None = None
) -> list[Written]:
    """Append entries with their bodies, finders, outbox rows and photos to send, in the order given.

    `closer` signs them: their checker, or their maker, who has signed in. The record of the cards that lie here
    follows in the same transaction (`counter.store.parcels`), as the stock of blank cards does. Raises
    `MissingPhotoError` for a photo that was not kept, `UsedBlankError`, `UnknownBlankError`, `NoSigningKeyError`,
    `RestoredLedgerError`, `UnreasonableError` while the clock is wrong, `ClosedDayError`, `NotReturnedError` for what
    corrects an entry that does not wait for it. Who may do this has been seen to by the caller.
    """
    key = (closer or unlocked.signatory).signs_with
    if unlocked.incarnation:
        require_caught_up(session)
    photos = _photos_to_send(session, sealed)
    blanks.use(
        session,
        unlocked,
        [each.posting.record for each in sealed if not (each.posting.carried or each.posting.reverses)],
    )
    last, previous = head(session)
    place, now = unlocked.place, unlocked.clock()
    today, moment = business_date(now), moment_text(now)
    if today < EARLIEST:
        raise UnreasonableError("this machine's clock is wrong")
    require_open(session, {one.posting.on or today for one in sealed})
    clearing.require_correctable(session, ((one.posting.kind, one.posting.record) for one in sealed))
    links: list[Link] = []
    hashes: list[str] = []
    for seq, one in enumerate(sealed, last + 1):
        posting = one.posting
        link = Link(
            seq=seq,
            id=posting.id,
            business_date=posting.on or today,
            recorded_at=now,
            kind=posting.kind,
            fee_fen=posting.record.fee_fen,
            maker=posting.maker,
            checker=posting.checker,
            reverses=posting.reverses,
            body_digest=one.digest,
            previous=previous,
            form=FORM,
            incarnation=unlocked.incarnation,
        )
        previous = link_hash(link, place.branch, place.counter)
        links.append(link)
        hashes.append(previous)
    written = [
        Written(
            link.seq,
            link.id,
            link.kind,
            (*_values(link), link.business_date.isoformat(), moment, own_hash, *_by(one.posting, signature)),
            one.salt,
            one.content,
            one.posting.record,
        )
        for link, one, own_hash, signature in zip(links, sealed, hashes, sign(key, HASH, hashes), strict=True)
    ]
    write(session, written)
    insert_rows(session, tables.Upload, ("digest", "sent"), [(digest, 0) for digest in photos])
    return written


def columns_of(link: SignedLink) -> tuple[object, ...]:
    """The values of an entry's own columns."""
    signed = (link.hash, link.maker_signature, link.checker_signature)
    return (*_values(link), link.business_date.isoformat(), moment_text(link.recorded_at), *signed)


def write(session: Session, rows: Sequence[Written]) -> None:
    """Fill the tables of these entries; what lies here by them follows (`counter.store.parcels`), how their fees were
    paid, and of which blank cards they were made."""
    insert_rows(session, tables.Entry, COLUMNS, [row.columns for row in rows])
    insert_rows(session, tables.Body, ("seq", "salt", "content"), [(row.seq, row.salt, row.content) for row in rows])
    found_by = [(row.seq, *listing.found_by(row.record)) for row in rows]
    insert_rows(session, tables.Finder, ("seq", "name", "document"), found_by)
    states = [(row.seq, row.state.value, row.code, row.rule) for row in rows]
    insert_rows(session, tables.Outbox, ("seq", "state", "code", "rule"), states)
    payments.follow(session, [(row.seq, row.record) for row in rows])
    blanks.follow(session, [(row.id, row.record) for row in rows if row.kind in SERVICES])
    for row in rows:
        parcels.follow(session, row.id, row.kind, row.record)
        clearing.note_correction(session, row.id, row.kind, row.record)


def _by(posting: Posting, closing: bytes) -> tuple[bytes, bytes]:
    """The maker's signature and the checker's."""
    return (closing, b"") if posting.checker is None else (posting.maker_signature, closing)


def forget_draft(session: Session, id: str) -> None:
    """Drop a held case, and the photo that only it named."""
    if has_row(session, tables.Draft, id) and (held := session.get(tables.Draft, id)):
        session.delete(held)
        session.flush()
        release(session, held.photo)


def _photos_to_send(session: Session, sealed: Sequence[Sealed]) -> list[str]:
    """The pictures that these name and that no entry has named before."""
    named = {digest for one in sealed for digest in pictures(one.posting.record.case)}
    if not named:
        return []
    kept = set(session.exec(select(col(tables.Photo.digest)).where(col(tables.Photo.digest).in_(named))))
    if kept != named:
        raise MissingPhotoError("the case names a photo that was not kept")
    on_their_way = session.exec(select(col(tables.Upload.digest)).where(col(tables.Upload.digest).in_(named)))
    return sorted(named.difference(on_their_way))


def _is_same(session: Session, entry: LedgerEntry, posting: Posting) -> bool:
    body = session.get(tables.Body, entry.seq)
    asked = (posting.kind, encode_record(posting.record), posting.checker, posting.reverses)
    return body is not None and asked == (entry.kind, body.content, entry.checker, entry.reverses)
