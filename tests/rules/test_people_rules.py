"""Who acts for the holder: the guardian (AGE-*, GRD-1) and the agent (AGT-*), to the day."""

from datetime import date

import pytest

from counter import i18n
from counter.rules.case import Case, DocumentKind, Photo, PhotoSource, Pickup, PickupMethod, PresentedBy
from counter.rules.finding import Level
from counter.rules.judge import judge
from counter.rules.papers import name_of
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from tests.support.customers import (
    AGENT,
    GUANGZHOU,
    GUARDIAN,
    complete,
)
from tests.support.made_up import (
    TODAY,
    judged,
    number,
    policy,
    stops,
    with_values,
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
    assert stops(grown) == {("AGE-1", "identity.grown", "presented_by")}


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
        ("document.number", number("20150101", "002"), "GRD-1"),
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


@pytest.mark.rule("GRD-1")
@pytest.mark.parametrize(("birth", "grown"), [("20081121", False), ("20081120", True)])
def test_grd_1_a_guardian_is_18_today_or_older(birth: str, *, grown: bool) -> None:
    case = apply(PresentedBy.GUARDIAN, "citizen under 16, hukou book")
    found = stops(judged(case, guardian__document__number=number(birth, "002"), guardian__relation="sibling"))
    assert found == (set() if grown else {("GRD-1", "proxy.guardian_age", "guardian.document.number")})


@pytest.mark.rule("AGE-3")
@pytest.mark.parametrize(
    ("relation", "man", "woman"),
    [
        ("mother", False, True), ("母亲", False, True), (" 外祖母 ", False, True),
        ("father", True, False), ("父子", True, False),
        ("grandparent", True, True), ("sibling", True, True), ("other", True, True), ("居民委员会", True, True),
    ],
)  # fmt: skip
def test_age_3_a_guardian_is_of_the_sex_that_the_relation_names(relation: str, *, man: bool, woman: bool) -> None:
    """Where the document's number says it; a passport's says nothing."""
    case = apply(PresentedBy.GUARDIAN, "citizen under 16, hukou book")
    refused = {("AGE-3", "proxy.relation_sex", "guardian.relation")}
    for sequence, fits in (("001", man), ("002", woman)):
        said = {"guardian__relation": relation, "guardian__document__number": number("19850101", sequence)}
        assert stops(judged(case, **said)) == (set() if fits else refused)
    foreign = apply(PresentedBy.GUARDIAN, "foreigner under 16, passport")
    assert judged(foreign, guardian__relation=relation).allowed


@pytest.mark.rule("AGE-3")
def test_age_3_parents_were_born_before_their_children() -> None:
    grown_up = apply(PresentedBy.GUARDIAN, "adult without capacity")
    younger = {"guardian__document__number": number("19950101", "002")}
    assert stops(judged(grown_up, **younger)) == {("AGE-3", "proxy.relation_age", "guardian.relation")}
    for relation in ("spouse", "child", "relative"):
        assert judged(grown_up, **younger, guardian__relation=relation).allowed


@pytest.mark.rule("GRD-1")
def test_grd_1_an_adult_without_capacity_comes_with_the_guardian() -> None:
    case = apply(PresentedBy.GUARDIAN, "adult without capacity", "replace")
    assert judged(case).allowed
    assert judged(case, holder__mobile="").allowed, "the guardian's mobile takes the code"
    assert stops(judged(case, holder__incapable=False)) == {("AGE-1", "identity.grown", "presented_by")}
    alone = apply(PresentedBy.HOLDER, "adult without capacity", "replace")
    assert stops(judged(alone)) == {("GRD-1", "identity.incapable", "presented_by")}
    assert judged(alone, holder__incapable=False).allowed
    assert "guardian" not in judged(case).consents, "that consent is for children (AGE-4)"


@pytest.mark.rule("GRD-1")
def test_grd_1_a_minor_is_guarded_as_a_minor() -> None:
    case = apply(PresentedBy.GUARDIAN, "citizen under 16, identity card", "replace")
    assert judged(case, holder__incapable=True).papers == judged(case).papers


@pytest.mark.rule("AGE-2")
def test_age_2_the_second_document_is_called_by_its_own_kind() -> None:
    """A passport has one page to show; the ids of the papers are the same for every kind."""
    case = apply(PresentedBy.GUARDIAN, "citizen under 16, identity card")
    passport = {"guardian__document__kind": DocumentKind.PASSPORT, "guardian__birth": date(1980, 1, 1)}
    names = {
        DocumentKind.ID_CARD: ["paper.guardian_id_front", "paper.guardian_id_back"],
        DocumentKind.HK_MACAU_PERMIT: ["paper.guardian_permit_front", "paper.guardian_permit_back"],
        DocumentKind.TAIWAN_RESIDENCE: ["paper.guardian_residence_front", "paper.guardian_residence_back"],
        DocumentKind.PERMANENT_RESIDENCE: ["paper.guardian_residence_front", "paper.guardian_residence_back"],
        DocumentKind.CHINESE_PASSPORT: ["paper.guardian_passport"],
    }
    for kind, expected in names.items():
        shown = with_values(case, {**passport, "guardian__document__kind": kind})
        found = [name_of(paper, shown) for paper in judged(shown).papers if paper.startswith("guardian_id")]
        assert found == expected
        assert all(i18n.has(key) and i18n.has(key.replace("guardian_", "agent_")) for key in expected)
    number_of_a_passport = {**passport, "guardian__document__number": "X0000000"}
    assert judged(case, **number_of_a_passport, papers=(*case.papers[:1], *case.papers[2:])).allowed
    lacking = judged(case, **number_of_a_passport, papers=case.papers[2:])
    (finding,) = (each for each in lacking.findings if each.code == "papers.missing")
    assert i18n.t(str(finding.params["paper"])) in i18n.sentence(finding)


@pytest.mark.rule("AGE-1")
def test_age_1_what_would_prove_the_guardianship_is_said() -> None:
    case = apply(PresentedBy.GUARDIAN, "citizen under 16, identity card", "replace")
    papers = tuple(each for each in case.papers if each != "birth_certificate")
    (finding,) = (each for each in judged(case, papers=papers).findings if each.level is Level.STOP)
    said = i18n.sentence(finding)
    assert (finding.rule, finding.code) == ("AGE-1", "papers.missing_any")
    ways = ("birth_certificate", "hukou_householder", "guardianship_proof")
    assert all(i18n.t(f"paper.{each}") in said for each in ways)


@pytest.mark.rule("AGE-1")
@pytest.mark.rule("LOS-1")
@pytest.mark.parametrize("customer", ["citizen under 16, hukou book", "child under 14, identity card"])
def test_age_1_a_minor_reports_a_loss_alone(customer: str) -> None:
    for presented_by in PresentedBy:
        assert judged(apply(presented_by, customer, "report_loss")).allowed
    assert "guardian" not in judged(apply(PresentedBy.HOLDER, customer, "report_loss")).consents, "nobody is there"


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


@pytest.mark.rule("AGT-5")
@pytest.mark.rule("PHO-3")
def test_agt_5_an_exchange_through_an_agent_is_the_city_s_to_say() -> None:
    there = complete(SERVICES["exchange"], "citizen", PresentedBy.AGENT, city=GUANGZHOU)
    assert judged(there).allowed
    receipt = Photo(source=PhotoSource.RECEIPT, receipt="A1", digest="0" * 64)
    renewed = {"photo": receipt, "papers": (*there.papers, "photo_receipt")}
    assert stops(judged(there, **renewed)) == {("PHO-3", "card_photo.in_person", "photo.source")}
    here = apply(PresentedBy.AGENT, service="exchange")
    assert stops(judged(here)) == {("AGT-5", "identity.agent_in_city", "presented_by")}
    lets = policy(exchange_by_agent=True)
    assert judge(complete(SERVICES["exchange"], "citizen", PresentedBy.AGENT, lets), lets).allowed
    young = judged(there, agent__document__number=number("20081121"))
    assert stops(young) == {("AGT-1", "proxy.agent_age", "agent.document.number")}


@pytest.mark.rule("AGT-4")
@pytest.mark.parametrize("service", ["replace", "change_photo", "exchange"])
def test_agt_4_a_card_at_once_is_not_handed_to_any_agent(service: str) -> None:
    """Made at once it is handed to whoever is there: why is asked, with the paper, and a second person authorises."""
    at_once = Pickup(method=PickupMethod.INSTANT)
    case = complete(SERVICES[service], "citizen", PresentedBy.AGENT, city=GUANGZHOU, pickup=at_once)
    assert "admission_record" in case.papers
    assert judged(case).allowed
    assert judged(case).authorised == "agent_collect"
    assert stops(judged(case, agent__reason="")) == {("AGT-4", "proxy.reason", "agent.reason")}
    papers = tuple(each for each in case.papers if each != "admission_record")
    (lacking,) = judged(case, papers=papers).by_step[StepId.PICKUP]
    assert (lacking.rule, lacking.code) == ("AGT-4", "papers.missing")
    later = judged(case, pickup__method=PickupMethod.BRANCH, agent__reason="", papers=papers)
    assert later.allowed
    assert not later.authorised
    holder = complete(SERVICES[service], "citizen", PresentedBy.HOLDER, city=GUANGZHOU, pickup=at_once)
    assert not judged(holder).authorised


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
