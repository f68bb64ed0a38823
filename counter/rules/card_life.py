"""The life of a card (社保卡状态), from the application to the cancellation. A service is an event by its own id.

What is not drawn here is not done: a card that is replaced is not un-reported (LOS-2), one that the branch has not
signed for is not handed out (PIC-5).
"""

from enum import StrEnum
from typing import Final

from counter.rules.case import OldCard
from counter.rules.machine import Machine, Transition


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


_UNKNOWN, _COLLECTED, _ACTIVE, _LOCKED = CardState.UNKNOWN, CardState.COLLECTED, CardState.ACTIVE, CardState.LOCKED
_IN_USE: Final = (_COLLECTED, _ACTIVE)
_HELD: Final = (*_IN_USE, _LOCKED)
_LOST: Final = (CardState.PROVISIONAL_LOSS, CardState.LOST)

CARD_LIFE: Final = Machine(
    (
        Transition("apply", (CardState.NONE,), CardState.APPLIED, "ONE-1"),
        Transition("make", (CardState.APPLIED,), CardState.MADE, "QRY-1"),
        Transition("issue_at_once", (CardState.APPLIED,), _COLLECTED, "PIC-6"),
        Transition("deliver", (CardState.MADE,), CardState.AT_BRANCH, "PIC-5"),
        Transition("mail", (CardState.MADE,), _COLLECTED, "PIC-3"),
        Transition("collect", (CardState.AT_BRANCH,), _COLLECTED, "PIC-5"),
        Transition("activate", (_UNKNOWN, _COLLECTED), _ACTIVE, "ACT-1"),
        Transition("reset_pin", (_UNKNOWN, _COLLECTED), _COLLECTED, "PIN-1"),
        Transition("reset_pin", (_ACTIVE, _LOCKED), _ACTIVE, "PIN-1"),
        Transition("lock", _IN_USE, _LOCKED, "LCK-1"),
        Transition("unlock", (_UNKNOWN, *_HELD), _ACTIVE, "LCK-1"),
        Transition("report_by_phone", _HELD, CardState.PROVISIONAL_LOSS, "LOS-1"),
        Transition("report_loss", (_UNKNOWN, *_HELD, CardState.PROVISIONAL_LOSS), CardState.LOST, "LOS-1"),
        Transition("withdraw_loss", _LOST, _ACTIVE, "LOS-2"),
        Transition("replace", (_UNKNOWN, *_HELD, *_LOST), CardState.REPLACED, "REP-1"),
        Transition("exchange", (_UNKNOWN, *_HELD), CardState.REPLACED, "REP-1"),
        Transition("change_photo", (_UNKNOWN, *_HELD, *_LOST), CardState.REPLACED, "INF-1"),
        Transition("change_details", (_UNKNOWN, *_HELD, *_LOST), CardState.REPLACED, "INF-2"),
        Transition("clean_up", (*_HELD, *_LOST), CardState.CLEANED_UP, "ONE-2"),
        Transition("cancel", (_UNKNOWN, *_HELD, *_LOST, CardState.CLEANED_UP), CardState.CANCELLED, "CAN-1"),
    )
)
"""ONE-1, ONE-2, PIC-3 to PIC-6, ACT-1, PIN-1, LCK-1, LOS-1, LOS-2, REP-1, INF-1, INF-2, CAN-1."""

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
