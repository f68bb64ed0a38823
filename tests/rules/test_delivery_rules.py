"""Details, bank, branch, collection, consents and fee: APP-*, BNK-*, PIC-*, FEE-1, NOT-1."""

import pytest

from counter.rules.case import Mode, PickupMethod
from counter.rules.judge import Judgement
from counter.rules.reference import Context, Place
from counter.rules.service import StepId
from tests.support.made_up import (
    APPLY,
    EQUIPPED,
    EXCHANGE,
    HONG_KONG,
    IN_GUANGZHOU,
    OF_ICBC,
    PLAIN,
    SHELL,
    TODAY,
    WINDOW,
    ZIJIN,
    judged,
    policy,
    stops,
)

MAIL = {
    "pickup__method": PickupMethod.MAIL,
    "pickup__recipient": "王测试",
    "pickup__mobile": "13800000000",
    "pickup__region": ZIJIN,
    "pickup__address": "紫城镇测试路1号101房",
}


def keys(judgement: Judgement) -> set[str]:
    """The notices without their values."""
    return {notice.partition("?")[0] for notice in judgement.notices}


@pytest.mark.rule("APP-1")
@pytest.mark.parametrize("field", ["ethnicity", "occupation", "region", "address", "mobile"])
def test_app_1_every_detail_that_lacks_is_said_by_itself(field: str) -> None:
    found = stops(judged(APPLY, **{f"holder__{field}": ""}))
    assert {(rule, path) for rule, _, path in found} == {("APP-1", f"holder.{field}")}


@pytest.mark.rule("APP-1")
@pytest.mark.parametrize("field", ["ethnicity", "occupation", "region"])
def test_app_1_a_code_is_one_of_its_list(field: str) -> None:
    found = stops(judged(APPLY, **{f"holder__{field}": "000"}))
    assert found == {("APP-1", "details.unknown_code", f"holder.{field}")}


@pytest.mark.rule("APP-1")
def test_app_1_only_citizens_have_an_ethnicity_and_everybody_an_insurance() -> None:
    assert judged(HONG_KONG, holder__ethnicity="").allowed
    assert stops(judged(HONG_KONG, holder__insurance=None)) == {("APP-1", "missing", "holder.insurance")}


@pytest.mark.rule("APP-1")
def test_app_1_a_mobile_without_its_sms_code_is_deferred() -> None:
    assert "sms" in judged(APPLY).deferred
    assert "sms" not in judged(APPLY, holder__mobile_verified=True).deferred


@pytest.mark.rule("APP-1")
def test_app_1_values_are_judged_in_their_normal_form() -> None:
    values = {"holder__name": " 王 测试 ", "holder__mobile": "+86 １３８-0000-0000"}
    assert judged(APPLY, **values, holder__document__number=f" {APPLY.holder.document.number} ").allowed


@pytest.mark.rule("APP-5")
@pytest.mark.parametrize("consent", ["terms", "e_card"])
def test_app_5_an_application_needs_both_consents(consent: str) -> None:
    judgement = judged(APPLY, consents=tuple(each for each in APPLY.consents if each != consent))
    assert stops(judgement) == {("APP-5", "consents.missing", "consents")}
    assert judged(EXCHANGE, consents=()).allowed


@pytest.mark.rule("BNK-1")
def test_bnk_1_the_bank_serves_the_city() -> None:
    found = stops(judged(APPLY, bank="cmb", branch=""))
    assert ("BNK-1", "bank.not_in_city", "bank") in found
    assert ("BNK-1", "bank.unknown", "bank") in stops(judged(APPLY, bank="nobody"))
    assert ("BNK-1", "missing", "bank") in stops(judged(APPLY, bank=""))


@pytest.mark.rule("BNK-1")
def test_bnk_1_the_city_is_known_or_the_counter_s_own() -> None:
    assert ("BNK-1", "city.unknown", "city") in stops(judged(APPLY, city=""))
    assert ("BNK-1", "city.unknown", "city") in stops(judged(APPLY, city="110101"))
    assert judged(APPLY, WINDOW, city="").allowed


@pytest.mark.rule("BNK-2")
def test_bnk_2_a_counter_works_for_its_own_bank() -> None:
    at_icbc = Context(TODAY, WINDOW.reference, Place(city=ZIJIN, bank="icbc", branch=OF_ICBC.id, counter="1"))
    judgement = judged(APPLY, at_icbc)
    assert stops(judgement) == {("BNK-2", "bank.other_counter", "bank")}
    assert judged(APPLY, WINDOW).allowed
    assert judged(APPLY).allowed


@pytest.mark.rule("BNK-3")
@pytest.mark.parametrize(
    ("branch", "code"),
    [
        ("", "missing"),
        ("nowhere", "branch.unknown"),
        (OF_ICBC.id, "branch.other_bank"),
        (IN_GUANGZHOU.id, "branch.other_city"),
    ],
)
def test_bnk_3_the_branch_is_one_of_that_bank_in_that_city(branch: str, code: str) -> None:
    assert stops(judged(APPLY, branch=branch)) == {("BNK-3", code, "branch")}


@pytest.mark.rule("PIC-1")
def test_pic_1_three_ways_and_at_once_only_where_the_branch_is_equipped() -> None:
    assert stops(judged(APPLY, pickup__method=None)) == {("PIC-1", "missing", "pickup.method")}
    assert judged(APPLY, pickup__method=PickupMethod.INSTANT).allowed
    plain = judged(APPLY, pickup__method=PickupMethod.INSTANT, branch=PLAIN.id)
    assert stops(plain) == {("PIC-1", "pickup.not_equipped", "pickup.method")}


@pytest.mark.rule("PIC-1")
@pytest.mark.parametrize("blank", ["", "  "])
def test_pic_1_a_card_at_once_says_from_which_blank_card_it_was_made(blank: str) -> None:
    """The counter answers for its stock; what was handed out before that was asked is still taken by the province."""
    at_once = {"mode": Mode.NEW_NUMBER, "pickup__method": PickupMethod.INSTANT, "pickup__blank_card": blank}
    judgement = judged(EXCHANGE, WINDOW, **at_once)
    assert stops(judgement) == {("PIC-1", "missing", "pickup.blank_card")}
    assert judgement.by_step[StepId.PICKUP], "it is said where it is typed"
    assert judged(EXCHANGE, WINDOW, **{**at_once, "pickup__blank_card": "000231"}).allowed
    assert judged(EXCHANGE, SHELL, **at_once).allowed


@pytest.mark.rule("PIC-2")
def test_pic_2_residents_of_hong_kong_get_no_mail() -> None:
    assert stops(judged(HONG_KONG, **MAIL)) == {("PIC-2", "pickup.no_mail", "pickup.method")}
    assert judged(APPLY, **MAIL).allowed


@pytest.mark.rule("PIC-3")
@pytest.mark.parametrize("field", ["recipient", "mobile", "region", "address"])
def test_pic_3_mail_needs_all_of_the_recipient(field: str) -> None:
    found = stops(judged(APPLY, **{**MAIL, f"pickup__{field}": ""}))
    assert {(rule, path) for rule, _, path in found} == {("PIC-3", f"pickup.{field}")}


@pytest.mark.rule("PIC-3")
def test_pic_3_another_mobile_needs_its_own_sms_code_and_mail_a_branch() -> None:
    verified = {**MAIL, "holder__mobile_verified": True}
    assert "sms" not in judged(APPLY, **verified).deferred
    assert "sms" in judged(APPLY, **{**verified, "pickup__mobile": "13900000000"}).deferred
    assert not judged(APPLY, **MAIL, branch="").allowed
    assert {"mail_holder", "mail_returned"} <= keys(judged(APPLY, **MAIL))


@pytest.mark.rule("PIC-4")
def test_pic_4_an_exchange_at_the_counter_is_collected_there() -> None:
    assert ("PIC-4", "pickup.method", "pickup.method") in stops(judged(EXCHANGE, **MAIL))
    assert judged(EXCHANGE, WINDOW).allowed
    assert stops(judged(EXCHANGE, WINDOW, branch=PLAIN.id)) == {("PIC-4", "branch.not_handling", "branch")}
    assert judged(APPLY, WINDOW, branch=PLAIN.id).allowed


@pytest.mark.rule("PIC-5")
def test_pic_5_who_collects_later_is_told_how() -> None:
    assert "collect_holder" in keys(judged(EXCHANGE))
    at_once = keys(judged(EXCHANGE, mode=Mode.NEW_NUMBER, pickup__method=PickupMethod.INSTANT))
    assert "collect_holder" not in at_once and {"instant", "activate_with_pins"} <= at_once


@pytest.mark.rule("PIC-6")
def test_pic_6_a_preference_card_is_not_issued_at_once() -> None:
    values = {"mode": Mode.NEW_NUMBER, "old_card__preference": True}
    assert judged(EXCHANGE, **values).allowed
    found = stops(judged(EXCHANGE, **values, pickup__method=PickupMethod.INSTANT))
    assert found == {("PIC-6", "pickup.preference", "pickup.method")}


@pytest.mark.rule("FEE-1")
@pytest.mark.rule("APP-6")
def test_fee_1_the_fee_is_the_city_s_and_the_first_card_free() -> None:
    assert judged(EXCHANGE).fee_fen == 2000
    assert judged(APPLY).fee_fen == 0
    assert judged(EXCHANGE, policy(fees={"exchange": 1500})).fee_fen == 1500


@pytest.mark.rule("NOT-1")
@pytest.mark.rule("ECD-1")
def test_not_1_everybody_is_told_the_law_and_the_way_to_the_e_card() -> None:
    assert "crime" in judged(EXCHANGE).notices
    assert {"crime", "e_card"} <= set(judged(APPLY).notices)


def test_the_branch_of_the_window_is_equipped() -> None:
    assert EQUIPPED.instant
