"""What asks the province, against the real reference province; and what is said when it is out of reach."""

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs
from rich.text import Text

from counter.desk import rosters
from counter.desk.desk import Desk
from counter.gateway import server
from counter.gateway.seeding.seed import EventRow
from counter.province.client import Province
from counter.province.questions.identity import IDENTITY
from counter.province.questions.question import Answer, Question, Subject, unanswered
from counter.province.sync import sync
from counter.province.wire import EventKind
from counter.roster.columns import RosterRow
from counter.roster.reader import RosterPerson
from counter.rules.case import IdentityAnswer, IdentityCheck, OneCardAnswer
from counter.rules.finding import tell
from counter.rules.service import StepId
from counter.rules.unit import Unit
from counter.screens.alarms import AlarmScreen
from counter.screens.case.authorise import AwaitingScreen
from counter.screens.case.result import ResultScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.case.steps.booking import BookingPane
from counter.screens.home import HomeScreen
from counter.screens.ledger import EntryScreen
from counter.screens.roster.collect import CollectScreen
from counter.screens.roster.screen import RosterScreen
from counter.store.records import SendState
from counter.widgets.grid import State
from counter.widgets.lines import FindingsStrip
from tests.support.demonstration import PEOPLE as CUSTOMERS
from tests.support.made_up import EXCHANGE, number
from tests.support.province_world import World
from tests.support.screen_world import (
    EQUIPPED,
    PASSPHRASE,
    PLACE,
    Clerk,
    Sitting,
    assert_whole,
    at,
    code_on,
    exchange,
    go_on,
    reach,
    serve,
    without,
)
from tests.support.shell import case_of

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def desk(online: Desk) -> Desk:
    """A desk with a province that knows the demonstration's customers."""
    return online


async def test_a_rosters_people_are_asked_about_while_the_clerk_types_on(clerk: Clerk, desk: Desk) -> None:
    known, other = CUSTOMERS["same_number"], CUSTOMERS["new_number"]
    rows = [
        RosterRow(name=name, number=each.number, mobile="13800000001", occupation="60000")
        for each, name in ((known, known.name), (other, "叶二娘"))
    ]
    unit = Unit(name="虚构电子厂", uscc="91350100M000100Y43", contact="赵联系", mobile="13900000000", bank="abc")
    batch_id = rosters.create(desk.store, unit, [RosterPerson(at, row) for at, row in enumerate(rows, 2)]).id
    screen = RosterScreen(desk, batch_id)
    clerk.app.push_screen(screen)
    await clerk.rest()
    assert screen.table is not None
    assert [screen.table.head(row).state for row in (0, 1)] == [State.PLAIN, State.WRONG]
    assert "姓名" in clerk.text
    first, second = rosters.people(desk.store, batch_id)
    assert (first.answers.identity.answer, first.answers.one_card.answer) == ("match", "here")
    assert second.answers.identity.answer == "mismatch"
    await clerk.types("down", other.name, "enter")
    assert list(rosters.people(desk.store, batch_id))[1].answers.identity.answer == "match", "asked about the new name"
    assert screen.table.head(1).state is not State.WRONG


async def synced(clerk: Clerk) -> None:
    if isinstance(clerk.screen, ResultScreen):
        await clerk.types("enter")
    assert isinstance(clerk.screen, HomeScreen)
    await clerk.types("f9")
    await clerk.types("f5")


async def test_an_exchange_is_asked_about_recorded_and_matched(clerk: Clerk, desk: Desk, world: World) -> None:
    await serve(clerk, exchange(known=True), until="mode")
    assert clerk.open.case.identity_check.answer == "match"
    assert clerk.open.case.one_card.answer is OneCardAnswer.HERE
    assert "省平台 在线" in clerk.lines()[0]
    old = clerk.open.case.old_card
    assert old is not None
    assert (old.number, old.bank) == (CUSTOMERS["same_number"].card, "abc"), "the province knows the card"
    await go_on(clerk, exchange(known=True))
    assert isinstance(clerk.screen, ResultScreen), clerk.text
    await synced(clerk)
    assert "对账一致" in clerk.text
    (entry,) = desk.store.ledger.search("")
    assert entry.state is SendState.CREATED
    assert world.query("SELECT count(*) FROM entry") == [(1,)]
    await clerk.types("f5")
    assert "对账一致" in clerk.text
    assert "新送 0" in clerk.text, "a second sync sends nothing"


async def test_a_units_cards_come_back_are_signed_for_and_activated(clerk: Clerk, desk: Desk, world: World) -> None:
    """What the province says of each card decides, not the clerk's tick (PIC-5); and it follows (EXC-7)."""
    assert desk.province is not None
    unit = Unit(
        name="虚构电子厂",
        uscc="91350100M000100Y43",
        contact="赵联系",
        mobile="13900000000",
        bank=desk.place.bank,
        branch=desk.place.branch,
    )
    people = [CUSTOMERS[who] for who in ("same_number", "new_number")]
    rows = [RosterRow(name=one.name, number=one.number, mobile="13800000001", occupation="60000") for one in people]
    made = rosters.create(desk.store, unit, [RosterPerson(at, row) for at, row in enumerate(rows, 2)])
    for _ in rosters.ask(desk.store, rosters.people(desk.store, made.id), unit, desk.province, desk.context()):
        pass
    assert rosters.submit(desk.store, made.id, desk.context()).recorded == 2
    sync(desk.store, desk.province)
    clerk.app.push_screen(CollectScreen(desk, made))
    await clerk.rest()
    await clerk.types("f5")
    assert "未到网点" in clerk.text
    await clerk.types("space", "up")
    assert [finding.rule for finding in clerk.one(FindingsStrip).findings] == ["PIC-5"], "it is not here yet"

    await asyncio.to_thread(server.advance_cards, world.running.database, world.folder, "", "sent")
    await clerk.types("f5")
    assert "网点已签收" in clerk.text
    await clerk.types("f10")
    await clerk.types("f10")
    await clerk.types("right", "space")
    assert "2 人  已签收 2  已激活 1" in clerk.text
    report = await asyncio.to_thread(sync, desk.store, desk.province)
    assert report.matched
    entries = desk.store.ledger.search("")
    assert [(entry.kind, entry.state) for entry in entries[:3]] == [
        ("activate", SendState.CREATED),
        ("collect", SendState.CREATED),
        ("collect", SendState.CREATED),
    ]
    handed = [entry.record.case.old_card for entry in entries if entry.kind == "collect" and entry.record]
    assert {card.number for card in handed if card} == {one.card for one in people}, "the province knows the numbers"


async def test_a_card_elsewhere_stops_until_the_holder_confirms(clerk: Clerk) -> None:
    await serve(clerk, exchange("elsewhere"), until="one_card")
    assert clerk.open.case.one_card.answer is OneCardAnswer.ELSEWHERE
    assert "ONE-1" in clerk.text
    await clerk.types("f10")
    assert clerk.open.step == "one_card"
    assert clerk.focused == "one_card.clean_up_confirmed"
    await clerk.types("1")
    assert clerk.open.case.one_card.clean_up_confirmed
    if clerk.open.step == "one_card":
        await clerk.types("f10")
    assert clerk.open.step == "mode"


async def test_an_application_under_way_is_refused(clerk: Clerk) -> None:
    await serve(clerk, exchange("pending"), until="one_card")
    assert clerk.open.case.one_card.answer is OneCardAnswer.PENDING
    await clerk.types("f10")
    await clerk.types("f8")
    assert clerk.open.step == "one_card"
    assert "ONE-1" in clerk.text


async def test_a_name_that_does_not_belong_to_the_number(clerk: Clerk) -> None:
    await clerk.types("2", "enter", *exchange("mismatch")["identity"][:-1])
    assert clerk.open.case.identity_check.answer == "mismatch"
    assert clerk.open.step == "identity", "it is asked while the clerk is still there"
    assert [finding.code for finding in clerk.open.stops()] == ["identity.mismatch"]


async def test_a_change_of_bank_asks_for_its_booking(clerk: Clerk) -> None:
    await serve(clerk, exchange("change_bank"), until="mode")
    await clerk.types("3")
    assert clerk.open.case.booking is not None  # asked by itself: nobody has to think of F5
    assert clerk.open.case.booking.status == "approved"
    assert "审核通过" in clerk.line("换行预约")


def strip_text(clerk: Clerk) -> str:
    """What stands in the findings' area."""
    shown = clerk.case.query_one(FindingsStrip).render()
    assert isinstance(shown, Text)
    return shown.plain


async def test_the_sms_code_is_checked_and_never_kept(clerk: Clerk, desk: Desk) -> None:
    await serve(clerk, exchange(known=True), until="details")
    await clerk.types("01", "enter", "13800000000", "enter")
    await clerk.types("f5")
    code = code_on(clerk)
    assert len(code) == 6, clerk.text
    assert clerk.focused == "sms_code"
    await clerk.types("000000" if code != "000000" else "111111", "enter")
    assert not clerk.open.case.holder.mobile_verified
    await clerk.types("f5")
    shown = strip_text(clerk)
    assert shown


async def test_a_province_that_stops_is_said_and_nothing_is_lost(
    sitting: Sitting, desk: Desk, world: World, key: Ed25519PrivateKey
) -> None:
    async with sitting(desk) as clerk:
        await serve(clerk, exchange(known=True), until="mode")
        assert desk.province is not None
        desk.province.close()
        desk.province = reach(world, key, NOWHERE)
        await go_on(clerk, exchange(known=True))
        assert isinstance(clerk.screen, ResultScreen)
        await synced(clerk)
        assert "省平台暂时连不上" in clerk.text
        assert "省平台 离线" in clerk.lines()[0]
        (entry,) = desk.store.ledger.search("")
        assert entry.state is SendState.PENDING
        desk.province.close()
        desk.province = reach(world, key, world.url)
        await clerk.types("f5")
        assert "对账一致" in clerk.text
        assert world.query("SELECT count(*) FROM entry") == [(1,)]


async def test_without_an_answer_the_whole_case_is_deferred(
    sitting: Sitting, desk: Desk, world: World, key: Ed25519PrivateKey
) -> None:
    assert desk.province is not None
    desk.province.close()
    desk.province = reach(world, key, NOWHERE)
    async with sitting(desk) as clerk:
        await serve(clerk, exchange(), until="confirm")
        assert clerk.open.step == "confirm"
        assert set(clerk.open.judgement.deferred) >= {"identity", "one_card", "sms"}
        assert clerk.open.mark(clerk.open.steps[0]) == "?"


@pytest.mark.parametrize("by_itself", [True, False])
async def test_what_had_no_answer_is_asked_again_wherever_the_clerk_is(
    sitting: Sitting, desk: Desk, world: World, key: Ed25519PrivateKey, *, by_itself: bool
) -> None:
    """As soon as the header says that the province answers again, or at F5; the old card is filled in."""
    assert desk.province is not None
    desk.province.close()
    desk.province = reach(world, key, NOWHERE)
    async with sitting(desk) as clerk:
        await serve(clerk, exchange(), until="mode")
        await clerk.types("1")
        opened = clerk.open
        assert {opened.mark(step) for step in opened.steps[:2]} == {"?"}
        desk.province.close()
        desk.province = reach(world, key, world.url)
        if by_itself:
            clerk.case.refresh_header()
            await clerk.rest()
            assert opened.case.identity_check.answer == "deferred", "the province is away still"
            await asyncio.to_thread(desk.ping)
            clerk.case.refresh_header()
            await clerk.rest()
        else:
            await clerk.types("f5")
        assert (opened.case.identity_check.answer, opened.case.one_card.answer) == ("match", OneCardAnswer.HERE)
        assert {opened.mark(step) for step in opened.steps[:2]} == {"+"}
        assert opened.case.old_card is not None
        assert (opened.case.old_card.number, opened.case.old_card.bank) == (CUSTOMERS["same_number"].card, "abc")
        assert opened.step == "mode" and clerk.mark("old_card.number") == "="


async def test_an_answer_that_comes_late_does_not_replace_the_card_that_was_typed(
    sitting: Sitting, desk: Desk, world: World, key: Ed25519PrivateKey
) -> None:
    assert desk.province is not None
    desk.province.close()
    desk.province = reach(world, key, NOWHERE)
    async with sitting(desk) as clerk:
        await serve(clerk, exchange(), until="mode")
        asked = clerk.open.case
        await clerk.types("1", "nyyh", "enter", "B00000027", "enter")
        late = Answer({"old_card.number": CUSTOMERS["same_number"].card, "old_card.bank": "icbc"})
        await clerk.case.answered(asked, late, StepId.ONE_CARD, ("one_card",))
        await clerk.rest()
        assert clerk.open.case.old_card is not None
        assert (clerk.open.case.old_card.number, clerk.open.case.old_card.bank) == ("B00000027", "abc")


async def test_the_photo_of_the_province_is_asked_for_at_once(clerk: Clerk) -> None:
    await serve(clerk, exchange("first_application"), service="1", until="photo")
    await clerk.types("4")
    assert clerk.open.step == "photo", "nobody goes on without having seen the photo, or that there is none"
    assert "PHO-4" in clerk.text


async def test_what_the_province_says_later_is_shown_on_home_and_in_its_list(
    sitting: Sitting, online: Desk, world: World
) -> None:
    """Progress, a booking's decision and a rejection that come after the entry was taken."""
    document = structs.replace(EXCHANGE.holder.document, number=number("19910101"))
    other = structs.replace(EXCHANGE.holder, name="陈测珍", document=document)
    known = structs.replace(
        EXCHANGE, branch=EQUIPPED.id, identity_check=IdentityCheck(answer=IdentityAnswer.MATCH)
    )  # asked at the window, and not again at sync
    made = [
        online.confirm(online.store.drafts.new_id(), structs.replace(known, holder=holder)).entry
        for holder in (EXCHANGE.holder, other)
    ]
    assert online.province is not None
    assert sync(online.store, online.province).matched
    where = {"branch": PLACE.branch, "counter": PLACE.counter}
    await asyncio.to_thread(
        world.plant,
        EventRow(kind=EventKind.PROGRESS, entry=made[0].id, code="sent", detail=EQUIPPED.id, **where),
        EventRow(
            kind=EventKind.BOOKING, entry="a booking of another day", code="refused", detail="贷款未结清", **where
        ),
        EventRow(kind=EventKind.REJECTED, entry=made[1].id, code="province.expired", **where),
    )
    async with sitting(online) as clerk:
        assert "新消息" not in clerk.text
        await synced(clerk)
        await clerk.types("escape")
        assert "省平台有 3 条新消息，按 F8 查看" in clerk.line("等着您的事")
        assert "有效身份证件" in clerk.line("! 退回") and "陈*珍" in clerk.line("! 退回")
        await clerk.types("f8")
        assert EQUIPPED.name[:6] in clerk.line("已送达网点") and "王*试" in clerk.line("已送达网点")
        assert "贷款未结清" in clerk.line("审核不通过")
        assert "陈*珍" in clerk.line("退回")
        assert_whole(clerk.app)
        await clerk.types("down", "down", "enter")
        assert isinstance(clerk.screen, EntryScreen)
        assert clerk.screen.entry.id == made[0].id
        await clerk.types("escape", "escape")
        assert isinstance(clerk.screen, HomeScreen)
        assert "新消息" not in clerk.text, "what was seen is not new"


def at_the_province(world: World, who: str) -> list[str]:
    """How somebody's cards stand there."""
    rows = world.query(
        "SELECT card ->> 'state' FROM dossier, jsonb_array_elements(content -> 'cards') AS card WHERE number = %s",
        CUSTOMERS[who].number,
    )
    return [str(state) for (state,) in rows]


def flat(clerk: Clerk) -> str:
    """What is on the screen, without where its lines break."""
    return "".join(line.strip() for line in clerk.lines())


@pytest.mark.rule("LOS-1")
@pytest.mark.parametrize(
    ("who", "told", "not_told"),
    [("report_loss", "已同时锁定", "没有挂失成功"), ("loss_bank_fails", "银行账户没有挂失成功", "已同时锁定")],
)
async def test_what_came_of_a_loss_is_on_the_result_and_on_the_slip(
    clerk: Clerk, world: World, who: str, told: str, not_told: str
) -> None:
    await at(clerk, "confirm", case_of("report_loss", CUSTOMERS[who]))
    assert told not in flat(clerk), "nothing is told before the province has said so"
    await clerk.types("f10")
    if isinstance(clerk.screen, AlarmScreen):
        await clerk.types("f10")
    assert isinstance(clerk.screen, ResultScreen)
    assert at_the_province(world, who) == ["lost"], "before any sync"
    assert clerk.app.screen.query(".told"), "said above the slip"
    assert told in clerk.screen.text.replace("\n", "").replace(" ", "") and not_told not in clerk.screen.text
    await clerk.types("f3")
    assert not_told not in clerk.screen.text and "locked" in clerk.screen.text, "in both languages"


@pytest.mark.rule("LOS-1")
async def test_a_loss_without_an_answer_is_never_said_to_be_locked(
    sitting: Sitting, desk: Desk, world: World, key: Ed25519PrivateKey
) -> None:
    assert desk.province is not None
    desk.province.close()
    desk.province = reach(world, key, NOWHERE)
    hotline = desk.reference.cities[desk.place.city].hotlines[0]
    async with sitting(desk) as clerk:
        await at(clerk, "confirm", case_of("report_loss"))
        await clerk.types("f10")
        assert isinstance(clerk.screen, ResultScreen)
        assert f"卡还没有锁定：请客户现在拨打 {hotline}" in flat(clerk)
        slip = clerk.screen.text.replace("\n", "").replace(" ", "")
        assert f"卡还没有锁定：请现在拨打{hotline}" in slip and "同时锁定" not in slip
        assert at_the_province(world, "report_loss") == ["active"]
        desk.province.close()
        desk.province = reach(world, key, world.url)
        await synced(clerk)
        assert "对账一致" in clerk.text
        assert at_the_province(world, "report_loss") == ["lost"]


@pytest.mark.rule("LOS-2")
async def test_a_withdrawal_is_told_when_it_is_authorised_at_the_window(clerk: Clerk, world: World) -> None:
    await at(clerk, "confirm", case_of("withdraw_loss", CUSTOMERS["lost"]))
    await clerk.types("f10")
    assert at_the_province(world, "lost") == ["lost"], "nobody has authorised it"
    await clerk.types(PASSPHRASE, "enter")
    assert isinstance(clerk.screen, ResultScreen)
    assert len(clerk.screen.query(".told")) == 1
    assert "已解挂" in flat(clerk)
    assert at_the_province(world, "lost") == ["active"]
    assert "没有办成" not in clerk.screen.text


@pytest.mark.rule("LOS-2")
async def test_a_withdrawal_that_the_province_would_refuse_comes_before_no_supervisor(clerk: Clerk, desk: Desk) -> None:
    await at(clerk, "confirm", case_of("withdraw_loss", CUSTOMERS["lost_replaced"]))
    await clerk.types("f10")
    assert isinstance(clerk.screen, CaseScreen)
    assert [(one.level, one.rule) for one in clerk.one(FindingsStrip).findings] == [("stop", "LOS-2")]
    assert desk.awaiting() == []


@pytest.mark.rule("LOS-2")
async def test_what_came_of_authorising_from_the_list_is_read_and_not_flashed(
    clerk: Clerk, desk: Desk, world: World
) -> None:
    asked = desk.ask_authorisation(desk.store.drafts.new_id(), case_of("withdraw_loss"))
    clerk.app.push_screen(AwaitingScreen(desk, asked))
    await clerk.rest()
    await clerk.types("f10", PASSPHRASE, "enter")
    assert isinstance(clerk.screen, ResultScreen)
    assert "已解挂" in flat(clerk)
    assert at_the_province(world, "lost") == ["active"]
    await clerk.types("enter")
    assert isinstance(clerk.screen, HomeScreen)


async def test_a_step_puts_all_its_questions(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second question at a step that has one: both answers fill the case, both are said."""

    def put(_province: Province, subject: Subject) -> Answer:
        assert subject.case.identity_check.answer is IdentityAnswer.MATCH, "it is put after the other one"
        return Answer({"reason": "asked"}, (tell("APP-1", "mobile.code_later"),))

    second = Question(id="progress", steps=(StepId.IDENTITY,), put=put, deferred=unanswered)
    monkeypatch.setattr("counter.province.questions._DECLARED", (IDENTITY, second))
    await at(clerk, "identity", structs.replace(case_of("exchange"), identity_check=IdentityCheck()))
    await clerk.types("f5")
    assert clerk.open.case.identity_check.answer is IdentityAnswer.MATCH
    assert clerk.open.case.reason == "asked"
    assert [finding.code for finding in clerk.open.extra] == ["mobile.code_later"]


@pytest.mark.rule("APP-1")
async def test_app_1_no_code_is_asked_for_without_a_mobile(clerk: Clerk) -> None:
    """That the province did not answer would be wrong: it was not asked."""
    await at(clerk, "details", without("holder.mobile", case=case_of("apply")))
    for typed in ("", "1380000"):
        await clerk.types(*typed, "f5")
        assert "省平台没有答复，没有发出" not in clerk.text and not clerk.open.extra


@pytest.mark.rule("EXC-6")
@pytest.mark.parametrize(("service", "asked"), [("book_bank_change", "booking"), ("review_bank_change", "reviews")])
async def test_the_booking_step_puts_the_question_of_who_asks(clerk: Clerk, service: str, asked: str) -> None:
    await at(clerk, "booking", structs.replace(case_of(service), booking=None))
    pane = clerk.case.pane
    assert isinstance(pane, BookingPane)
    assert [question.id for question in pane.questions] == [asked]
    assert bool(pane.reviews) is (asked == "reviews"), "asked as soon as the step was entered"
    assert (clerk.open.case.booking is not None) is (asked == "booking")
