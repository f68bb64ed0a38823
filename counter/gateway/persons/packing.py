"""Production packs the cards of each branch into a parcel (按网点封包), PIC-7."""

from datetime import date

from msgspec import structs

from counter.gateway.database import Connection
from counter.gateway.persons.dossier import Card, Files, Whom
from counter.rules.card_life import CardState
from counter.rules.case import PickupMethod
from counter.rules.counting import MAX_CARDS


async def pack(connection: Connection, files: Files, on: date) -> None:
    """Put what was made and waits for its branch into a parcel to it, or into several where it is too much for one."""
    waiting: dict[str, list[tuple[Whom, Card]]] = {}
    for person in files:
        for card in files[person].cards:
            if (
                card.state is CardState.MADE
                and card.pickup is not PickupMethod.MAIL
                and card.branch
                and not card.parcel
            ):
                waiting.setdefault(card.branch, []).append((person, card))
    for branch, cards in waiting.items():
        for first in range(0, len(cards), MAX_CARDS):
            number = await _new_parcel(connection, branch, on)
            for person, card in cards[first : first + MAX_CARDS]:
                files[person] = files[person].with_card(structs.replace(card, parcel=number))


async def _new_parcel(connection: Connection, branch: str, on: date) -> str:
    """The next number of this branch and day; digits, letters and dashes, and nobody's."""
    cursor = await connection.execute(
        "SELECT count(*) AS packed FROM parcel WHERE branch = %s AND packed_on = %s", (branch, on)
    )
    row = await cursor.fetchone()
    number = f"{branch}-{on:%Y%m%d}-{row['packed'] + 1 if row else 1:02d}".replace("-", "").upper()
    await connection.execute("INSERT INTO parcel (branch, number, packed_on) VALUES (%s, %s, %s)", (branch, number, on))
    return number
