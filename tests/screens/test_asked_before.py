"""What the province says no to stops a case on the screen, before anything is recorded; the bank's side that failed
rings until somebody has phoned. LOS-1, EXC-6."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from counter.desk.desk import Desk
from counter.gateway.seeding.customers import DemoPerson
from counter.gateway.seeding.seed import BookingRow, CardRow
from counter.province.sync import sync
from counter.rules.case import Booking, BookingStatus
from counter.rules.masking import mask_name
from counter.screens.alarms import AlarmScreen, AlarmsScreen, SettleScreen
from counter.screens.case.authorise import AwaitingScreen
from counter.screens.case.result import ResultScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.home import HomeScreen
from counter.screens.ledger import EntryScreen
from counter.store.store import Store
from counter.widgets.lines import FindingsStrip
from tests.support.demonstration import PEOPLE
from tests.support.province_world import World
from tests.support.screen_world import CLERK, PASSPHRASE, Clerk, Sitting, assert_whole, at
from tests.support.shell import case_of

FAILS = PEOPLE["loss_bank_fails"]


@pytest.fixture
def desk(online: Desk) -> Desk:
    """A desk with a province that knows the demonstration's customers."""
    return online


def plant_card(world: World, person: DemoPerson, **particular: Any) -> None:
    world.query("DELETE FROM dossier WHERE number = %s", person.number)
    values: dict[str, Any] = {"number": person.number, "card": person.card, "city": "441621", "bank": person.bank}
    world.plant(CardRow(**(values | particular)))


def said(clerk: Clerk) -> list[tuple[str, str]]:
    """Rule and code of what the strip says and refuses."""
    return [(each.rule, each.code) for each in clerk.one(FindingsStrip).findings if each.level == "stop"]


def flat(clerk: Clerk) -> str:
    return "".join(line.strip(" |\n") for line in clerk.lines())


@pytest.mark.rule("EXC-6")
async def test_a_booking_for_somebody_who_has_one_in_review_is_stopped(clerk: Clerk, desk: Desk, world: World) -> None:
    """Booked at another counter while this one was filling in: the case comes back to the booking's step."""
    case = structs.replace(case_of("book_bank_change", PEOPLE["book"]), booking=Booking())
    await at(clerk, "confirm", case)
    person = PEOPLE["book"]
    booking = BookingRow(
        number=person.number, id="YY-other", to_bank="ccb", status=BookingStatus.REVIEW, from_bank="icbc"
    )
    await asyncio.to_thread(world.plant, booking)
    await clerk.types("f10")
    assert isinstance(clerk.screen, CaseScreen)
    assert (clerk.open.step, said(clerk)) == ("booking", [("EXC-6", "booking.review_already")])
    assert desk.store.ledger.count() == 0 and world.query("SELECT count(*) FROM act") == [(0,)]
    await clerk.types("f10")
    assert clerk.open.step == "booking", "there is no way round it"


@pytest.mark.rule("LOS-1")
async def test_a_loss_of_a_cancelled_card_is_stopped_at_the_card_and_before_the_confirmation(
    clerk: Clerk, desk: Desk, world: World
) -> None:
    await asyncio.to_thread(plant_card, world, PEOPLE["report_loss"], status="9")
    whole = case_of("report_loss")
    assert whole.old_card is not None
    await at(clerk, "card", structs.replace(whole, old_card=None))
    assert ("LOS-1", "card.life") in said(clerk), "as soon as the step asks"
    await clerk.types("f4")

    await at(clerk, "confirm", whole)
    await clerk.types("f10")
    assert (clerk.open.step, said(clerk)) == ("card", [("LOS-1", "card.life")])
    assert "已注销" in flat(clerk)
    assert_whole(clerk.app)
    assert desk.store.ledger.count() == 0
    await asyncio.to_thread(plant_card, world, PEOPLE["report_loss"], status="1")
    await clerk.types("f5")
    assert said(clerk) == [], "asked again, and it is in order"


@pytest.mark.rule("LOS-2")
async def test_what_is_refused_after_it_was_authorised_never_says_done(clerk: Clerk, desk: Desk) -> None:
    """Nobody could ask before: the result, the entry and its slip all say that it is not done."""
    asked = desk.ask_authorisation(desk.store.drafts.new_id(), case_of("withdraw_loss", PEOPLE["lost_replaced"]))
    clerk.app.push_screen(AwaitingScreen(desk, asked))
    await clerk.rest()
    await clerk.types("f10", PASSPHRASE, "enter")
    assert isinstance(clerk.screen, ResultScreen)
    assert "没有办成" in clerk.line("第 1 笔") and "已记账" not in clerk.text
    assert "没有办成" in clerk.screen.text
    await clerk.types("enter", "f3", "tab", "enter")
    assert isinstance(clerk.screen, EntryScreen)
    assert "LOS-2" in clerk.line("退回原因")
    assert "没有办成" in flat(clerk)


@pytest.mark.rule("LOS-1")
async def test_the_alarm_cannot_be_passed_waits_on_home_and_is_settled(
    clerk: Clerk, desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(clerk.app, "bell", lambda: rung.append("bell"))
    await at(clerk, "confirm", case_of("report_loss", FAILS))
    await clerk.types("f10")
    assert isinstance(clerk.screen, AlarmScreen) and rung == ["bell"]
    assert "农业银行" in flat(clerk) and "95599" in flat(clerk), "the bank and its hotline"
    assert_whole(clerk.app)
    await clerk.types("escape", "enter", "f12")
    assert isinstance(clerk.screen, AlarmScreen), "only the clerk's word passes it"
    await clerk.types("f10")
    assert isinstance(clerk.screen, ResultScreen)
    await clerk.types("enter")
    assert isinstance(clerk.screen, HomeScreen)
    assert "1 笔挂失的银行账户没有锁定" in clerk.text
    assert_whole(clerk.app)

    await clerk.types("f6")
    assert isinstance(clerk.screen, AlarmsScreen)
    (alarm,) = desk.store.alarms.list()
    assert "95599" in clerk.line(alarm.number) and alarm.seen
    assert mask_name(FAILS.name) in clerk.line(alarm.number), "whom to ring"
    assert_whole(clerk.app)
    await clerk.types("enter")
    assert isinstance(clerk.screen, SettleScreen)
    await clerk.types("enter", "enter", "enter")
    assert "请写明" in clerk.text, "who phoned is not said, and is asked for again"
    await clerk.types("客户本人", "enter", "enter", "enter")
    assert "请写明" in clerk.text, "the result is not said"
    await clerk.types("已向银行挂失", "enter")
    assert isinstance(clerk.screen, AlarmsScreen)
    assert desk.store.alarms.list() == []
    assert [note.subject for note in desk.store.audit.list() if note.action == "settle alarm"] == [alarm.entry]
    await clerk.types("escape")
    assert "没有锁定" not in clerk.text


@pytest.mark.rule("LOS-1")
async def test_an_alarm_that_nobody_has_seen_rings_after_a_restart_and_after_a_sync(
    sitting: Sitting, desk: Desk, home: Path
) -> None:
    """Reported while the province was away; the sync of a timer brings the answer. Nobody sat there."""
    province, desk.province = desk.province, None
    assert province is not None
    desk.confirm(desk.store.drafts.new_id(), case_of("report_loss", FAILS))
    desk.province = province
    with Store.unlock(home, CLERK.id, PASSPHRASE) as timer:
        assert (await asyncio.to_thread(sync, timer, province)).matched
    for _ in range(2):
        async with sitting(desk) as clerk:
            assert isinstance(clerk.screen, AlarmScreen), "again, until it is acknowledged"
            assert "95599" in flat(clerk)
    async with sitting(desk) as clerk:
        await clerk.types("f10")
        assert isinstance(clerk.screen, HomeScreen)
        assert "1 笔挂失的银行账户没有锁定" in clerk.text
    async with sitting(desk) as clerk:
        assert isinstance(clerk.screen, HomeScreen), "seen is seen"
        assert "1 笔挂失的银行账户没有锁定" in clerk.text, "and waits"
