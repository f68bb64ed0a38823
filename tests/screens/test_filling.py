"""Filling a step: normal forms, marks, findings, problems, the clerk's word."""

from datetime import date

import pytest
from msgspec import structs

from counter.rules.case import Booking, BookingStatus, Case, Mode, OneCard, OneCardAnswer, Photo, PhotoSource
from counter.rules.filling import with_value
from counter.rules.service import StepId
from counter.screens.dialogs.ask import AskScreen
from counter.widgets.lines import FindingsStrip
from tests.support.demonstration import PEOPLE as CUSTOMERS
from tests.support.made_up import APPLY, EXCHANGE, number
from tests.support.screen_world import (
    Clerk,
    at,
    exchange,
    go_on,
    serve,
    without,
)

NUMBER = CUSTOMERS["same_number"].number
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def strip(clerk: Clerk) -> set[str]:
    """The rules and fields that the findings above the keys are about."""
    return {f"{finding.rule} {finding.field}" for finding in clerk.case.query_one(FindingsStrip).findings}


@pytest.mark.parametrize(
    "typed", [NUMBER.translate(FULL_WIDTH), f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}", f" {NUMBER}\t"]
)
async def test_a_number_is_normalised_when_it_is_accepted(clerk: Clerk, typed: str) -> None:
    await clerk.types("2", "enter")
    await clerk.pastes(typed)
    await clerk.types("enter")
    assert clerk.open.case.holder.document.number == NUMBER
    assert clerk.mark("holder.document.number") != "!"
    assert "1987-03-12" in clerk.line("号码所示")
    assert "紫金县" in clerk.line("号码所示")


@pytest.mark.parametrize(
    ("typed", "kept"), [("+86 138-0000-0000", "13800000000"), ("１３８００００００００", "13800000000")]
)
async def test_a_mobile_is_its_digits(clerk: Clerk, typed: str, kept: str) -> None:
    screen = await at(clerk, "details", without("holder.mobile"))
    assert clerk.focused == "holder.mobile"
    await clerk.types(typed, "enter")
    assert screen.open.case.holder.mobile == kept


@pytest.mark.parametrize("typed", ["20380301", "2038-03-01", "2038.3.1", "2038年3月1日", "２０３８０３０１"])
async def test_a_date_as_people_type_it(clerk: Clerk, typed: str) -> None:
    screen = await at(clerk, "identity", without("holder.document.valid_to", "papers"))
    assert clerk.focused == "holder.document.valid_to"
    await clerk.types(typed, "enter")
    assert screen.open.case.holder.document.valid_to == date(2038, 3, 1)
    assert "2038-03-01" in clerk.line("有效期至")


@pytest.mark.parametrize("typed", ["长期", "cq", "CQ"])
async def test_long_term(clerk: Clerk, typed: str) -> None:
    screen = await at(clerk, "identity", without("holder.document.valid_to", "papers"))
    await clerk.types(typed, "enter")
    assert screen.open.case.holder.document.valid_to == "long_term"
    assert "长期" in clerk.line("有效期至")


async def test_what_is_no_date_stays_and_is_said(clerk: Clerk) -> None:
    screen = await at(clerk, "identity", without("holder.document.valid_to"))
    await clerk.types("2038-13-41", "enter")
    assert screen.open.case.holder.document.valid_to is None
    assert "2038-13-41" in clerk.line("有效期至")
    assert clerk.mark("holder.document.valid_to") == "!"
    assert "日期请写作" in clerk.text
    await clerk.types("f10")
    assert screen.open.step == "identity"


async def test_a_wrong_check_digit_is_said_in_the_books_words(clerk: Clerk) -> None:
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    await clerk.types("2", "enter", wrong)
    assert "社会保障号检验位不符合检验规则" in clerk.text
    assert "WHO-5" in clerk.text or "WHO-2" in clerk.text
    assert clerk.mark("holder.document.number") == "!"


async def test_what_is_not_typed_yet_is_no_reproach(clerk: Clerk) -> None:
    await clerk.types("2", "enter")
    assert clerk.mark("holder.document.number") == "*"
    assert not any(finding.level == "stop" for finding in clerk.case.query_one(FindingsStrip).findings)
    await clerk.types("f10")
    assert clerk.open.step == "identity"
    assert clerk.mark("holder.document.number") == "!"
    assert any(finding.level == "stop" for finding in clerk.case.query_one(FindingsStrip).findings)
    assert clerk.focused == "holder.document.number"


async def test_enter_goes_to_what_asks_for_something_and_then_to_the_next_step(clerk: Clerk) -> None:
    screen = await at(clerk, "identity", without("holder.name", "holder.document.valid_to", "papers"))
    assert clerk.focused == "holder.name"
    await clerk.types("王测试", "enter")
    assert clerk.focused == "holder.document.valid_to", "the day before it is there"
    await clerk.types("长期", "enter")
    assert clerk.focused == "papers"
    await clerk.types("0")
    assert clerk.focused == "papers", "a digit does not leave the step"
    await clerk.types("enter")
    assert screen.open.step == "one_card"


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("holder.document.number", NUMBER),
        ("holder.document.valid_from", "20180301"),
        ("holder.document.valid_to", "2038-03-01"),
    ],
)
async def test_what_is_complete_goes_on_by_itself(clerk: Clerk, path: str, typed: str) -> None:
    screen = await at(clerk, "identity", without(path, "papers"))
    assert clerk.focused == path
    await clerk.types(typed[:-1])
    assert clerk.focused == path
    await clerk.types(typed[-1])
    assert clerk.focused == "papers"
    await clerk.types("enter")
    assert "papers" not in screen.open.insisted, "the Enter that a scanner types behind it says nothing"
    await clerk.types("enter")
    assert screen.open.step == "identity" and "APP-2 papers" in strip(clerk)


async def test_what_is_complete_and_wrong_stays(clerk: Clerk) -> None:
    await at(clerk, "identity", without("holder.document.number"))
    await clerk.types(NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"))
    assert clerk.focused == "holder.document.number" and clerk.mark("holder.document.number") == "!"


async def test_a_code_that_is_typed_whole_takes_itself(clerk: Clerk) -> None:
    screen = await at(clerk, "details", without("holder.occupation", "holder.region"))
    await clerk.bursts("30000", "441621")
    assert (screen.open.case.holder.occupation, screen.open.case.holder.region) == ("30000", "441621")


async def test_enter_at_the_last_field_stops_where_something_is_missing(clerk: Clerk) -> None:
    screen = await at(clerk, "identity", without("holder.name", "papers"))
    await clerk.types("enter", "enter", "enter", "enter")
    assert screen.open.step == "identity"
    assert clerk.focused == "holder.name"


async def test_f8_walks_through_the_problems_and_round_again(clerk: Clerk) -> None:
    await at(clerk, "details", without("holder.mobile", "holder.occupation", "holder.insurance"))
    seen = []
    for _ in range(4):
        await clerk.types("f8")
        seen.append(clerk.focused)
    assert set(seen) == {"holder.mobile", "holder.occupation", "holder.insurance"}
    assert len(set(seen[:3])) == 3


@pytest.mark.parametrize(
    ("step", "case"),
    [
        ("one_card", with_value(EXCHANGE, "one_card", OneCard(answer=OneCardAnswer.PENDING))),
        ("one_card", with_value(EXCHANGE, "one_card", OneCard(answer=OneCardAnswer.NONE))),
        ("photo", structs.replace(APPLY, photo=Photo(source=PhotoSource.FILE))),
        (
            "mode",
            with_value(with_value(EXCHANGE, "mode", Mode.CHANGE_BANK), "booking", Booking(status=BookingStatus.REVIEW)),
        ),
        ("bank", with_value(EXCHANGE, "city", "999999")),
        ("confirm", without("holder.name")),
        ("confirm", structs.replace(APPLY, consents=())),
    ],
    ids=["pending", "no-card", "no-photo", "booking", "city", "confirm", "consents"],
)
@pytest.mark.parametrize("key", ["f8", "f10"])
async def test_a_problem_without_a_field_to_type_in_is_no_crash(clerk: Clerk, step: str, case: Case, key: str) -> None:
    screen = await at(clerk, step, case)
    await clerk.types(key, key)
    assert screen.is_attached
    assert screen.open.judgement.allowed is False
    assert clerk.desk().store.ledger.count() == 0


async def test_the_clerks_word_is_asked_once_and_kept(clerk: Clerk) -> None:
    screen = await at(clerk, "details", with_value(EXCHANGE, "holder.address", "紫城镇"))
    await clerk.types("f10")
    assert isinstance(clerk.screen, AskScreen)
    assert "APP-1" in clerk.text
    await clerk.types("escape")
    assert screen.open.step == "details"
    assert screen.open.case.acknowledged == ()
    await clerk.types("f10", "f10")
    assert screen.open.step == "confirm"
    assert "text.address_short" in screen.open.case.acknowledged
    await clerk.types(str(screen.open.steps.index(StepId.DETAILS) + 1), "f10")
    assert screen.open.step == "confirm", "a word given is not asked for again"


async def test_another_person_forgets_the_answers_about_the_first(clerk: Clerk) -> None:
    screen = await at(clerk, "identity", without("papers"))
    assert screen.open.case.one_card.answer is OneCardAnswer.HERE
    box = screen.query_one("#field-holder-name FormInput")
    box.focus()
    await clerk.types("二", "enter")
    assert screen.open.case.holder.name == "王测试二"
    assert screen.open.case.one_card.answer is None


async def test_a_foreigners_birth_and_sex_are_asked(clerk: Clerk) -> None:
    await clerk.types("1", "enter", "shift+tab", "7")
    assert clerk.open.case.holder.document.kind == "passport"
    await clerk.types("E12345678", "enter")
    assert clerk.line("出生日期")
    assert clerk.line("性别")


async def test_papers_follow_the_document(clerk: Clerk) -> None:
    screen = await at(clerk, "identity", without("papers"))
    assert clerk.focused == "papers"
    await clerk.types("1", "2")
    assert set(screen.open.case.papers) == {"id_card_front", "id_card_back"}
    await clerk.types("1")
    assert set(screen.open.case.papers) == {"id_card_back"}
    assert "APP-2 papers" in strip(clerk)


async def test_an_expired_document_is_refused_by_its_rule(clerk: Clerk) -> None:
    await at(clerk, "identity", without("holder.document.valid_to"))
    await clerk.types("20200101", "enter")
    assert "WHO-4 holder.document.valid_to" in strip(clerk)


@pytest.mark.parametrize(
    ("typed", "bank"), [("nyyh", "abc"), ("农业", "abc"), ("gsyh", "icbc"), ("工行", "icbc"), ("jsyh", "ccb")]
)
async def test_a_bank_by_initials_or_characters(clerk: Clerk, typed: str, bank: str) -> None:
    screen = await at(clerk, "mode", without("old_card.bank"))
    await clerk.types(typed, "enter")
    assert screen.open.case.old_card is not None
    assert screen.open.case.old_card.bank == bank


async def test_a_search_that_finds_nothing_says_so_and_holds_the_step(clerk: Clerk) -> None:
    screen = await at(clerk, "mode", without("old_card.bank"))
    await clerk.types("zzzz", "enter")
    assert "没有找到" in clerk.text
    await clerk.types("f10")
    assert screen.open.step == "mode"


async def test_matches_are_walked_and_closed(clerk: Clerk) -> None:
    screen = await at(clerk, "details", without("holder.occupation"))
    await clerk.types("rY")
    await clerk.types("down", "down", "up")
    assert clerk.line(">").strip()
    await clerk.types("escape")
    assert screen.open.step == "details", "Esc closes the matches, not the step"
    assert screen.open.case.holder.occupation == ""


async def test_a_rare_name_is_typed_masked_and_kept(clerk: Clerk) -> None:
    await serve(clerk, exchange("rare_name"), until="one_card")
    assert clerk.open.case.holder.name == "𠮷试九"
    assert "𠮷*九" in clerk.lines()[2]


@pytest.mark.parametrize("birth", ["20100101", "19000101", "20261119"])
async def test_any_age_is_judged_not_crashed(clerk: Clerk, birth: str) -> None:
    await clerk.types("1", "enter", number(birth), "enter")
    await clerk.types("f10")
    assert clerk.open.step == "identity"


async def test_an_exchange_typed_as_fast_as_a_scanner_types(clerk: Clerk) -> None:
    """All keys of a step at once: none lands in another field."""
    await clerk.types("2", "enter")
    keys = exchange()["identity"]
    await clerk.bursts(*keys)
    assert clerk.open.step == "one_card"
    assert clerk.open.case.holder.document.number == NUMBER
    assert clerk.open.case.holder.name == "钟试一"
    await go_on(clerk, exchange(), until="mode")
    await clerk.bursts(*exchange()["mode"])
    assert clerk.open.step == "details"
    assert clerk.open.case.old_card is not None
    assert clerk.open.case.old_card.bank == "abc"


async def test_what_is_typed_into_a_filled_field_replaces_it(clerk: Clerk) -> None:
    screen = await at(clerk, "mode", without("mode"))
    await clerk.types("1", "enter", "pageup", "tab", "tab")
    assert clerk.focused == "old_card.number"
    await clerk.types("b00000246", "enter")
    assert screen.open.case.old_card is not None
    assert screen.open.case.old_card.number == "B00000246"
