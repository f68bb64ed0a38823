"""The clerk finds with a few letters, the best first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.reference.load import load_reference
from counter.rules.search import search_banks, search_branches, search_coded, search_regions

REFERENCE = load_reference()
BANKS = REFERENCE.banks.values()
BRANCHES = REFERENCE.branches.values()
REGIONS = REFERENCE.regions.values()


@pytest.mark.parametrize("query", ["gsyh", "GSYH", "ｇｓｙｈ", "工商", "工行", "icbc", " gsyh ", "Industrial"])
def test_a_bank_by_initials_characters_or_id(query: str) -> None:
    assert [bank.id for bank in search_banks(query, BANKS)][:1] == ["icbc"]


def test_the_exact_comes_before_the_beginning_before_the_inside() -> None:
    assert [bank.id for bank in search_banks("广州银行", BANKS)] == ["gzb"]
    assert [bank.id for bank in search_banks("农商银行", BANKS)] == ["rcb", "gzrcb"]
    assert search_banks("gz", BANKS)[0].id in {"gzb", "gzrcb"}


def test_nothing_typed_finds_all_and_nonsense_nothing() -> None:
    assert search_banks("", BANKS) == list(BANKS)
    assert search_banks("'; DROP TABLE", BANKS) == []
    assert len(search_regions("", REGIONS)) == 50


@pytest.mark.parametrize("query", ["荔湾 站前", "zqlzx", "83528957", "站前路58号", "lwq 站前路"])
def test_a_branch_by_district_or_any_keyword(query: str) -> None:
    found = search_branches(query, BRANCHES, REFERENCE.regions)
    assert [branch.name for branch in found] == ["站前路支行"]


def test_every_branch_of_a_district_is_found() -> None:
    found = search_branches("荔湾区", BRANCHES, REFERENCE.regions)
    assert {branch.district for branch in found} == {"440103"}
    assert len(found) == 6


def test_codes() -> None:
    ethnicities = REFERENCE.ethnicities.values()
    assert [item.code for item in search_coded("zz", ethnicities)][:2] == ["04", "08"]
    assert [item.code for item in search_coded("壮", ethnicities)] == ["08"]
    assert [item.code for item in search_coded("01", ethnicities)] == ["01"]
    assert [item.zh for item in search_coded("qygl", REFERENCE.occupations.values())] == ["企业管理人员"]


def test_regions_by_what_they_belong_to_and_near_ones_first() -> None:
    assert [region.code for region in search_regions("河源 紫金", REGIONS)] == ["441621"]
    assert [region.code for region in search_regions("441621", REGIONS)] == ["441621"]
    assert search_regions("zjx", REGIONS, near="441621")[0].code == "441621"
    here, *others = search_regions("城区", REGIONS, near="441500")
    assert here.code == "441502"
    assert any(not region.code.startswith("44") for region in others)


@given(st.text(max_size=20))
def test_no_query_breaks_the_search(query: str) -> None:
    assert len(search_regions(query, REGIONS)) <= 50
    assert len(search_branches(query, BRANCHES, REFERENCE.regions)) <= 50
