"""Submitting a roster (提交): rows become ledger entries in transactions of bounded size.

A row's id is its entry's, and the row is marked in the transaction that records it: killed and begun again, it goes on
where it stood, and records nothing twice.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec
from sqlalchemy import text
from sqlmodel import Session, col, select

from counter.store import audit, tables
from counter.store.errors import FinishedBatchError
from counter.store.operators import require
from counter.store.posting import Posting, Sealed, post, seal
from counter.store.records import BatchState, Role, RowState, Submission, Submitted
from counter.store.unlocked import Unlocked

_MARK: Final = text(
    "UPDATE batch_row SET state = 'submitted' FROM (SELECT value ->> 0 AS id, value ->> 1 AS version FROM"
    " json_each(:asked)) AS asked WHERE batch_row.id = asked.id AND batch_row.version = asked.version"
    " AND +batch_row.batch = :batch AND batch_row.state = 'draft' RETURNING batch_row.id"
)
"""Found by id: the plus keeps SQLite from walking through the whole batch instead."""


def submit(
    unlocked: Unlocked,
    batch: int,
    chunks: Iterable[Sequence[Submission]],
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> Submitted:
    """Record each chunk in a transaction; `progress` hears how many entries there are so far.

    Cancelled, it stops before the next transaction. A row that has changed since it was judged, or is gone, is left
    out and named in the answer; one that was submitted before is passed over. Raises `NotAllowedError`,
    `FinishedBatchError`, `SecondPersonError` and `MissingPhotoError`: what was recorded until then stands.
    """
    recorded = 0
    changed: list[str] = []
    for chunk in chunks:
        if cancelled():
            break
        maker = unlocked.operator.id
        sealed = [seal(Posting(one.id, one.record.case.service, one.record, maker)) for one in chunk]
        with unlocked.database.write() as session:
            require(session, maker, Role.CLERK, Role.SUPERVISOR)
            _require_open(session, batch)
            ready, stale = _claimed(session, batch, chunk, sealed)
            if ready:
                post(session, unlocked, ready)
                audit.record(session, unlocked, "submit batch", str(batch))
        recorded += len(ready)
        changed += stale
        progress(recorded)
    return Submitted(recorded, tuple(changed))


def _require_open(session: Session, batch: int) -> None:
    """Of a finished batch nothing is submitted: other rosters are no longer compared with it."""
    known = session.get(tables.Batch, batch)
    if known is not None and known.state == BatchState.FINISHED.value:
        raise FinishedBatchError("a batch that is done with is not submitted any more")


def _claimed(
    session: Session, batch: int, chunk: Sequence[Submission], sealed: Sequence[Sealed]
) -> tuple[list[Sealed], list[str]]:
    """Mark the rows that are as they were judged: what is to be recorded, and the ids of those that are not."""
    asked = msgspec.json.encode([(one.id, one.version) for one in chunk]).decode()
    marked = {id for (id,) in session.connection().execute(_MARK, {"asked": asked, "batch": batch})}
    left = [one.id for one in chunk if one.id not in marked]
    submitted = select(col(tables.BatchRow.id)).where(
        col(tables.BatchRow.id).in_(left), tables.BatchRow.state == RowState.SUBMITTED.value
    )
    before = set(session.exec(submitted)) if left else set()
    ready = {its.posting.id: its for its in sealed if its.posting.id in marked}
    return list(ready.values()), [id for id in left if id not in before]
