"""The rows of a roster, in a transaction of the caller's: read, put in their places, changed, deleted, answered.

A row that has become an entry is never touched: `SubmittedRowError`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
import uuid_utils
from sqlalchemy import delete
from sqlmodel import Session, col, select

from counter.rules.case import Booking, IdentityCheck, OneCard
from counter.store import tables
from counter.store.database import CHUNK, Database, chunks, insert_rows
from counter.store.errors import DamagedLedgerError, SubmittedRowError, UnknownBatchError
from counter.store.listing import folded
from counter.store.photos import release
from counter.store.positions import positions
from counter.store.records import BatchRow, RowAnswer, RowContent, RowKey, RowState

KEY: Final = ("id", "version", "state", "document", "name")
WHOLE: Final = (*KEY, "data", "photo", "identity", "one_card", "booking")
CONTENT: Final = ("id", "data")
"""What is read of a row: for a list of all, to show it, for what has to be known of all."""

_DRAFT: Final = RowState.DRAFT.value
_STATES: Final = {state.value: state for state in RowState}
_WRITTEN: Final = ("id", "batch", "position", "version", "state", "data", "document", "name", "photo")


# --- read --------------------------------------------------------------------------------------------------------


def walk(database: Database, batch: int, columns: Sequence[str]) -> Iterator[Any]:
    """These columns of all rows in their order, piece by piece: no transaction is held between two of them."""
    query = (
        f"SELECT position, id, {', '.join(columns)} FROM batch_row"  # noqa: S608 - names of our own
        " WHERE batch = ? AND (position, id) > (?, ?) ORDER BY position, id LIMIT ?"
    )
    after: tuple[object, ...] | None = (-(2**63), "")
    while after:
        with database.read() as session:
            found = session.connection().exec_driver_sql(query, (batch, *after, CHUNK)).fetchall()
        yield from (row[2:] for row in found)
        after = tuple(found[-1][:2]) if len(found) == CHUNK else None


def keys(session: Session, batch: int) -> list[RowKey]:
    """All rows in their order, light."""
    query = select(*_columns(KEY)).where(tables.BatchRow.batch == batch)
    in_order = query.order_by(col(tables.BatchRow.position), col(tables.BatchRow.id))
    found: Iterable[Any] = session.connection().execute(in_order)
    return [_key(*row) for row in found]


def rows_of(session: Session, ids: Sequence[str]) -> list[BatchRow]:
    """These rows in the order asked for; those that are gone are left out."""
    found: dict[str, BatchRow] = {}
    for chunk in chunks(ids):
        rows: Iterable[Any] = session.connection().execute(
            select(*_columns(WHOLE)).where(col(tables.BatchRow.id).in_(chunk))
        )
        found.update((row[0], whole(*row)) for row in rows)
    return [found[id] for id in ids if id in found]


def whole(*columns: Any) -> BatchRow:
    """A row of its `WHOLE` columns. Raises `DamagedLedgerError` for an answer that is none."""
    *key, data, photo, identity, one_card, booking = columns
    try:
        return BatchRow(
            key=_key(*key),
            data=data,
            photo=photo,
            identity=msgspec.json.decode(identity, type=IdentityCheck) if identity else None,
            one_card=msgspec.json.decode(one_card, type=OneCard) if one_card else None,
            booking=msgspec.json.decode(booking, type=Booking) if booking else None,
        )
    except msgspec.MsgspecError as error:
        raise DamagedLedgerError("an answer is not as it was kept") from error


def _columns(names: Sequence[str]) -> list[Any]:
    return [col(getattr(tables.BatchRow, name)) for name in names]


def _key(id: str, version: int, state: str, document: str, name: str) -> RowKey:
    return RowKey(id, version, _STATES[state], document, name)


# --- written -----------------------------------------------------------------------------------------------------


def add(
    session: Session, batch: int, rows: Sequence[RowContent], before: str | None = None, ids: Sequence[str] = ()
) -> list[str]:
    """Insert rows before this one, or at the end; their ids."""
    named = list(ids) or [str(uuid_utils.uuid7()) for _ in rows]
    values = [
        (id, batch, place, 1, _DRAFT, content.data, folded(content.document), folded(content.name), content.photo)
        for id, place, content in zip(named, positions(session, batch, len(rows), before), rows, strict=True)
    ]
    insert_rows(session, tables.BatchRow, _WRITTEN, values)
    return named


def change(row: tables.BatchRow, content: RowContent) -> None:
    """Other content; answers about somebody else are forgotten."""
    document, name = folded(content.document), folded(content.name)
    if (document, name) != (row.document, row.name):
        row.identity = row.one_card = row.booking = None
    row.data, row.document, row.name, row.photo = content.data, document, name, content.photo
    row.version += 1


def drafts(session: Session, ids: Iterable[str]) -> list[tables.BatchRow]:
    """These rows, of which none is missing. Raises `UnknownBatchError`, `SubmittedRowError`."""
    wanted = list(ids)
    found = _present_drafts(session, wanted)
    if len(found) != len(wanted):
        raise UnknownBatchError("there is no such row")
    return found


def remove(session: Session, ids: Iterable[str]) -> None:
    """Delete rows, and the photos that only they named; one that is gone is deleted already."""
    gone = _present_drafts(session, ids)
    for chunk in chunks(row.id for row in gone):
        session.connection().execute(delete(tables.BatchRow).where(col(tables.BatchRow.id).in_(chunk)))
    release_all(session, (row.photo for row in gone))


def release_all(session: Session, photos: Iterable[str]) -> None:
    """Let go of photos that no row names any more."""
    for photo in set(photos) - {""}:
        release(session, photo)


def answer(session: Session, answers: Iterable[RowAnswer]) -> dict[str, int]:
    """Keep what the province said, for rows that still name whom it was asked about; their new versions."""
    kept: dict[str, int] = {}
    for chunk in chunks(answers):
        by_id = {answer.id: answer for answer in chunk}
        for row in session.exec(select(tables.BatchRow).where(col(tables.BatchRow.id).in_(by_id))):
            given = by_id[row.id]
            if (row.document, row.name, row.state) == (folded(given.document), folded(given.name), _DRAFT):
                row.identity = _encoded(given.identity) or row.identity
                row.one_card = _encoded(given.one_card) or row.one_card
                row.booking = _encoded(given.booking) or row.booking
                row.version += 1
                kept[row.id] = row.version
    return kept


def _present_drafts(session: Session, ids: Iterable[str]) -> list[tables.BatchRow]:
    """Those of these rows that are there. Raises `SubmittedRowError` for one that has become an entry."""
    found: list[tables.BatchRow] = []
    for chunk in chunks(ids):
        found += session.exec(select(tables.BatchRow).where(col(tables.BatchRow.id).in_(chunk)))
    if any(row.state != _DRAFT for row in found):
        raise SubmittedRowError("a row that has become an entry is not changed any more")
    return found


def _encoded(answer: IdentityCheck | OneCard | Booking | None) -> bytes | None:
    return None if answer is None else msgspec.json.encode(answer)
