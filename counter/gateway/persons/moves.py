"""A card moves on in its life (社保卡状态流转), as the rules draw it; what a counter sees of it in each state."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import structs

from counter.gateway.persons.deed import Deed, RefusalError
from counter.gateway.persons.dossier import Card, Dossier
from counter.rules.card_life import OVER, CardState, state_of
from counter.rules.numbers import social_card_check
from counter.rules.services import CARD_LIFE

_IN_USE: Final = {
    "status": "1",
    "at_branch": False,
    "mailed": False,
    "loss_reported": False,
    "bank_lock_failed": False,
}
_SEEN: Final[Mapping[CardState, Mapping[str, object]]] = {
    CardState.UNKNOWN: {},
    CardState.NONE: {},
    CardState.APPLIED: {"status": "0"},
    CardState.MADE: {"status": "0"},
    CardState.SENT: {"status": "0", "mailed": True},
    CardState.AT_BRANCH: {"status": "0", "at_branch": True, "mailed": False},
    CardState.COLLECTED: {**_IN_USE, "account_active": False},
    CardState.ACTIVE: {**_IN_USE, "account_active": True, "pin_locked": False},
    CardState.LOCKED: {"status": "3", "pin_locked": True},
    CardState.PROVISIONAL_LOSS: {"status": "4", "loss_reported": True},
    CardState.LOST: {"status": "2", "loss_reported": True, "mailed": False},
    CardState.REPLACED: {"replacement_filed": True},
    CardState.CLEANED_UP: {},
    CardState.CANCELLED: {"status": "9", "replacement_filed": False},
}
"""What a counter sees of a card in each state; the codes are those of FORMATS."""


def at(card: Card, state: CardState) -> Card:
    """The card in another state, as a counter is to see it."""
    return structs.replace(card, state=state, held=structs.replace(card.held, **_SEEN[state]))


def follow(card: Card, event: str) -> Card:
    """The card after an event of its life; refused where the rules know none."""
    transition = CARD_LIFE.follow(card.state, event)
    if transition is None:
        raise RefusalError("card_state", CARD_LIFE.rule(event))
    return at(card, transition.after)


def ended(file: Dossier, card: Card, on: date) -> Dossier:
    """The file after a new card has come into the holder's hands: the one that it replaces is over."""
    milestones = structs.replace(card.milestones, collected_on=on)
    held = structs.replace(card.held, issued=card.held.issued or on)
    file = file.with_card(structs.replace(card, milestones=milestones, held=held))
    for old in file.cards:
        if old.id == card.replaces and old.state is CardState.REPLACED:
            file = file.with_card(at(old, CardState.CANCELLED))
    return file


def named_card(file: Dossier, deed: Deed) -> Card | None:
    """The card that the case names, or where a lost one's number is not at hand, the bank on its face.

    As the counter saw it where the province knows no card of the person.
    """
    seen = deed.case.old_card
    if seen is None or not (seen.number or file.cards):
        return None
    if not file.cards:
        held = structs.replace(seen, in_hand=False, tested_undamaged=False)
        return Card(id=seen.number, held=held, city=deed.case.city, state=state_of(held))
    said, of = (seen.number, "number") if seen.number else (seen.bank, "bank")
    there = [card for card in file.cards if not card.under_way or _is_moved(card, deed)]
    named = [card for card in there if getattr(card.held, of) == said]
    if not named:
        raise RefusalError("no_card", deed.service.named_rule)
    return min(named, key=lambda card: card.state in OVER)


def _is_moved(card: Card, deed: Deed) -> bool:
    """Does the service do something to a card that stands where this one does: one that has come by mail (PIC-3)?"""
    return any(card.state in move.before for move in deed.service.moves)


def new_number(id: str) -> str:
    """A made-up card number for a card that is made here, with the right check; the same for the same id."""
    body = "G" + str(int.from_bytes(id.encode(), "big") % 10**7).zfill(7)
    return body + social_card_check(body)
