"""What lies at the branch (网点存卡), PIC-7: the cards of the parcels that were signed for and that nobody has fetched.

The ledger says it: a card lies here while the entry that signed for it stands and none that hands it out does. So each
is written in the transaction of its entry, and a reversal (冲正) needs nothing done here.
"""

import builtins
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, or_, update
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, select

from counter.rules import parcel as values
from counter.rules.counting import count
from counter.rules.facts import old_card
from counter.rules.record import CaseRecord
from counter.rules.service import Effect
from counter.rules.services import SERVICES
from counter.store import audit, tables
from counter.store.database import chunks, insert_rows
from counter.store.operators import require
from counter.store.outbox import accepted
from counter.store.records import LyingCard, Role, SendState, UnaskedParcel
from counter.store.unlocked import Unlocked

_REFUSED: Final = (SendState.REJECTED.value, SendState.CONFLICT.value)
_COLUMNS: Final = ("entry", "number", "name", "document", "mobile", "branch")


class Parcels:
    """The cards that lie at this counter's branch, as far as this counter has signed for them."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def lying(self) -> builtins.list[LyingCard]:
        """All of them, the one that has lain longest first."""
        with self._unlocked.database.read() as session:
            return _lying(session)

    def signed(self) -> builtins.list[tuple[str, str]]:
        """Number and entry of every parcel that was signed for, the latest last."""
        query = (
            select(col(tables.Parcel.number), col(tables.Parcel.entry))
            .join(tables.Entry, col(tables.Entry.id) == col(tables.Parcel.entry))
            .order_by(col(tables.Entry.seq))
        )
        with self._unlocked.database.read() as session:
            return [(number, entry) for number, entry in session.exec(query)]

    def find(self, numbers: Iterable[str]) -> builtins.list[LyingCard]:
        """Those with one of these card numbers, or for the holder of one of these documents."""
        found: builtins.list[LyingCard] = []
        with self._unlocked.database.read() as session:
            for chunk in chunks(number for number in numbers if number):
                found += _lying(session, _named(chunk))
        return found

    def tell(self, numbers: Iterable[str]) -> int:
        """The holders of these cards were told that they lie here, now and by who has signed in; how many that are."""
        by, at = self._unlocked.operator.id, self._unlocked.clock()
        with self._unlocked.database.write() as session:
            require(session, by, Role.CLERK, Role.SUPERVISOR)
            found = [card for chunk in chunks(numbers) for card in _lying(session, _named(chunk))]
            for card in found:
                session.connection().execute(update(tables.ParcelCard).where(_is(card)).values(told_at=at, told_by=by))
                audit.record(session, self._unlocked, "tell holder", card.entry)
        return len(found)

    def unasked(self) -> builtins.list[UnaskedParcel]:
        """What was signed for while the province did not answer, once the province has its entry."""
        parcel, card = tables.Parcel, tables.ParcelCard
        query = (
            select(col(parcel.entry), col(parcel.number), col(card.number))
            .join(card, col(card.entry) == col(parcel.entry))
            .join(tables.Entry, col(tables.Entry.id) == col(parcel.entry))
            .join(tables.Outbox, col(tables.Outbox.seq) == col(tables.Entry.seq))
            .where(~col(parcel.asked), accepted())
            .order_by(col(tables.Entry.seq))
        )
        cards: dict[tuple[str, str], builtins.list[str]] = {}
        with self._unlocked.database.read() as session:
            for entry, number, of_card in session.exec(query):
                cards.setdefault((entry, number), []).append(of_card)
        return [UnaskedParcel(*key, tuple(numbers)) for key, numbers in cards.items()]

    def settle(self, entry: str, known: Iterable[values.ParcelCard]) -> None:
        """What the province said afterwards of the cards of this entry; one of which it says nothing lies nowhere."""
        told = {card.number: card for card in known}
        with self._unlocked.database.write() as session:
            rows = session.exec(select(tables.ParcelCard).where(tables.ParcelCard.entry == entry))
            for row in rows:
                card = told.get(row.number, values.ParcelCard(branch=UNKNOWN))
                row.name, row.document, row.mobile, row.branch = card.name, card.document, card.mobile, card.branch
            answered = update(tables.Parcel).where(col(tables.Parcel.entry) == entry)
            session.connection().execute(answered.values(asked=True))


UNKNOWN: Final = "?"
"""Whose a card is of which the province knows nothing: no branch is called so."""


def follow(session: Session, entry: str, kind: str, record: CaseRecord) -> None:
    """What a new entry does to the cards that lie here: it signs for some, or hands one out."""
    declared = SERVICES.get(kind)
    if declared is None:
        return
    if declared.effect is Effect.SIGNING and record.case.parcel is not None:
        _sign(session, entry, record.case.parcel)
    elif declared.effect is Effect.HAND_OVER:
        wanted = old_card(record.case).number or record.case.holder.document.number
        for card in _lying(session, _named([wanted])):
            session.connection().execute(update(tables.ParcelCard).where(_is(card)).values(collected=entry))


def _sign(session: Session, entry: str, parcel: values.Parcel) -> None:
    told = {card.number: card for card in parcel.known or ()}
    cards = [told.get(number, values.ParcelCard(number=number)) for number in count(parcel).right]
    asked = [(entry, parcel.number, parcel.known is not None)]
    insert_rows(session, tables.Parcel, ("entry", "number", "asked"), asked)
    rows = [(entry, each.number, each.name, each.document, each.mobile, "") for each in cards]
    insert_rows(session, tables.ParcelCard, _COLUMNS, rows)


def _lying(session: Session, which: ColumnElement[bool] | None = None) -> list[LyingCard]:
    card, entry = tables.ParcelCard, tables.Entry
    query = (
        select(card, col(tables.Parcel.number), col(entry.business_date))
        .join(tables.Parcel, col(tables.Parcel.entry) == col(card.entry))
        .join(entry, col(entry.id) == col(card.entry))
        .where(col(card.branch) == "", _stands(col(card.entry)))
        .where(or_(col(card.collected).is_(None), ~_stands(col(card.collected))))
        .order_by(col(entry.seq), col(card.number))
    )
    found = session.exec(query if which is None else query.where(which))
    return [_card(*row) for row in found]


def _stands(id: Mapped[Any]) -> ColumnElement[bool]:
    """An entry that the province has not refused, and that nothing has taken back."""
    back, refused, entry = aliased(tables.Entry), aliased(tables.Outbox), aliased(tables.Entry)
    taken_back = exists().where(col(back.reverses) == id)
    sent_back = exists().where(
        and_(col(entry.id) == id, col(refused.seq) == col(entry.seq), col(refused.state).in_(_REFUSED))
    )
    return ~taken_back & ~sent_back


def _named(numbers: list[str]) -> ColumnElement[bool]:
    return col(tables.ParcelCard.number).in_(numbers) | col(tables.ParcelCard.document).in_(numbers)


def _is(card: LyingCard) -> ColumnElement[bool]:
    return and_(col(tables.ParcelCard.entry) == card.entry, col(tables.ParcelCard.number) == card.number)


def _card(row: tables.ParcelCard, parcel: str, since: date) -> LyingCard:
    return LyingCard(
        number=row.number,
        entry=row.entry,
        parcel=parcel,
        since=since,
        name=row.name,
        document=row.document,
        mobile=row.mobile,
        told_at=row.told_at,
        told_by=row.told_by,
    )
