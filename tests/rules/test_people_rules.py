"""Who acts for the holder: the guardian (AGE-*) and the agent (AGT-*), to the day."""

from datetime import date

import pytest

from counter.rules.case import Case, DocumentKind, PickupMethod, PresentedBy
from counter.rules.services import SERVICES
from tests.support.customers import (
    AGENT,
    GUARDIAN,
    complete,
)
from tests.support.made_up import (
    TODAY,
    judged,
    number,
    stops,
)

EVE, DAY = "20101121", "20101120"  # 15 years and 364 days, and 16 today


def apply(presented_by: PresentedBy, customer: str = "citizen", service: str = "apply") -> Case:
    return complete(SERVICES[service], customer, presented_by)


@pytest.mark.rule("AGE-1")
def test_age_1_the_birthday_itself_decides() -> None:
    alone = apply(PresentedBy.HOLDER)
    assert not judged(alone, holder__document__number=number(EVE)).allowed
    assert judged(alone, holder__document__number=number(DAY)).allowed

    minor = "citizen under 16, identity card"
    guarded = apply(PresentedBy.GUARDIAN, minor)
    assert judged(guarded, holder__document__number=number(EVE)).allowed
    grown = judged(guarded, holder__document__number=number(DAY))
    assert stops(grown) == {("AGE-1", "identity.presenter", "presented_by")}


@pytest.mark.rule("AGE-2")
def test_age_2_a_hukou_book_serves_until_the_sixteenth_birthday() -> None:
    book = apply(PresentedBy.GUARDIAN, "citizen under 16, hukou book")
    eve = {"holder__document__number": number(EVE), "holder__document__valid_to": date(2026, 11, 21)}
    assert judged(book, **eve).allowed
    grown = {"holder__document__number": number(DAY), "holder__document__valid_to": date(2026, 11, 20)}
    assert ("WHO-2", "identity.hukou_adult", "holder.document.kind") in stops(judged(book, **grown))


@pytest.mark.rule("AGE-1")
@pytest.mark.rule("WHO-4")
@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("name", "", "APP-1"),
        ("document.number", "", "WHO-2"),
        ("document.number", "440308199901101513", "WHO-5"),
        ("document.number", number("20150101"), "AGE-1"),
        ("document.number", number("20110301"), "AGE-1"),  # the child's own
        ("document.kind", DocumentKind.HUKOU, "AGE-1"),
        ("document.valid_to", date(2026, 11, 19), "WHO-4"),
        ("document.valid_from", None, "APP-1"),
        ("relation", " ", "AGE-3"),
        ("mobile", "", "AGE-3"),
        ("mobile", "1380000", "AGE-3"),
    ],
)
def test_age_1_the_guardian_is_judged_as_the_holder_is(path: str, value: object, rule: str) -> None:
    case = apply(PresentedBy.GUARDIAN, "citizen under 16, hukou book")
    assert judged(case).allowed
    found = stops(judged(case, **{f"guardian__{path.replace('.', '__')}": value}))
    assert rule in {each for each, _, _ in found}
    assert {field for _, _, field in found} >= {f"guardian.{path}"} or rule == "AGE-1"


@pytest.mark.rule("AGE-3")
def test_age_3_the_guardian_s_mobile_takes_the_code() -> None:
    case = apply(PresentedBy.GUARDIAN, "citizen under 16, hukou book")
    assert judged(case, holder__mobile="").allowed
    assert "sms" not in judged(case, holder__mobile_verified=False).deferred
    assert "sms" in judged(case, guardian__mobile_verified=False).deferred


@pytest.mark.rule("AGE-4")
@pytest.mark.parametrize(("birth", "asked"), [("20121121", True), ("20121120", False)])  # 14 tomorrow, 14 today
def test_age_4_under_14_the_guardian_consents_separately(birth: str, asked: bool) -> None:
    case = apply(PresentedBy.GUARDIAN, "citizen under 16, identity card")
    found = stops(judged(case, holder__document__number=number(birth)))
    assert found == ({("AGE-4", "consents.missing", "consents")} if asked else set())


@pytest.mark.rule("AGT-1")
@pytest.mark.parametrize(
    ("birth", "code"),
    [("20081121", "proxy.agent_age"), ("20081120", None), ("20091120", "proxy.agent_age"), ("19500101", None)],
)
def test_agt_1_an_agent_is_18_today_or_older(birth: str, code: str | None) -> None:
    found = stops(judged(apply(PresentedBy.AGENT), agent__document__number=number(birth)))
    assert found == ({("AGT-1", code, "agent.document.number")} if code else set())


@pytest.mark.rule("AGT-1")
def test_agt_1_an_agent_states_the_birth_that_the_number_does_not_tell() -> None:
    passport = {"agent__document__kind": DocumentKind.PASSPORT, "agent__document__number": "X0000000"}
    case = apply(PresentedBy.AGENT)
    assert stops(judged(case, **passport)) == {("AGT-1", "missing", "agent.birth")}
    assert judged(case, **passport, agent__birth=date(1990, 1, 1)).allowed
    assert not judged(case, **passport, agent__birth=date(2010, 1, 1)).allowed


@pytest.mark.rule("AGT-1")
def test_agt_1_nobody_is_their_own_agent() -> None:
    case = apply(PresentedBy.AGENT)
    found = stops(judged(case, agent__document__number=case.holder.document.number))
    assert ("AGT-1", "proxy.same_person", "agent.document.number") in found
    nobody = {field for _, _, field in stops(judged(case, agent=None))}
    assert nobody >= {"agent.name", "agent.document.number", "agent.document.valid_to"}


@pytest.mark.rule("AGT-2")
def test_agt_2_renewing_the_photo_of_an_exchange_is_for_the_holder_or_the_guardian() -> None:
    renewed = {"photo__source": "receipt", "photo__receipt": "A1", "photo__digest": "0" * 64}
    guarded = complete(SERVICES["exchange"], "citizen under 16, hukou book", PresentedBy.GUARDIAN)
    papers = (*guarded.papers, "photo_receipt")
    assert judged(guarded, **renewed, papers=papers).allowed


@pytest.mark.rule("AGT-3")
def test_agt_3_an_agent_who_applied_takes_no_mail_and_does_not_collect() -> None:
    mail = judged(apply(PresentedBy.AGENT), pickup__method=PickupMethod.MAIL)
    assert ("AGT-3", "pickup.agent", "pickup.method") in stops(mail)
    collecting = apply(PresentedBy.AGENT, service="collect")
    found = stops(judged(collecting, old_card__applied_by_agent=True))
    assert found == {("AGT-3", "proxy.applied_by_agent", "presented_by")}
    in_person = apply(PresentedBy.HOLDER, service="collect")
    assert judged(in_person, old_card__applied_by_agent=True).allowed


@pytest.mark.rule("AGT-4")
@pytest.mark.parametrize(
    ("reason", "birth", "paper", "code"),
    [
        ("", "19900101", "admission_record", "proxy.reason"),
        ("busy", "19900101", "admission_record", "proxy.reason"),
        ("hospital", "19900101", "", "papers.missing"),
        ("hospital", "19900101", "away_registration", "papers.missing"),
        ("hospital", "19900101", "admission_record", None),
        ("away", "19900101", "away_registration", None),
        ("elderly", "19900101", "", "proxy.not_elderly"),
        ("elderly", "19661121", "", "proxy.not_elderly"),
        ("elderly", "19661120", "", None),
    ],
)
def test_agt_4_why_an_agent_collects(reason: str, birth: str, paper: str, code: str | None) -> None:
    case = apply(PresentedBy.AGENT, service="collect")
    papers = tuple(each for each in case.papers if each != "admission_record")
    judgement = judged(
        case, agent__reason=reason, holder__document__number=number(birth), papers=(*papers, paper) if paper else papers
    )
    assert {(rule, each) for rule, each, _ in stops(judgement)} == ({("AGT-4", code)} if code else set())
    assert judgement.authorised == "agent_collect"


def test_the_people_of_these_tests_are_grown_up_today() -> None:
    assert (GUARDIAN.document, TODAY.year) == (AGENT.document, 2026)
