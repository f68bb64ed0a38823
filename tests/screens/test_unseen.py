"""Nothing is recorded unseen, and no stop stays unseen."""

from datetime import UTC, datetime

import pytest
from msgspec import structs
from textual.containers import VerticalScroll

from counter.desk.desk import Desk
from counter.province.questions.question import Answer
from counter.rules.case import (
    Case,
    Changes,
    IdentityAnswer,
    IdentityCheck,
    Mode,
    OneCard,
    OneCardAnswer,
    PhotoSource,
    Pickup,
    PickupMethod,
    PresentedBy,
    Sex,
)
from counter.rules.finding import stop
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.screens import standstill
from counter.screens.case.asking import Asking
from counter.screens.case.authorise import AuthoriseScreen
from counter.screens.case.result import ResultScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.dialogs.ask import RecordScreen
from counter.screens.roster.screen import RosterScreen
from counter.widgets.lines import FindingsStrip, KeysLine
from tests.screens.test_rosters import MIXED, opened
from tests.support.customers import complete
from tests.support.demonstration import PEOPLE
from tests.support.made_up import EXCHANGE, number
from tests.support.screen_world import (
    PASSPHRASE,
    Clerk,
    Sitting,
    assert_whole,
    at,
    confirmed,
    exchange,
    serve,
    without,
)
from tests.support.shell import case_of

EARLY = "请核对后再按 F10"
HALF = 0.5
A_DAY = 86400.0
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def drawn_at(clerk: Clerk) -> float:
    since = clerk.case.recording.still.drawn_at
    assert since is not None, "the confirmation has been drawn"
    return since


def entries(clerk: Clerk) -> int:
    return clerk.desk().store.ledger.count()


@pytest.fixture
def half_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """As people have it; the times of the keys are the test's own."""
    monkeypatch.setattr(standstill, "STILL_SECONDS", HALF)


# --- only F10, and only what has been seen -----------------------------------------------------------------------------


async def test_enter_never_records(clerk: Clerk) -> None:
    await at(clerk, "confirm")
    await clerk.types("enter", "enter", "enter")
    assert clerk.open.step is StepId.CONFIRM and entries(clerk) == 0
    await clerk.types("f10")
    assert isinstance(clerk.screen, ResultScreen) and entries(clerk) == 1


async def test_enter_on_the_consents_reads_on(clerk: Clerk) -> None:
    case = complete(SERVICES["apply"], "citizen", PresentedBy.HOLDER)
    await at(clerk, "confirm", case)
    assert clerk.focused == "consents"
    await clerk.types("enter", "enter")
    assert clerk.case.step_pane.scroll_y > 0, "the next page"
    assert clerk.focused == "consents" and entries(clerk) == 0


async def test_what_was_typed_ahead_does_not_record(clerk: Clerk) -> None:
    await at(clerk, "pickup", structs.replace(EXCHANGE, pickup=Pickup()))
    await clerk.bursts("1", "enter", "f10")
    assert clerk.open.step is StepId.CONFIRM
    assert EARLY in clerk.text and entries(clerk) == 0
    await clerk.types("f10")
    assert entries(clerk) == 1


@pytest.mark.usefixtures("half_a_second")
async def test_a_key_within_half_a_second_says_so_and_records_nothing(clerk: Clerk) -> None:
    await at(clerk, "confirm")
    await clerk.reads_to_the_end()
    await clerk.presses("f10", at=drawn_at(clerk) + HALF - 0.01)
    assert EARLY in clerk.text and entries(clerk) == 0
    await clerk.presses("f10", at=drawn_at(clerk) + HALF)
    assert entries(clerk) == 1


@pytest.mark.usefixtures("half_a_second")
async def test_an_answer_that_arrives_starts_the_half_second_anew(clerk: Clerk) -> None:
    screen = await at(clerk, "confirm")
    await clerk.reads_to_the_end()
    first = drawn_at(clerk)
    told = IdentityCheck(answer=IdentityAnswer.MATCH, asked_at=NOON)
    await screen.answered(screen.open.case, Answer({"identity_check": told}), StepId.IDENTITY, ("identity",))
    await clerk.rest()
    assert drawn_at(clerk) > first
    await clerk.presses("f10", at=first + HALF)
    assert EARLY in clerk.text and entries(clerk) == 0
    await clerk.reads_to_the_end()  # the answer has a line of its own
    await clerk.presses("f10", at=drawn_at(clerk) + HALF)
    assert entries(clerk) == 1


@pytest.mark.usefixtures("half_a_second")
async def test_what_stood_behind_another_screen_is_looked_at_again(clerk: Clerk) -> None:
    await at(clerk, "confirm")
    first = drawn_at(clerk)
    await clerk.presses("f3", at=first)
    await clerk.presses("escape", at=first)
    assert isinstance(clerk.screen, CaseScreen) and drawn_at(clerk) > first
    await clerk.presses("f10", at=first + HALF)
    assert entries(clerk) == 0


async def test_the_key_line_shows_f10_once_it_records(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    def keys() -> str:
        return clerk.one(KeysLine).render().plain

    monkeypatch.setattr(standstill, "STILL_SECONDS", A_DAY)
    screen = await at(clerk, "confirm")
    assert "F10" not in keys()
    monkeypatch.undo()
    monkeypatch.setattr(standstill, "STILL_SECONDS", 0.01)
    screen.recording.still.begin()
    await clerk.rest()
    assert "F10 记账" in keys()
    monkeypatch.setattr(standstill, "STILL_SECONDS", A_DAY)
    screen.recording.still.begin()
    await clerk.rest()
    assert "F10" not in clerk.text, "neither the key line nor what stands under the case offers it yet"


async def test_a_confirmation_that_is_left_before_it_has_stood_still_ends_nothing(clerk: Clerk) -> None:
    screen = await at(clerk, "confirm")
    clerk.app.pop_screen()
    await clerk.rest()
    screen.recording.still._now_stands()  # its timer may still be on its way
    assert entries(clerk) == 0


@pytest.mark.rule("APP-3")
@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_app_3_what_is_below_the_edge_is_said(sitting: Sitting, desk: Desk, size: tuple[int, int]) -> None:
    async with sitting(desk, size=size) as clerk:
        await at(clerk, "confirm")
        while below := clerk.case.recording.reading.below:
            assert f"还有 {below} 行，PgDn 往下看" in clerk.text
            await clerk.bursts("pagedown")
            assert clerk.case.recording.reading.below < below and entries(clerk) == 0
        assert "还有" not in clerk.text and "以上无误，按 F10 记账" in clerk.text
        await clerk.bursts("f10")
        assert entries(clerk) == 1


@pytest.mark.rule("APP-3")
async def test_app_3_the_confirmation_is_read_by_pages_and_by_nothing_else(clerk: Clerk) -> None:
    """PgUp is no way out of it; what was typed ahead turns no page and records nothing."""
    await at(clerk, "confirm")
    pane = clerk.case.step_pane
    await clerk.bursts("pagedown")
    assert pane.scroll_y == pane.size.height
    await clerk.bursts("pageup", "pageup", "pageup")
    assert clerk.open.step is StepId.CONFIRM and pane.scroll_y == 0


@pytest.mark.parametrize(
    ("step", "case"),
    [
        ("mode", structs.replace(EXCHANGE, mode=None)),
        ("details", without("holder.insurance")),
        ("pickup", structs.replace(EXCHANGE, mode=Mode.NEW_NUMBER, pickup=Pickup())),
    ],
)
async def test_a_digit_at_the_last_field_stays_at_the_step(clerk: Clerk, step: str, case: Case) -> None:
    await at(clerk, step, case)
    await clerk.types("1", "1")
    assert clerk.open.step == step
    await clerk.types("enter")
    assert clerk.open.step != step


async def test_a_step_that_asks_for_nothing_is_passed_and_marked(clerk: Clerk) -> None:
    """EXC-1, PHO-3: the photo of the old card is kept, the only way to collect is taken; both stand to be changed."""
    await serve(clerk, exchange(), until="pickup")
    opened = clerk.open
    assert str(opened.step) == "confirm"
    assert {StepId.PHOTO, StepId.BANK, StepId.PICKUP} == opened.passed
    assert {step: opened.mark(step) for step in opened.passed} == {
        StepId.PHOTO: "?",  # the province has not said yet which card there is
        StepId.BANK: "=",
        StepId.PICKUP: "=",
    }
    assert (opened.case.photo.source, opened.case.pickup.method) == (PhotoSource.KEEP, PickupMethod.BRANCH)
    assert "沿用原卡照片" in confirmed(clerk) and "网点领卡" in confirmed(clerk)
    await clerk.types(str(opened.steps.index(StepId.PHOTO) + 1), "2")
    assert str(opened.step) == "photo" and opened.case.photo.source is PhotoSource.RECEIPT


@pytest.mark.parametrize(("key", "goes_on"), [("f10", True), ("f6", False)])
async def test_a_key_that_says_on_does_not_hold_a_waiting_step(
    clerk: Clerk, key: str, goes_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F10 while the province is still asked says only "on": with its answer the step is passed; after F6 it stands."""
    monkeypatch.setattr(Asking, "put", lambda *_: None)  # the question is on its way
    screen = await at(clerk, "one_card", structs.replace(EXCHANGE, one_card=OneCard()))
    screen.passing = True  # the clerk has come from the step before
    await clerk.types(key)
    assert clerk.open.step is StepId.ONE_CARD
    here = OneCard(answer=OneCardAnswer.HERE, asked_at=NOON)
    await screen.answered(screen.open.case, Answer({"one_card": here}), StepId.ONE_CARD, ("one_card",))
    await clerk.rest()
    assert (clerk.open.step is not StepId.ONE_CARD) == goes_on


# --- a roster ----------------------------------------------------------------------------------------------------------


async def test_a_roster_shows_what_is_recorded_and_what_stays_and_asks(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    await clerk.types("f10")
    assert isinstance(clerk.screen, RecordScreen)
    for said in ("同行同号", "记账 2 人", "工本费共 ", "留下错的 2 人", "F10 记账"):
        assert said in clerk.text
    await clerk.types("enter", "escape")
    assert isinstance(clerk.screen, RosterScreen)
    assert screen.desk.store.ledger.count() == 0
    await clerk.types("f10", "f10")
    assert screen.desk.store.ledger.count() == 2
    await clerk.types("f10")
    assert "先前已提交 2 人" in clerk.text and "记账 0 人" in clerk.text


@pytest.mark.usefixtures("half_a_second")
async def test_a_roster_takes_no_type_ahead_either(clerk: Clerk) -> None:
    screen = await opened(clerk, MIXED)
    await clerk.types("f10")
    assert isinstance(clerk.screen, RecordScreen)
    since = clerk.screen.still.drawn_at
    assert since is not None
    await clerk.presses("f10", at=since + HALF - 0.01)
    assert isinstance(clerk.screen, RecordScreen) and EARLY in clerk.text
    assert screen.desk.store.ledger.count() == 0
    await clerk.presses("f10", at=since + HALF)
    assert screen.desk.store.ledger.count() == 2


# --- a box over the screen ---------------------------------------------------------------------------------------------


async def test_the_supervisor_s_passphrase_counts_once_all_of_the_case_has_been_seen(
    sitting: Sitting, desk: Desk
) -> None:
    """At 60x15 a change of every detail has more lines than the box: Enter reads on, and the passphrase stands."""
    changes = Changes(name="阿卜杜拉买买提艾则孜江", number=number("19900307", "002"), ethnicity="02", sex=Sex.FEMALE)
    async with sitting(desk, size=(60, 15)) as clerk:
        await at(clerk, "confirm", structs.replace(case_of("change_details"), changes=changes))
        await clerk.types("f10")
        box = clerk.screen
        assert isinstance(box, AuthoriseScreen), clerk.text
        assert "还有" in clerk.text and "PgDn" in clerk.text and "新民族" not in clerk.text
        assert box.focused is box.query_one("#passphrase")
        await clerk.types(PASSPHRASE, "enter")
        assert clerk.screen is box and desk.store.ledger.count() == 0
        await clerk.types("pagedown", "pagedown")
        assert "新民族" in clerk.text and "还有" not in clerk.text
        assert_whole(clerk.app, 15, 60)
        await clerk.types("enter")
        assert desk.store.ledger.count() == 1


async def test_help_that_goes_on_says_so(clerk: Clerk) -> None:
    await at(clerk, "pickup")
    await clerk.types("f1")
    box = clerk.one(VerticalScroll)
    assert f"还有 {int(box.max_scroll_y)} 行，PgDn 往下看" in clerk.text
    await clerk.types("pagedown", "end")
    box.scroll_end(animate=False)
    await clerk.rest()
    assert "PgDn" not in clerk.text.splitlines()[-3]


async def test_an_f10_that_was_on_its_way_finds_nothing_lacking(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A date that completes itself opens the next step, where the F10 for the one before arrives: nothing is red yet."""
    monkeypatch.setattr(standstill, "STILL_SECONDS", HALF)
    screen = await at(clerk, "details", without("holder.mobile", "holder.address"))
    screen.passing = True  # the clerk has come from the step before
    await clerk.presses("f10", at=screen.recording.came_at + HALF - 0.01)
    assert "还缺" not in clerk.text and clerk.mark("holder.mobile") == "*"
    await clerk.presses("f10", at=screen.recording.came_at + HALF)
    assert clerk.mark("holder.mobile") == "!"


# --- stops -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def bells(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One for each time that the terminal rang."""
    rung = list[str]()
    monkeypatch.setattr(clerk.app, "bell", lambda: rung.append("bell"))
    return rung


@pytest.mark.rule("WHO-2")
@pytest.mark.parametrize("step", ["mode", "details", "confirm"])
async def test_who_2_a_mismatch_stands_first_wherever_the_clerk_is(clerk: Clerk, bells: list[str], step: str) -> None:
    screen = await at(clerk, step, structs.replace(EXCHANGE, identity_check=IdentityCheck()))
    told = IdentityCheck(answer=IdentityAnswer.MISMATCH, asked_at=NOON)
    await screen.answered(screen.open.case, Answer({"identity_check": told}), StepId.IDENTITY, ("identity",))
    await clerk.rest()
    assert bells == ["bell"]
    first = clerk.one(FindingsStrip).render().plain.split("\n")[0]
    assert "停" in first and "身份" in first and "WHO-2" in first
    assert screen.finding_for_help() == screen.open.elsewhere()[0][1]
    await screen.answered(screen.open.case, Answer({"identity_check": told}), StepId.IDENTITY, ("identity",))
    assert bells == ["bell"], "it rings once"
    await clerk.types("f8")
    assert clerk.open.step is StepId.IDENTITY
    assert clerk.open.stops()[0].code == "identity.mismatch"


async def test_a_stop_besides_the_values_waits_at_its_step(clerk: Clerk, bells: list[str]) -> None:
    screen = await at(clerk, "details", without("holder.address"))
    refused = stop("QRY-1", "province.no_card", "old_card.number")
    await screen.answered(screen.open.case, Answer(findings=(refused,)), StepId.MODE)
    assert bells == ["bell"]
    screen.open.fill("holder.address", "紫城镇测试路1号101房")
    assert screen.open.elsewhere() == ((StepId.MODE, refused),), "what is typed elsewhere does not mend it"
    await clerk.types("f8")
    assert clerk.open.step is StepId.MODE and clerk.open.stops() == (refused,)


async def test_what_came_late_is_not_recorded_over(clerk: Clerk) -> None:
    screen = await at(clerk, "confirm")
    await screen.answered(screen.open.case, Answer(findings=(stop("QRY-1", "province.no_card"),)), StepId.MODE)
    await clerk.types("f10")
    assert clerk.open.step is StepId.MODE and entries(clerk) == 0


@pytest.mark.rule("WHO-2")
async def test_who_2_is_asked_as_soon_as_number_and_name_are_complete(sitting: Sitting, online: Desk) -> None:
    person = PEOPLE["same_number"]
    async with sitting(online) as clerk:
        await clerk.types("2", "enter", person.number, "enter")
        assert clerk.open.case.identity_check.answer is None
        await clerk.types(person.name, "enter")
        assert clerk.open.step is StepId.IDENTITY
        assert clerk.open.case.identity_check.answer is IdentityAnswer.MATCH
        await clerk.types("20180301", "enter", "20380301", "enter")
        assert clerk.open.case.identity_check.answer is IdentityAnswer.MATCH, "the validity is none of its business"


@pytest.mark.rule("WHO-2")
async def test_who_2_a_wrong_number_is_not_asked_about(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[str]()
    monkeypatch.setattr(Desk, "ask", lambda _desk, question, _case: asked.append(question.id))
    await clerk.types("2", "enter", "441621198001151234", "enter", "王测试", "enter")
    assert clerk.open.step is StepId.IDENTITY and asked == []


async def test_no_answer_yet_is_said_only_once_something_was_asked(clerk: Clerk) -> None:
    await at(clerk, "mode", structs.replace(EXCHANGE, mode=Mode.CHANGE_BANK))
    clerk.open.asked.clear()
    assert "deferred.booking" not in {each.code for each in clerk.open.visible("")}
    await clerk.types("f5")
    assert "deferred.booking" in {each.code for each in clerk.open.visible("")}


async def test_what_can_only_be_done_now_is_said_before(clerk: Clerk) -> None:
    await serve(clerk, exchange(), until="details")
    await clerk.types("01", "enter", "13800000000", "enter")
    assert "deferred.sms" in {each.code for each in clerk.open.visible("")}


async def test_nothing_is_called_deferred_while_the_form_is_filled(clerk: Clerk) -> None:
    await clerk.types("2", "enter", "", "王测试")
    assert not any(each.code.startswith("deferred.") for each in clerk.open.visible(clerk.focused))
