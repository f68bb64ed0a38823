"""The life of a card (社保卡状态), from the application to the cancellation: its states, and what happens unasked.

What services make of a card stands on their declarations (`Service.moves`); `counter.rules.services.CARD_LIFE` is all
of it. What is not drawn there is not done: a card that is replaced is not un-reported (LOS-2), one that the branch has
not signed for is not handed out (PIC-5).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counter.rules.case import OldCard
from counter.rules.machine import Transition


class CardState(StrEnum):
    """Where a card stands; the codes of the province (0 to 9) are coarser, see `state_of`."""

    UNKNOWN = "unknown"  # 状态未查明
    NONE = "none"  # 未申领
    APPLIED = "applied"  # 已受理
    MADE = "made"  # 已制卡
    AT_BRANCH = "at_branch"  # 网点已签收
    COLLECTED = "collected"  # 已领卡，应用状态正常
    ACTIVE = "active"  # 金融账户已激活
    LOCKED = "locked"  # 已锁定
    PROVISIONAL_LOSS = "provisional_loss"  # 临时挂失
    LOST = "lost"  # 已挂失
    REPLACED = "replaced"  # 已受理补换卡
    CLEANED_UP = "cleaned_up"  # 已清理，仅在当地可用
    CANCELLED = "cancelled"  # 已注销


UNDER_WAY: Final = frozenset({CardState.APPLIED, CardState.MADE, CardState.AT_BRANCH})
"""An application that has not come to its end (ONE-1)."""
IN_USE: Final = (CardState.COLLECTED, CardState.ACTIVE)
HELD: Final = (*IN_USE, CardState.LOCKED)
"""In the holder's hands, and not lost."""
LOST: Final = (CardState.PROVISIONAL_LOSS, CardState.LOST)


@dataclass(frozen=True, slots=True)
class Move:
    """What a service makes of a card that is in one of the states `before`, and the rule that says so."""

    before: tuple[CardState, ...]
    after: CardState
    rule: str


UNASKED: Final = (
    Transition("make", (CardState.APPLIED,), CardState.MADE, "QRY-1"),
    Transition("issue_at_once", (CardState.APPLIED,), CardState.COLLECTED, "PIC-6"),
    Transition("deliver", (CardState.MADE,), CardState.AT_BRANCH, "PIC-5"),
    Transition("mail", (CardState.MADE,), CardState.COLLECTED, "PIC-3"),
    Transition("lock", IN_USE, CardState.LOCKED, "LCK-1"),
    Transition("report_by_phone", HELD, CardState.PROVISIONAL_LOSS, "LOS-1"),
)
"""What no service asks for: production, the post, a terminal, the telephone. PIC-3 to PIC-6, QRY-1, LCK-1, LOS-1."""

_BY_CODE: Final = {
    "0": CardState.MADE,
    "2": CardState.LOST,
    "3": CardState.LOCKED,
    "4": CardState.PROVISIONAL_LOSS,
    "9": CardState.CANCELLED,
}


def state_of(card: OldCard) -> CardState:
    """Where the card stands by what is known of it; UNKNOWN where neither the province nor the clerk has said."""
    if card.replacement_filed:
        return CardState.REPLACED
    known = _BY_CODE.get(card.status)
    if card.at_branch and card.status in {"", "0"}:
        return CardState.AT_BRANCH
    if card.loss_reported and known not in {CardState.PROVISIONAL_LOSS, CardState.CANCELLED}:
        return CardState.LOST
    if known is None and (card.status or card.account_active):
        return CardState.ACTIVE if card.account_active else CardState.COLLECTED
    return known or CardState.UNKNOWN
