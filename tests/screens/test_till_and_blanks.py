"""The till and the blank cards on the screen: noted, counted, short by ten yuan with a reason, one card spoilt."""

import pytest
from msgspec import structs

from counter.desk.desk import Desk
from counter.rules.blanks import BlankAct, Serials
from counter.rules.case import Mode, Pickup, PickupMethod
from counter.rules.payment import Payment
from counter.rules.service import StepId
from counter.rules.till import TillAct
from counter.screens.blanks import BlanksScreen
from counter.screens.day import DayScreen
from counter.screens.dialogs.noting import NoteScreen
from counter.screens.till import TillScreen
from counter.widgets.fields.choice import Choice, ChoiceField
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import PASSPHRASE, Clerk, Sitting, at

AT_ONCE = structs.replace(
    EXCHANGE, mode=Mode.NEW_NUMBER, pickup=Pickup(method=PickupMethod.INSTANT, blank_card="AB0001")
)


async def test_a_till_that_is_ten_yuan_short(clerk: Clerk) -> None:
    await clerk.types("f9", "f3")
    assert isinstance(clerk.screen, TillScreen) and "今天还没有登记" in clerk.text
    await clerk.types("f2", "1")
    await clerk.types("500", "enter")
    assert "期初 500.00" in clerk.text and "应有 500.00" in clerk.text
    await clerk.types("f2", "2")
    await clerk.types("100", "enter", "上缴", "enter")
    assert isinstance(clerk.screen, NoteScreen), "the supervisor comes"
    await clerk.types("enter")
    await clerk.types("nonsense passphrase", "enter")
    assert isinstance(clerk.screen, NoteScreen) and clerk.line("口令"), "it is said, and nothing is noted"
    await clerk.types(PASSPHRASE, "enter")
    assert isinstance(clerk.screen, TillScreen) and "上缴 100.00" in clerk.text
    await clerk.types("f10")
    await clerk.types("3", "enter", "1", "enter", "2", "enter")
    assert "合计 390.00  应有 400.00  差额 -10.00" in clerk.text
    await clerk.types(*["enter"] * 6)
    assert "请写差额原因" in clerk.text
    await clerk.types("找零少收", "enter")
    assert "清点 390.00  差额 -10.00" in clerk.text
    count = clerk.desk().store.till.of(clerk.desk().today()).count
    assert count is not None and (count.difference_fen, count.reason) == (-1000, "找零少收")
    assert count.counted[:3] == (3, 1, 2)
    await clerk.types("escape")
    assert isinstance(clerk.screen, DayScreen) and "钱箱还没有盘点" not in clerk.text


async def test_a_card_is_received_spoilt_and_counted(clerk: Clerk) -> None:
    await clerk.types("f9", "f4")
    assert isinstance(clerk.screen, BlanksScreen) and "没有登记过空白卡库存" in clerk.text
    await clerk.types("f2", "1")
    await clerk.types("AB0001", "enter", "AB0010", "enter")
    assert "库存 10 张" in clerk.text and clerk.line("AB0001–AB0010").split()[:3] == ["AB0001–AB0010", "领入", "10"]
    await clerk.types("f2", "2")
    await clerk.types("AB0011", "enter", "enter", "打印偏移", "enter", "enter")
    await clerk.types(PASSPHRASE, "enter")
    assert "(AB0011)" in clerk.text, "it is no card of this window's"
    await clerk.types("escape", "f2", "2")
    await clerk.types("AB0001", "enter", "enter", "打印偏移", "enter", "enter")
    await clerk.types(PASSPHRASE, "enter")
    assert "库存 9 张" in clerk.text and "今天还没有清点" in clerk.text
    await clerk.types("f10")
    await clerk.types("9", "enter", "enter")
    assert "清点 9 张，应有 9 张" in clerk.text and "今天还没有清点" not in clerk.text
    assert [each.move.act for each in clerk.desk().store.movements.list("blanks")] == [
        *(BlankAct.RECEIVED, BlankAct.SPOILT, BlankAct.COUNT)
    ]


async def test_the_day_says_how_fees_were_paid_and_what_is_to_be_counted(desk: Desk, sitting: Sitting) -> None:
    desk.store.till.note(TillAct.OPENING, 10000)
    desk.store.blanks.note(BlankAct.RECEIVED, Serials.of("AB0001", "AB0010"))
    desk.confirm("id-1", structs.replace(AT_ONCE, payment=Payment.ACCOUNT))
    async with sitting(desk) as clerk:
        await clerk.types("f9")
        assert clerk.line("扣账户") and clerk.line("20.00 / 1").split()[1:] == ["-", "20.00", "/", "1", "-", "-"]
        assert "! 钱箱未盘点" in clerk.text and "! 空白卡未清点" in clerk.text


@pytest.mark.parametrize(("called", "screen"), [("qianxiang", TillScreen), ("空白卡", BlanksScreen)])
async def test_the_palette_leads_there_from_anywhere(clerk: Clerk, called: str, screen: type[TillScreen]) -> None:
    await clerk.types("ctrl+p")
    await clerk.pastes(called)
    await clerk.types("enter")
    assert isinstance(clerk.screen, screen)


@pytest.mark.rule("PIC-1")
async def test_pic_1_the_step_says_what_is_wrong_with_a_blank_card(desk: Desk, sitting: Sitting) -> None:
    desk.store.blanks.note(BlankAct.RECEIVED, Serials.of("AB0002", "AB0010"))
    desk.blanks.read()
    async with sitting(desk) as clerk:
        screen = await at(clerk, "pickup", AT_ONCE)
        await clerk.types("f10")
        assert screen.open.step is StepId.PICKUP and "不在本窗口的库存里" in clerk.text
        for_this = [found for found in screen.open.judgement.by_step[StepId.PICKUP] if found.code == "blanks.unknown"]
        assert [found.rule for found in for_this] == ["PIC-1"]


@pytest.mark.rule("FEE-1")
async def test_fee_1_a_fee_is_paid_in_cash_unless_the_clerk_says_otherwise(clerk: Clerk) -> None:
    screen = await at(clerk, "pickup")
    assert "现金" in clerk.line("缴费方式")
    screen.query_one("#field-payment", ChoiceField).query_one(Choice).focus()
    await clerk.types("2")
    assert screen.open.case.payment is Payment.ACCOUNT
    waived = await at(clerk, "pickup", structs.replace(EXCHANGE, service="apply", mode=None))
    assert not waived.query_one("#field-payment").display, "nothing is due"
