"""What follows: from an exchange with a new number to the benefit referral of the same customer, by one key."""

from datetime import date

import pytest
from msgspec import structs

from counter import i18n
from counter.desk.desk import Desk
from counter.rules.case import Mode, Pickup, PickupMethod
from counter.screens.case.result import ResultScreen
from counter.screens.home import HomeScreen
from counter.store.records import SendState
from tests.support.demonstration import PEOPLE as CUSTOMERS
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import EQUIPPED, Clerk, Sitting, assert_whole, at, exchange, serve, squashed

CASE = structs.replace(EXCHANGE, branch=EQUIPPED.id)
NEW_NUMBER = structs.replace(CASE, mode=Mode.NEW_NUMBER)


@pytest.mark.rule("EXC-2", "EXC-5")
async def test_exc_2_from_the_exchange_to_the_slip_of_the_benefit_referral(clerk: Clerk) -> None:
    await serve(clerk, exchange("new_number", mode="2"))
    assert isinstance(clerk.screen, ResultScreen)
    assert "接着办：待遇" in clerk.text and "F8" in clerk.text
    await clerk.types("f8")
    assert clerk.open.service.id == "benefit_payment"
    person = CUSTOMERS["new_number"]
    assert (clerk.open.case.holder.name, clerk.open.case.holder.document.number) == (person.name, person.number)
    await clerk.types("f10", "f10")
    assert isinstance(clerk.screen, ResultScreen), clerk.text
    for payer in ("机关养老金", "职工养老金", "城乡居民养老金", "民政、农业、林业、教育", "新卡号"):
        assert payer in "".join(clerk.screen.text.split())
    referral, exchanged = clerk.desk().store.ledger.search()
    assert (referral.kind, exchanged.kind) == ("benefit_payment", "exchange")
    assert referral.record and referral.record.case.holder.document.number == person.number
    await clerk.types("enter")
    assert isinstance(clerk.screen, HomeScreen)


@pytest.mark.rule("EXC-1")
async def test_exc_1_nothing_follows_an_exchange_with_the_same_number(clerk: Clerk) -> None:
    await at(clerk, "confirm", CASE)
    await clerk.types("f10", "f8")
    assert isinstance(clerk.screen, ResultScreen)
    assert i18n.t("key.follow_up") not in clerk.text
    assert clerk.desk().store.ledger.count() == 1


@pytest.mark.rule("EXC-5")
async def test_exc_5_the_clerk_may_choose_one_payer(clerk: Clerk) -> None:
    await at(clerk, "confirm", NEW_NUMBER)
    await clerk.types("f10", "f8", "2", "f10", "f10")
    assert isinstance(clerk.screen, ResultScreen), clerk.text
    entry = clerk.desk().store.ledger.search()[0]
    assert entry.record and entry.record.case.referral == "employee"


@pytest.mark.rule("TIM-1")
@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_tim_1_the_day_is_on_the_screen_where_the_way_is_chosen_and_on_the_slip(
    sitting: Sitting, desk: Desk, size: tuple[int, int], language: str
) -> None:
    i18n.use_language(language)
    async with sitting(desk, size=size) as clerk:
        await at(clerk, "pickup", structs.replace(NEW_NUMBER, pickup=Pickup()))
        for way, day in (("(1)", "2026-12-18"), ("(2)", i18n.t("steps.pickup.ready_today"))):
            said = clerk.text.partition(way)[2].partition("(")[
                0
            ]  # its own line, and where that is short, the next ones
            assert squashed(day) in squashed(said), "said of each way before one is chosen"
        assert_whole(clerk.app, size[1], size[0])
        await clerk.types("2", "000231", "enter", "f10")
        assert isinstance(clerk.screen, ResultScreen), clerk.text
        assert i18n.dated(date(2026, 11, 20)) in clerk.screen.text
        (entry,) = desk.store.ledger.search()
        assert entry.record and entry.record.case.pickup.method is PickupMethod.INSTANT
        assert entry.record.notices[0] == "ready_today?day=2026-11-20"


@pytest.mark.rule("EXC-2", "REF-1")
async def test_exc_2_the_province_takes_the_exchange_and_the_referral(sitting: Sitting, online: Desk) -> None:
    async with sitting(online) as clerk:
        await serve(clerk, exchange("new_number", mode="2", known=True), until="pickup")
        await clerk.types("1", "f10", "f10")
        assert isinstance(clerk.screen, ResultScreen), clerk.text
        await clerk.types("f8", "f10", "f10", "enter")
    online.sync()
    entries = online.store.ledger.search()
    assert {entry.kind: entry.state for entry in entries} == {
        "exchange": SendState.CREATED,
        "benefit_payment": SendState.CREATED,
    }
