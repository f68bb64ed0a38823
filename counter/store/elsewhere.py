"""Document numbers of a roster that also stand somewhere else (重复办理): in another open roster, in today's ledger.

In the ledger counts what makes a card: a booking, a query or a loss of the same day stands in no exchange's way.
"""

from datetime import date
from typing import Final

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from counter.rules.service import Effect
from counter.rules.services import SERVICES
from counter.store import tables
from counter.store.records import BatchState, Elsewhere

_MAKE_A_CARD: Final = [
    declared.id for declared in SERVICES.values() if declared.effect in {Effect.FIRST_CARD, Effect.NEW_CARD}
]
_OPEN: Final = select(col(tables.Batch.id)).where(tables.Batch.state == BatchState.OPEN.value)


def numbers_elsewhere(session: Session, batch: int, on: date) -> dict[str, tuple[Elsewhere, ...]]:
    """The rows of this roster of which the document number also stands elsewhere, by id, with the ledger of a date.

    Entries that were taken back, and those that came from the row itself, do not count.
    """
    places: dict[str, list[Elsewhere]] = {}
    own = select(col(tables.BatchRow.document)).where(tables.BatchRow.batch == batch)
    if session.exec(_OPEN.where(tables.Batch.id != batch)).first():
        for document, other, unit in session.exec(_in_other_batches(batch, own)):
            places.setdefault(document, []).append(Elsewhere(batch=other or 0, unit=unit))
    if session.exec(select(col(tables.Entry.seq)).where(tables.Entry.business_date == on)).first():
        for document, seq, id in session.exec(_in_ledger(on, own)):
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
    """Which of these numbers stand in which entries of a date that make a card and were not taken back."""
    entry, back = tables.Entry, aliased(tables.Entry)
    query = select(col(tables.Finder.document), col(entry.seq), col(entry.id)).join(
        entry, col(entry.seq) == col(tables.Finder.seq)
    )
    stands = col(entry.reverses).is_(None) & ~exists().where(col(back.reverses) == col(entry.id))
    named = (col(tables.Finder.document) != "") & col(tables.Finder.document).in_(documents)
    makes_a_card = col(entry.kind).in_(_MAKE_A_CARD)
    return query.where(entry.business_date == on, makes_a_card, stands, named)
