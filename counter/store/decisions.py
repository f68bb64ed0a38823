"""Decisions of two persons (双人决定), see `counter.rules.decision`: append-only, chained, signed by both.

A business date that is closed (关账) takes no entry more until it is opened again; the ledger's triggers refuse too.
"""

import builtins
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from counter.rules.chain import GENESIS
from counter.rules.decision import SIGNED_AS, Decision, DecisionKind, LeftOpen, decode, encode, hash_of
from counter.rules.signers import sign
from counter.store import audit, clearing, tables
from counter.store.closed import require_open
from counter.store.errors import ClosedDayError, NoReasonError, NotClosedError, OwnCaseError, UnreasonableError
from counter.store.identity import identity_row
from counter.store.operators import require
from counter.store.posting import head
from counter.store.records import Role
from counter.store.unlocked import Signatory, Unlocked


class Decisions:
    """What has been decided at this counter by two."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def close(self, on: date, checker: Signatory, left_open: Sequence[LeftOpen] = ()) -> Decision:
        """Close a business date: who has signed in, and a supervisor with whom `Operators.verify` has answered.

        Whether something is open the caller has asked (`counter.desk.closing`): what is left open has a reason each.
        Raises `ClosedDayError`, `NoReasonError`, `UnreasonableError` for a date to come, and as every decision
        `NotAllowedError`, `OwnCaseError`, `NoSigningKeyError`.
        """
        if any(not each.reason.strip() for each in left_open):
            raise NoReasonError("what stays open has a reason")
        with self._unlocked.database.write() as session:
            require_open(session, {on})
            if on > self._unlocked.today():
                raise UnreasonableError("this day has not come yet")
            return self._decide(session, DecisionKind.CLOSE, on.isoformat(), checker, left_open=tuple(left_open))

    def reopen(self, on: date, reason: str, checker: Signatory) -> Decision:
        """Open a closed date again. Raises `NotClosedError`, `NoReasonError`, and as `close` does."""
        with self._unlocked.database.write() as session:
            if not is_closed(session, on):
                raise NotClosedError("this day is not closed")
            return self._decide(session, DecisionKind.REOPEN, on.isoformat(), checker, _said(reason))

    def write_off(self, id: str, reason: str, checker: Signatory) -> Decision:
        """Write a returned entry off (核销): it stands as it is, and nobody waits for it any more.

        Raises `NotReturnedError`, `NoReasonError`, and as `close` does.
        """
        with self._unlocked.database.write() as session:
            clearing.returned(session, id)
            return self._decide(session, DecisionKind.WRITE_OFF, id, checker, _said(reason))

    def list(self, on: date | None = None) -> builtins.list[Decision]:
        """All decisions in their order, or those about a date."""
        query = select(col(tables.Decision.content)).order_by(col(tables.Decision.seq))
        if on is not None:
            query = query.where(tables.Decision.subject == on.isoformat())
        with self._unlocked.database.read() as session:
            return [decode(content) for content in session.exec(query)]

    def is_closed(self, on: date) -> bool:
        """Was this date closed, and not opened again since?"""
        with self._unlocked.database.read() as session:
            return is_closed(session, on)

    def open_dates(self) -> builtins.list[date]:
        """The dates with entries, or with something that waits for authorisation, that nobody has closed; oldest first.

        Of before closing was an act, a date that the province has signed needs none.
        """
        with self._unlocked.database.read() as session:
            before = identity_row(session).closes_after
            recorded = select(col(tables.Entry.business_date)).distinct()
            if before is not None:
                recorded = recorded.where(col(tables.Entry.business_date) > before)
            dates = {*session.exec(recorded), *session.exec(select(col(tables.Awaiting.business_date)))}
            return sorted(on for on in dates if not is_closed(session, on))

    def require_recordable(self, corrects: str = "") -> None:
        """May a case that corrects this entry ('' none) be recorded now? Asked before the province is told of it.

        Raises `ClosedDayError`, `NotReturnedError`.
        """
        with self._unlocked.database.read() as session:
            require_open(session, {self._unlocked.today()})
            if corrects:
                clearing.returned(session, corrects)

    def _decide(
        self,
        session: Session,
        kind: DecisionKind,
        subject: str,
        checker: Signatory,
        reason: str = "",
        left_open: tuple[LeftOpen, ...] = (),
    ) -> Decision:
        unlocked, by = self._unlocked, checker.operator.id
        require(session, unlocked.operator.id, Role.CLERK, Role.SUPERVISOR)
        require(session, by, Role.SUPERVISOR)
        if by == unlocked.operator.id:
            raise OwnCaseError("nobody decides alone")
        seq, previous = _last(session)
        last_seq, last_hash = head(session)
        decision = Decision(
            kind=kind,
            subject=subject,
            branch=unlocked.place.branch,
            counter=unlocked.place.counter,
            maker=unlocked.operator.id,
            checker=by,
            decided_at=unlocked.clock(),
            last_seq=last_seq,
            head=last_hash,
            previous=previous,
            reason=reason,
            left_open=left_open,
        )
        content = encode(decision)
        (maker_signature,) = sign(unlocked.signatory.signs_with, SIGNED_AS, [hash_of(content)])
        (checker_signature,) = sign(checker.signs_with, SIGNED_AS, [hash_of(content)])
        session.add(
            tables.Decision(
                seq=seq + 1,
                kind=kind.value,
                subject=subject,
                content=content,
                previous=previous,
                hash=hash_of(content),
                maker=decision.maker,
                checker=by,
                maker_signature=maker_signature,
                checker_signature=checker_signature,
            )
        )
        audit.record(session, unlocked, kind.value.replace("_", " "), subject)
        audit.record(session, unlocked, f"authorise {kind.value.replace('_', ' ')}", subject, by=by)
        return decision


def is_closed(session: Session, on: date) -> bool:
    """Is this date closed by the last decision about it?"""
    try:
        require_open(session, {on})
    except ClosedDayError:
        return True
    return False


def _last(session: Session) -> tuple[int, str]:
    last = select(col(tables.Decision.seq), col(tables.Decision.hash)).order_by(col(tables.Decision.seq).desc())
    return session.exec(last.limit(1)).first() or (0, GENESIS)


def _said(reason: str) -> str:
    if not reason.strip():
        raise NoReasonError("this needs a reason")
    return reason.strip()
