"""What has become of an entry (一笔业务的经过), as far as this counter knows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from counter.rules.case import PickupMethod
from counter.rules.service import MAKES_A_CARD, Effect
from counter.rules.services import SERVICES
from counter.store import clearing, listing, tables
from counter.store.records import LedgerEntry, ProvinceEvent, SendState
from counter.store.unlocked import Unlocked

_HAND_OVERS: Final = tuple(id for id, service in SERVICES.items() if service.effect is Effect.HAND_OVER)


@dataclass(frozen=True, slots=True)
class LifeStage:
    """Something that has happened, with `at` None at a time that nobody wrote down: ``ledger.life.<name>``.

    `by` is who did it (an operator's id), `seq` the entry that says so, 0 for none; `event` is what the province said.
    """

    name: str
    at: datetime | None = None
    seq: int = 0
    by: str = ""
    event: ProvinceEvent | None = None


class Lives:
    """The way of each entry. Nothing is written: the ledger, the parcels and the province's events say it."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def of(self, seq: int) -> list[LifeStage]:
        """The stages of an entry's life, in the order in which they come; none where there is no such entry."""
        with self._unlocked.database.read() as session:
            entry = listing.one(session, col(tables.Entry.seq) == seq)
            if entry is None:
                return []
            events = _events(session, entry)
            said = any(stage.event is not None and stage.event.kind == entry.state.value for stage in events)
            return [
                LifeStage("recorded", entry.recorded_at, entry.seq, entry.maker),
                *([] if said else [LifeStage(entry.state.value)]),
                *sorted(
                    (*_card(session, entry), *events, *_reconciled(session, entry), *_ended(session, entry)),
                    key=lambda stage: stage.at or entry.recorded_at,
                ),
            ]


def _reconciled(session: Session, entry: LedgerEntry) -> list[LifeStage]:
    """The signed recount of the day, once it covers the entry."""
    if entry.state not in (SendState.CREATED, SendState.EXISTS):
        return []
    receipt = tables.Receipt
    covering = session.exec(
        select(receipt)
        .where(receipt.business_date == entry.business_date, receipt.last_seq >= entry.seq)
        .order_by(col(receipt.last_seq))
        .limit(1)
    ).first()
    return [LifeStage("reconciled", covering.kept_at)] if covering is not None else []


def _events(session: Session, entry: LedgerEntry) -> list[LifeStage]:
    query = select(tables.Event).where(tables.Event.entry == entry.id).order_by(col(tables.Event.cursor))
    told = (ProvinceEvent(row.cursor, row.kind, row.at, row.entry, row.code, row.detail) for row in session.exec(query))
    return [LifeStage("event", event.at, event=event) for event in told]


def _card(session: Session, entry: LedgerEntry) -> list[LifeStage]:
    """The card that was made, the first after the entry: signed for at this branch, its holder told, handed out."""
    case = entry.record.case if entry.record else None
    if case is None or entry.kind not in SERVICES or SERVICES[entry.kind].effect not in MAKES_A_CARD:
        return []
    if case.pickup.method is PickupMethod.INSTANT:
        return [LifeStage("handed_out", entry.recorded_at)]
    if not (document := case.holder.document.number):
        return []
    signed, stages = tables.Entry, list[LifeStage]()
    arrived = session.exec(
        select(tables.ParcelCard, signed)
        .join(signed, col(signed.id) == col(tables.ParcelCard.entry))
        .where(tables.ParcelCard.document == document, signed.seq > entry.seq)
        .order_by(col(signed.seq))
        .limit(1)
    ).first()
    if arrived is not None:
        card, by = arrived
        stages.append(LifeStage("at_branch", by.recorded_at, by.seq))
        stages += [LifeStage("told", card.told_at, by=card.told_by or "")] if card.told_at else []
    finder, own = tables.Finder, select(col(tables.Finder.document)).where(col(tables.Finder.seq) == entry.seq)
    handed = session.exec(
        select(signed)
        .join(finder, col(finder.seq) == col(signed.seq))
        .where(signed.seq > entry.seq, col(signed.kind).in_(_HAND_OVERS), col(finder.document).in_(own))
        .where(col(signed.id).not_in(select(col(tables.Entry.reverses)).where(col(tables.Entry.reverses).is_not(None))))
        .order_by(col(signed.seq))
        .limit(1)
    ).first()
    if handed is not None:
        stages.append(LifeStage("collected", handed.recorded_at, handed.seq))
    return stages


def _ended(session: Session, entry: LedgerEntry) -> list[LifeStage]:
    """Taken back, or of what came back: corrected, written off."""
    cleared = clearing.of(session, entry.id)
    stages = [LifeStage(cleared.how, cleared.at, cleared.seq, cleared.checker or cleared.maker)] if cleared else []
    return [*_taken_back(session, entry), *stages]


def _taken_back(session: Session, entry: LedgerEntry) -> list[LifeStage]:
    back = session.exec(select(tables.Entry).where(tables.Entry.reverses == entry.id)).first()
    return [LifeStage("reversed", back.recorded_at, back.seq, back.checker or "")] if back is not None else []
