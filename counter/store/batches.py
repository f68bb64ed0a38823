"""Batches (批量业务): rosters of a unit, row by row, until the rows become ledger entries.

What a row says is the roster's own (`RowContent.data`); the store keeps it, in its place, and what the province
answered about it. Every change is a transaction of its own.
"""

import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from itertools import islice
from typing import Any, Final, TypeVar

import msgspec
import uuid_utils
from sqlalchemy import delete, exists, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from counter.clock import business_date
from counter.rules.case import IdentityCheck, OneCard
from counter.store import audit, submission, tables
from counter.store.database import insert_rows
from counter.store.errors import DamagedLedgerError, SubmittedRowError, UnknownBatchError
from counter.store.listing import folded
from counter.store.operators import require
from counter.store.photos import release
from counter.store.positions import positions
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
    Unit,
)
from counter.store.unlocked import Unlocked

CHUNK: Final = 1000
"""Rows in one statement."""

_DRAFT: Final = RowState.DRAFT.value
_STATES: Final = {state.value: state for state in RowState}
_KEY: Final = tuple(
    col(column)
    for column in (
        tables.BatchRow.id,
        tables.BatchRow.version,
        tables.BatchRow.state,
        tables.BatchRow.document,
        tables.BatchRow.name,
    )
)
_WHOLE: Final = (
    *_KEY,
    *(
        col(column)
        for column in (
            tables.BatchRow.data,
            tables.BatchRow.photo,
            tables.BatchRow.identity,
            tables.BatchRow.one_card,
        )
    ),
)
_COLUMNS: Final = ("id", "batch", "position", "version", "state", "data", "document", "name", "photo")
T = TypeVar("T")


class Batches:
    """The rosters of this counter. A method on rows raises `SubmittedRowError` where one has become an entry."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def create(self, unit: Unit, rows: Iterable[RowContent] = ()) -> Batch:
        """A new roster with its rows: all of them or, where the program is killed, none. Raises `NotAllowedError`."""
        made = tables.Batch(
            **asdict(unit),
            state=BatchState.OPEN.value,
            operator=self._unlocked.operator.id,
            created_at=self._unlocked.clock(),
        )
        with self._unlocked.database.write() as session:
            require(session, self._unlocked.operator.id, Role.CLERK, Role.SUPERVISOR)
            session.add(made)
            session.flush()
            assert made.id is not None, "SQLite has given it one"
            count = sum(len(_add(session, made.id, chunk, None)) for chunk in _chunks(rows))
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
        self._set(id, asdict(unit))

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
            _delete(session, ids)
            if session.connection().execute(delete(tables.Batch).where(col(tables.Batch.id) == id)).rowcount != 1:
                raise UnknownBatchError("there is no such batch")
            audit.record(session, self._unlocked, "discard batch", str(id))

    # --- rows ------------------------------------------------------------------------------------------------

    def keys(self, batch: int) -> builtins.list[RowKey]:
        """All rows in their order, light."""
        query = select(*_KEY).where(tables.BatchRow.batch == batch).order_by(*_ORDER)
        with self._unlocked.database.read() as session:
            found: Iterable[Any] = session.connection().execute(query)
            return [_key(*row) for row in found]

    def rows(self, batch: int) -> Iterator[BatchRow]:
        """All rows in their order, read piece by piece: no transaction is held between two of them."""
        return (
            _row(*row)
            for row in self._walk(batch, "id, version, state, document, name, data, photo, identity, one_card")
        )

    def contents(self, batch: int) -> Iterator[tuple[str, bytes]]:
        """The id and the `data` of all rows in their order: for what has to be known of all of them."""
        return self._walk(batch, "id, data")

    def _walk(self, batch: int, columns: str) -> Iterator[Any]:
        query = f"SELECT position, id, {columns} {_NEXT}"
        after: tuple[object, ...] | None = (-(2**63), "")
        while after:
            with self._unlocked.database.read() as session:
                found = session.connection().exec_driver_sql(query, (batch, *after, CHUNK)).fetchall()
            yield from (row[2:] for row in found)
            after = tuple(found[-1][:2]) if len(found) == CHUNK else None

    def rows_of(self, ids: Sequence[str]) -> builtins.list[BatchRow]:
        """These rows in the order asked for; those that are gone are left out."""
        found: dict[str, BatchRow] = {}
        with self._unlocked.database.read() as session:
            for chunk in _chunks(ids):
                query = select(*_WHOLE).where(col(tables.BatchRow.id).in_(chunk))
                rows: Iterable[Any] = session.connection().execute(query)
                found.update((row[0], _row(*row)) for row in rows)
        return [found[id] for id in ids if id in found]

    def insert(
        self, batch: int, rows: Sequence[RowContent], before: str | None = None, ids: Sequence[str] = ()
    ) -> builtins.list[str]:
        """Put rows before this one, or at the end; their ids. `ids` brings deleted rows back under their own."""
        with self._unlocked.database.write() as session:
            if session.get(tables.Batch, batch) is None:
                raise UnknownBatchError("there is no such batch")
            return _add(session, batch, rows, before, ids)

    def change(self, changes: Mapping[str, RowContent]) -> dict[str, int]:
        """Other content for rows by id; their new versions. Answers about another number or name are forgotten.

        Raises `UnknownBatchError` where a row is gone: then nothing has changed.
        """
        with self._unlocked.database.write() as session:
            rows = _drafts(session, changes)
            photos = {row.photo for row in rows}
            for row in rows:
                _change(row, changes[row.id])
            session.flush()
            _release(session, photos)
            return {row.id: row.version for row in rows}

    def delete(self, ids: Sequence[str]) -> None:
        """Delete rows, and the photos that only they named; one that is gone is deleted already."""
        with self._unlocked.database.write() as session:
            _delete(session, ids)

    def answer(self, answers: Iterable[RowAnswer]) -> dict[str, int]:
        """Keep what the province said, for rows that still name whom it was asked about; their new versions."""
        kept: dict[str, int] = {}
        with self._unlocked.database.write() as session:
            for chunk in _chunks(answers):
                said = {answer.id: answer for answer in chunk}
                for row in session.exec(select(tables.BatchRow).where(col(tables.BatchRow.id).in_(said))):
                    answer = said[row.id]
                    if (row.document, row.name, row.state) == (folded(answer.document), folded(answer.name), _DRAFT):
                        row.identity = _encoded(answer.identity) or row.identity
                        row.one_card = _encoded(answer.one_card) or row.one_card
                        row.version += 1
                        kept[row.id] = row.version
        return kept

    def numbers_elsewhere(self, batch: int) -> dict[str, tuple[Elsewhere, ...]]:
        """The rows of which the document number also stands in another open roster or in today's ledger, by id.

        Entries that were taken back, and those that came from the row itself, do not count.
        """
        places: dict[str, builtins.list[Elsewhere]] = {}
        own = select(col(tables.BatchRow.document)).where(tables.BatchRow.batch == batch)
        today = business_date(self._unlocked.clock())
        with self._unlocked.database.read() as session:
            if session.exec(_OTHERS.where(tables.Batch.id != batch)).first():
                for document, other, unit in session.exec(_in_other_batches(batch, own)):
                    places.setdefault(document, []).append(Elsewhere(batch=other or 0, unit=unit))
            if session.exec(select(col(tables.Entry.seq)).where(tables.Entry.business_date == today)).first():
                for document, seq, id in session.exec(_in_ledger(today, own)):
                    places.setdefault(document, []).append(Elsewhere(seq=seq, entry=id))
            if not places:
                return {}
            rows = select(col(tables.BatchRow.id), col(tables.BatchRow.document)).where(tables.BatchRow.batch == batch)
            found = [
                (id, tuple(place for place in places[document] if place.entry != id))
                for id, document in session.exec(rows)
                if document in places
            ]
        return {id: elsewhere for id, elsewhere in found if elsewhere}

    def submit(
        self,
        batch: int,
        submissions: Iterable[Submission],
        limit: int = 500,
        progress: Callable[[int], None] = lambda _recorded: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Submitted:
        """Turn rows into ledger entries, see `counter.store.submission.submit`."""
        return submission.submit(self._unlocked, batch, _chunks(submissions, limit), progress, cancelled)

    def _set(self, id: int, values: dict[str, Any]) -> None:
        with self._unlocked.database.write() as session:
            done = session.connection().execute(update(tables.Batch).where(col(tables.Batch.id) == id).values(**values))
            if done.rowcount != 1:
                raise UnknownBatchError("there is no such batch")


_NEXT: Final = "FROM batch_row WHERE batch = ? AND (position, id) > (?, ?) ORDER BY position, id LIMIT ?"
_ORDER: Final = (col(tables.BatchRow.position), col(tables.BatchRow.id))
_OTHERS: Final = select(col(tables.Batch.id)).where(tables.Batch.state == BatchState.OPEN.value)
_OF_THE_BATCH: Final = select(func.count()).where(col(tables.BatchRow.batch) == col(tables.Batch.id))
_BATCHES: Final = select(
    tables.Batch,
    _OF_THE_BATCH.scalar_subquery(),
    _OF_THE_BATCH.where(col(tables.BatchRow.state) == RowState.SUBMITTED.value).scalar_subquery(),
)


def _in_other_batches(batch: int, documents: SelectOfScalar[str]) -> Select[str, int | None, str]:
    """Which of these numbers stand in which other open rosters."""
    row = tables.BatchRow
    query = select(col(row.document), col(tables.Batch.id), col(tables.Batch.name)).join(
        tables.Batch, col(tables.Batch.id) == col(row.batch)
    )
    is_open = tables.Batch.state == BatchState.OPEN.value
    named = (col(row.document) != "") & col(row.document).in_(documents)
    return query.where(row.batch != batch, is_open, named).distinct()


def _in_ledger(on: date, documents: SelectOfScalar[str]) -> Select[str, int, str]:
    """Which of these numbers stand in which entries of a date that were not taken back."""
    entry, back = tables.Entry, aliased(tables.Entry)
    query = select(col(tables.Finder.document), col(entry.seq), col(entry.id)).join(
        entry, col(entry.seq) == col(tables.Finder.seq)
    )
    stands = col(entry.reverses).is_(None) & ~exists().where(col(back.reverses) == col(entry.id))
    named = (col(tables.Finder.document) != "") & col(tables.Finder.document).in_(documents)
    return query.where(entry.business_date == on, stands, named)


def _chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of this size, the last one shorter."""
    waiting = iter(items)
    return iter(lambda: list(islice(waiting, size)), [])


def _add(
    session: Session, batch: int, rows: Sequence[RowContent], before: str | None, ids: Sequence[str] = ()
) -> list[str]:
    """Insert rows in their places; their ids."""
    named = list(ids) or [_new_id() for _ in rows]
    values = [
        (id, batch, place, 1, _DRAFT, content.data, folded(content.document), folded(content.name), content.photo)
        for id, place, content in zip(named, positions(session, batch, len(rows), before), rows, strict=True)
    ]
    insert_rows(session, tables.BatchRow, _COLUMNS, values)
    return named


def _change(row: tables.BatchRow, content: RowContent) -> None:
    """Other content; answers about somebody else are forgotten."""
    document, name = folded(content.document), folded(content.name)
    if (document, name) != (row.document, row.name):
        row.identity = row.one_card = None
    row.data, row.document, row.name, row.photo = content.data, document, name, content.photo
    row.version += 1


def _drafts(session: Session, ids: Iterable[str]) -> list[tables.BatchRow]:
    """These rows, of which none is missing. Raises `UnknownBatchError`, `SubmittedRowError`."""
    wanted = list(ids)
    found = _present_drafts(session, wanted)
    if len(found) != len(wanted):
        raise UnknownBatchError("there is no such row")
    return found


def _present_drafts(session: Session, ids: Iterable[str]) -> list[tables.BatchRow]:
    """Those of these rows that are there. Raises `SubmittedRowError` for one that has become an entry."""
    found: list[tables.BatchRow] = []
    for chunk in _chunks(ids):
        found += session.exec(select(tables.BatchRow).where(col(tables.BatchRow.id).in_(chunk)))
    if any(row.state != _DRAFT for row in found):
        raise SubmittedRowError("a row that has become an entry is not changed any more")
    return found


def _delete(session: Session, ids: Iterable[str]) -> None:
    gone = _present_drafts(session, ids)
    for chunk in _chunks(row.id for row in gone):
        session.connection().execute(delete(tables.BatchRow).where(col(tables.BatchRow.id).in_(chunk)))
    _release(session, (row.photo for row in gone))


def _release(session: Session, photos: Iterable[str]) -> None:
    for photo in set(photos) - {""}:
        release(session, photo)


def _encoded(answer: IdentityCheck | OneCard | None) -> bytes | None:
    return None if answer is None else msgspec.json.encode(answer)


def _batch(row: tables.Batch, rows: int, submitted: int) -> Batch:
    unit = Unit(**{field.name: getattr(row, field.name) for field in fields(Unit)})
    assert row.id is not None, "a row that has been written has its number"
    return Batch(row.id, unit, BatchState(row.state), row.operator, row.created_at, rows, submitted)


def _key(id: str, version: int, state: str, document: str, name: str) -> RowKey:
    return RowKey(id, version, _STATES[state], document, name)


def _row(*columns: Any) -> BatchRow:
    *key, data, photo, identity, one_card = columns
    try:
        return BatchRow(
            key=_key(*key),
            data=data,
            photo=photo,
            identity=msgspec.json.decode(identity, type=IdentityCheck) if identity else None,
            one_card=msgspec.json.decode(one_card, type=OneCard) if one_card else None,
        )
    except msgspec.MsgspecError as error:
        raise DamagedLedgerError("an answer is not as it was kept") from error


def _new_id() -> str:
    return str(uuid_utils.uuid7())
