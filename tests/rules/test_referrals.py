"""What the counter refers, with the steps of the sources: REF-1, ECD-1, ELD-1, EXC-5, LCK-1, ONE-5."""

import pytest

from counter import i18n
from counter.rules.case import Case
from counter.rules.judge import judge
from counter.rules.referrals import PARTS
from counter.rules.services import SERVICES
from tests.support.made_up import SHELL, stops


def text(service: str, kind: str = "") -> str:
    return "\n".join(i18n.notice(notice) for notice in judge(Case(service=service, referral=kind), SHELL).notices)


@pytest.mark.rule("ECD-1")
def test_ecd_1_the_e_card_is_claimed_online_in_the_sources_steps() -> None:
    said = text("e_card")
    assert all(app in said for app in ("广东人社", "粤省事", "支付宝", "微信", "掌上12333", "激活"))


@pytest.mark.rule("ELD-1")
def test_eld_1_the_elderly_card_is_the_street_window_s() -> None:
    said = text("elderly_card")
    assert all(word in said for word in ("60 周岁前 3 个月", "街道优待窗口", "65 周岁前 1 个月", "户口簿", "12343"))


@pytest.mark.rule("EXC-5")
def test_exc_5_the_kind_of_benefit_is_chosen_and_says_who_pays() -> None:
    chosen = judge(Case(service="benefit_payment"), SHELL)
    assert stops(chosen) == {("EXC-5", "missing", "referral")}
    assert "人事部门" in text("benefit_payment", "institution")
    assert "粤省事" in text("benefit_payment", "employee")
    assert "登记表" in text("benefit_payment", "resident")
    assert "民政" in text("benefit_payment", "other")


@pytest.mark.rule("REF-1")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_ref_1_every_referral_is_whole(language: i18n.Language) -> None:
    i18n.use_language(language)
    try:
        served = [service for service in SERVICES.values() if "referral" in service.steps]
        kinds = [f"{service.id}.{kind}" for service in served for kind in service.referrals]
        subjects = [service.id for service in served if not service.referrals] + kinds
        for subject in [*subjects, "unlock", "clean_up"]:
            assert all(i18n.t(f"referral.{subject}.{part}") for part in PARTS), subject
            assert "12" in i18n.t(f"referral.{subject}.call")
    finally:
        i18n.use_language("zh_CN")
