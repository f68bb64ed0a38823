"""Services on a card that is there: LOS-*, REP-*, PIC-5, ACT-1, PIN-1, LCK-1, INF-*, CAN-1, FEE-1, QRY-1."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from msgspec import structs

from counter import i18n
from counter.rules.case import (
    Case,
    Holder,
    IdentityCheck,
    OldCard,
    OneCard,
    OneCardAnswer,
    PhotoSource,
    PickupMethod,
    PresentedBy,
    Sex,
)
from counter.rules.judge import Judgement
from counter.rules.reference import Context, Place, Waiver
from counter.rules.service import MAKES_A_CARD, StepId
from counter.rules.services import SERVICES
from tests.support.customers import complete
from tests.support.made_up import (
    EQUIPPED,
    IN_GUANGZHOU,
    OF_ICBC,
    SHELL,
    TODAY,
    WINDOW,
    ZIJIN,
    judged,
    number,
    policy,
    stops,
)
from tests.support.made_up import told as said

ICBC = Context(TODAY, SHELL.reference, Place(city=ZIJIN, bank="icbc", branch=OF_ICBC.id, counter="1"))


def case(service: str, presented_by: PresentedBy = PresentedBy.HOLDER, **values: Any) -> Case:
    return complete(SERVICES[service], "citizen", presented_by, **values)


def told(judgement: Judgement) -> set[str]:
    return {notice.partition("?")[0] for notice in judgement.notices}


@pytest.mark.rule("BNK-2")
@pytest.mark.parametrize(
    "service",
    ["replace", "collect", "activate", "report_loss", "withdraw_loss", "reset_pin", "change_photo", "change_details",
     "unlock", "cancel"],
)  # fmt: skip
def test_bnk_2_a_service_on_a_card_goes_to_the_bank_on_its_face(service: str) -> None:
    assert judged(case(service), WINDOW).allowed
    elsewhere = judged(case(service), ICBC)
    assert ("BNK-2", "bank.other_counter", "old_card.bank") in stops(elsewhere)
    assert any(finding.params.get("hotline") == "95599" for finding in elsewhere.findings)


@pytest.mark.rule("LOS-1")
def test_los_1_both_accounts_lock_or_the_holder_phones_the_bank() -> None:
    judgement = judged(case("report_loss"))
    assert judgement.allowed
    assert told(judgement) == {"loss_reported", "loss_replace", "loss_withdraw_holder"}, (
        "locked once the province says so"
    )
    failed = judged(case("report_loss"), old_card__bank_lock_failed=True)
    assert failed.allowed
    assert "95599" in i18n.notice(failed.notices[0])
    assert "loss_locked" not in told(failed)
    assert ("LOS-1", "card.bank_lock_failed") in {(each.rule, each.code) for each in failed.findings}


@pytest.mark.rule("LOS-1")
@pytest.mark.parametrize(("status", "allowed"), [("1", True), ("3", True), ("4", True), ("2", False), ("9", False)])
def test_los_1_what_is_lost_already_or_cancelled_is_not_reported_again(status: str, allowed: bool) -> None:
    judgement = judged(case("report_loss"), old_card__status=status)
    assert judgement.allowed is allowed
    assert allowed or stops(judgement) == {("LOS-1", "card.life", "old_card.status")}


@pytest.mark.rule("LOS-2")
def test_los_2_a_loss_is_withdrawn_only_before_the_replacement_and_with_the_card() -> None:
    found = case("withdraw_loss")
    assert judged(found).allowed
    replaced = judged(found, old_card__replacement_filed=True)
    assert stops(replaced) == {("LOS-2", "card.life", "old_card.status")}
    assert stops(judged(found, old_card__in_hand=False)) == {("LOS-2", "card.not_in_hand", "old_card.in_hand")}
    never = judged(found, old_card__loss_reported=False, old_card__status="1")
    assert stops(never) == {("LOS-2", "card.life", "old_card.status")}
    assert not judged(found, old_card__loss_reported=False, old_card__status="").allowed


@pytest.mark.rule("REP-1")
@pytest.mark.parametrize("service", ["replace", "change_photo", "change_details"])
def test_rep_1_a_lost_card_needs_its_report_and_another_is_handed_in(service: str) -> None:
    lost = {"old_card__in_hand": False}
    assert stops(judged(case(service), **lost)) == {("REP-1", "card.neither", "old_card.in_hand")}
    assert judged(case(service), **lost, old_card__loss_reported=True).allowed
    assert judged(case(service), **lost, old_card__status="4").allowed
    assert not judged(case(service), old_card__replacement_filed=True).allowed


@pytest.mark.rule("REP-1")
def test_rep_1_a_lost_card_is_not_exchanged() -> None:
    lost = judged(case("exchange"), old_card__status="2")
    assert stops(lost) == {("REP-1", "card.life", "old_card.status")}


@pytest.mark.rule("REP-2")
@pytest.mark.parametrize("service", ["replace", "change_photo", "change_details", "book_bank_change"])
def test_rep_2_a_card_without_the_financial_function_is_not_replaced(service: str) -> None:
    found = stops(judged(case(service), old_card__kind="blue"))
    assert found == {("REP-2", "old_card.not_financial", "old_card.kind")}


@pytest.mark.rule("PHO-5")
@pytest.mark.parametrize("values", [{"old_card__has_photo": False}, {"old_card__expires": TODAY - timedelta(1)}])
def test_pho_5_a_photo_that_is_none_or_too_old_means_a_change_of_photo(values: dict[str, object]) -> None:
    assert stops(judged(case("replace"), **values)) == {("PHO-5", "card_photo.change_photo", "photo.source")}
    assert judged(case("change_photo"), **values).allowed
    new = {"photo__source": PhotoSource.FILE, "photo__digest": "0" * 64}
    assert judged(case("change_details"), **values, **new).allowed


@pytest.mark.rule("PHO-5")
@pytest.mark.parametrize("service", ["replace", "change_details"])
def test_pho_5_the_date_on_the_card_is_asked_for_where_the_card_is_looked_at(service: str) -> None:
    """Not at the photo, where there is no line for it."""
    judgement = judged(case(service), old_card__expires=None, photo__source=PhotoSource.KEEP)
    assert stops(judgement) == {("PHO-5", "missing", "old_card.expires")}
    assert "PHO-5" in {finding.rule for finding in judgement.by_step[StepId.CARD]}
    lost = judged(case(service), old_card__expires=None, old_card__in_hand=False, old_card__loss_reported=True)
    assert "old_card.expires" not in {finding.field for finding in lost.findings}


@pytest.mark.rule("PIC-4")
@pytest.mark.rule("PIC-6")
def test_pic_6_a_preference_card_is_not_issued_at_once() -> None:
    instant = {"pickup__method": PickupMethod.INSTANT}
    assert judged(case("replace"), **instant).allowed
    found = stops(judged(case("replace"), **instant, old_card__preference=True))
    assert found == {("PIC-6", "pickup.preference", "pickup.method")}
    assert stops(judged(case("replace"), bank="icbc", branch=OF_ICBC.id)) == {("BNK-2", "bank.not_the_card_s", "bank")}


@pytest.mark.rule("PIC-5")
def test_pic_5_a_card_is_collected_once_the_branch_has_signed_for_it() -> None:
    judgement = judged(case("collect"))
    assert judgement.allowed
    assert {"collected", "activate_holder", "account_terms", "crime"} <= told(judgement)
    for status in ("", "0", "1", "9"):
        absent = judged(case("collect"), old_card__at_branch=False, old_card__status=status)
        assert stops(absent) == {("PIC-5", "card.life", "old_card.status")}
    twice = judged(case("collect"), old_card__status="1")
    assert stops(twice) == {("PIC-5", "card.life", "old_card.status")}


@pytest.mark.rule("PIC-5")
def test_pic_5_an_exchange_that_was_booked_online_hands_back_the_old_card() -> None:
    online = {"old_card__booked_online": True}
    assert stops(judged(case("collect"), **online)) == {("PIC-5", "papers.missing", "papers")}
    assert judged(case("collect"), **online, papers=(*case("collect").papers, "old_card")).allowed


@pytest.mark.rule("ACT-1")
def test_act_1_activation_needs_document_card_and_a_phone_number() -> None:
    judgement = judged(case("activate"))
    assert judgement.allowed
    assert {"activated", "pins_if_unset", "account_terms"} <= told(judgement)
    assert not {"activate_holder", "activate_with_pins"} & told(judgement), (
        "too late: told when applied for and collected"
    )
    assert stops(judged(case("activate"), old_card__in_hand=False)) == {
        ("ACT-1", "card.not_in_hand", "old_card.in_hand")
    }
    assert stops(judged(case("activate"), holder__mobile="")) == {("APP-1", "text.mobile_empty", "holder.mobile")}
    assert judged(case("activate"), holder__occupation="", holder__address="", holder__insurance=None).allowed
    for values in ({"old_card__account_active": True}, {"old_card__status": "0"}, {"old_card__status": "2"}):
        assert stops(judged(case("activate"), **values)) == {("ACT-1", "card.life", "old_card.status")}


@pytest.mark.rule("PIN-1")
def test_pin_1_a_pin_is_set_with_the_card_and_is_no_part_of_a_case() -> None:
    assert judged(case("reset_pin")).allowed
    assert judged(case("reset_pin"), old_card__status="3").allowed
    found = stops(judged(case("reset_pin"), old_card__in_hand=False))
    assert found == {("PIN-1", "card.not_in_hand", "old_card.in_hand")}
    assert "pin_e_card" in told(judged(case("reset_pin")))
    names = set(_names(msgspec.json.schema(Case)["$defs"]))
    assert {name for name in names if "pin" in name.split("_") or "code" in name or "password" in name} == {
        "pin_locked"
    }


def _names(definitions: dict[str, dict[str, dict[str, object]]]) -> Iterator[str]:
    for definition in definitions.values():
        yield from definition.get("properties", {})


@pytest.mark.rule("LCK-1")
def test_lck_1_a_locked_pin_is_changed_here_and_any_other_lock_referred() -> None:
    assert judged(case("unlock")).allowed
    other = judged(case("unlock"), old_card__pin_locked=False, old_card__status="3")
    assert stops(other) == {("LCK-1", "card.not_pin_locked", "old_card.pin_locked")}
    assert other.findings[-1].params["hotline"] == "12333"
    assert not judged(case("unlock"), old_card__in_hand=False).allowed
    assert not judged(case("unlock"), old_card__status="2").allowed


@pytest.mark.rule("CAN-1")
def test_can_1_the_insurer_closes_the_medical_account_first() -> None:
    assert judged(case("cancel")).allowed
    open_account = judged(case("cancel"), medical_account_closed=False)
    assert stops(open_account) == {("CAN-1", "card.medical_account", "medical_account_closed")}
    assert judged(case("cancel"), medical_account_closed=False, insured=False).allowed
    assert stops(judged(case("cancel"), old_card__status="9")) == {("CAN-1", "card.life", "old_card.status")}


@pytest.mark.rule("INF-1")
def test_inf_1_a_change_of_photo_needs_a_new_photo_and_makes_a_new_card() -> None:
    judgement = judged(case("change_photo"))
    assert judgement.allowed
    assert judgement.fee_fen == 2000
    assert {"photo_changed", "collect_holder"} <= told(judgement)
    kept = judged(case("change_photo"), photo__source=PhotoSource.KEEP)
    assert ("PHO-1", "card_photo.source", "photo.source") in stops(kept)
    assert stops(judged(case("change_photo"), photo__digest="")) == {("PHO-1", "missing", "photo.digest")}


@pytest.mark.rule("INF-2")
def test_inf_2_the_papers_follow_from_the_insurance() -> None:
    details = case("change_details")
    assert {"police_proof", "insurance_proof"} <= set(details.papers)
    without = tuple(paper for paper in details.papers if paper != "insurance_proof")
    assert stops(judged(details, papers=without)) == {("INF-2", "papers.missing_either", "papers")}
    assert judged(details, papers=(*without, "written_promise")).allowed
    assert judged(details, papers=without, insured=False).allowed
    assert stops(judged(details, insured=None)) == {("INF-2", "missing", "insured")}
    assert "insurance_data" in told(judged(details))
    assert "insurance_data" not in told(judged(details, insured=False))
    assert judged(details).authorised == "change_details"


HERS = number("19900102", "002")


@pytest.mark.rule("INF-2")
@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"changes": None}, "changes.none", "changes"),
        ({"changes__name": "王测试"}, "changes.same", "changes.name"),
        ({"changes__name": "王1"}, "text.name_characters", "changes.name"),
        ({"changes__ethnicity": "99"}, "details.unknown_code", "changes.ethnicity"),
        ({"changes__number": "440308199901101513"}, "number.check_digit", "changes.number"),
        ({"changes__number": HERS, "changes__sex": Sex.MALE}, "identity.sex_differs", "changes.sex"),
        ({"changes__number": HERS, "changes__sex": Sex.FEMALE}, None, ""),
        ({"changes__ethnicity": "02"}, None, ""),
    ],
)  # fmt: skip
def test_inf_2_a_new_value_is_new_and_well_formed(values: dict[str, object], code: str | None, field: str) -> None:
    found = stops(judged(case("change_details"), **values))
    assert {(each, where) for _, each, where in found} == ({(code, field)} if code else set())


@pytest.mark.rule("PHO-2")
def test_pho_2_after_a_refused_photo_the_holder_supplies_one() -> None:
    refused = {"photo__refused_before": True}
    assert stops(judged(case("apply"), **refused)) == {("PHO-2", "card_photo.refused_before", "photo.source")}
    assert judged(case("apply"), **refused, photo__source=PhotoSource.FILE).allowed


@pytest.mark.rule("QRY-1")
@pytest.mark.rule("REF-1")
def test_qry_1_a_query_asks_the_province_and_names_the_hotline_when_it_is_silent() -> None:
    query = case("query")
    assert judged(query).allowed
    assert stops(judged(query, one_card=OneCard())) == {("QRY-1", "answer.unasked", "one_card.answer")}
    silent = judged(query, one_card=OneCard(answer=OneCardAnswer.DEFERRED))
    assert silent.allowed
    assert silent.deferred == ()
    assert [each.params["hotline"] for each in silent.findings if each.rule == "REF-1"] == ["12333"]


@pytest.mark.rule("QRY-1")
@pytest.mark.parametrize("service", [id for id, each in SERVICES.items() if each.effect in MAKES_A_CARD])
def test_qry_1_whoever_waits_for_a_card_is_told_where_to_look_it_up(service: str) -> None:
    assert "progress" in told(judged(case(service)))
    assert "progress" not in told(judged(case("collect")))


def by_card(presented_by: PresentedBy = PresentedBy.HOLDER, number: str = "B00000019") -> Case:
    """A query without a document: the card is shown."""
    asked = case("query", presented_by)
    kept = structs.replace(asked, holder=Holder(), papers=(), identity_check=IdentityCheck())
    return structs.replace(kept, old_card=OldCard(number=number))


@pytest.mark.rule("QRY-1")
def test_qry_1_the_card_alone_will_do() -> None:
    judgement = judged(by_card(), WINDOW)
    assert judgement.allowed, stops(judgement)
    assert (judgement.papers, judgement.deferred) == ((), ()), "nobody's identity is checked"
    odd = judged(by_card(number="B0"), WINDOW)
    assert odd.allowed and ("APP-1", "number.social_card") in said(odd)


@pytest.mark.rule("QRY-1")
@pytest.mark.rule("AGT-1")
def test_qry_1_an_agent_with_the_card_shows_their_own_document() -> None:
    agent = by_card(PresentedBy.AGENT)
    assert {rule for rule, _, _ in stops(judged(agent, WINDOW))} == {"AGT-1"}, "no paper of theirs is there"
    papers = judged(agent, WINDOW).papers
    assert papers and judged(agent, WINDOW, papers=papers).allowed
    young = judged(agent, WINDOW, papers=papers, agent__document__number=number("20100101"))
    assert ("AGT-1", "proxy.agent_age", "agent.document.number") in stops(young)


@pytest.mark.rule("QRY-1")
def test_qry_1_with_neither_and_in_every_other_service_the_document_is_asked_for() -> None:
    neither = judged(by_card(number=""), WINDOW)
    assert ("WHO-2", "number.empty", "holder.document.number") in stops(neither)
    other = judged(structs.replace(by_card(), service="report_loss"), WINDOW)
    assert ("WHO-2", "number.empty", "holder.document.number") in stops(other)


IN_GZ: dict[str, object] = {"city": "440100", "branch": IN_GUANGZHOU.id}
"""Guangzhou grants waivers, Zijin none."""
WAIVED: dict[str, object] = {
    **IN_GZ,
    "waiver": "unreadable",
    "old_card__tested_undamaged": True,
    "old_card__issued": date(2025, 11, 21),
}


@pytest.mark.rule("FEE-1")
@pytest.mark.parametrize("service", ["replace", "exchange"])
def test_fee_1_where_the_city_grants_it_a_card_that_fails_within_a_year_is_free(service: str) -> None:
    judgement = judged(case(service), **WAIVED)
    assert (judgement.allowed, judgement.fee_fen, judgement.waived) == (True, 0, "unreadable")
    assert judgement.authorised == "waiver"
    without = judged(case(service), **IN_GZ)
    assert (without.fee_fen, without.waived, without.authorised) == (2000, "", "")


@pytest.mark.rule("FEE-1")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"old_card__issued": date(2025, 11, 20)}, "old_card.issued"),  # a year ago today
        ({"old_card__issued": None}, "old_card.issued"),
        ({"old_card__issued": date(2026, 11, 21)}, "old_card.issued"),
        ({"old_card__tested_undamaged": False}, "old_card.tested_undamaged"),
        ({"old_card__in_hand": False, "old_card__loss_reported": True}, "old_card.tested_undamaged"),
        ({"waiver": "friendship"}, "waiver"),
        ({"waiver": "photo_change"}, "waiver"),
    ],
)
def test_fee_1_no_other_card_is(values: dict[str, object], field: str) -> None:
    judgement = judged(case("replace"), **{**WAIVED, **values})
    assert {(rule, where) for rule, _, where in stops(judgement)} == {("FEE-1", field)}
    assert (judgement.fee_fen, judgement.waived, judgement.authorised) == (2000, "", "")


@pytest.mark.rule("FEE-1")
def test_fee_1_a_city_that_grants_no_waiver_waives_nothing() -> None:
    judgement = judged(case("replace"), **{**WAIVED, "city": ZIJIN, "branch": EQUIPPED.id})
    assert stops(judgement) == {("FEE-1", "fee.no_such_waiver", "waiver")}
    assert judgement.fee_fen == 2000


@pytest.mark.rule("FEE-1")
def test_fee_1_a_new_photo_is_free_in_guangzhou() -> None:
    judgement = judged(case("change_photo"), **IN_GZ, waiver="photo_change")
    assert (judgement.allowed, judgement.fee_fen, judgement.waived) == (True, 0, "photo_change")


@pytest.mark.rule("FEE-1")
@pytest.mark.parametrize(
    ("expires", "free"), [(date(2026, 11, 19), True), (TODAY, False), (None, False)], ids=["out", "last day", "unknown"]
)
def test_fee_1_a_card_that_has_run_out_is_free_in_guangzhou(expires: date | None, free: bool) -> None:
    judgement = judged(case("change_photo"), **IN_GZ, waiver="run_out", old_card__expires=expires)
    assert stops(judgement) == (set() if free else {("FEE-1", "fee.not_run_out", "old_card.expires")})
    assert judgement.fee_fen == (0 if free else 2000)


@pytest.mark.rule("FEE-1")
def test_fee_1_the_elderly_card_s_waiver_is_the_street_window_s() -> None:
    """Unless a city's data grant it at a bank, and then to a card with the preference function only."""
    claimed = {**WAIVED, "city": ZIJIN, "branch": EQUIPPED.id, "waiver": "elderly_tested"}
    assert stops(judged(case("replace"), **claimed)) == {("FEE-1", "fee.street_window", "waiver")}
    assert stops(judged(case("replace"), **{**WAIVED, "waiver": "elderly_tested"})) == {
        ("FEE-1", "fee.street_window", "waiver")
    }
    granted = Waiver(services=("replace",), source="a test", under_years=1, undamaged=True, preference=True)
    city = policy(waivers={"elderly_tested": granted})
    refused = judged(case("replace"), city, **claimed)
    assert stops(refused) == {("FEE-1", "fee.not_elderly", "old_card.preference")}
    assert judged(case("replace"), city, **claimed, old_card__preference=True).fee_fen == 0


@pytest.mark.rule("FEE-1")
def test_fee_1_what_is_free_anyway_is_not_waived() -> None:
    found = stops(judged(case("activate"), **WAIVED))
    assert found == {("FEE-1", "fee.no_such_waiver", "waiver")}
