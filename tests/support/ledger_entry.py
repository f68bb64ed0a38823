"""A case as the ledger holds it, for what is printed of one."""

from datetime import UTC, date, datetime

from counter.rules.case import Case
from counter.rules.record import CaseRecord
from counter.store.records import LedgerEntry, SendState


def entry_of(case: Case, record: CaseRecord | None, *, id: str = "") -> LedgerEntry:
    """The seventh entry, of one morning; of an erased one there is no record."""
    return LedgerEntry(
        seq=7,
        id=id,
        business_date=date(2026, 11, 20),
        recorded_at=datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
        kind=case.service,
        fee_fen=2000,
        maker="zhang",
        checker=None,
        reverses=None,
        body_digest="",
        previous="",
        hash="",
        algorithm="sm3",
        record=record,
        state=SendState.PENDING,
    )
