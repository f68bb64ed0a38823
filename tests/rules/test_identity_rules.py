"""Who may ask, and with which document: WHO-1 to WHO-6, AGE-1, AGT-2, APP-1, APP-2."""

from datetime import date

import pytest

from counter.rules.case import Case, DocumentKind, IdentityAnswer, PresentedBy, Sex
from counter.rules.services.apply import APPLY as DECLARED
from counter.rules.steps import identity
from tests.support.made_up import (
    APPLY,
    EXCHANGE,
    HONG_KONG,
    SHELL,
    TODAY,
    judged,
    number,
    stops,
    told,
    with_values,
)

NUMBER = "holder.document.number"


@pytest.mark.parametrize("case", [APPLY, EXCHANGE, HONG_KONG])
def test_a_complete_case_is_allowed(case: Case) -> None:
    judgement = judged(case)
    assert stops(judgement) == set()
    assert judgement.allowed


@pytest.mark.rule("WHO-1")
def test_who_1_the_counter_serves_foreigners_and_asks_about_those_who_live_elsewhere() -> None:
    foreign = {
        "holder__document__kind": DocumentKind.PASSPORT,
        "holder__document__number": "X0000000",
        "papers": ("passport",),
    }
    judgement = judged(HONG_KONG, **foreign)
    assert judgement.allowed
    assert ("WHO-1", "identity.counter_only") in told(judgement)

    elsewhere = judged(APPLY, holder__region="110101")
    assert not elsewhere.allowed
    assert judged(APPLY, holder__region="110101", acknowledged=("details.outside_guangdong",)).allowed
    assert judged(EXCHANGE, holder__region="110101").allowed


@pytest.mark.rule("WHO-2")
def test_who_2_an_adult_service_takes_no_hukou_book() -> None:
    found = stops(judged(APPLY, holder__document__kind=DocumentKind.HUKOU))
    assert ("WHO-2", "identity.hukou_adult", "holder.document.kind") in found


@pytest.mark.rule("WHO-2")
@pytest.mark.parametrize("answer", [IdentityAnswer.MISMATCH, IdentityAnswer.NOT_FOUND])
def test_who_2_who_fails_the_identity_check_is_refused(answer: IdentityAnswer) -> None:
    found = stops(judged(APPLY, identity_check__answer=answer))
    assert found == {("WHO-2", f"identity.{answer}", "identity_check.answer")}


@pytest.mark.rule("WHO-2")
@pytest.mark.parametrize("answer", [None, IdentityAnswer.DEFERRED])
def test_who_2_an_identity_check_without_an_answer_is_deferred(answer: IdentityAnswer | None) -> None:
    judgement = judged(APPLY, identity_check__answer=answer)
    assert judgement.allowed
    assert "identity" in judgement.deferred
    assert "identity" not in judged(APPLY, identity_check__answer=IdentityAnswer.MATCH).deferred


@pytest.mark.rule("WHO-3")
def test_who_3_a_hukou_book_is_valid_to_the_sixteenth_birthday() -> None:
    child: dict[str, object] = {
        "holder__document__kind": DocumentKind.HUKOU,
        "holder__document__number": number("20150105"),
    }
    case = with_values(APPLY, child)
    right = with_values(case, {"holder__document__valid_to": date(2031, 1, 5)})
    unsaid = with_values(case, {"holder__document__valid_to": None})

    def codes(each: Case) -> list[object] | list[str]:
        checks = (identity.validity, identity.hukou_validity)
        return [finding.code for check in checks for finding in check(each, DECLARED, SHELL)]

    assert codes(right) == codes(unsaid) == []
    assert codes(case) == ["identity.hukou_validity"]
    assert codes(with_values(case, {"holder__document__valid_to": "long_term"})) == ["identity.hukou_validity"]


@pytest.mark.rule("WHO-4")
@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (date(2016, 1, 1), date(2026, 11, 19), "identity.expired"),
        (date(2016, 1, 1), TODAY, None),
        (date(2016, 1, 1), "long_term", None),
        (date(2026, 11, 21), date(2036, 1, 1), "identity.not_yet_valid"),
        (date(2026, 1, 2), date(2026, 1, 1), "identity.validity_reversed"),
        (None, date(2036, 1, 1), "missing"),
        (date(2016, 1, 1), None, "missing"),
    ],
)
def test_who_4_a_document_is_valid_from_its_first_to_its_last_day(
    begin: date | None, end: str | date | None, code: str | None
) -> None:
    judgement = judged(APPLY, holder__document__valid_from=begin, holder__document__valid_to=end)
    assert judgement.allowed is (code is None)
    assert code is None or code in {each for _, each, _ in stops(judgement)}


@pytest.mark.rule("WHO-5")
def test_who_5_a_wrong_check_digit_is_refused_in_the_province_s_words() -> None:
    judgement = judged(APPLY, holder__document__number="440308199901101513")
    assert stops(judgement) == {("WHO-5", "number.check_digit", NUMBER)}


@pytest.mark.rule("AGE-1")
def test_age_1_a_minor_does_not_come_alone() -> None:
    eve, day = number("20101121"), number("20101120")
    assert ("AGE-1", "identity.minor", "presented_by") in stops(judged(APPLY, holder__document__number=eve))
    assert judged(APPLY, holder__document__number=day).allowed
    assert not judged(EXCHANGE, holder__document__number=eve).allowed


@pytest.mark.rule("AGE-1")
@pytest.mark.rule("AGT-5")
@pytest.mark.parametrize(
    ("presenter", "rule", "code"),
    [
        (PresentedBy.GUARDIAN, "AGE-1", "identity.grown"),
        (PresentedBy.AGENT, "AGT-5", "identity.agent_in_city"),
    ],
)
def test_agt_2_these_services_are_for_the_holder_in_person(presenter: PresentedBy, rule: str, code: str) -> None:
    assert stops(judged(EXCHANGE, presented_by=presenter)) == {(rule, code, "presented_by")}
    in_person = judged(EXCHANGE, service="activate", old_card__status="1", presented_by=PresentedBy.AGENT)
    assert stops(in_person) == {("AGT-2", "identity.presenter", "presented_by")}


@pytest.mark.rule("WHO-6")
def test_who_6_overseas_chinese_come_to_the_counter_with_the_chinese_passport() -> None:
    passport = {
        "holder__document__kind": DocumentKind.CHINESE_PASSPORT,
        "holder__document__number": "E00000000",
        "papers": ("passport",),
    }
    judgement = judged(HONG_KONG, **passport)
    assert judgement.allowed
    assert ("WHO-6", "identity.overseas_chinese") in told(judgement)
    assert "WHO-1" not in {rule for rule, _ in told(judgement)}, "they are no foreigners"
    assert stops(judged(HONG_KONG, **{**passport, "papers": ()})) == {("APP-2", "papers.missing", "papers")}
    wrong = judged(HONG_KONG, **{**passport, "holder__document__number": "X00000000"})
    assert stops(wrong) == {("WHO-2", "number.characters", NUMBER)}


@pytest.mark.rule("WHO-2")
def test_who_2_a_chinese_number_is_not_refused_as_a_foreign_passport() -> None:
    passport = {"holder__document__kind": DocumentKind.PASSPORT, "papers": ("passport",)}
    assert judged(HONG_KONG, **passport, holder__document__number="E00000000").allowed


@pytest.mark.rule("APP-1")
def test_app_1_a_citizen_s_birth_and_sex_follow_from_the_number() -> None:
    assert judged(APPLY, holder__birth=date(1990, 1, 1), holder__sex=Sex.MALE).allowed
    wrong = judged(APPLY, holder__birth=date(1990, 1, 2), holder__sex=Sex.FEMALE)
    assert stops(wrong) == {
        ("APP-1", "identity.birth_differs", "holder.birth"),
        ("APP-1", "identity.sex_differs", "holder.sex"),
    }


@pytest.mark.rule("APP-1")
def test_app_1_others_state_birth_and_sex() -> None:
    found = stops(judged(HONG_KONG, holder__birth=None, holder__sex=None))
    assert found == {("APP-1", "missing", "holder.birth"), ("APP-1", "missing", "holder.sex")}
    assert not judged(HONG_KONG, holder__birth=date(2026, 11, 21)).allowed


@pytest.mark.rule("APP-2")
@pytest.mark.parametrize(
    ("kind", "papers"),
    [
        (DocumentKind.ID_CARD, ("id_card_front", "id_card_back")),
        (DocumentKind.HK_MACAU_PERMIT, ("permit_front", "permit_back")),
        (DocumentKind.TAIWAN_RESIDENCE, ("residence_front", "residence_back")),
        (DocumentKind.PASSPORT, ("passport",)),
        (DocumentKind.PERMANENT_RESIDENCE, ("residence_front", "residence_back")),
    ],
)
def test_app_2_every_side_of_the_document_is_handed_in(kind: DocumentKind, papers: tuple[str, ...]) -> None:
    judgement = judged(APPLY, holder__document__kind=kind, papers=())
    assert judgement.papers == papers
    lacking = [finding.params["paper"] for finding in judgement.findings if finding.code == "papers.missing"]
    assert lacking == [f"paper.{paper}" for paper in papers]
    assert [
        each for each in stops(judged(APPLY, holder__document__kind=kind, papers=papers)) if "papers" in each[1]
    ] == []
