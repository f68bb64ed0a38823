"""The cards that are there already, the photo, and the exchange: ONE-*, PHO-*, REP-*, EXC-*."""

from datetime import date, timedelta

import pytest
from msgspec import structs

from counter import i18n
from counter.rules.case import (
    Booking,
    BookingStatus,
    Case,
    Insurance,
    KnownCard,
    Mode,
    OldCard,
    OneCardAnswer,
    PhotoSource,
    PickupMethod,
    PresentedBy,
)
from counter.rules.group import GroupUnit
from tests.support.made_up import (
    APPLY,
    EQUIPPED,
    EXCHANGE,
    HONG_KONG,
    OF_ICBC,
    TODAY,
    ZIJIN,
    judged,
    policy,
    stops,
    told,
)

SHENZHEN = KnownCard(city="440300", bank="cmb", number="B00000019", status="1")
HEYUAN = KnownCard(city="441600", bank="abc", number="X00000019", status="1", cleanable=False)


@pytest.mark.rule("ONE-1")
@pytest.mark.parametrize(
    ("case", "answer", "code"),
    [
        (APPLY, None, "one_card.unasked"),
        (APPLY, OneCardAnswer.NONE, None),
        (APPLY, OneCardAnswer.DEFERRED, None),
        (APPLY, OneCardAnswer.HERE, "one_card.here"),
        (APPLY, OneCardAnswer.PENDING, "one_card.pending"),
        (EXCHANGE, None, "one_card.unasked"),
        (EXCHANGE, OneCardAnswer.HERE, None),
        (EXCHANGE, OneCardAnswer.DEFERRED, None),
        (EXCHANGE, OneCardAnswer.NONE, "one_card.none"),
        (EXCHANGE, OneCardAnswer.PENDING, "one_card.pending"),
    ],
)
def test_one_1_what_the_answer_means_for_the_service(
    case: Case, answer: OneCardAnswer | None, code: str | None
) -> None:
    judgement = judged(case, one_card__answer=answer)
    assert stops(judgement) == ({("ONE-1", code, "one_card.answer")} if code else set())
    assert ("one_card" in judgement.deferred) is (answer is OneCardAnswer.DEFERRED)


@pytest.mark.rule("ONE-1")
@pytest.mark.rule("ONE-3")
@pytest.mark.parametrize("case", [APPLY, EXCHANGE])
def test_one_1_cards_of_other_cities_are_cleaned_up_first(case: Case) -> None:
    elsewhere = {"one_card__answer": OneCardAnswer.ELSEWHERE, "one_card__cards": (SHENZHEN, HEYUAN)}
    asked = judged(case, **elsewhere)
    assert stops(asked) == {("ONE-1", "one_card.clean_up", "one_card.clean_up_confirmed")}
    assert "clean_up_limits" in asked.notices

    done = judged(case, **elsewhere, one_card__clean_up_confirmed=True)
    assert done.allowed
    cleaned = next(finding for finding in done.findings if finding.code == "one_card.cleaned")
    assert (cleaned.params["count"], cleaned.params["cities"]) == (1, "深圳市")


@pytest.mark.rule("ONE-2")
def test_one_2_a_card_that_cannot_be_cleaned_up_holds_the_case() -> None:
    stuck = KnownCard(city="440300", bank="cmb", cleanable=False)
    values = {"one_card__answer": OneCardAnswer.ELSEWHERE, "one_card__clean_up_confirmed": True}
    found = stops(judged(APPLY, **values, one_card__cards=(SHENZHEN, stuck)))
    assert found == {("ONE-2", "one_card.uncleanable", "one_card.cards")}
    assert judged(APPLY, **values).allowed


@pytest.mark.rule("ONE-5")
@pytest.mark.parametrize("confirmed", [False, True])
def test_one_5_where_the_agency_cleans_up_the_customer_is_referred(confirmed: bool) -> None:
    elsewhere = {"one_card__answer": OneCardAnswer.ELSEWHERE, "one_card__clean_up_confirmed": confirmed}
    judgement = judged(APPLY, policy(clean_up="refer", hotlines=("12343",)), **elsewhere)
    assert stops(judgement) == {("ONE-5", "one_card.refer", "one_card.clean_up_confirmed")}
    assert {"12343"} == {finding.params["hotline"] for finding in judgement.findings if finding.rule == "ONE-5"}


@pytest.mark.rule("PHO-1")
def test_pho_1_an_application_takes_its_four_sources() -> None:
    file = {"photo__source": PhotoSource.FILE}
    assert stops(judged(APPLY, **file)) == {("PHO-1", "missing", "photo.digest")}
    assert judged(APPLY, **file, photo__digest="0" * 64).allowed
    assert stops(judged(APPLY, photo__source=PhotoSource.KEEP)) == {("PHO-1", "card_photo.source", "photo.source")}
    assert stops(judged(APPLY, photo__source=None)) == {("PHO-1", "missing", "photo.source")}
    assert stops(judged(APPLY, consents=("terms", "e_card"))) == {("PHO-1", "consents.missing", "consents")}


@pytest.mark.rule("PHO-2")
def test_pho_2_without_an_identity_card_its_photo_cannot_be_used() -> None:
    found = stops(judged(HONG_KONG, photo__source=PhotoSource.ID_CARD, consents=APPLY.consents))
    assert found == {("PHO-2", "card_photo.no_id_card", "photo.source")}


@pytest.mark.rule("PHO-3")
def test_pho_3_an_exchange_keeps_the_photo_or_takes_a_receipt_in_person() -> None:
    found = stops(judged(EXCHANGE, photo__source=PhotoSource.FILE, photo__digest="0" * 64))
    assert found == {("PHO-3", "card_photo.source", "photo.source")}

    renewed = {"photo__source": PhotoSource.RECEIPT, "photo__receipt": "A1", "photo__digest": "0" * 64}
    assert stops(judged(EXCHANGE, **renewed)) == {("PHO-3", "papers.missing", "papers")}
    papers = (*EXCHANGE.papers, "photo_receipt")
    assert judged(EXCHANGE, **renewed, papers=papers).allowed
    agent = stops(judged(EXCHANGE, **renewed, papers=papers, presented_by=PresentedBy.AGENT))
    assert ("PHO-3", "card_photo.in_person", "photo.source") in agent


@pytest.mark.rule("PHO-4")
@pytest.mark.parametrize("source", [PhotoSource.RECEIPT, PhotoSource.PROVINCE])
def test_pho_4_a_photo_that_the_province_has_not_given_yet_is_deferred(source: PhotoSource) -> None:
    judgement = judged(APPLY, photo__source=source, photo__receipt="A1")
    assert judgement.allowed
    assert "photo" in judgement.deferred
    assert "photo" not in judged(APPLY, photo__source=source, photo__receipt="A1", photo__digest="0" * 64).deferred


@pytest.mark.rule("PHO-5")
def test_pho_5_a_photo_that_is_not_there_or_has_run_out_is_not_kept() -> None:
    found = stops(judged(EXCHANGE, old_card__expires=TODAY - timedelta(1), old_card__has_photo=False))
    assert found == {
        ("PHO-5", "card_photo.card_expired", "photo.source"),
        ("PHO-5", "card_photo.none_on_card", "photo.source"),
    }
    assert judged(EXCHANGE, old_card__expires=TODAY).allowed
    assert stops(judged(EXCHANGE, old_card__expires=None)) == {("PHO-5", "missing", "old_card.expires")}


@pytest.mark.rule("PHO-7")
@pytest.mark.parametrize(
    ("receipt", "code"), [("", "missing"), ("A" * 21, "card_photo.receipt_form"), ("A_1", "card_photo.receipt_form")]
)
def test_pho_7_a_receipt_number_has_the_city_s_form(receipt: str, code: str) -> None:
    values = {"photo__source": PhotoSource.RECEIPT, "photo__receipt": receipt}
    assert stops(judged(APPLY, **values)) == {("PHO-7", code, "photo.receipt")}
    digits = policy(receipt_pattern="[0-9]{4}")
    assert judged(APPLY, digits, **{**values, "photo__receipt": "０１２３"}).allowed
    assert not judged(APPLY, digits, **{**values, "photo__receipt": "A123"}).allowed


@pytest.mark.rule("REP-1")
def test_rep_1_the_old_card_is_in_hand() -> None:
    assert stops(judged(EXCHANGE, old_card__in_hand=False)) == {("REP-1", "old_card.not_in_hand", "old_card.in_hand")}
    nothing = {field for _, _, field in stops(judged(EXCHANGE, old_card=None))}
    assert nothing == {"old_card.number", "old_card.bank", "old_card.in_hand", "old_card.expires"}
    third = stops(judged(EXCHANGE, old_card__generation=3))
    assert third == {("REP-1", "old_card.generation", "old_card.generation")}


@pytest.mark.rule("REP-2")
@pytest.mark.parametrize("kind", ["blue", "yellow", ""])
def test_rep_2_only_financial_cards_are_exchanged(kind: str) -> None:
    assert stops(judged(EXCHANGE, old_card__kind=kind)) == {("REP-2", "old_card.not_financial", "old_card.kind")}


@pytest.mark.rule("EXC-1")
def test_exc_1_the_same_number_stays_at_the_bank_and_is_not_issued_at_once() -> None:
    assert stops(judged(EXCHANGE, mode=None)) == {("EXC-1", "missing", "mode")}
    assert stops(judged(EXCHANGE, pickup__method=PickupMethod.INSTANT)) == {
        ("EXC-1", "pickup.same_number", "pickup.method")
    }
    assert stops(judged(EXCHANGE, old_card__bank="icbc")) == {("EXC-1", "bank.not_the_old", "bank")}
    assert "same_number" in judged(EXCHANGE).notices
    assert not any(notice.startswith("benefits") for notice in judged(EXCHANGE).notices)


@pytest.mark.rule("EXC-2")
def test_exc_2_a_new_number_stays_at_the_bank_and_may_be_issued_at_once() -> None:
    new = {"mode": Mode.NEW_NUMBER}
    assert judged(EXCHANGE, **new).allowed
    assert judged(EXCHANGE, **new, pickup__method=PickupMethod.INSTANT).allowed
    assert stops(judged(EXCHANGE, **new, old_card__bank="icbc")) == {("EXC-2", "bank.not_the_old", "bank")}
    assert "new_number" in judged(EXCHANGE, **new).notices


APPROVED = Booking(id="1", status=BookingStatus.APPROVED, to_bank="abc", approved_on=TODAY)
CHANGE = {"mode": Mode.CHANGE_BANK, "old_card__bank": "icbc"}


@pytest.mark.rule("EXC-3")
def test_exc_3_a_change_of_bank_goes_to_another_bank() -> None:
    judgement = judged(EXCHANGE, **CHANGE, booking=APPROVED, pickup__method=PickupMethod.INSTANT)
    assert judgement.allowed
    assert {"change_bank", "medical_account", "tell_payers"} <= set(judgement.notices)
    same = judged(EXCHANGE, mode=Mode.CHANGE_BANK, booking=APPROVED)
    assert stops(same) == {("EXC-3", "bank.same_as_old", "bank")}


@pytest.mark.rule("EXC-4")
def test_exc_4_users_of_the_integrated_system_are_advised_to_take_a_new_number() -> None:
    assert ("EXC-4", "mode.integrated_system") in told(judged(EXCHANGE))
    assert ("EXC-4", "mode.integrated_system") not in told(judged(EXCHANGE, mode=Mode.NEW_NUMBER))
    assert "integrated_system" in judged(EXCHANGE).notices


@pytest.mark.rule("EXC-5")
@pytest.mark.parametrize("insurance", [*Insurance, None])
@pytest.mark.parametrize("mode", Mode)
def test_exc_5_who_pays_benefits_must_be_told_the_new_number(mode: Mode, insurance: Insurance | None) -> None:
    """All kinds, whatever the insurance: the same person may draw a unit's pension and a subsidy."""
    judgement = judged(EXCHANGE, mode=mode, booking=APPROVED, holder__insurance=insurance)
    everybody = {"benefits_of_institution", "benefits_employee", "benefits_resident", "benefits_other"}
    notices = {notice.partition("?")[0] for notice in judgement.notices}
    assert everybody & notices == (set() if mode is Mode.SAME_NUMBER else everybody)


@pytest.mark.rule("EXC-2", "EXC-3")
def test_exc_2_the_benefit_referral_follows_a_new_number_only() -> None:
    followed = {mode: judged(EXCHANGE, mode=mode, booking=APPROVED).followed_by for mode in Mode}
    benefits = ("benefit_payment",)
    assert followed == {Mode.SAME_NUMBER: (), Mode.NEW_NUMBER: benefits, Mode.CHANGE_BANK: benefits}
    assert judged(APPLY).followed_by == ()


@pytest.mark.rule("EXC-5")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_exc_5_one_referral_says_what_each_payer_needs(language: str) -> None:
    judgement = judged(Case(service="benefit_payment", city=ZIJIN, referral="every"))
    assert judgement.allowed
    with i18n.speaking(language):
        said = "\n".join(map(i18n.notice, judgement.notices))
    payers = {
        "zh_CN": ("机关养老金", "职工养老金", "城乡居民养老金", "民政、农业、林业、教育", "新社保卡", "登记表"),
        "zh_Hant": ("機關養老金", "職工養老金", "城鄉居民養老金", "民政、農業、林業、教育", "新社保卡", "登記表"),
        "en": (
            "Public-institution",
            "Employee pension",
            "Resident pension",
            "Subsidies",
            "new card",
            "registration form",
        ),
    }
    assert all(payer in said for payer in payers[language])


@pytest.mark.rule("EXC-6")
@pytest.mark.parametrize(
    ("booking", "code"),
    [
        (Booking(status=BookingStatus.NONE), "booking.none"),
        (Booking(status=BookingStatus.REVIEW, to_bank="abc"), "booking.review"),
        (Booking(status=BookingStatus.REFUSED, to_bank="abc"), "booking.refused"),
        (Booking(status=BookingStatus.APPROVED, to_bank="icbc", approved_on=TODAY), "booking.other_bank"),
        (Booking(status=BookingStatus.APPROVED, to_bank="abc"), "booking.undated"),
        (Booking(status=BookingStatus.APPROVED, to_bank="abc", approved_on=date(2026, 11, 9)), "booking.late"),
        (Booking(status=BookingStatus.APPROVED, to_bank="abc", approved_on=date(2026, 11, 10)), None),
        (APPROVED, None),
    ],
)
def test_exc_6_a_change_of_bank_needs_an_approval_of_the_last_ten_days(booking: Booking, code: str | None) -> None:
    found = {(rule, each) for rule, each, _ in stops(judged(EXCHANGE, **CHANGE, booking=booking))}
    assert found == ({("EXC-6", code)} if code else set())


@pytest.mark.rule("EXC-6")
def test_exc_6_without_an_answer_the_booking_is_deferred() -> None:
    judgement = judged(EXCHANGE, **CHANGE)
    assert judgement.allowed
    assert "booking" in judgement.deferred
    assert "booking" not in judged(EXCHANGE).deferred


@pytest.mark.rule("EXC-6")
def test_exc_6_where_the_city_counts_working_days() -> None:
    working = policy(booking_day_kind="working")
    assert judged(EXCHANGE, working, **CHANGE, booking__approved_on=date(2026, 11, 6), **_approved()).allowed
    late = judged(EXCHANGE, working, **CHANGE, booking__approved_on=date(2026, 11, 5), **_approved())
    assert {code for _, code, _ in stops(late)} == {"booking.late"}


@pytest.mark.rule("EXC-6")
def test_exc_6_past_the_published_holidays_the_clerk_is_asked() -> None:
    unpublished = structs.replace(policy(booking_day_kind="working"), today=date(2040, 2, 1))
    values = {**CHANGE, **_approved(), "holder__document__valid_to": "long_term", "old_card__expires": date(2050, 1, 1)}
    judgement = judged(EXCHANGE, unpublished, **values, booking__approved_on=date(2040, 1, 1))
    assert stops(judgement) == set()
    assert not judgement.allowed
    acknowledged = {"acknowledged": ("booking.maybe_late",)}
    assert judged(EXCHANGE, unpublished, **values, **acknowledged, booking__approved_on=date(2040, 1, 1)).allowed


def _approved() -> dict[str, object]:
    return {"booking__status": BookingStatus.APPROVED, "booking__to_bank": "abc"}


@pytest.mark.rule("EXC-8")
def test_exc_8_the_rural_bank_s_cardholders_are_advised_to_come_to_the_counter() -> None:
    assert ("EXC-8", "mode.counter_only") in told(judged(EXCHANGE, old_card__bank="rcb", bank="rcb"))
    assert ("EXC-8", "mode.counter_only") not in told(judged(EXCHANGE))


def test_the_branches_of_these_tests_differ() -> None:
    assert EQUIPPED.bank != OF_ICBC.bank


# --- groups ----------------------------------------------------------------------------------------------------

UNIT = GroupUnit(name="虚构电子厂", uscc="91350100M000100Y43", contact="赵联系", contact_mobile="13900000000")


@pytest.mark.rule("EXC-7")
def test_a_units_materials_answer_what_a_roster_leaves_out() -> None:
    gaps = {"holder__document__valid_to": None, "holder__address": "", "holder__region": "", "old_card__expires": None}
    assert not judged(EXCHANGE, **gaps).allowed
    assert judged(EXCHANGE, unit=UNIT, **gaps).allowed
    expired = judged(EXCHANGE, unit=UNIT, **(gaps | {"holder__document__valid_to": date(2020, 1, 1)}))
    assert stops(expired) == {("WHO-4", "identity.expired", "holder.document.valid_to")}
    assert not judged(EXCHANGE, unit=UNIT, holder__mobile="").allowed


@pytest.mark.rule("EXC-7")
@pytest.mark.rule("APP-1")
def test_nobody_of_a_group_reads_a_code_out() -> None:
    """The bank collects the materials with the unit: the mobile is asked for, a code is not sent to it."""
    assert "sms" in judged(EXCHANGE, holder__mobile_verified=False).deferred
    assert "sms" not in judged(EXCHANGE, unit=UNIT, holder__mobile_verified=False).deferred
    assert "identity" in judged(EXCHANGE, unit=UNIT, identity_check__answer=None).deferred


@pytest.mark.rule("EXC-7")
def test_a_unit_keeps_the_number_or_changes_the_bank() -> None:
    assert stops(judged(EXCHANGE, unit=UNIT, mode=Mode.NEW_NUMBER)) == {("EXC-7", "unit.mode", "mode")}
    assert ("EXC-7", "unit.service", "unit") in stops(judged(APPLY, unit=UNIT))
    assert ("EXC-7", "number.uscc_empty", "unit.uscc") in stops(judged(EXCHANGE, unit=GroupUnit()))


@pytest.mark.rule("EXC-7")
@pytest.mark.parametrize(
    ("service", "card"),
    [
        ("collect", OldCard(bank="abc", status="0", at_branch=True)),
        ("activate", OldCard(bank="abc", status="1", in_hand=True)),
    ],
)
def test_the_cards_of_a_units_people_come_back_together(service: str, card: OldCard) -> None:
    """Who signs is judged, and so is where the card is; the originals were seen with the materials."""
    gaps = {"holder__document__valid_from": None, "holder__document__valid_to": None}
    handed = structs.replace(EXCHANGE, service=service, old_card=card)
    assert not judged(handed, **gaps).allowed
    assert judged(handed, unit=UNIT, **gaps).allowed
    nobody = judged(handed, unit=structs.replace(UNIT, contact=""), **gaps)
    assert {field for _, _, field in stops(nobody)} == {"unit.contact"}
    gone = judged(structs.replace(handed, old_card=structs.replace(card, status="9")), unit=UNIT, **gaps)
    assert "card.life" in {code for _, code, _ in stops(gone)}
