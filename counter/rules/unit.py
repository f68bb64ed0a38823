"""The unit (单位) whose people are served together, EXC-7: what holds for all of its roster."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from counter.rules.case import Mode


class Delivery(StrEnum):
    """How a unit's cards are handed out (领卡方式)."""

    UNIT = "unit"  # 单位联系人统一签收
    BRANCH = "branch"  # 持卡人到网点领取


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """Who the unit is, and what it chose for all its people, EXC-7.

    `uscc` is its unified social credit code (统一社会信用代码), `mobile` its contact's. `bank` is the one that issues
    the new cards: the old cards' bank with the same number, the new one with a change of bank.
    """

    name: str = ""
    uscc: str = ""
    contact: str = ""
    mobile: str = ""
    bank: str = ""
    branch: str = ""
    mode: Mode = Mode.SAME_NUMBER
    delivery: Delivery = Delivery.UNIT


def unit_of(texts: Mapping[str, str]) -> Unit:
    """A unit by the texts of its fields; '' is the usual choice. Raises `msgspec.ValidationError` for no choice."""
    return msgspec.convert({name: text for name, text in texts.items() if text}, Unit)
