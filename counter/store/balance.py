"""The balance of a business date (日结平衡表): by kind, what this counter did, and what the province says of it."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from counter.store import tables
from counter.store.clearing import is_cleared
from counter.store.records import SendState


@dataclass(frozen=True, slots=True)
class Sum:
    """How many entries (笔数), and their fees in fen."""

    count: int = 0
    fee_fen: int = 0

    def __add__(self, other: Self) -> "Sum":
        return Sum(self.count + other.count, self.fee_fen + other.fee_fen)


NONE: Final = Sum()


@dataclass(frozen=True, slots=True)
class KindBalance:
    """What was recorded of a kind (`done`) is accepted, returned, unsent or in conflict: these add up.

    `cleared` of `returned` is corrected by another entry or written off; `reversed` of `done` has been taken back
    since, by entries of the kind ``reversal`` and of whatever date.
    """

    done: Sum = NONE
    accepted: Sum = NONE
    returned: Sum = NONE
    cleared: Sum = NONE
    unsent: Sum = NONE
    conflict: Sum = NONE
    reversed: Sum = NONE

    def __add__(self, other: Self) -> "KindBalance":
        return KindBalance(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class DayBalance:
    """The kinds of a business date, in the order of their names."""

    business_date: date
    by_kind: dict[str, KindBalance]

    @property
    def total(self) -> KindBalance:
        return sum(self.by_kind.values(), KindBalance())


_COLUMN: Final = {
    SendState.PENDING: "unsent",
    SendState.CREATED: "accepted",
    SendState.EXISTS: "accepted",
    SendState.REJECTED: "returned",
    SendState.CONFLICT: "conflict",
}


def read_balance(session: Session, on: date) -> DayBalance:
    """Count a business date."""
    taking_back = aliased(tables.Entry)
    entry, fee = tables.Entry, col(tables.Entry.fee_fen)
    is_reversed = col(taking_back.id).is_not(None)
    query = (
        select(
            col(entry.kind),
            col(tables.Outbox.state),
            func.count(),
            func.sum(fee),
            func.sum(case((is_reversed, 1), else_=0)),
            func.sum(case((is_reversed, fee), else_=0)),
            func.sum(case((is_cleared(), 1), else_=0)),
            func.sum(case((is_cleared(), fee), else_=0)),
        )
        .join(tables.Outbox, col(tables.Outbox.seq) == col(entry.seq))
        .outerjoin(taking_back, col(taking_back.reverses) == col(entry.id))
        .where(col(entry.business_date) == on)
        .group_by(col(entry.kind), col(tables.Outbox.state))
        .order_by(col(entry.kind))
    )
    by_kind: dict[str, KindBalance] = {}
    for kind, state, count, fee_fen, *since in session.connection().execute(query):
        done, (reversed_count, reversed_fen, cleared_count, cleared_fen) = Sum(count, fee_fen), since
        is_returned = state == SendState.REJECTED.value
        of_state = KindBalance(
            **{"done": done, _COLUMN[SendState(state)]: done},
            cleared=Sum(cleared_count, cleared_fen) if is_returned else NONE,
            reversed=Sum(reversed_count, reversed_fen),
        )
        by_kind[kind] = by_kind.get(kind, KindBalance()) + of_state
    return DayBalance(on, by_kind)
