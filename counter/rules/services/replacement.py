"""A new card in place of the old one: replacement (补卡), change of photo (相片变更), of identity data (个人信息变更).

REP-1, REP-2, INF-1, INF-2; at the bank on the card's face (BNK-2), collected where it was handled (PIC-4).
"""

from dataclasses import replace
from typing import Final

from counter.rules import authority, notices, papers
from counter.rules.card_life import HELD, LOST, CardState, Move
from counter.rules.case import PhotoSource, PickupMethod
from counter.rules.service import AGENT_REASONS, CONTACT, EVERYBODY, IN_PERSON, Effect, Service, StepId
from counter.rules.steps import card, one_card

REPLACEABLE: Final = (CardState.UNKNOWN, *HELD, *LOST)
OLD_CARD: Final = (
    "old_card.in_hand",
    "old_card.loss_reported",
    "old_card.kind",
    "old_card.expires",
    "old_card.preference",
)

REPLACE: Final = Service(
    id="replace",
    number=3,
    steps=(
        StepId.IDENTITY,
        StepId.ONE_CARD,
        StepId.CARD,
        StepId.PHOTO,
        StepId.DETAILS,
        StepId.BANK,
        StepId.PICKUP,
        StepId.CONFIRM,
    ),
    presented_by=EVERYBODY,
    papers=papers.of_people,
    notices=notices.followed(notices.for_replacement),
    checks={
        StepId.ONE_CARD: (one_card.a_card_exists,),
        StepId.CARD: (card.own_bank, card.in_hand_or_reported, card.still_valid, card.financial),
    },
    effect=Effect.NEW_CARD,
    moves=(Move(REPLACEABLE, CardState.REPLACED, "REP-1"),),
    photo_sources=(PhotoSource.KEEP,),
    pickup_methods=(PickupMethod.BRANCH, PickupMethod.INSTANT),
    details=CONTACT,
    card_details=OLD_CARD,
    agent_reasons=AGENT_REASONS,
    card="old_card",
    needs_card=True,
    collected_here=True,
    authorised=authority.for_agent_at_once,
)

CHANGE_PHOTO: Final = replace(
    REPLACE,
    id="change_photo",
    number=9,
    notices=notices.followed(notices.for_new_photo),
    moves=(Move(REPLACEABLE, CardState.REPLACED, "INF-1"),),
    photo_sources=(PhotoSource.FILE, PhotoSource.RECEIPT, PhotoSource.PROVINCE),
)

CHANGE_DETAILS: Final = replace(
    REPLACE,
    id="change_details",
    number=10,
    steps=(
        StepId.IDENTITY,
        StepId.ONE_CARD,
        StepId.CARD,
        StepId.CHANGES,
        StepId.PHOTO,
        StepId.DETAILS,
        StepId.BANK,
        StepId.PICKUP,
        StepId.CONFIRM,
    ),
    presented_by=IN_PERSON,
    papers=papers.for_changes,
    notices=notices.followed(notices.for_new_details),
    moves=(Move(REPLACEABLE, CardState.REPLACED, "INF-2"),),
    photo_sources=(PhotoSource.KEEP, PhotoSource.FILE, PhotoSource.PROVINCE),
    agent_reasons=(),
    authorised=authority.always("change_details"),
)
