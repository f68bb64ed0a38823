"""All services for all kinds of customers, whoever asks: each has an answer, and none contradicts the book of rules.

The tables below are written from RULES.md and not from the declarations.
"""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from counter import i18n
from counter.rules.case import Case, KnownCard, OneCard, OneCardAnswer, Pickup, PickupMethod, PresentedBy
from counter.rules.filling import value_at, with_value
from counter.rules.finding import Level
from counter.rules.judge import judge
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES
from tests.support.customers import (
    AGENT,
    CHILDREN,
    CITIES,
    CUSTOMERS,
    GUANGZHOU,
    GUARDED,
    GUARDIAN,
    MAIL,
    MINORS,
    PICKUPS,
    complete,
    everybody,
)
from tests.support.made_up import (
    SHELL,
    WINDOW,
    policy,
    stops,
)

REFERRED = {
    "e_card", "elderly_card", "benefit_payment", "insurance_details", "medical_account", "card_test", "photo_studio",
    "online", "clean_up_refer", "unlock_refer",
}  # fmt: skip
SERVED = set(SERVICES) - REFERRED
AT_WINDOW = SERVED - {"review_bank_change", "sign_parcel"}
"""Where a customer stands; the others are the bank's own work."""
AGENT_MAY = {"apply", "report_loss", "query", "replace", "change_photo", "collect"}
NEW_CARD = {"apply", "exchange", "replace", "change_photo", "change_details"}
REFUSED = {("clean_up", GUANGZHOU): {"ONE-5"}}
"""What a city does not do at a bank's counter, whoever asks."""
HK_MACAU_TAIWAN = {name for name in CUSTOMERS if name.startswith(("Hong Kong", "Taiwan"))}


def rules_that_stop(service: str, customer: str, presented_by: PresentedBy, **values: Any) -> set[str]:
    return {rule for rule, _, _ in stops(judge(complete(SERVICES[service], customer, presented_by, **values), SHELL))}


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("service", SERVICES)
def test_everybody_has_an_answer(service: str, city: str) -> None:
    """Allowed, or a stop with its rule and a sentence: nobody is sent away without knowing why."""
    for each, customer, presented_by in everybody():
        if each.id != service:
            continue
        judgement = judge(complete(each, customer, presented_by, city=city), SHELL)
        stopped = [finding for finding in judgement.findings if finding.level is Level.STOP]
        assert judgement.allowed is not bool(stopped), (customer, presented_by)
        assert all(i18n.has(f"rule.{finding.rule}.text") and i18n.sentence(finding) for finding in stopped)
        assert judgement.allowed is False or judgement.notices, (customer, presented_by)


def test_the_catalogue_is_the_design_s() -> None:
    """Further services come after them."""
    designed = [
        "apply", "exchange", "replace", "collect", "activate", "report_loss", "withdraw_loss", "reset_pin",
        "change_photo", "change_details", "book_bank_change", "review_bank_change", "clean_up", "query", "unlock",
        "cancel", "transfer_letter", "e_card", "elderly_card", "benefit_payment", "insurance_details",
        "medical_account", "card_test", "photo_studio",
    ]  # fmt: skip
    assert [service.id for service in sorted(SERVICES.values(), key=lambda each: each.number)][:24] == designed


@pytest.mark.parametrize("service", SERVICES)
def test_a_case_of_every_service_is_the_same_as_json(service: str) -> None:
    presented_by = PresentedBy.AGENT if service in AGENT_MAY else PresentedBy.HOLDER
    case = complete(SERVICES[service], "citizen", presented_by)
    again = msgspec.json.decode(msgspec.json.encode(case), type=Case)
    assert again == case
    assert judge(again, SHELL).allowed


# --- who may ask -----------------------------------------------------------------------------------------------


@pytest.mark.rule("AGE-1")
@pytest.mark.rule("GRD-1")
@pytest.mark.rule("LOS-1")
@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("customer", CUSTOMERS)
@pytest.mark.parametrize("service", sorted(AT_WINDOW))
def test_age_1_the_guardian_and_nobody_else(service: str, customer: str, city: str) -> None:
    """Under 16, and of adults without capacity; but a loss is reported by whoever notices it."""
    rule = "GRD-1" if customer not in MINORS else "AGE-1"
    kept_away = customer in GUARDED and service != "report_loss"
    assert (rule in rules_that_stop(service, customer, PresentedBy.HOLDER, city=city)) is kept_away
    assert (rule in rules_that_stop(service, customer, PresentedBy.AGENT, city=city)) is kept_away
    guardian = rules_that_stop(service, customer, PresentedBy.GUARDIAN, city=city)
    assert guardian == (REFUSED.get((service, city), set()) | (set() if customer in GUARDED else {"AGE-1"}))


@pytest.mark.rule("AGT-1")
@pytest.mark.rule("AGT-2")
@pytest.mark.rule("AGT-5")
@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("service", sorted(AT_WINDOW))
def test_agt_1_what_an_agent_may_ask(service: str, city: str) -> None:
    """An exchange in Guangzhou (G4), not in Zijin (Z4), nor where nobody has decided on it."""
    for customer in CUSTOMERS.keys() - GUARDED:
        found = rules_that_stop(service, customer, PresentedBy.AGENT, city=city)
        if service in AGENT_MAY or (service, city) == ("exchange", GUANGZHOU):
            assert found == set()
        else:
            assert ({"AGT-5"} if service == "exchange" else {"AGT-2"}) <= found


@pytest.mark.rule("REF-1")
@pytest.mark.parametrize("service", sorted(REFERRED))
def test_ref_1_everybody_is_referred_with_all_that_they_need(service: str) -> None:
    for customer in CUSTOMERS:
        for presented_by in PresentedBy:
            judgement = judge(complete(SERVICES[service], customer, presented_by), SHELL)
            assert judgement.allowed
            parts = [notice.partition("?")[0].rpartition(".")[2] for notice in judgement.notices]
            assert parts[:6] == ["what", "who", "where", "bring", "call", "steps"]
    assert any(number in i18n.notice(judgement.notices[4]) for number in ("12333", "12343", "12345"))


@pytest.mark.rule("WHO-2")
@pytest.mark.rule("WHO-6")
def test_who_2_every_kind_of_document_is_served_everywhere() -> None:
    for service in SERVICES:
        for customer in CUSTOMERS:
            presented_by = PresentedBy.GUARDIAN if customer in GUARDED else PresentedBy.HOLDER
            assert rules_that_stop(service, customer, presented_by) == set(), (service, customer)


# --- papers ----------------------------------------------------------------------------------------------------

OWN = {
    "citizen": {"id_card_front", "id_card_back"},
    "Hong Kong or Macau, travel permit": {"permit_front", "permit_back"},
    "Hong Kong or Macau, residence permit": {"residence_front", "residence_back"},
    "Taiwan, travel permit": {"permit_front", "permit_back"},
    "Taiwan, residence permit": {"residence_front", "residence_back"},
    "foreigner, passport": {"passport"},
    "foreigner, permanent residence": {"residence_front", "residence_back"},
    "foreigner, permanent residence (old number)": {"residence_front", "residence_back"},
    "overseas Chinese, Chinese passport": {"passport"},
}
BOOK = {"hukou_cover", "hukou_householder", "hukou_member"}
PROOFS = ({"birth_certificate"}, {"guardianship_proof"}, {"hukou_householder", "hukou_member"})
"""What proves the guardianship of a child, each by itself (AGE-1)."""
GUARDIAN_ID = {"guardian_id_front", "guardian_id_back"}
BESIDES = {"change_details": {"police_proof", "insurance_proof"}}


@pytest.mark.rule("APP-2")
@pytest.mark.rule("AGT-1")
@pytest.mark.parametrize("service", sorted(AT_WINDOW))
def test_app_2_the_papers_of_grown_ups(service: str) -> None:
    for customer, papers in OWN.items():
        besides = BESIDES.get(service, set())
        assert set(judge(complete(SERVICES[service], customer, PresentedBy.HOLDER), SHELL).papers) == papers | besides
        if service in AGENT_MAY:
            found = set(judge(complete(SERVICES[service], customer, PresentedBy.AGENT), SHELL).papers)
            why = {"admission_record"} if service == "collect" else set()
            assert found == papers | {"agent_id_front", "agent_id_back"} | why


def own_of(customer: str) -> set[str]:
    """A minor's own document, without the hukou book's pages that prove something besides."""
    return {
        "identity card": OWN["citizen"], "hukou book": {"hukou_member"}, "passport": {"passport"},
        "Chinese passport": {"passport"},
    }.get(customer.partition(", ")[2], {"permit_front", "permit_back"})  # fmt: skip


def guardian_of(customer: str) -> set[str]:
    """A passport has one page to show, every other document two sides."""
    return {"guardian_id_front"} if "passport" in customer else GUARDIAN_ID


def rules_without(case: Case, papers: set[str]) -> set[str]:
    """The rules that stop where just these papers are handed over."""
    return {rule for rule, _, _ in stops(judge(structs.replace(case, papers=tuple(papers)), SHELL))}


@pytest.mark.rule("AGE-1")
@pytest.mark.rule("AGE-2")
@pytest.mark.parametrize("customer", sorted(MINORS))
@pytest.mark.parametrize("service", sorted(AT_WINDOW))
def test_age_1_one_proof_is_enough_and_an_application_wants_the_images(service: str, customer: str) -> None:
    """Whatever the minor's document; with one paper less it is not enough."""
    case = complete(SERVICES[service], customer, PresentedBy.GUARDIAN)
    needed = guardian_of(customer) | own_of(customer) | BESIDES.get(service, set())
    proofs = [proof if service != "apply" or "hukou_member" not in proof else BOOK for proof in PROOFS]
    if service == "apply" and "hukou" in customer:
        proofs = [BOOK]  # the whole book, and it proves the rest
    if SERVICES[service].alone:
        proofs = [set()]  # the child alone or any adult may ask
    for proof in proofs:
        papers = needed | proof
        assert rules_without(case, papers) == set(), proof
        for paper in papers:
            found = rules_without(case, papers - {paper})
            assert len(found) == 1 and found < {"AGE-1", "AGE-2", "APP-2", "INF-2"}, (proof, paper)


@pytest.mark.rule("GRD-1")
@pytest.mark.parametrize("service", sorted(AT_WINDOW))
def test_grd_1_the_papers_of_an_adult_without_capacity(service: str) -> None:
    """What the court or the committee wrote, and no birth certificate."""
    proof = set() if SERVICES[service].alone else {"guardianship_proof"}
    papers = GUARDIAN_ID | OWN["citizen"] | proof | BESIDES.get(service, set())
    case = complete(SERVICES[service], "adult without capacity", PresentedBy.GUARDIAN)
    assert set(judge(case, SHELL).papers) == papers
    assert rules_without(case, papers) == set()
    others = rules_without(case, {*papers - {"guardianship_proof"}, "birth_certificate", *BOOK})
    assert others == ({"GRD-1"} if proof else set())


def test_every_paper_that_is_missing_stops_by_its_own_rule() -> None:
    for service, customer, presented_by in everybody():
        case = complete(service, customer, presented_by)
        judgement = judge(case, SHELL)
        if not judgement.allowed:
            continue
        for paper in judgement.checklist:
            without = structs.replace(case, papers=tuple(each for each in case.papers if each != paper.id))
            assert {rule for rule, _, _ in stops(judge(without, SHELL))} == {paper.rule}, (service.id, paper.id)


def test_of_which_papers_a_copy_is_enough_is_the_city_s_to_say() -> None:
    case = complete(SERVICES["collect"], "citizen", PresentedBy.AGENT)
    forms = {paper.id: paper.form for paper in judge(case, SHELL).checklist}
    assert {id for id, form in forms.items() if form == "copy"} == {"admission_record"}
    assert {paper.form for paper in judge(case, policy(copies=())).checklist} == {"original"}


# --- fee, collection, consent, second person -------------------------------------------------------------------


@pytest.mark.rule("FEE-1")
@pytest.mark.rule("APP-6")
def test_fee_1_a_new_card_costs_twenty_yuan_and_nothing_else_does() -> None:
    for service, customer, presented_by in everybody():
        expected = 2000 if service.id in NEW_CARD - {"apply"} else 0
        assert judge(complete(service, customer, presented_by), SHELL).fee_fen == expected


@pytest.mark.rule("PIC-2")
@pytest.mark.rule("PIC-4")
@pytest.mark.rule("AGT-3")
@pytest.mark.parametrize("service", sorted(NEW_CARD))
def test_pic_1_how_the_card_is_collected(service: str) -> None:
    for customer in CUSTOMERS:
        for presented_by in PresentedBy:
            plain = rules_that_stop(service, customer, presented_by)
            ways = {
                method for method, pickup in PICKUPS.items()
                if rules_that_stop(service, customer, presented_by, pickup=pickup) == set()
            }  # fmt: skip
            agent = presented_by is PresentedBy.AGENT
            mail = service == "apply" and customer not in HK_MACAU_TAIWAN and not agent
            at_once = service != "apply" or not agent  # AGT-4: the agent says why, and brings the paper
            offered = {PickupMethod.BRANCH: True, PickupMethod.MAIL: mail, PickupMethod.INSTANT: at_once}
            assert ways == (set() if plain else {method for method, given in offered.items() if given})


@pytest.mark.rule("AGT-3")
@pytest.mark.parametrize("pickup", [MAIL, PICKUPS[PickupMethod.INSTANT]])
def test_agt_3_what_an_agent_applied_for_is_not_mailed(pickup: Pickup) -> None:
    assert rules_that_stop("apply", "citizen", PresentedBy.AGENT, pickup=pickup) == {"AGT-3"}


@pytest.mark.rule("AGE-4")
@pytest.mark.rule("APP-5")
def test_age_4_who_consents_to_what() -> None:
    for service, customer, presented_by in everybody():
        case = complete(service, customer, presented_by)
        consents = set(judge(case, SHELL).consents)
        alone = service.id == "report_loss" and presented_by is not PresentedBy.GUARDIAN
        assert ("guardian" in consents) is (customer in CHILDREN and service.id in AT_WINDOW and not alone)
        assert ({"terms", "e_card"} <= consents) is (service.id == "apply")
        for consent in consents if judge(case, SHELL).allowed else ():
            without = structs.replace(case, consents=tuple(consents - {consent}))
            rule = {"guardian": "AGE-4", "id_photo": "PHO-1"}.get(consent, "APP-5")
            assert {found for found, _, _ in stops(judge(without, SHELL))} == {rule}


SECOND_PERSON = {"withdraw_loss", "change_details", "review_bank_change", "cancel"}


def test_who_authorises() -> None:
    for service, customer, presented_by in everybody():
        authorised = judge(complete(service, customer, presented_by), SHELL).authorised
        by_agent = service.id == "collect" and presented_by is PresentedBy.AGENT  # AGT-4
        assert bool(authorised) is (service.id in SECOND_PERSON or by_agent), (service.id, presented_by)
        assert not authorised or i18n.has(f"choice.authorised.{authorised}")


@pytest.mark.rule("ONE-1")
@pytest.mark.parametrize("service", sorted(SERVED))
def test_one_1_no_card_is_made_without_the_one_card_question(service: str) -> None:
    asked = rules_that_stop(service, "citizen", PresentedBy.HOLDER, one_card=OneCard())
    assert ("ONE-1" in asked) is (service in NEW_CARD | {"clean_up"})
    pending = OneCard(answer=OneCardAnswer.PENDING)
    found = rules_that_stop(service, "citizen", PresentedBy.HOLDER, one_card=pending)
    assert ("ONE-1" in found) is (service in NEW_CARD | {"clean_up"})


@pytest.mark.rule("ONE-2")
@pytest.mark.rule("ONE-4")
def test_one_4_after_the_clean_up_the_application_goes_on_where_it_stood() -> None:
    two = (KnownCard(city="440300", bank="cmb"), KnownCard(city="440600", bank="abc"))
    elsewhere = OneCard(answer=OneCardAnswer.ELSEWHERE, cards=two)
    case = complete(SERVICES["apply"], "citizen", PresentedBy.HOLDER, one_card=elsewhere)
    before = judge(case, SHELL)
    assert {rule for rule, _, _ in stops(before)} == {"ONE-1"}
    after = judge(structs.replace(case, one_card=structs.replace(elsewhere, clean_up_confirmed=True)), SHELL)
    assert after.allowed
    assert after.by_step | {StepId.ONE_CARD: ()} == before.by_step | {StepId.ONE_CARD: ()}
    agent = rules_that_stop("apply", "citizen", PresentedBy.AGENT, one_card=elsewhere)
    assert agent == {"ONE-2"}  # the holder confirms


@pytest.mark.rule("ONE-5")
def test_one_5_a_clean_up_by_itself() -> None:
    assert rules_that_stop("clean_up", "citizen", PresentedBy.HOLDER) == set()
    for answer in (OneCardAnswer.NONE, OneCardAnswer.HERE, OneCardAnswer.DEFERRED):
        assert rules_that_stop("clean_up", "citizen", PresentedBy.HOLDER, one_card=OneCard(answer=answer)) == {"ONE-2"}
    refers = policy(clean_up="refer")
    referred = judge(complete(SERVICES["clean_up"], "citizen", PresentedBy.HOLDER), refers)
    assert {rule for rule, _, _ in stops(referred)} == {"ONE-5"}


@pytest.mark.rule("APP-3")
def test_app_3_every_service_ends_with_the_confirmation() -> None:
    assert all(service.steps[-1] is StepId.CONFIRM for service in SERVICES.values())


# --- the case lacks something ----------------------------------------------------------------------------------

combinations = st.sampled_from([each for each in everybody() if judge(complete(*each), WINDOW).allowed])
EMPTY = {"guardian": None, "agent": None, "old_card": None, "booking": None, "changes": None, "insured": None}
NEEDED = (
    "holder.name", "holder.document.number", "holder.document.valid_from", "guardian", "agent", "papers", "one_card",
    "old_card", "changes", "consents", "bank", "branch",
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(combinations, st.sampled_from(NEEDED))
def test_what_a_service_needs_and_lacks_is_a_stop(combination: tuple[Service, str, PresentedBy], path: str) -> None:
    """What is asked for by a step of the service stops when it is missing; what is not asked for does not."""
    service, customer, presented_by = combination
    case = complete(service, customer, presented_by, context=WINDOW)
    step = {
        "one_card": {StepId.ONE_CARD, StepId.ANSWER}, "old_card": {StepId.CARD, StepId.MODE}, "bank": {StepId.BANK},
        "branch": {StepId.BANK}, "changes": {StepId.CHANGES}, "consents": {StepId.CONFIRM},
    }.get(path, {StepId.IDENTITY})  # fmt: skip
    value = value_at(case, path)
    if not value or not step & set(service.steps):
        return
    assert not judge(_without(case, path), WINDOW).allowed


def _without(case: Case, path: str) -> Case:
    empty: object = EMPTY.get(path, ())
    if path == "one_card":
        empty = OneCard()
    elif path in {"holder.name", "holder.document.number", "bank", "branch"}:
        empty = ""
    elif path == "holder.document.valid_from":
        empty = None
    return with_value(case, path, empty)


def test_the_made_up_people_differ() -> None:
    assert GUARDIAN.mobile == AGENT.mobile != CUSTOMERS["citizen"].mobile
