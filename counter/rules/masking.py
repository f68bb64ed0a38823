"""Masking (遮盖): what a screen, a print and a log show of a number or a name. The length always shows."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# 复姓
_COMPOUND_FAMILY_NAMES: Final = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|轩辕|令狐|钟离|宇文|长孙|慕容|司徒|司空|夏侯|端木|南宫|百里|独孤|"
    "太史|申屠|公羊|澹台|濮阳|淳于|单于|赫连|万俟|闻人|西门|呼延|拓跋|完颜|纳兰|第五|公冶|宗政|鲜于|闾丘|仲孙"
)


def mask_number(number: str) -> str:
    """First six and last three (``440115*********312``); under twelve characters a quarter at each end."""
    if len(number) >= 12:
        return _mask(number, 6, 3)
    return _mask(number, len(number) // 4, len(number) // 4)


def mask_card(number: str) -> str:
    """A card number (社保卡号, 银行卡号), as any number."""
    return mask_number(number)


def mask_mobile(mobile: str) -> str:
    """First three and last four (``136****2819``); under eleven digits a quarter at each end."""
    if len(mobile) >= 11:
        return _mask(mobile, 3, 4)
    return _mask(mobile, len(mobile) // 4, len(mobile) // 4)


def mask_name(name: str) -> str:
    """The family name (compound ones whole), and of three or more characters the last too: 张*, 梁*锦, 欧阳*.

    At least one character is always hidden.
    """
    family = 2 if len(name) > 2 and _COMPOUND_FAMILY_NAMES.match(name) else min(1, len(name) - 1)
    last = 1 if len(name) >= 3 and len(name) - family > 1 else 0
    return _mask(name, family, last)


def mask_address(address: str) -> str:
    """Street and place, without the numbers of house and door (紫城镇东风路*号***房)."""
    return re.sub("[0-9０-９]", "*", address)


def _mask(text: str, first: int, last: int) -> str:
    if not text:
        return ""
    return text[:first] + "*" * (len(text) - first - last) + text[len(text) - last :]


@dataclass(frozen=True, slots=True)
class Seen:
    """How a person's data is seen: each function says a value as it may be shown."""

    name: Callable[[str], str]
    number: Callable[[str], str]
    card: Callable[[str], str]
    mobile: Callable[[str], str]


MASKED: Final = Seen(mask_name, mask_number, mask_card, mask_mobile)
WHOLE: Final = Seen(str, str, str, str)
"""For whoever has to compare; the audit notes it."""
