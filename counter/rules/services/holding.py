"""A card that is there: collection (领卡), activation (激活), PINs (密码修改与重置), unlocking (解锁),
cancellation (注销).

PIC-5, ACT-1, PIN-1, LCK-1, CAN-1. No PIN is ever part of a case: the holder types it into the bank's own keypad.
"""

from dataclasses import replace
from typing import Final

from counter.rules import authority, notices, papers
from counter.rules.card_life import HELD, LOST, CardState, Move
from counter.rules.service import AGENT_REASONS, CONTACT, EVERYBODY, Effect, Group, Service, StepId
from counter.rules.steps import card, proxy

GROUP: Final = Group(
    collected=frozenset(
        {
            "holder.birth",
            "holder.sex",
            "holder.document.valid_from",
            "holder.document.valid_to",
            "old_card.number",
        }
    ),
    unasked=frozenset({"sms"}),
)
"""EXC-7: the cards of a unit's people come back together, its contact signs for them, each holder activates; the bank
has seen the originals with the materials."""

COLLECT: Final = Service(
    id="collect",
    number=4,
    steps=(StepId.IDENTITY, StepId.CARD, StepId.CONFIRM),
    presented_by=EVERYBODY,
    papers=papers.for_collection,
    notices=notices.for_collection,
    checks={StepId.IDENTITY: (proxy.may_collect,), StepId.CARD: (card.own_bank,)},
    effect=Effect.HAND_OVER,
    moves=(Move((CardState.AT_BRANCH,), CardState.COLLECTED, "PIC-5"),),
    card_details=("old_card.at_branch", "old_card.applied_by_agent", "old_card.booked_online", "old_card.in_hand"),
    agent_reasons=AGENT_REASONS,
    needs_card=True,
    authorised=authority.for_agent,
    group=GROUP,
)

ACTIVATE: Final = Service(
    id="activate",
    number=5,
    steps=(StepId.IDENTITY, StepId.CARD, StepId.DETAILS, StepId.CONFIRM),
    papers=papers.of_people,
    notices=notices.always("activated", "activated_abroad", "e_card", "crime"),
    checks={StepId.CARD: (card.own_bank, card.in_hand)},
    effect=Effect.MOVE,
    moves=(Move((CardState.UNKNOWN, CardState.COLLECTED), CardState.ACTIVE, "ACT-1"),),
    card_details=("old_card.in_hand",),
    details=CONTACT,
    needs_card=True,
    group=GROUP,
)

RESET_PIN: Final = replace(
    ACTIVATE,
    id="reset_pin",
    number=8,
    steps=(StepId.IDENTITY, StepId.CARD, StepId.CONFIRM),
    notices=notices.always("pin_reset", "pin_e_card"),
    moves=(
        Move((CardState.UNKNOWN, CardState.COLLECTED), CardState.COLLECTED, "PIN-1"),
        Move((CardState.ACTIVE, CardState.LOCKED), CardState.ACTIVE, "PIN-1"),
    ),
    group=None,
)

UNLOCK: Final = replace(
    RESET_PIN,
    id="unlock",
    number=15,
    notices=notices.always("unlocked"),
    checks={StepId.CARD: (card.own_bank, card.in_hand, card.pin_locked)},
    moves=(Move((CardState.UNKNOWN, *HELD), CardState.ACTIVE, "LCK-1"),),
    card_details=("old_card.in_hand", "old_card.pin_locked"),
)

CANCEL: Final = replace(
    RESET_PIN,
    id="cancel",
    number=16,
    notices=notices.always("cancelled", "cancelled_elsewhere"),
    checks={StepId.CARD: (card.own_bank, card.medical_account)},
    effect=Effect.CANCELLATION,
    moves=(Move((CardState.UNKNOWN, *HELD, *LOST, CardState.CLEANED_UP), CardState.CANCELLED, "CAN-1"),),
    card_details=("insured", "medical_account_closed", "reason"),
    authorised=authority.always("cancel"),
)
