"""Loss (挂失) and its withdrawal (解挂), at the bank on the card's face: LOS-1, LOS-2."""

from typing import Final

from counter.rules import authority, notices, papers
from counter.rules.service import EVERYBODY, Service, StepId
from counter.rules.steps import card

REPORT_LOSS: Final = Service(
    id="report_loss",
    number=6,
    steps=(StepId.IDENTITY, StepId.CARD, StepId.CONFIRM),
    presented_by=EVERYBODY,
    papers=papers.of_people,
    notices=notices.for_loss,
    checks={StepId.CARD: (card.own_bank, card.bank_side)},
    needs_card=True,
    at_once="loss",
)

WITHDRAW_LOSS: Final = Service(
    id="withdraw_loss",
    number=7,
    steps=(StepId.IDENTITY, StepId.CARD, StepId.CONFIRM),
    papers=papers.of_people,
    notices=notices.always("loss_withdrawal"),
    checks={StepId.CARD: (card.own_bank, card.in_hand)},
    needs_card=True,
    authorised=authority.always("withdraw_loss"),
    at_once="withdrawal",
)
