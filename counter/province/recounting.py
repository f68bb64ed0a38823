"""A recount (日终对账) as it is asked for, and its receipt as it is believed."""

from collections.abc import Iterable

import msgspec

from counter.province.wire import DayClose, KindTotal, Receipt
from counter.store.records import DayTotals
from counter.store.store import Store


def day_close(ours: DayTotals, audit: tuple[int, str]) -> DayClose:
    """What this counter counts, to be recounted; `audit` is the last note's number and hash."""
    audit_seq, audit_head = audit
    return DayClose(
        business_date=ours.business_date,
        totals=_kind_totals(ours),
        last_seq=ours.last_seq,
        head=ours.head,
        audit_seq=audit_seq,
        audit_head=audit_head,
    )


def says(content: bytes, ours: DayTotals, store: Store) -> bool:
    """Is this the receipt of this counter for this count? What it says of the audit may be of an earlier close."""
    try:
        receipt = msgspec.json.decode(content, type=Receipt)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return (receipt.branch, receipt.counter, receipt.business_date, receipt.last_seq, receipt.head) == (
        store.place.branch,
        store.place.counter,
        ours.business_date,
        ours.last_seq,
        ours.head,
    ) and (
        _by_kind(receipt.totals) == _by_kind(_kind_totals(ours))
        and store.audit.hash_of(receipt.audit_seq) == receipt.audit_head
    )


def _kind_totals(ours: DayTotals) -> tuple[KindTotal, ...]:
    return tuple(KindTotal(kind=total.kind, count=total.count, fee_fen=total.fee_fen) for total in ours.totals)


def _by_kind(totals: Iterable[KindTotal]) -> list[KindTotal]:
    return sorted(totals, key=lambda total: total.kind)
