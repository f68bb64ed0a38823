"""Business dates (营业日): what this counter counts, and the receipts (回执) of the days that matched."""

from datetime import date

from sqlalchemy import func
from sqlmodel import col, select

from counter.rules.chain import GENESIS
from counter.store import audit, tables
from counter.store.balance import DayBalance, read_balance
from counter.store.outbox import accepted, at_the_province
from counter.store.records import DayReceipt, DayTotal, DayTotals, SendState
from counter.store.unlocked import Unlocked


class Days:
    """The days of this counter."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def waiting(self) -> list[date]:
        """The dates on which something was made that still waits for authorisation: they cannot be closed."""
        made_on = col(tables.Awaiting.business_date)
        with self._unlocked.database.read() as session:
            return list(session.exec(select(made_on).distinct().order_by(made_on)))

    def unmatched(self) -> list[date]:
        """The dates that no receipt covers yet, oldest first.

        Of these the province holds entries, or something made on them waits for authorisation and will be one.
        """
        held = (
            select(col(tables.Entry.business_date), func.max(col(tables.Entry.seq)))
            .join(tables.Outbox, col(tables.Outbox.seq) == col(tables.Entry.seq))
            .where(at_the_province())
            .group_by(col(tables.Entry.business_date))
        )
        receipts = select(col(tables.Receipt.business_date), col(tables.Receipt.last_seq))
        with self._unlocked.database.read() as session:
            covered = set(session.exec(receipts))
            recount = {on for on, last_seq in session.exec(held) if (on, last_seq) not in covered}
            return sorted(recount | set(session.exec(select(col(tables.Awaiting.business_date)))))

    def to_match(self) -> list[date]:
        """The dates that a sync now would have recounted: those that no receipt covers, with what is still to be sent.

        Oldest first.
        """
        pending = (
            select(col(tables.Entry.business_date))
            .join(tables.Outbox, col(tables.Outbox.seq) == col(tables.Entry.seq))
            .where(tables.Outbox.state == SendState.PENDING.value)
        )
        with self._unlocked.database.read() as session:
            to_send = set(session.exec(pending))
        return sorted(to_send | set(self.unmatched()))

    def balance(self, on: date) -> DayBalance:
        """A date by kind, what was done here beside what the province says of it."""
        with self._unlocked.database.read() as session:
            return read_balance(session, on)

    def totals(self, on: date) -> DayTotals:
        """A date as the province should count it: accepted entries by kind (sorted), and the last entry that it holds.

        `last_seq` 0 and `GENESIS` when it holds none of that date.
        """
        by_kind = (
            select(col(tables.Entry.kind), func.count(), func.sum(col(tables.Entry.fee_fen)))
            .join(tables.Outbox, col(tables.Outbox.seq) == col(tables.Entry.seq))
            .where(tables.Entry.business_date == on, accepted())
            .group_by(col(tables.Entry.kind))
            .order_by(col(tables.Entry.kind))
        )
        last = (
            select(col(tables.Entry.seq), col(tables.Entry.hash))
            .join(tables.Outbox, col(tables.Outbox.seq) == col(tables.Entry.seq))
            .where(tables.Entry.business_date == on, at_the_province())
            .order_by(col(tables.Entry.seq).desc())
            .limit(1)
        )
        with self._unlocked.database.read() as session:
            totals = tuple(DayTotal(kind, count, fees) for kind, count, fees in session.exec(by_kind))
            seq, head = session.exec(last).first() or (0, GENESIS)
        return DayTotals(on, totals, seq, head)

    def keep_receipt(self, on: date, last_seq: int, content: bytes, signature: str) -> None:
        """Keep the province's signed receipt for a date up to this entry; the same again changes nothing."""
        with self._unlocked.database.write() as session:
            if session.get(tables.Receipt, (on, last_seq)) is not None:
                return
            session.add(
                tables.Receipt(
                    business_date=on,
                    last_seq=last_seq,
                    content=content,
                    signature=signature,
                    kept_at=self._unlocked.clock(),
                )
            )
            audit.record(session, self._unlocked, "keep receipt", on.isoformat())

    def with_receipt(self) -> list[date]:
        """The dates of which a receipt is kept, oldest first."""
        kept = col(tables.Receipt.business_date)
        with self._unlocked.database.read() as session:
            return list(session.exec(select(kept).distinct().order_by(kept)))

    def receipt(self, on: date) -> DayReceipt | None:
        """The latest receipt of a date, or None."""
        query = (
            select(tables.Receipt)
            .where(tables.Receipt.business_date == on)
            .order_by(col(tables.Receipt.last_seq).desc())
            .limit(1)
        )
        with self._unlocked.database.read() as session:
            row = session.exec(query).first()
        return DayReceipt(row.business_date, row.last_seq, row.content, row.signature, row.kept_at) if row else None
