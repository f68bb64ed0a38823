"""Loss (挂失) and its withdrawal (解挂), at the bank on the card's face: LOS-1, LOS-2."""

from typing import Final

from counter.rules import authority, notices, papers
from counter.rules.card_life import HELD, LOST, CardState, Move
from counter.rules.case import Case
from counter.rules.service import EVERYBODY, Effect, Service, StepId, asked
from counter.rules.services.replacement import REPLACE
from counter.rules.steps import card


def _a_new_card(_case: Case) -> tuple[str, ...]:
    """LOS-1: the replacement can follow at once."""
    return (REPLACE.id,)


REPORT_LOSS: Final = Service(
    id="report_loss",
    number=6,
    steps=(StepId.IDENTITY, StepId.CARD, StepId.CONFIRM),
    presented_by=EVERYBODY,
    alone=True,  # G3 names no guardian, and a card that stays open harms the child (AGE-1)
    papers=papers.of_people,
    notices=notices.for_loss,
    checks={StepId.CARD: (card.own_bank, card.bank_side)},
    effect=Effect.LOSS,
    moves=(Move((CardState.UNKNOWN, *HELD, CardState.SENT, CardState.PROVISIONAL_LOSS), CardState.LOST, "LOS-1"),),
    card_details=("old_card.bank_lock_failed",),
    needs_card=True,
    at_once="loss",
    before=asked("cards"),
    followed_by=_a_new_card,
)

WITHDRAW_LOSS: Final = Service(
    id="withdraw_loss",
    number=7,
    steps=(StepId.IDENTITY, StepId.CARD, StepId.CONFIRM),
    papers=papers.of_people,
    notices=notices.always("loss_withdrawal"),
    checks={StepId.CARD: (card.own_bank, card.in_hand)},
    effect=Effect.MOVE,
    moves=(Move(LOST, CardState.ACTIVE, "LOS-2"),),
    card_details=("old_card.in_hand", "old_card.loss_reported", "old_card.replacement_filed"),
    needs_card=True,
    authorised=authority.always("withdraw_loss"),
    at_once="withdrawal",
    before=asked("cards"),
)
