"""A query by the card alone (QRY-1): on the screen, answered by the province, and taken by it at sync."""

import pytest

from counter.desk.desk import Desk
from counter.rules.case import OneCardAnswer
from counter.screens.case.result import ResultScreen
from counter.store.records import SendState
from tests.support.demonstration import PEOPLE
from tests.support.province_world import World
from tests.support.screen_world import Sitting, assert_whole
from tests.support.written import recorded, synced

MADE = PEOPLE["being_made"]


@pytest.mark.rule("QRY-1")
@pytest.mark.parametrize(
    ("card", "answer", "stands"),
    [
        (PEOPLE["same_number"].card, OneCardAnswer.HERE, "正常使用"),
        (MADE.card, OneCardAnswer.PENDING, ">银行已完成"),
        ("B99999992", OneCardAnswer.NONE, "省平台查不到这张卡"),
    ],
    ids=["in use", "being made", "no such card"],
)
async def test_qry_1_by_the_card_alone(
    sitting: Sitting, online: Desk, world: World, card: str, answer: OneCardAnswer, stands: str
) -> None:
    async with sitting(online) as clerk:
        await clerk.types("14", "enter")
        assert clerk.focused == "holder.document.number", "most bring a document"
        await clerk.types("shift+tab", "shift+tab")
        assert clerk.focused == "old_card.number"
        await clerk.types(card)
        assert "证件种类" not in clerk.text and "联网核查" not in clerk.text, "nobody's document is asked for"
        assert_whole(clerk.app)
        await clerk.types("enter")
        assert clerk.open.step == "answer"
        assert clerk.open.case.one_card.answer is answer
        assert stands in clerk.text
        assert card not in clerk.text, "masked"
        await clerk.pilot.resize_terminal(60, 15)
        await clerk.rest()
        assert stands in clerk.text, "on the smallest screen too"
        assert_whole(clerk.app, 15, 60)
        await clerk.pilot.resize_terminal(80, 24)
        await clerk.types("f10")
        assert clerk.open.step == "confirm"
        assert "凭社保卡" in clerk.text and "居民身份证" not in clerk.text
        await clerk.types("f10")
        assert isinstance(clerk.screen, ResultScreen)
        assert "凭社保卡" in clerk.screen.text and "居民身份证" not in clerk.screen.text
        await synced(clerk)
    (entry,) = online.store.ledger.search()
    assert entry.state is SendState.CREATED, "a missing customer is no reason to send it back"
    record = recorded(world, entry.id)
    assert record.deferred == ()
    assert record.case.old_card is not None and record.case.old_card.number == card


@pytest.mark.rule("QRY-1")
async def test_qry_1_by_the_document_the_card_is_not_asked_for(sitting: Sitting, online: Desk) -> None:
    async with sitting(online) as clerk:
        await clerk.types("14", "enter")
        await clerk.types(MADE.number)
        assert not clerk.case.query_one("#field-old_card-number").display
        await clerk.types("f10")
        assert clerk.open.step == "identity", "then the document is"
