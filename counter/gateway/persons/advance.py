"""How a card's making goes on (制卡进度): in a reference province somebody says so, one milestone after the other."""

from datetime import date
from typing import Final

import msgspec
from msgspec import structs

from counter.gateway.database import Connection
from counter.gateway.events import News, tell
from counter.gateway.persons.dossier import (
    Card,
    Dossier,
    Whom,
    lock,
    save,
)
from counter.gateway.persons.moves import follow, new_number
from counter.gateway.persons.packing import pack
from counter.gateway.persons.signing import signed
from counter.province.wire import EventKind
from counter.rules.card_life import CardState
from counter.rules.case import PickupMethod

STAGES: Final = ("bank_opened", "bank_done", "insurer", "province", "city", "sent")
"""What follows the application, in order. At ``city`` the card is made, and packed for its branch; at ``sent`` a branch
has signed for it, as the ones that no counter here stands for do by themselves, or it is in the mail."""
RETURNED: Final = "returned"
"""The post has given up and brings a mailed card to the branch that was chosen, PIC-8; only when it is asked for."""


async def advance(connection: Connection, on: date, entry: str = "", to: str = "") -> int:
    """Take the applications under way (of one entry, where it is named) to the next milestone, or on to `to`.

    The counters hear of each. Gives the number of cards that have moved.
    """
    moved, news = 0, list[News]()
    files = await lock(connection, await _concerned(connection, entry, to))
    for person in tuple(files):
        for card in files[person].cards:
            if card.under_way and entry in ("", card.id):
                back = to == RETURNED
                file, told = (_returned if back else _advanced)(files[person], card, on, to)
                files[person] = file
                moved += bool(told)
                news += told
    await pack(connection, files, on)
    await save(connection, files)
    await tell(connection, news)
    return moved


async def _concerned(connection: Connection, entry: str, to: str) -> list[Whom]:
    """Whose cards are being made, or are in the mail; the index finds them by their states."""
    states = (CardState.SENT,) if to == RETURNED else (CardState.APPLIED, CardState.MADE)
    wanted = [{"id": entry, "state": state} if entry else {"state": state} for state in states]
    cursor = await connection.execute(
        "SELECT kind, number FROM dossier WHERE content @> ANY(%s::jsonb[])",
        ([msgspec.json.encode({"cards": [each]}).decode() for each in wanted],),
    )
    return [Whom(row["kind"], row["number"]) for row in await cursor.fetchall()]


def _advanced(file: Dossier, card: Card, on: date, to: str) -> tuple[Dossier, list[News]]:
    reached = [stage for stage in STAGES if getattr(card.milestones, f"{stage}_on")]
    next_ = len(reached)
    last = STAGES.index(to) + 1 if to else next_ + 1
    news = []
    for stage in STAGES[next_:last]:
        card = _at_stage(card, stage, on)
        file = file.with_card(card)
        detail = card.milestones.sent_to if stage == "sent" else ""
        code = "mailed" if card.state is CardState.SENT else stage
        news.append(News(card.origin, EventKind.PROGRESS, card.id, code, detail))
    return file, news


def _returned(file: Dossier, card: Card, on: date, _to: str) -> tuple[Dossier, list[News]]:
    """PIC-8: the branch hears of it, and signs for the card when it is there."""
    if card.state is not CardState.SENT or card.milestones.returned_on:
        return file, []
    back = structs.replace(card, milestones=structs.replace(card.milestones, returned_on=on))
    return file.with_card(back), [News(card.origin, EventKind.PROGRESS, card.id, RETURNED, card.branch)]


def _at_stage(card: Card, stage: str, on: date) -> Card:
    milestones = structs.replace(card.milestones, **{f"{stage}_on": on})
    card = structs.replace(card, milestones=milestones)
    if stage == "bank_opened" and not card.held.number:
        card = structs.replace(card, held=structs.replace(card.held, number=new_number(card.id)))
    if stage == "city":
        card = follow(card, "make")
        card = structs.replace(card, held=structs.replace(card.held, issued=on))
    if stage == "sent" and card.pickup is PickupMethod.MAIL:
        return follow(card, "mail")
    return signed(card, card.branch, on) if stage == "sent" else card
