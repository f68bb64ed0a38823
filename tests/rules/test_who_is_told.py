"""What is told speaks to who stands there: holder, guardian, agent, a unit's contact.

Properties over every service, every kind of customer and whoever asks; the sentences themselves are read here, as the
customer reads them on the slip.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import pytest
from msgspec import structs

from counter import i18n
from counter.rules.case import Case, DocumentKind, Mode, Photo, PhotoSource, PickupMethod, PresentedBy
from counter.rules.facts import needs_guardian
from counter.rules.group import GroupUnit
from counter.rules.judge import judge
from counter.rules.service import Effect
from counter.rules.services import SERVICES
from tests.support.customers import APPROVED, CARD, CUSTOMERS, MAIL, PICKUPS, complete, everybody
from tests.support.made_up import EQUIPPED, WINDOW

PINS = {"zh_CN": ("金融账户密码", "医保个账密码", "社保密码"), "en": ("financial account", "medical account", "card")}
IN_PERSON = {"zh_CN": "本人", "en": "in person"}
HOLDER_IN_PERSON = {"zh_CN": re.compile("持卡人本人"), "en": re.compile(r"holder[^.:;]* in person|holder in person")}
ALREADY_SET = {"zh_CN": "已当场设置", "en": "card) are set."}
STILL_TO_SET = {"zh_CN": "密码还没有设置", "en": "still to be set by the holder in person"}
OF_ANOTHER_BANK = structs.replace(CARD, bank="icbc", status="")
UNIT = GroupUnit(name="虚构电子厂", uscc="914416210000000011", contact="赵联系", contact_mobile="13800000004")
TOLD_BY_0_1_0 = [
    "same_number",
    "new_number",
    "change_bank",
    "medical_account",
    "tell_payers",
    "benefits_institution",
    "benefits_employee",
    "benefits_resident",
    "benefits_other",
    "integrated_system",
    "clean_up_still_works",
    "clean_up_limits",
    "clean_up_benefits",
    "clean_up_return",
    "collect",
    "mail",
    "mail_failed",
    "instant",
    "activate",
    "e_card",
    "e_card_again",
    "crime",
    "photo_changed",
    "details_changed",
    "insurance_data",
    "pin_again",
    "collected",
    "activated",
    "activated_abroad",
    "loss_reported",
    "loss_locked",
    "loss_replace",
    "loss_withdraw",
    "loss_withdrawal",
    "loss_withdrawn",
    "loss_withdrawn_later",
    "pin_reset",
    "pin_e_card",
    "unlocked",
    "cancelled",
    "cancelled_elsewhere",
    "booked",
    "booked_later",
    "booking_then",
    "reviewed_later",
    "review_refused",
    "not_done",
    "transfer_letter",
    "transfer_letter_then",
    "queried",
]
"""Every notice without values that the first release recorded: its entries are printed again."""


@cache
def cases() -> tuple[Case, ...]:
    """Everybody who is served, however the card reaches them."""
    return tuple(
        case
        for service, customer, presented_by in everybody()
        for method in service.pickup_methods or (PickupMethod.BRANCH,)
        for case in [complete(service, customer, presented_by, context=WINDOW, pickup=PICKUPS[method])]
        if judge(case, WINDOW).allowed
    )


def sentences(case: Case) -> Iterator[str]:
    """What the customer is told; a referral's own words are another matter."""
    return (i18n.notice(each) for each in judge(case, WINDOW).notices if not each.startswith("referral."))


def at(service: str, presented_by: PresentedBy, customer: str = "citizen", **values: Any) -> str:
    case = complete(SERVICES[service], customer, presented_by, context=WINDOW, **values)
    assert judge(case, WINDOW).allowed or case.unit
    return "\n".join(sentences(case))


both = pytest.mark.parametrize("language", ["zh_CN", "en"])


def test_somebody_of_every_kind_is_served() -> None:
    assert {case.presented_by for case in cases()} == set(PresentedBy)
    assert any(needs_guardian(case, WINDOW) for case in cases())
    assert {case.pickup.method for case in cases()} == set(PickupMethod)


@both
@pytest.mark.rule("AGE-1")
def test_age_1_a_guardian_is_never_told_that_the_child_comes_by_itself(language: i18n.Language) -> None:
    with i18n.speaking(language):
        for case in cases():
            if case.presented_by is PresentedBy.GUARDIAN or needs_guardian(case, WINDOW):
                assert not [said for said in sentences(case) if IN_PERSON[language] in said], case.service


@both
@pytest.mark.rule("AGE-1")
def test_age_1_the_guardian_is_told_what_to_bring(language: i18n.Language) -> None:
    with i18n.speaking(language):
        said = at("apply", PresentedBy.GUARDIAN, "child under 14, hukou book")
        for word in ("document.hukou", "document.id_card"):
            assert i18n.t(f"choice.{word}") in said
        assert {"zh_CN": "监护人带持卡人的居民户口簿", "en": "the guardian collects the card"}[language] in said
        assert {"zh_CN": "监护关系", "en": "proof of guardianship"}[language] in said


@both
@pytest.mark.rule("AGT-4")
def test_agt_4_an_agent_is_never_spoken_to_as_the_holder(language: i18n.Language) -> None:
    with i18n.speaking(language):
        for case in cases():
            if case.presented_by is PresentedBy.AGENT:
                for said in sentences(case):
                    of_holder = len(HOLDER_IN_PERSON[language].findall(said))
                    assert said.count(IN_PERSON[language]) <= of_holder, said


@both
@pytest.mark.rule("AGT-4")
@pytest.mark.rule("PIN-1")
@pytest.mark.parametrize("unit", [None, UNIT])
def test_agt_4_no_pin_is_said_to_be_set_where_somebody_else_collects(
    language: i18n.Language, unit: GroupUnit | None
) -> None:
    with i18n.speaking(language):
        presented_by = PresentedBy.HOLDER if unit else PresentedBy.AGENT
        said = at("collect", presented_by, unit=unit)
        assert STILL_TO_SET[language] in said
        assert ALREADY_SET[language] not in said
        assert all(pin in said for pin in PINS[language])
        own = at("collect", PresentedBy.HOLDER)
        assert STILL_TO_SET[language] not in own and ALREADY_SET[language] in own


@pytest.mark.rule("EXC-7")
def test_exc_7_where_each_holder_collects_their_own_card_nobody_signs_for_them() -> None:
    by_holders = structs.replace(UNIT, by_holders=True)
    assert "单位联系人" not in at("collect", PresentedBy.HOLDER, unit=by_holders)
    same: dict[str, Any] = {"mode": Mode.SAME_NUMBER, "pickup": PICKUPS[PickupMethod.BRANCH]}
    assert "请本人带居民身份证原件到" in at("exchange", PresentedBy.HOLDER, unit=by_holders, **same)
    by_contact = at("exchange", PresentedBy.HOLDER, unit=UNIT, **same)
    assert "单位联系人统一签收，请向单位领取" in by_contact and "持卡人本人" in by_contact
    assert "不能在境外激活" in by_contact, "who gets the card from the unit hears nothing at its collection"
    assert "即时制卡" not in by_contact, "EXC-4 advises what a unit cannot choose"


@both
@pytest.mark.rule("PIN-1")
def test_pin_1_of_three_pins_three_are_told(language: i18n.Language) -> None:
    """Whoever is told to set PINs is told of all: account, medical account, the card's own."""
    telling = {
        "zh_CN": re.compile("设置.*密码|密码.*设置"),
        "en": re.compile(r"\bsets? the three PINs|\bthree PINs\b|no PIN is set"),
    }
    other = ("pin_again", "pin_e_card")  # the account's alone, by the bank's rule; the e-card's
    with i18n.speaking(language):
        for case in cases():
            keys = [each for each in judge(case, WINDOW).notices if not each.startswith(("referral.", *other))]
            for said in map(i18n.notice, keys):
                if telling[language].search(said):
                    assert all(pin in said for pin in PINS[language]), said


@both
@pytest.mark.rule("AGT-3")
def test_agt_3_what_an_agent_applied_for_the_holder_collects(language: i18n.Language) -> None:
    with i18n.speaking(language):
        applied = at("apply", PresentedBy.AGENT)
        assert {
            "zh_CN": "须由持卡人本人领取，不能邮寄，不能由他人代领",
            "en": "not mailed and not given to anybody else",
        }[language] in applied
        replaced = at("replace", PresentedBy.AGENT)
        assert {"zh_CN": "高龄、疾病入院或长期异地的，可由代办人", "en": "an agent may collect it"}[
            language
        ] in replaced
        assert "不能由他人代领" not in replaced and "not given to anybody" not in replaced


@pytest.mark.rule("WHO-2")
def test_who_2_what_to_bring_is_called_by_whose_document_it_is() -> None:
    """A Hong Kong resident brings the permit, a foreigner the passport; the guardian their own."""
    for case in cases():
        own = f"choice.document.{case.guardian.document.kind}" if case.guardian else "choice.any_document"
        for each in judge(case, WINDOW).notices:
            values = dict(parse_qsl(each.partition("?")[2]))
            assert values.get("document", "") in {"", f"choice.document.{case.holder.document.kind}"}
            assert values.get("own", "") in {"", own}
    photo = Photo(source=PhotoSource.FILE, digest="0" * 64)
    said = at("apply", PresentedBy.HOLDER, "Hong Kong or Macau, travel permit", photo=photo)
    assert said.count("港澳居民来往内地通行证原件") == 1 and "身份证" not in said


@pytest.mark.rule("PIC-3")
def test_pic_3_mail_says_what_to_bring_to_the_branch_and_where_it_goes_when_it_fails() -> None:
    said = at("apply", PresentedBy.HOLDER, pickup=MAIL)
    assert "请本人尽快带社保卡和居民身份证原件" in said
    assert f"卡会送到{EQUIPPED.name}" in said
    child = at("apply", PresentedBy.GUARDIAN, "child under 14, identity card", pickup=MAIL)
    assert "请监护人尽快带社保卡" in child


@pytest.mark.rule("PIC-7")
def test_pic_7_the_branch_that_has_the_card_is_named() -> None:
    for customer, presented_by in (
        ("citizen", PresentedBy.HOLDER),
        ("citizen", PresentedBy.AGENT),
        ("child under 14, hukou book", PresentedBy.GUARDIAN),
    ):
        for service in ("apply", "replace"):
            assert EQUIPPED.name in at(service, presented_by, customer)


@pytest.mark.rule("EXC-9")
def test_exc_9_until_then_the_old_card_goes_on_and_some_banks_ask_for_a_new_pin() -> None:
    still = i18n.t("notice.old_until_new")
    for service in ("exchange", "replace", "change_photo", "change_details"):
        said = at(service, PresentedBy.HOLDER)
        assert still in said and i18n.t("notice.pin_again") in said
        assert still not in at(service, PresentedBy.HOLDER, pickup=PICKUPS[PickupMethod.INSTANT])
    lost = structs.replace(CARD, in_hand=False, loss_reported=True, status="2")
    assert still not in at("replace", PresentedBy.HOLDER, old_card=lost)
    assert still not in at("apply", PresentedBy.HOLDER)


@pytest.mark.rule("FIN-1")
@pytest.mark.rule("ACT-1")
def test_fin_1_what_is_to_be_known_of_the_account_is_told_with_the_card() -> None:
    for service, pickup in (("collect", PickupMethod.BRANCH), ("apply", PickupMethod.INSTANT)):
        said = at(service, PresentedBy.HOLDER, pickup=PICKUPS[pickup])
        for told in ("免小额账户管理费和年费", "每月前 3 笔省内跨行 ATM 取现免手续费", "人民币借记", "境内使用",
                     "可以是联系人的", "对账簿", "不能在境外激活"):  # fmt: skip
            assert told in said
    assert "不能在境外激活" in at("apply", PresentedBy.HOLDER)
    assert "不能在境外激活" not in at("activate", PresentedBy.HOLDER), "too late"


@pytest.mark.rule("ACT-1")
def test_act_1_the_account_is_activated_when_the_pins_are_set() -> None:
    """Nobody is sent to a branch while they stand in one, nor told the same papers twice."""
    for pickup in (*PICKUPS.values(),):
        said = at("apply", PresentedBy.HOLDER, pickup=pickup)
        assert said.count("激活金融账户：") == 1 and said.count("居民身份证原件") <= 1
        assert "农业银行在本市的任一网点" in said
    mailed = at("apply", PresentedBy.HOLDER, pickup=MAIL)
    assert mailed.index("社保密码") < mailed.index("设好后一并激活") < mailed.index("多次投递失败")
    assert "请本人尽快带社保卡和居民身份证原件到农业银行在本市的任一网点激活" in at("collect", PresentedBy.HOLDER)
    by_agent = at("collect", PresentedBy.AGENT)
    assert "设好后一并激活" in by_agent and by_agent.count("居民身份证原件") == 1


@pytest.mark.rule("GRD-1")
@pytest.mark.rule("AGE-1")
def test_grd_1_an_adults_guardian_brings_the_paper_that_names_them_a_childs_one_proof() -> None:
    adult, child = "adult without capacity", "child under 14, identity card"
    for service in ("replace", "collect", "report_loss", "book_bank_change"):
        of_adult = at(service, PresentedBy.GUARDIAN, adult)
        assert "法院或居（村）民委员会确定监护人的文书原件" in of_adult and "出生医学证明" not in of_adult
        assert "出生医学证明" in at(service, PresentedBy.GUARDIAN, child)


@pytest.mark.rule("EXC-9")
def test_exc_9_at_another_bank_nothing_is_said_of_the_old_accounts_pin() -> None:
    changed = at("exchange", PresentedBy.HOLDER, mode=Mode.CHANGE_BANK, booking=APPROVED, old_card=OF_ANOTHER_BANK)
    assert "原卡的金融账户密码" not in changed


@pytest.mark.rule("INF-2")
def test_inf_2_who_promised_in_writing_is_told_what_that_means() -> None:
    case = complete(SERVICES["change_details"], "citizen", PresentedBy.HOLDER, context=WINDOW)
    promised = (*(each for each in case.papers if each != "insurance_proof"), "written_promise")
    told = structs.replace(case, papers=promised)
    assert judge(told, WINDOW).allowed and "promised" in judge(told, WINDOW).notices
    assert "promised" not in judge(case, WINDOW).notices


@both
def test_no_word_of_ours_is_told(language: i18n.Language) -> None:
    """Sync and province are the clerk's words; the customer hears of the provincial card system."""
    ours = {"zh_CN": ("省平台", "同步时"), "en": ("at sync", "The province")}
    with i18n.speaking(language):
        for case in cases():
            if SERVICES[case.service].effect is not Effect.SIGNING:
                assert not [said for said in sentences(case) for word in ours[language] if word in said]


@pytest.mark.rule("EXC-4")
def test_exc_4_the_integrated_system_concerns_its_users() -> None:
    same = at("exchange", PresentedBy.HOLDER, mode=Mode.SAME_NUMBER)
    assert "如使用广东省集中式一体化系统的" in same


@pytest.mark.rule("ECD-1")
@both
def test_ecd_1_application_and_exchange_tell_one_story_of_the_e_card(language: i18n.Language) -> None:
    """Off during the exchange, claimed once the card is active: nobody says that it must be claimed again."""
    with i18n.speaking(language):
        for key in ("e_card", "e_card_again"):
            said = i18n.t(f"notice.{key}")
            assert {"zh_CN": "实体卡领取激活后" if key == "e_card" else "新卡领取激活后", "en": "active"}[
                language
            ] in said
            assert "重新" not in said and "again" not in said


@pytest.mark.rule("LOS-2")
def test_los_2_a_found_card_is_taken_back_by_who_may() -> None:
    assert "可由持卡人本人带社保卡和居民身份证原件" in at("report_loss", PresentedBy.AGENT)
    assert "可由监护人带社保卡" in at("report_loss", PresentedBy.GUARDIAN, "child under 14, hukou book")


@both
def test_what_0_1_0_told_is_still_said(language: i18n.Language) -> None:
    """Its entries carry these notices, without a value."""
    with i18n.speaking(language):
        assert not [key for key in TOLD_BY_0_1_0 if "{" in i18n.notice(key)]


@both
def test_every_notice_is_filled(language: i18n.Language) -> None:
    with i18n.speaking(language):
        for case in cases():
            assert not [said for said in sentences(case) if "{" in said or "choice." in said]


def test_everybody_brings_a_document_with_a_name() -> None:
    assert {holder.document.kind for holder in CUSTOMERS.values()} == set(DocumentKind)
