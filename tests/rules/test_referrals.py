"""What the counter refers, with the steps of the sources: REF-1, ECD-1, ELD-1, EXC-5, EXC-8, LCK-1, ONE-6, QRY-1."""

from collections.abc import Iterator

import pytest

from counter import i18n
from counter.paper.slip import slip_of
from counter.rules.case import Case, KnownCard, OldCard, OneCard, OneCardAnswer
from counter.rules.finding import Finding, Level
from counter.rules.judge import judge
from counter.rules.referrals import PARTS
from counter.rules.service import Service
from counter.rules.services import WAYS_ON
from counter.rules.services.referrals import REFERRALS
from tests.support.made_up import APPLY, REFERENCE, SHELL, WINDOW, ZIJIN, judged, stops

GUANGZHOU, PLAIN = "440100", "440300"
CITIES = (ZIJIN, GUANGZHOU, PLAIN)
KINDS = [(service, kind) for service in REFERRALS for kind in service.referrals or ("",)]
assert WINDOW.place is not None
PLACE = WINDOW.place


def case_of(service: str, kind: str = "", city: str = ZIJIN) -> Case:
    return Case(service=service, referral=kind, city=city)


def text(service: str, kind: str = "", city: str = ZIJIN) -> str:
    return "\n".join(i18n.notice(notice) for notice in judge(case_of(service, kind, city), SHELL).notices)


@pytest.fixture(params=i18n.LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[i18n.Language]:
    with i18n.speaking(request.param):
        yield request.param


# --- what each says


@pytest.mark.rule("ECD-1")
def test_ecd_1_the_e_card_is_claimed_online_in_the_sources_steps() -> None:
    said = text("e_card")
    assert all(app in said for app in ("广东人社", "粤省事", "支付宝", "微信", "掌上12333", "激活"))
    wechat = said.partition("微信：")[2]
    whole = ("我", "服务", "城市服务", "社保", "电子社保卡", "立即领取", "输入支付密码", "授权领取，人脸识别",
             "输入电子社保卡密码", "领取成功")  # fmt: skip
    assert [step in wechat for step in whole] == [True] * len(whole)


@pytest.mark.rule("ELD-1")
def test_eld_1_the_elderly_card_is_the_street_window_s() -> None:
    said = text("elderly_card", city=GUANGZHOU)
    assert all(word in said for word in ("60 周岁前 3 个月", "街道优待窗口", "65 周岁前 1 个月", "户口簿", "12343"))


@pytest.mark.rule("ELD-1")
@pytest.mark.parametrize("city", [ZIJIN, PLAIN])
def test_eld_1_what_guangzhou_decided_is_said_nowhere_else(city: str) -> None:
    said = text("elderly_card", city=city)
    assert not [word for word in ("广州", "60 周岁", "65 周岁", "12343", "优待窗口") if word in said]
    assert "12333" in said


@pytest.mark.rule("EXC-5")
def test_exc_5_the_kind_of_benefit_is_chosen_and_says_who_pays() -> None:
    chosen = judge(Case(service="benefit_payment"), SHELL)
    assert stops(chosen) == {("EXC-5", "missing", "referral")}
    assert "人事部门" in text("benefit_payment", "institution")
    assert "粤省事" in text("benefit_payment", "employee")
    assert "登记表" in text("benefit_payment", "resident")
    assert all(payer in text("benefit_payment", "other") for payer in ("民政", "农业", "林业", "教育"))


@pytest.mark.rule("EXC-5")
def test_exc_5_the_office_of_institution_pensions_is_the_county_s() -> None:
    assert "县社保局机关养老办" in text("benefit_payment", "institution")
    assert "县社保局" not in text("benefit_payment", "institution", GUANGZHOU)
    assert "county" not in text("benefit_payment", "institution", PLAIN)


@pytest.mark.rule("FEE-1")
def test_an_elderly_card_that_was_tested_is_exchanged_at_the_street_and_not_at_a_bank() -> None:
    steps = next(line for line in text("card_test", city=GUANGZHOU).split("\n") if line.startswith("步骤"))
    assert "到街道优待窗口换卡，不到银行" in steps and "非人为损坏" in steps


@pytest.mark.rule("REF-1")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "booking",
            ("粤省事：社保 > 其他服务（页面底部）> 社保卡相关服务 > 预约换行换卡", "收到短信", "10 天", "原银行"),
        ),
        ("renewal", ("补换卡", "工本费", "原卡", "先挂失")),
        ("loss", ("挂失解挂", "联动挂失失败", "尽快补卡")),
        ("progress", ("社保卡制卡进度查询", "网点已经签收")),
    ],
)
def test_ref_1_the_online_ways_with_their_steps_and_limits(kind: str, words: tuple[str, ...]) -> None:
    for city in CITIES:
        said = text("online", kind, city)
        assert all(word in said for word in (*words, "粤省事", "广东人社")), city
    if kind in ("booking", "renewal"):
        assert "外国人、华侨不能在线办理" in text("online", kind)


@pytest.mark.rule("EXC-8")
@pytest.mark.parametrize("kind", ["booking", "renewal", "loss", "progress"])
def test_exc_8_rural_bank_cardholders_in_zijin_are_advised_to_come_to_the_counter(kind: str) -> None:
    advised = "农商银行的持卡人暂不建议走线上渠道，请到柜台换发。"
    assert (advised in text("online", kind)) is (kind in ("booking", "renewal"))
    assert advised not in text("online", kind, GUANGZHOU)


@pytest.mark.rule("REF-1")
def test_ref_1_the_kind_of_the_online_way_is_chosen() -> None:
    assert stops(judge(Case(service="online"), SHELL)) == {("REF-1", "missing", "referral")}


# --- all of them, everywhere


@pytest.mark.rule("REF-1")
@pytest.mark.parametrize("city", [*CITIES, ""])
def test_ref_1_every_referral_is_whole(language: i18n.Language, city: str) -> None:
    hotlines = i18n.listed((REFERENCE.cities[city] if city else REFERENCE.general).hotlines)
    for service, kind in KINDS:
        notices = judge(case_of(service.id, kind, city), SHELL).notices
        parts = [i18n.notice(notice) for notice in notices]
        for part, said in zip(PARTS, parts, strict=False):
            label, _, sentence = said.partition(": ")
            assert label == i18n.t(f"screen.referral.{part}")
            assert len(sentence) > 4 and "{" not in sentence, (service.id, kind, part)
        assert hotlines in parts[PARTS.index("call")]


@pytest.mark.rule("REF-1")
def test_ref_1_numbers_and_offices_are_the_city_s() -> None:
    """What is Guangzhou's is said in Guangzhou, and nothing of it in Zijin or in a city that has decided nothing."""
    said = {city: "\n".join(text(service.id, kind, city) for service, kind in KINDS) for city in CITIES}
    for of_guangzhou in ("12343", "社保卡中心", "街道优待窗口", "穗好办", "广州"):
        assert of_guangzhou in said[GUANGZHOU]
        assert of_guangzhou not in said[ZIJIN] + said[PLAIN], of_guangzhou
    assert "县社保局" not in said[GUANGZHOU] + said[PLAIN]


@pytest.mark.rule("REF-1")
def test_ref_1_a_referral_on_paper_has_its_parts_behind_their_labels(language: i18n.Language) -> None:
    """Recorded in the words of then, and said in whatever language the slip is printed."""
    for service, kind in KINDS:
        record = judge(case_of(service.id, kind), WINDOW).record(case_of(service.id, kind))
        paper = slip_of(record, REFERENCE, PLACE)
        for part in PARTS:
            assert f"- {i18n.t(f'screen.referral.{part}')}: " in paper, (service.id, kind)
        about = i18n.t(f"choice.referral.{kind}" if kind else f"service.{service.id}.name")
        assert about.partition(" ")[0] in paper and "12333" in paper


def test_a_kind_that_is_none_does_not_break_the_slip() -> None:
    """From the shell: a case says what it likes."""
    case = case_of("e_card", "whatever")
    assert i18n.t("service.e_card.name") in slip_of(judge(case, WINDOW).record(case), REFERENCE, PLACE)


# --- the way on for who is stopped


def ways(case: Case) -> dict[str, Service]:
    found = judge(case, SHELL).findings
    assert all(bool(finding.way_on) is (finding.code in WAYS_ON) for finding in found)
    return {finding.code: WAYS_ON[finding.code] for finding in found if finding.way_on}


@pytest.mark.rule("ONE-6")
def test_one_6_who_is_stopped_by_a_clean_up_elsewhere_leaves_with_a_referral() -> None:
    elsewhere = OneCard(answer=OneCardAnswer.ELSEWHERE, cards=(KnownCard(city=PLAIN, bank="cmb"),))
    refused = judged(APPLY, city=GUANGZHOU, one_card=elsewhere)
    (stop,) = (finding for finding in refused.findings if finding.code == "one_card.refer")
    way_on = WAYS_ON[stop.code]
    assert (stop.level, stop.way_on) == (Level.STOP, way_on.number)
    said = i18n.sentence(stop)
    assert "社保卡中心" in said and "12343" in said and f"第 {way_on.number} 项业务" in said
    leaves_with = text(way_on.id, city=GUANGZHOU)
    assert all(word in leaves_with for word in ("社保卡中心", "有效身份证件原件", "12343", "仍可使用"))
    here = judged(APPLY, one_card=elsewhere)
    assert "one_card.refer" not in {finding.code for finding in here.findings}, "Zijin's counter submits it"


@pytest.mark.rule("LCK-1")
def test_lck_1_a_lock_that_is_not_the_pin_s_leaves_with_a_referral() -> None:
    locked = Case(service="unlock", city=ZIJIN, old_card=OldCard(number="B00000019", bank="abc", in_hand=True))
    way_on = ways(locked)["card.not_pin_locked"]
    assert way_on.is_referral
    assert all(word in text(way_on.id) for word in ("社保卡经办机构", "12333", "解挂", "医保个人账户密码"))


@pytest.mark.rule("CAN-1")
def test_can_1_the_insurer_is_the_way_on_for_who_has_still_a_medical_account() -> None:
    case = Case(service="cancel", city=ZIJIN, insured=True, old_card=OldCard(number="B00000019", bank="abc"))
    assert "医保经办机构" in text(ways(case)["card.medical_account"].id)


def test_every_way_on_is_from_a_finding_that_there_is() -> None:
    for code, referral in WAYS_ON.items():
        assert i18n.has(f"finding.{code}") and referral.is_referral


# --- a service that the province did not answer


@pytest.mark.rule("QRY-1")
@pytest.mark.parametrize(("city", "number"), [(ZIJIN, "12333"), (GUANGZHOU, "12343"), ("", "12333")])
def test_qry_1_a_query_without_an_answer_says_who_has_it(city: str, number: str) -> None:
    case = Case(service="query", city=city, one_card=OneCard(answer=OneCardAnswer.DEFERRED))
    judgement = judge(case, SHELL)
    (call,) = (finding for finding in judgement.findings if finding.code == "answer.call")
    assert call.params["hotline"] == number
    said = "\n".join(i18n.notice(notice) for notice in judgement.notices)
    assert f"拨打 {number}" in said and "制卡进度查询" in said
    assert "已查询省社保卡系统" not in said


def test_a_finding_that_stops_nobody_for_another_window_has_no_way_on() -> None:
    assert Finding(Level.STOP, "APP-2", "papers.missing").way_on == 0
    assert ways(case_of("e_card")) == {}
