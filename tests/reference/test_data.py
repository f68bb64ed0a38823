"""The shipped data hold together: every code that one file uses stands in the file that defines it."""

import csv
import os
import re
import tomllib
from pathlib import Path

import pytest

from counter.reference.load import BRANCHES, ReferenceDataError, load_reference, read_folder
from counter.rules.reference import Branch, Reference
from counter.rules.referrals import PARTS
from counter.rules.services.referrals import REFERRALS

DATA = Path(__file__).parents[2] / "data"
LOCALE = Path(__file__).parents[2] / "counter" / "locale"
ZIJIN = "ccb icbc abc psbc boc rcb gzrcb"
GUANGZHOU = "icbc abc boc ccb bocom ceb cgb gzb cmb gzrcb"
BANKS = "abc icbc boc ccb psbc bocom ceb cgb gzb cmb rcb gzrcb"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_folder(DATA)


def above(reference: Reference, region: str) -> list[str]:
    """A region and all above it."""
    chain = []
    while region:
        chain.append(region)
        region = reference.regions[region].parent
    return chain


@pytest.mark.parametrize("name", ["regions", "banks", "branches", "ethnicities", "occupations"])
def test_codes_are_unique_and_no_row_was_lost(reference: Reference, name: str) -> None:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert len({row[0] for row in rows}) == len(rows) == len(getattr(reference, name))
    assert {len(row) for row in rows} == {len(header)}


def test_regions_form_a_tree(reference: Reference) -> None:
    assert len(reference.regions) > 3000
    for region in reference.regions.values():
        assert re.fullmatch(r"\d{6}", region.code)
        assert above(reference, region.code)[-1].endswith("0000")
        assert re.fullmatch(r"[a-z]+", region.initials)


def test_every_bank_of_the_cases_is_there(reference: Reference) -> None:
    assert set(reference.banks) >= set(BANKS.split())
    assert all(re.fullmatch(r"\d{5}", bank.hotline) for bank in reference.banks.values())
    assert "gsyh" in reference.banks["icbc"].initials.split()


@pytest.mark.parametrize(("city", "banks"), [("441621", ZIJIN), ("440100", GUANGZHOU)])
def test_service_banks_are_those_of_the_sources(reference: Reference, city: str, banks: str) -> None:
    assert set(reference.cities[city].banks) >= set(banks.split()), "a city may add to them"


def test_every_city_of_guangdong_has_a_policy(reference: Reference) -> None:
    cities = {region.code for region in reference.regions.values() if region.parent == "440000"}
    assert len(cities) == 21
    assert set(reference.cities) == cities | {"441621"}
    for code, policy in reference.cities.items():
        assert policy.zh == reference.regions[code].name
        assert set(policy.banks) <= set(reference.banks)
        assert policy.fees["apply"] == 0
        assert all(fee >= 0 for fee in policy.fees.values()) and {"exchange", "replace"} <= set(policy.fees)
        assert re.compile(policy.receipt_pattern)
        assert policy.source


def test_a_county_with_its_own_policy_comes_before_its_city(reference: Reference) -> None:
    assert reference.city_of("441621") == "441621"
    assert reference.city_of("441602") == "441600"
    assert reference.city_of("110105") == ""


def test_branches_know_their_bank_city_and_district(reference: Reference) -> None:
    for branch in reference.branches.values():
        assert branch.bank in reference.cities[branch.city].banks
        assert branch.city in above(reference, branch.district)
        assert reference.city_of(branch.district) == branch.city
        assert branch.name and branch.initials and branch.source
        assert (branch.address == "") == ("name-only" in branch.source)


@pytest.mark.parametrize("city", ["441621", "440100"])
def test_every_service_bank_has_branches_and_some_make_cards_at_once(reference: Reference, city: str) -> None:
    here = [branch for branch in reference.branches.values() if branch.city == city]
    for bank in reference.cities[city].banks:
        assert sum(branch.bank == bank for branch in here) >= 2
    assert any(branch.instant for branch in here) and not all(branch.instant for branch in here)


def test_every_city_has_a_branch(reference: Reference) -> None:
    assert {branch.city for branch in reference.branches.values()} == set(reference.cities)
    assert reference.branches["441621-abc-01"].name == "农业银行紫金支行"


def test_the_manuals_branches_are_as_printed(reference: Reference) -> None:
    printed = [branch for branch in reference.branches.values() if branch.source.startswith("manual-2023-07")]
    assert {branch.name: branch.phone for branch in printed} == {
        "荔湾支行": "81241266",
        "站前路支行": "020-83528957",
        "花地大道北支行": "020-81543327",
        "第十甫路支行": "020-81380676",
        "芳村大道东支行": "020-81540145",
        "芳村大道西支行": "",
    }
    assert {branch.district for branch in printed} == {"440103"}


def test_ethnicities_are_the_standards(reference: Reference) -> None:
    assert list(reference.ethnicities) == [f"{code:02d}" for code in [*range(1, 57), 97, 98]]
    assert reference.ethnicities["01"].zh == "汉族"
    assert len({item.zh for item in reference.ethnicities.values()}) == 58


def test_occupations_hold_what_the_manual_shows(reference: Reference) -> None:
    names = {item.zh for item in reference.occupations.values()}
    assert {"企业管理人员", "其他人员"} <= names


def test_a_city_takes_what_it_does_not_name_from_the_default(reference: Reference) -> None:
    written = tomllib.loads((DATA / "cities.toml").read_text("utf-8"))
    plain = [code for code, own in written["city"].items() if "banks" not in own]
    assert plain
    for code in plain:
        assert list(reference.cities[code].banks) == written["default"]["banks"]
        assert reference.cities[code].photo.max_bytes == written["default"]["photo"]["max_bytes"]


HEADER = ",".join(Branch.__struct_fields__)
OWN = "x-1,abc,441621,441621,自有支行,紫城镇某路1号,,95599,0,zyzx,own"


def test_an_imported_list_replaces_the_shipped_one_and_is_read_again_when_it_changes(tmp_path: Path) -> None:
    assert load_reference(tmp_path) is load_reference()
    own = tmp_path / BRANCHES
    own.write_text(f"{HEADER}\n{OWN}\n", "utf-8")
    first = load_reference(tmp_path)
    assert list(first.branches) == ["x-1"]
    assert first.regions is load_reference().regions
    assert load_reference(tmp_path) is first
    own.write_text(f"{HEADER}\n{OWN.replace('x-1', 'x-2')}\n", "utf-8")
    os.utime(own, ns=(1, 1))  # another time, however fast this test runs
    assert list(load_reference(tmp_path).branches) == ["x-2"]


@pytest.mark.parametrize("line", ["x-1,abc", OWN + ",more", OWN.replace(",0,", ",perhaps,"), f"{OWN}\n{OWN}"])
def test_a_damaged_list_is_named_by_its_line_and_not_quoted(tmp_path: Path, line: str) -> None:
    (tmp_path / BRANCHES).write_text(f"{HEADER}\n{line}\n", "utf-8")
    with pytest.raises(ReferenceDataError, match=r"branches\.csv:[23]") as raised:
        load_reference(tmp_path)
    assert "紫城镇" not in str(raised.value)


def test_a_list_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / BRANCHES).write_bytes(f"{HEADER}\n{OWN}\n".encode("gb18030"))
    with pytest.raises(ReferenceDataError, match="UnicodeDecodeError"):
        load_reference(tmp_path)


@pytest.mark.rule("REF-1")
def test_ref_1_every_city_has_the_numbers_and_offices_that_a_referral_names(reference: Reference) -> None:
    named = {office for service in REFERRALS for office in service.offices}
    assert set(reference.general.offices) >= {*named, "card_agency", "institution_pensions"}
    for policy in (reference.general, *reference.cities.values()):
        assert set(policy.offices) == set(reference.general.offices), "a city names no office that nobody knows"
        assert policy.hotlines and all(re.fullmatch(r"[0-9-]{5,}", number) for number in policy.hotlines)
        assert all(words.zh.strip() and words.en.strip() for words in policy.offices.values())


@pytest.mark.rule("REF-1")
def test_ref_1_what_a_city_says_in_its_own_words_is_part_of_a_referral(reference: Reference) -> None:
    subjects = {
        f"{service.id}.{kind}" if kind else service.id for service in REFERRALS for kind in service.referrals or ("",)
    }
    known = {f"{subject}.{part}" for subject in subjects for part in PARTS}
    assert not reference.general.referrals, "what holds everywhere stands in the catalogs"
    for policy in reference.cities.values():
        assert set(policy.referrals) <= known, policy.city
        assert all(words.zh.strip() and words.en.strip() for words in policy.referrals.values())


@pytest.mark.rule("REF-1")
@pytest.mark.parametrize("catalog", sorted(LOCALE.rglob("*.toml")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_ref_1_no_catalog_names_a_city_s_number_or_office(catalog: Path) -> None:
    """They are the city's data; the book of rules quotes the sources."""
    said = catalog.read_text("utf-8").replace("掌上12333", "")
    numbers = re.findall(r"(?<!\d)123(?:33|43|45)(?!\d)", said)
    assert catalog.stem == "rule" or not [*numbers, *re.findall("社保卡中心|县社保局|驻区服务专窗|街道优待窗口", said)]
