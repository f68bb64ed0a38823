"""How a name may be typed without a Chinese input method."""

import pytest

from counter.reference.pinyin import typed_as


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("王测试", ("wangceshi", "wcs")),
        ("单明", ("danming", "dm", "shanming", "sm")),
        ("吕", ("lv", "l")),
        ("曾", ("ceng", "c", "zeng", "z")),
        ("Ann", ()),
        ("", ()),
        ("A座王", ("Azuowang", "Azw")),
    ],
)
def test_syllables_and_initials_of_each_reading(name: str, forms: tuple[str, ...]) -> None:
    assert typed_as(name) == forms


def test_rare_names_have_a_reading() -> None:
    assert all(typed_as(rare) for rare in ("㛃", "𫖯", "䶮"))


def test_a_name_of_many_readings_stays_short() -> None:
    assert len(typed_as("单曾解区仇查朴翟")) <= 8
