"""Where a row stands in its batch: an integer with a gap to the next, so that a row put between moves no other."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from counter.store import tables
from counter.store.errors import UnknownBatchError

GAP: Final = 2**32
_SPREAD: Final = text(
    "UPDATE batch_row SET position = spread.place * :gap FROM"
    " (SELECT id, row_number() OVER (ORDER BY position, id) AS place FROM batch_row WHERE batch = :batch) AS spread"
    " WHERE batch_row.id = spread.id"
)


def positions(session: Session, batch: int, count: int, before: str | None) -> Sequence[int]:
    """Places for so many rows before this one, or at the end. Raises `UnknownBatchError` where that row is not there.

    After some 30 rows put in at one place there is no room left: then the whole batch is spread anew, once.
    """
    if before is None:
        last = _last(session, batch) or 0
        return range(last + GAP, last + GAP * (count + 1), GAP)
    low, high = _around(session, batch, before, count)
    if high - low <= count:
        session.connection().execute(_SPREAD, {"gap": GAP, "batch": batch})
        low, high = _around(session, batch, before, count)
    step = (high - low) // (count + 1)
    return range(low + step, low + step * count + 1, step)


def _around(session: Session, batch: int, before: str, count: int) -> tuple[int, int]:
    """The places between which there is room."""
    here = select(col(tables.BatchRow.position)).where(tables.BatchRow.id == before, tables.BatchRow.batch == batch)
    high = session.exec(here).first()
    if high is None:
        raise UnknownBatchError("there is no such row in this batch")
    low = _last(session, batch, below=high)
    return (high - GAP * (count + 1) if low is None else low), high


def _last(session: Session, batch: int, below: int = 2**62) -> int | None:
    place = col(tables.BatchRow.position)
    return session.exec(select(func.max(place)).where(tables.BatchRow.batch == batch, place < below)).one()
