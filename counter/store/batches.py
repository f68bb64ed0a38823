"""Batches (批量业务): rosters of a unit, row by row, until the rows become ledger entries.

What a row says is the roster's own (`RowContent.data`); the store keeps it, in its place, and what the province
answered about it. Every change is a transaction of its own.
"""

import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import structs
from sqlalchemy import delete, func, update
from sqlmodel import col, select

from counter.clock import today
from counter.rules.unit import Unit, unit_of
from counter.store import audit, batch_rows, elsewhere, submission, tables
from counter.store.database import chunks
from counter.store.errors import DamagedLedgerError, UnknownBatchError
from counter.store.operators import require
from counter.store.records import (
    Batch,
    BatchRow,
    BatchState,
    Elsewhere,
    Role,
    RowAnswer,
    RowContent,
    RowKey,
    RowState,
    Submission,
    Submitted,
)
from counter.store.unlocked import Unlocked


class Batches:
    """The rosters of this counter. A method on rows raises `SubmittedRowError` where one has become an entry."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def create(self, unit: Unit, rows: Iterable[RowContent] = ()) -> Batch:
        """A new roster with its rows: all of them or, where the program is killed, none. Raises `NotAllowedError`."""
        made = tables.Batch(
            **_texts(unit),
            state=BatchState.OPEN.value,
            operator=self._unlocked.operator.id,
            created_at=self._unlocked.clock(),
        )
        with self._unlocked.database.write() as session:
            require(session, self._unlocked.operator.id, Role.CLERK, Role.SUPERVISOR)
            session.add(made)
            session.flush()
            assert made.id is not None, "SQLite has given it one"
            count = sum(len(batch_rows.add(session, made.id, chunk)) for chunk in chunks(rows))
            audit.record(session, self._unlocked, "create batch", str(made.id))
        return _batch(made, count, 0)

    def list(self) -> builtins.list[Batch]:
        """All rosters, the latest first."""
        with self._unlocked.database.read() as session:
            return [_batch(*row) for row in session.exec(_BATCHES.order_by(col(tables.Batch.id).desc()))]

    def get(self, id: int) -> Batch | None:
        """The roster, or None."""
        with self._unlocked.database.read() as session:
            row = session.exec(_BATCHES.where(tables.Batch.id == id)).first()
            return _batch(*row) if row else None

    def update(self, id: int, unit: Unit) -> None:
        """Another unit, in place of the one before. Raises `UnknownBatchError`."""
        self._set(id, _texts(unit))

    def finish(self, id: int) -> None:
        """The roster is done with: its numbers are no longer looked at for others. Raises `UnknownBatchError`."""
        self._set(id, {"state": BatchState.FINISHED.value})

    def fees(self, id: int) -> int:
        """What a roster's entries have cost together (fen); those that were taken back count nothing."""
        entry, row = tables.Entry, tables.BatchRow
        with self._unlocked.database.read() as session:
            totals = [
                session.exec(
                    select(func.coalesce(func.sum(col(entry.fee_fen)), 0))
                    .join(row, col(row.id) == col(of))
                    .where(row.batch == id)
                ).one()
                for of in (entry.id, entry.reverses)
            ]
        return sum(totals)

    def discard(self, id: int) -> None:
        """Forget a roster of which nothing was submitted, with its rows and the photos that only they named.

        Raises `SubmittedRowError`, and `UnknownBatchError` where there is none.
        """
        with self._unlocked.database.write() as session:
            ids = builtins.list(session.exec(select(col(tables.BatchRow.id)).where(tables.BatchRow.batch == id)))
            batch_rows.remove(session, ids)
            if session.connection().execute(delete(tables.Batch).where(col(tables.Batch.id) == id)).rowcount != 1:
                raise UnknownBatchError("there is no such batch")
            audit.record(session, self._unlocked, "discard batch", str(id))

    def people(self) -> builtins.list[tuple[int, str, str]]:
        """Batch, name and document number (both folded) of everybody in a roster who is no entry yet."""
        row = tables.BatchRow
        query = select(col(row.batch), col(row.name), col(row.document)).where(row.state == RowState.DRAFT.value)
        with self._unlocked.database.read() as session:
            return [(batch, name, document) for batch, name, document in session.exec(query)]

    # --- rows ------------------------------------------------------------------------------------------------

    def keys(self, batch: int) -> builtins.list[RowKey]:
        """All rows in their order, light."""
        with self._unlocked.database.read() as session:
            return batch_rows.keys(session, batch)

    def rows(self, batch: int) -> Iterator[BatchRow]:
        """All rows in their order, read piece by piece: no transaction is held between two of them."""
        return (batch_rows.whole(*row) for row in batch_rows.walk(self._unlocked.database, batch, batch_rows.WHOLE))

    def contents(self, batch: int) -> Iterator[tuple[str, bytes]]:
        """The id and the `data` of all rows in their order: for what has to be known of all of them."""
        return batch_rows.walk(self._unlocked.database, batch, batch_rows.CONTENT)

    def rows_of(self, ids: Sequence[str]) -> builtins.list[BatchRow]:
        """These rows in the order asked for; those that are gone are left out."""
        with self._unlocked.database.read() as session:
            return batch_rows.rows_of(session, ids)

    def insert(
        self, batch: int, rows: Sequence[RowContent], before: str | None = None, ids: Sequence[str] = ()
    ) -> builtins.list[str]:
        """Put rows before this one, or at the end; their ids. `ids` brings deleted rows back under their own."""
        with self._unlocked.database.write() as session:
            if session.get(tables.Batch, batch) is None:
                raise UnknownBatchError("there is no such batch")
            return batch_rows.add(session, batch, rows, before, ids)

    def change(self, changes: Mapping[str, RowContent]) -> dict[str, int]:
        """Other content for rows by id; their new versions. Answers about another number or name are forgotten.

        Raises `UnknownBatchError` where a row is gone: then nothing has changed.
        """
        with self._unlocked.database.write() as session:
            rows = batch_rows.drafts(session, changes)
            photos = {row.photo for row in rows}
            for row in rows:
                batch_rows.change(row, changes[row.id])
            session.flush()
            batch_rows.release_all(session, photos)
            return {row.id: row.version for row in rows}

    def delete(self, ids: Sequence[str]) -> None:
        """Delete rows, and the photos that only they named; one that is gone is deleted already."""
        with self._unlocked.database.write() as session:
            batch_rows.remove(session, ids)

    def answer(self, answers: Iterable[RowAnswer]) -> dict[str, int]:
        """Keep what the province said, for rows that still name whom it was asked about; their new versions."""
        with self._unlocked.database.write() as session:
            return batch_rows.answer(session, answers)

    def numbers_elsewhere(self, batch: int) -> dict[str, tuple[Elsewhere, ...]]:
        """The rows of which the number also stands in another open roster or in today's ledger, by id.

        See `counter.store.elsewhere.numbers_elsewhere`.
        """
        with self._unlocked.database.read() as session:
            return elsewhere.numbers_elsewhere(session, batch, today(self._unlocked.clock))

    def submit(
        self,
        batch: int,
        submissions: Iterable[Submission],
        limit: int = 500,
        progress: Callable[[int], None] = lambda _recorded: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Submitted:
        """Turn rows into ledger entries, see `counter.store.submission.submit`."""
        return submission.submit(self._unlocked, batch, chunks(submissions, limit), progress, cancelled)

    def _set(self, id: int, values: dict[str, Any]) -> None:
        with self._unlocked.database.write() as session:
            done = session.connection().execute(update(tables.Batch).where(col(tables.Batch.id) == id).values(**values))
            if done.rowcount != 1:
                raise UnknownBatchError("there is no such batch")


_OF_THE_BATCH: Final = select(func.count()).where(col(tables.BatchRow.batch) == col(tables.Batch.id))
_BATCHES: Final = select(
    tables.Batch,
    _OF_THE_BATCH.scalar_subquery(),
    _OF_THE_BATCH.where(col(tables.BatchRow.state) == RowState.SUBMITTED.value).scalar_subquery(),
)


def _texts(unit: Unit) -> dict[str, Any]:
    """A unit as its table keeps it."""
    return {name: str(value) for name, value in structs.asdict(unit).items()}


def _batch(row: tables.Batch, rows: int, submitted: int) -> Batch:
    try:
        unit = unit_of({name: getattr(row, name) for name in Unit.__struct_fields__})
    except msgspec.ValidationError as error:
        raise DamagedLedgerError("a unit is not as it was kept") from error
    assert row.id is not None, "a row that has been written has its number"
    return Batch(row.id, unit, BatchState(row.state), row.operator, row.created_at, rows, submitted)
