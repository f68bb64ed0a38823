"""Authorisation (授权): confirmed cases that wait for a second person, and become entries by that person only.

The maker of the entry is who asked, its checker the supervisor, and never the same one: the store refuses, and so does
the ledger's own table.
"""

import builtins
import secrets

from sqlmodel import Session, col, select

from counter.clock import business_date
from counter.rules.chain import GENESIS, act_digest, body_digest
from counter.rules.link import Link
from counter.rules.record import CaseRecord, encode_record, pictures
from counter.rules.signers import ACT, sign
from counter.store import audit, listing, tables
from counter.store.drafts import hold
from counter.store.errors import (
    ConflictError,
    MissingPhotoError,
    NotAwaitingError,
    OwnCaseError,
    UnsignedCaseError,
)
from counter.store.operators import require
from counter.store.photos import named, release
from counter.store.posting import SALT_BYTES, Posting, forget_draft, post_one
from counter.store.records import AwaitingCase, LedgerEntry, Role
from counter.store.unlocked import Signatory, Unlocked


class Awaiting:
    """The cases of this counter that wait for a supervisor."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def add(self, id: str, kind: str, record: CaseRecord) -> AwaitingCase:
        """Have a confirmed case wait, in place of its draft; its record says why it needs a second person.

        The same call again changes nothing. Raises `ConflictError` for an id that waits with other content or stands
        in the ledger, `NotAllowedError` for a maker who may not, `MissingPhotoError`.
        """
        assert record.authorised, "only what needs a second person waits for one"
        asked = AwaitingCase(
            id=id,
            kind=kind,
            record=record,
            reason=record.authorised,
            maker=self._unlocked.operator.id,
            reverses=None,
            business_date=business_date(now := self._unlocked.clock()),
            created_at=now,
        )
        with self._unlocked.database.write() as session:
            return wait(session, self._unlocked, asked)

    def list(self) -> builtins.list[AwaitingCase]:
        """All that wait, the oldest first."""
        query = select(tables.Awaiting).order_by(col(tables.Awaiting.created_at), col(tables.Awaiting.id))
        with self._unlocked.database.read() as session:
            return [_case(row) for row in session.exec(query)]

    def authorise(self, id: str, checker: Signatory) -> LedgerEntry:
        """Authorise at the maker's counter: `checker` is whose passphrase `Operators.verify` has just checked.

        Checking takes its time, on purpose, and no transaction waits for it. Raises as `authorise_own` does.
        """
        return self._authorise(id, checker)

    def authorise_own(self, id: str) -> LedgerEntry:
        """Authorise as the supervisor who has signed in; the same again answers with the entry that stands.

        Raises `NotAwaitingError`, `NotAllowedError` for who is no supervisor, `OwnCaseError` for what they have made,
        `UnsignedCaseError` for what was asked before entries were signed, by somebody who has not signed in.
        """
        return self._authorise(id, self._unlocked.signatory)

    def refuse(self, id: str, note: str) -> None:
        """Give a case back to its maker as a draft with a note; a reversal is dropped: there is nothing to mend in it.

        A supervisor may, and the maker. Raises `NotAwaitingError`, `NotAllowedError`.
        """
        with self._unlocked.database.write() as session:
            row = _row(session, id)
            if row.maker != self._unlocked.operator.id:
                require(session, self._unlocked.operator.id, Role.SUPERVISOR)
            session.delete(row)
            session.flush()
            if row.reverses is None:
                case = listing.record_in(row.content).case
                hold(session, id, case, "confirm", row.maker, self._unlocked.clock(), note)
            else:
                release(session, row.photo)
            audit.record(session, self._unlocked, "refuse", id)

    def _authorise(self, id: str, shown: Signatory) -> LedgerEntry:
        checker = shown.operator.id
        with self._unlocked.database.write() as session:
            require(session, self._unlocked.operator.id, Role.CLERK, Role.SUPERVISOR)
            require(session, checker, Role.SUPERVISOR)
            standing = listing.one(session, col(tables.Entry.id) == id)
            if standing is not None and standing.checker == checker:
                return standing
            row = _row(session, id)
            if checker == row.maker:
                raise OwnCaseError("nobody authorises their own")
            session.delete(row)
            session.flush()
            salt, signature = self._makers(row)
            record = listing.record_in(row.content)
            posting = Posting(
                id, row.kind, record, row.maker, checker, row.reverses, row.business_date, salt, signature
            )
            entry, _ = post_one(session, self._unlocked, posting, shown)
            audit.record(session, self._unlocked, f"authorise {row.kind}", id, by=checker)
        return entry

    def _makers(self, row: tables.Awaiting) -> tuple[bytes, bytes]:
        """The salt of what waits and its maker's signature, given now where there is none of then."""
        if row.signature:
            return row.salt, row.signature
        if row.maker != self._unlocked.operator.id:
            raise UnsignedCaseError("this was asked for before entries were signed")
        return _signed(self._unlocked, _case(row), row.content)


def wait(session: Session, unlocked: Unlocked, asked: AwaitingCase) -> AwaitingCase:
    """Have a case wait, once, see `Awaiting.add`."""
    require(session, asked.maker, Role.CLERK, Role.SUPERVISOR)
    if listing.one(session, col(tables.Entry.id) == asked.id) is not None:
        raise ConflictError("this id stands in the ledger")
    content, case = encode_record(asked.record), asked.record.case
    row = session.get(tables.Awaiting, asked.id)
    if row is not None:
        if (row.kind, row.content, row.reason) != (asked.kind, content, asked.reason):
            raise ConflictError("this id waits for authorisation with other content")
        return _case(row)
    if any(session.get(tables.Photo, digest) is None for digest in pictures(case)):
        raise MissingPhotoError("the case names a photo that was not kept")
    salt, signature = _signed(unlocked, asked, content)
    session.add(
        tables.Awaiting(
            id=asked.id,
            kind=asked.kind,
            content=content,
            reason=asked.reason,
            maker=asked.maker,
            reverses=asked.reverses,
            business_date=asked.business_date,
            created_at=asked.created_at,
            photo=named(case),
            salt=salt,
            signature=signature,
        )
    )
    session.flush()
    forget_draft(session, asked.id)
    audit.record(session, unlocked, f"ask {asked.kind}", asked.id)
    return asked


def _signed(unlocked: Unlocked, asked: AwaitingCase, content: bytes) -> tuple[bytes, bytes]:
    """A salt for the entry to come, and its maker's signature over what is known of it."""
    salt = secrets.token_bytes(SALT_BYTES)
    act = Link(
        seq=1,
        id=asked.id,
        business_date=asked.business_date,
        recorded_at=asked.created_at,
        kind=asked.kind,
        fee_fen=asked.record.fee_fen,
        maker=asked.maker,
        checker=None,
        reverses=asked.reverses,
        body_digest=body_digest(salt, content),
        previous=GENESIS,
    )
    digest = act_digest(act, unlocked.place.branch, unlocked.place.counter)
    (signature,) = sign(unlocked.signatory.signs_with, ACT, [digest])
    return salt, signature


def _row(session: Session, id: str) -> tables.Awaiting:
    row = session.get(tables.Awaiting, id)
    if row is None:
        raise NotAwaitingError("no case of this id waits for authorisation")
    return row


def _case(row: tables.Awaiting) -> AwaitingCase:
    return AwaitingCase(
        id=row.id,
        kind=row.kind,
        record=listing.record_in(row.content),
        reason=row.reason,
        maker=row.maker,
        reverses=row.reverses,
        business_date=row.business_date,
        created_at=row.created_at,
    )
