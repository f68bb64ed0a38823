"""Numbers: the examples of the standards, and properties that hold for every number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.i18n import has, sentence
from counter.rules.case import DocumentKind, Sex
from counter.rules.finding import Finding, Level
from counter.rules.numbers import (
    NumberReading,
    check_character,
    check_social_card,
    check_uscc,
    identify,
)

TODAY = date(2026, 3, 2)
REGIONS = {"110105", "440308", "441621", "610104", "110000", "440000"}
CHECKS = "0123456789X"

births = st.dates(min_value=date(1880, 1, 1), max_value=TODAY)
sequences = st.integers(min_value=1, max_value=999)
KINDS = st.sampled_from([None, *DocumentKind])


def read(text: str, kind: DocumentKind | None = None) -> NumberReading:
    return identify(text, kind, TODAY, REGIONS)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def made(region: str, birth: date, sequence: int) -> str:
    body = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("11010519491231002X", "id_card"),
        ("440308199901101512", "id_card"),
        ("１１０１０５ 19491231-002x", "id_card"),
        (made("810000", date(1990, 5, 6), 12), "hk_macau_residence"),
        (made("820000", date(1990, 5, 6), 12), "hk_macau_residence"),
        (made("830000", date(1990, 5, 6), 12), "taiwan_residence"),
        ("h12345678", "hk_macau_permit"),
        ("M1234567801", "hk_macau_permit"),
        ("01234567", "taiwan_permit"),
        ("0123456701", "taiwan_permit"),
        (made("911840", date(1990, 5, 6), 12), "permanent_residence"),
        ("USA110000000012", "permanent_residence"),
    ],
)
def test_right_numbers_are_valid_and_their_kind_is_found(text: str, kind: str) -> None:
    reading = read(text)
    assert (reading.valid, reading.kind, reading.input) == (True, kind, text)
    assert reading.findings == ()
    assert read(reading.number, DocumentKind(kind)).valid


def test_what_a_citizens_number_says() -> None:
    reading = read("440308199901101512", DocumentKind.HUKOU)
    assert (reading.birth, reading.sex, reading.region) == (date(1999, 1, 10), Sex.MALE, "440308")
    assert read("11010519491231002X").sex is Sex.FEMALE


def test_a_foreigners_sex_is_stated_not_read() -> None:
    reading = read(made("911840", date(1990, 5, 6), 12))
    assert (reading.birth, reading.sex, reading.region) == (date(1990, 5, 6), None, "110000")


def test_fifteen_digits_are_upgraded() -> None:
    reading = read("610104620927690")
    assert (reading.number, reading.valid) == ("610104196209276908", True)
    assert codes(reading.findings) == ["number.upgraded"]


def test_fifteen_digits_of_an_unfinished_number_are_not_a_legacy_one() -> None:
    reading = read("440308199901101", DocumentKind.ID_CARD)
    assert codes(reading.findings) == ["number.unfinished"]
    assert reading.findings[0].params == {"missing": 3}


def test_wrong_check_digit_says_what_it_should_be() -> None:
    reading = read("440308199901101513")
    assert (reading.valid, reading.kind, reading.birth) == (False, "id_card", None)
    (finding,) = reading.findings
    assert (finding.rule, finding.code, finding.level) == ("WHO-5", "number.check_digit", Level.STOP)
    said = sentence(finding)
    assert said.startswith("社会保障号检验位不符合检验规则")
    assert "2" in said and "3" in said


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("", None, "number.empty"),
        ("\u202e\u200b", None, "number.empty"),
        ("4403081999011015", "id_card", "number.unfinished"),
        ("4403081999011015123", "id_card", "number.long"),
        ("44030819990110151Y", "id_card", "number.characters"),
        ("张三'; DROP TABLE--", "id_card", "number.characters"),
        (made("440308", date(2026, 3, 3), 1), "id_card", "number.birth_future"),
        (made("440308", date(1879, 12, 31), 1), "id_card", "number.birth_early"),
        ("440308199002301519", "id_card", "number.birth"),
        (made("440308", date(1990, 1, 1), 0), "id_card", "number.sequence"),
        (made("440308", date(1990, 1, 1), 7), "taiwan_residence", "number.residence_region"),
        (made("440308", date(1990, 1, 1), 7), "permanent_residence", "number.characters"),
        ("H1234567", "hk_macau_permit", "number.unfinished"),
        ("H123456789", "hk_macau_permit", "number.unfinished"),
        ("A12345678", "hk_macau_permit", "number.characters"),
        ("1234567", "taiwan_permit", "number.unfinished"),
        ("AB1", "passport", "number.unfinished"),
        ("护照12345", "passport", "number.characters"),
        ("A" * 10_000, "passport", "number.long"),
        ("USA11000000001", "permanent_residence", "number.unfinished"),
    ],
)
def test_wrong_numbers_are_refused_with_the_reason(text: str, kind: str | None, code: str) -> None:
    reading = read(text, DocumentKind(kind) if kind else None)
    assert not reading.valid
    assert code in codes(reading.findings)


def test_an_unknown_region_warns_and_never_refuses() -> None:
    reading = read(made("441699", date(1970, 1, 1), 3))
    assert reading.valid
    assert [(each.level, each.code) for each in reading.findings] == [(Level.TELL, "number.region")]


def test_a_residence_permits_number_on_an_identity_card_is_asked_about() -> None:
    reading = read(made("830000", date(1990, 5, 6), 12), DocumentKind.ID_CARD)
    assert [(each.level, each.code) for each in reading.findings] == [(Level.ASK, "number.other_kind")]


def test_findings_point_at_the_field() -> None:
    reading = identify("1", DocumentKind.ID_CARD, TODAY, REGIONS, "holder.document.number")
    assert [each.field for each in reading.findings] == ["holder.document.number"]


@given(st.sampled_from(sorted(REGIONS)), births, sequences)
def test_any_made_number_is_valid_and_only_its_own_check_is(region: str, birth: date, sequence: int) -> None:
    number = made(region, birth, sequence)
    reading = read(number, DocumentKind.ID_CARD)
    assert (reading.valid, reading.birth) == (True, birth)
    assert reading.sex == (Sex.MALE if sequence % 2 else Sex.FEMALE)
    others = [number[:17] + check for check in CHECKS if check != number[17]]
    assert not any(read(other, DocumentKind.ID_CARD).valid for other in others)


@given(births, sequences, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(birth: date, sequence: int, place: int, off: int) -> None:
    number = made("440308", birth, sequence)
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert not read(wrong, DocumentKind.ID_CARD).valid


@given(st.text(max_size=40), KINDS)
def test_no_text_breaks_the_reading(text: str, kind: DocumentKind | None) -> None:
    reading = read(text, kind)
    assert reading.valid or reading.findings
    assert read(reading.number, reading.kind).valid == reading.valid
    for finding in reading.findings:
        assert has(f"finding.{finding.code}")
        assert sentence(finding)


@pytest.mark.parametrize("number", ["B00000019", "X00000019"])
def test_social_card_samples(number: str) -> None:
    assert check_social_card(number) == ()


@pytest.mark.parametrize("number", ["B00000018", "B0000001", "", "123456789", "张"])
def test_social_card_numbers_only_warn(number: str) -> None:
    (finding,) = check_social_card(number)
    assert finding.level is Level.TELL


@pytest.mark.rule("EXC-7")
def test_company_codes() -> None:
    assert check_uscc("91441621MA0TEXT00F") == ()
    (finding,) = check_uscc("91441621MA0TEXT00A")
    assert (finding.level, finding.params) == (Level.ASK, {"expected": "F", "actual": "A"})
    assert codes(check_uscc("91441621MA0TEXT00")) == ["number.unfinished"]
    assert codes(check_uscc("")) == ["number.uscc_empty"], "a unit's code, and nobody's number"
    assert codes(check_uscc("9144162IMA0")) == ["number.uscc_characters"]
    assert codes(check_uscc("91441621MA0TEXT0IF")) == ["number.uscc_characters"]
    assert codes(check_uscc("")) == ["number.uscc_empty"]
    assert codes(check_uscc("91441621MA0TEXT00F0")) == ["number.long"]
