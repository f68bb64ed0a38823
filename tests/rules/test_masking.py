"""Masks are exact, keep the length and always hide something."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.rules.masking import mask_address, mask_card, mask_mobile, mask_name, mask_number

MASKS = [mask_number, mask_card, mask_mobile, mask_name]


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (mask_number, "440115190001019312", "440115*********312"),
        (mask_number, "H12345678", "H1*****78"),
        (mask_number, "123", "***"),
        (mask_card, "6222020000000000005", "622202**********005"),
        (mask_mobile, "13600002819", "136****2819"),
        (mask_mobile, "1360", "1**0"),
        (mask_name, "张三", "张*"),
        (mask_name, "梁某锦", "梁*锦"),
        (mask_name, "𠮷某某㛃", "𠮷**㛃"),
        (mask_name, "欧阳某", "欧阳*"),
        (mask_name, "欧阳某某", "欧阳*某"),
        (mask_name, "欧阳", "欧*"),
        (mask_name, "张", "*"),
    ],
)
def test_masks(mask: Callable[[str], str], text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("mask", MASKS)
@given(text=st.text(st.characters(exclude_characters="*"), max_size=40))
def test_masks_keep_the_length_and_hide(mask: Callable[[str], str], text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert not text or "*" in masked


def test_an_address_keeps_its_street() -> None:
    assert mask_address("紫城镇东风路1号３02房") == "紫城镇东风路*号***房"
