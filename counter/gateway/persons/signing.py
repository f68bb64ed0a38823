"""A branch signs for cards (网点签收): each moves on in its holder's file. PIC-7, PIC-8."""

from datetime import date
from typing import Final

from msgspec import structs

from counter.gateway.persons.deed import Deed, RefusalError
from counter.gateway.persons.dossier import Card, Files
from counter.gateway.persons.moves import follow
from counter.rules.card_life import CardState
from counter.rules.counting import count
from counter.rules.parcel import Parcel
from counter.rules.services.parcels import SIGN_PARCEL

ON_THE_WAY: Final = (CardState.MADE, CardState.SENT)


def sign(files: Files, deed: Deed) -> None:
    """The cards that were signed for lie at the branch now; those of another branch, and those that are not on their
    way, are left as they are. `RefusalError` where none is left of them all."""
    numbers = set(count(deed.case.parcel or Parcel()).right)
    here = 0
    for person in deed.persons:
        for card in files[person].cards:
            if card.held.number not in numbers or card.branch != deed.origin.branch:
                continue
            here += lies(card)
            if card.state in ON_THE_WAY:
                files[person] = files[person].with_card(signed(card, deed.origin.branch, deed.on))
                here += 1
    if numbers and not here:
        raise RefusalError("nothing_signed", "PIC-7")


def signed(card: Card, branch: str, on: date) -> Card:
    """The card, signed for by a branch."""
    card = follow(card, SIGN_PARCEL.id)
    return structs.replace(card, milestones=structs.replace(card.milestones, sent_on=on, sent_to=branch))


def lies(card: Card) -> bool:
    """Was it signed for before?"""
    return card.state is CardState.AT_BRANCH
