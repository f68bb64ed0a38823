"""The transfer letter on the screen, to the province and back: for whom there is one, and when it is there (EXC-10)."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from counter.desk.desk import Desk
from counter.rules.case import Case
from counter.screens.case.result import LetterScreen, ResultScreen
from counter.store.records import SendState
from counter.widgets.prose import Prose
from tests.support.demonstration import PEOPLE
from tests.support.province_world import World
from tests.support.screen_world import Clerk, Sitting, assert_whole, at, drawn, reach, squashed, until
from tests.support.shell import NOWHERE, case_of
from tests.support.written import recorded, synced

NOT_YET, THERE = "办结后，本行开具转移个账接收函", "转移个账接收函已开具"


def letter_for(who: str) -> Case:
    """A letter for a customer of the demonstration; nobody has asked the province yet."""
    return structs.replace(case_of("transfer_letter", PEOPLE[who]), booking=None)


def flat(clerk: Clerk) -> str:
    """What is on the screen, without where its lines break."""
    return "".join(line.strip() for line in clerk.lines())


@pytest.mark.rule("EXC-10")
@pytest.mark.parametrize(("who", "stands"), [("book", "没有预约"), ("booking_lapsed", "过期未办")])
async def test_exc_10_without_an_approved_booking_there_is_no_letter(
    sitting: Sitting, online: Desk, who: str, stands: str
) -> None:
    async with sitting(online) as clerk:
        await at(clerk, "card", letter_for(who))
        await clerk.types("f10")
        assert clerk.open.step == "booking"
        assert stands in clerk.line("换行预约"), "asked as soon as the step was entered"
        await clerk.types("f10")
        assert clerk.open.step == "booking"
        assert "EXC-10" in clerk.text and "接收函由新银行开具" in clerk.text
        assert_whole(clerk.app)
    assert online.store.ledger.count() == 0


@pytest.mark.rule("EXC-10")
async def test_exc_10_with_an_approved_booking_the_letter_is_there_once_it_is_recorded(
    sitting: Sitting, online: Desk, world: World
) -> None:
    async with sitting(online) as clerk:
        await at(clerk, "card", letter_for("change_bank"))
        await clerk.types("f10")
        assert "审核通过" in clerk.line("换行预约")
        await clerk.types("f10")
        assert clerk.open.step == "confirm"
        told = squashed("".join(drawn(clerk.one(Prose, "#told"))))
        assert NOT_YET in told and THERE not in told
        await clerk.types("f2")
        assert THERE not in flat(clerk), "nor in the preview"
        await clerk.types("escape", "f10")
        assert isinstance(clerk.screen, ResultScreen)
        slip = clerk.screen.text.replace("\n", "")
        assert THERE in slip and NOT_YET not in slip
        await clerk.types("f9")
        assert isinstance(clerk.screen, LetterScreen)
        assert PEOPLE["change_bank"].card in clerk.text
        assert "在简体中文的一份上签字盖章" in flat(clerk)
        await clerk.types("f2")
        slips = online.store.home / "slips"
        assert [path.name for path in slips.iterdir()] == [f"{clerk.screen.file_name}.pdf"]
        await clerk.types("escape")
        await until(lambda: not list(slips.iterdir()))  # name and numbers whole: not left lying
        await synced(clerk)
    (entry,) = online.store.ledger.search()
    assert entry.state is SendState.CREATED
    assert recorded(world, entry.id).deferred == ()


@pytest.mark.rule("EXC-10")
async def test_exc_10_a_letter_that_was_written_offline_for_nobody_comes_back(
    sitting: Sitting, online: Desk, world: World, key: Ed25519PrivateKey
) -> None:
    assert online.province is not None
    online.province.close()
    online.province = reach(world, key, NOWHERE)
    async with sitting(online) as clerk:
        await at(clerk, "card", letter_for("book"))
        await clerk.types("f10", "f10")
        assert clerk.open.judgement.deferred == ("booking",)
        await clerk.types("f10")
        assert isinstance(clerk.screen, ResultScreen)
        online.province.close()
        online.province = reach(world, key, world.url)
        await synced(clerk)
        (entry,) = online.store.outbox.rejected()
        assert (entry.code, entry.rule) == ("province.letter", "EXC-10")
        await clerk.types("escape")
        assert "不能开具接收函" in clerk.text or "没有变更到本行" in clerk.text, "home says why it came back"
