"""How fees were paid (缴费方式): by kind of service, in cash, from an account, waived, given back. What stands nowhere
else was paid in cash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlmodel import Session

from counter.rules.payment import Payment
from counter.rules.record import CaseRecord
from counter.store import tables
from counter.store.balance import NONE, Sum
from counter.store.database import insert_rows
from counter.store.unlocked import Unlocked

WAIVED: Final = "waived"

_OF_THE_DAY: Final = """
    SELECT coalesce(taken.kind, entry.kind), coalesce(fee_paid.way, 'cash'), entry.reverses IS NOT NULL,
           count(*), sum(entry.fee_fen - coalesce(former.fee_fen, 0))
    FROM entry LEFT JOIN fee_paid ON fee_paid.seq = entry.seq LEFT JOIN entry AS taken ON taken.id = entry.reverses
    LEFT JOIN correction ON correction.entry = entry.id LEFT JOIN entry AS former ON former.id = correction.returned
    WHERE entry.business_date = ?
      AND (entry.fee_fen <> coalesce(former.fee_fen, 0) OR (fee_paid.way = 'waived' AND entry.reverses IS NULL))
    GROUP BY 1, 2, 3 ORDER BY 1
"""
"""Of what corrects a returned entry only what it costs more or less: the customer has paid that one."""


@dataclass(frozen=True, slots=True)
class KindPayments:
    """The fees of a kind: paid in cash, from an account, waived (a number, nothing was due), and given back by
    reversals (negative), of which `returned_cash` out of the till."""

    cash: Sum = NONE
    account: Sum = NONE
    waived: Sum = NONE
    returned: Sum = NONE
    returned_cash: Sum = NONE

    def __add__(self, other: "KindPayments") -> "KindPayments":
        return KindPayments(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class DayPayments:
    """The kinds of a business date that cost something, in the order of their names; a reversal is of the kind that it
    takes back, on the date of its own."""

    business_date: date
    by_kind: Mapping[str, KindPayments] = field(default_factory=dict)

    @property
    def total(self) -> KindPayments:
        return sum(self.by_kind.values(), KindPayments())

    @property
    def cash_fen(self) -> int:
        """What fees have brought into the till, less what went back out of it."""
        total = self.total
        return total.cash.fee_fen + total.returned_cash.fee_fen


class Payments:
    """How the fees of this counter were paid."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def of(self, on: date) -> DayPayments:
        """Those of a business date."""
        with self._unlocked.database.read() as session:
            return read_payments(session, on)


def read_payments(session: Session, on: date) -> DayPayments:
    """Count a business date."""
    by_kind: dict[str, KindPayments] = {}
    for kind, way, back, count, fen in session.connection().exec_driver_sql(_OF_THE_DAY, (on.isoformat(),)):
        found = Sum(count, fen)
        if back:
            one = KindPayments(returned=found, returned_cash=found if way == Payment.CASH else NONE)
        else:
            one = KindPayments(**{way: found})
        by_kind[kind] = by_kind.get(kind, KindPayments()) + one
    return DayPayments(on, by_kind)


def way_of(record: CaseRecord) -> str:
    """How the fee of this record is paid, where that is not in cash; '' where it is, or where there is none."""
    if record.case.waiver:
        return WAIVED
    return Payment.ACCOUNT.value if record.fee_fen and record.case.payment is Payment.ACCOUNT else ""


def follow(session: Session, paid: list[tuple[int, CaseRecord]]) -> None:
    """Note how the fees of new entries are paid."""
    ways = ((seq, way_of(record)) for seq, record in paid)
    insert_rows(session, tables.FeePaid, ("seq", "way"), [(seq, way) for seq, way in ways if way])
