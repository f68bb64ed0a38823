"""Any fragment finds, whatever else was asked for beside it."""

import pytest

from counter.rules.fragments import Fragments

PEOPLE = (
    ("王测试", "wangceshi wcs", "441621199001010015"),
    ("𠮷试", "jishi js", "44162119850505002X"),
    ("Ann Lee", "", ""),
)


@pytest.fixture
def people() -> Fragments[int]:
    return Fragments((at, words) for at, words in enumerate(PEOPLE))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("试", [1, 0]),
        ("𠮷", [1]),
        ("wang", [0]),
        ("2x", [1]),
        ("4416 wcs", [0]),
        ("试 1985", [1]),
        ("王 1985", []),
        ("ANN LEE", [2]),
        ("ｗａｎｇ", [0]),
        ("试wang", []),
        ("15", [0]),
        ("", []),
        ("  ", []),
    ],
)
def test_every_word_of_the_query_in_any_order(people: Fragments[int], query: str, found: list[int]) -> None:
    assert list(people.find(query)) == found


def test_a_thing_is_found_once_and_the_latest_first(people: Fragments[int]) -> None:
    people.add([(3, ("王王王王",))])
    assert list(people.find("王")) == [3, 0]
    assert len(people) == 4


def test_what_breaks_a_line_is_no_way_into_the_next(people: Fragments[int]) -> None:
    people.add([(3, ("一\n二\t三", "四"))])
    assert list(people.find("二")) == [3]
    assert list(people.find("三四")) == []
