"""Parcels of cards (网点签收): which are on their way, what is in one, that a branch has it. PIC-7, PIC-8."""

from collections import Counter
from collections.abc import Iterator

from psycopg.rows import DictRow

from counter.gateway.call import Call
from counter.gateway.persons.acts import act
from counter.gateway.persons.dossier import Card, decode_file
from counter.gateway.persons.finding import files_with
from counter.gateway.persons.signing import ON_THE_WAY, lies
from counter.province.wire import (
    OnTheWay,
    OnTheWayReply,
    ParcelQuestion,
    ParcelReply,
    ParcelsQuestion,
    Signing,
    SigningReply,
)
from counter.rules.case import Case
from counter.rules.parcel import ParcelCard
from counter.rules.services.parcels import SIGN_PARCEL


async def on_the_way(call: Call[ParcelsQuestion]) -> OnTheWayReply:
    """The parcels of which cards are still on their way to the branch whose counter asks, oldest first."""
    cursor = await call.connection.execute(
        "SELECT number, packed_on FROM parcel WHERE branch = %s ORDER BY packed_on, number", (call.caller.branch,)
    )
    parcels = await cursor.fetchall()
    rows = await files_with(call.connection, ({"parcel": row["number"], "state": "made"} for row in parcels))
    left = Counter(card.parcel for _, card in _cards(rows) if card.state in ON_THE_WAY)
    found = (OnTheWay(number=row["number"], packed_on=row["packed_on"], cards=left[row["number"]]) for row in parcels)
    return OnTheWayReply(parcels=tuple(parcel for parcel in found if parcel.cards))


async def parcel(call: Call[ParcelQuestion]) -> ParcelReply:
    """What was sent to this branch in a parcel, and whose the cards are that were counted."""
    asked, here = call.message, call.caller.branch
    cards = [{"held": {"number": number}} for number in asked.cards]
    rows = await files_with(call.connection, [*cards, *([{"parcel": asked.number}] if asked.number else [])])
    wanted = set(asked.cards)
    return ParcelReply(
        cards=tuple(
            _told(row, card, here)
            for row, card in _cards(rows)
            if card.held.number in wanted or (asked.number, here) == (card.parcel, card.branch)
        )
    )


def _cards(rows: list[DictRow]) -> Iterator[tuple[DictRow, Card]]:
    """The cards in these files that a branch can sign for or has."""
    for row in rows:
        for card in decode_file(row["content"]).cards:
            if card.held.number and (card.state in ON_THE_WAY or lies(card)):
                yield row, card


def _told(row: DictRow, card: Card, here: str) -> ParcelCard:
    """A card as its branch is told of it; another branch hears only whose it is."""
    number = card.held.number
    if card.lies_at != here:
        return ParcelCard(number=number, branch=card.lies_at)
    return ParcelCard(number=number, name=row["name"], document=row["number"], mobile=card.mobile, signed=lies(card))


async def sign(call: Call[Signing]) -> SigningReply:
    """Sign for cards that have arrived (网点签收); once, however often it is told."""
    case = Case(service=SIGN_PARCEL.id, parcel=call.message.parcel)
    await act(call, call.message.id, case)
    rows = await files_with(call.connection, ({"held": {"number": each}} for each in call.message.parcel.counted))
    return SigningReply(signed=sum(lies(card) and card.lies_at == call.caller.branch for _, card in _cards(rows)))
