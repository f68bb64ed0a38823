"""F9: each line opens what it counts, what came back is corrected or written off, and a date is closed by two."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NoReturn

import pytest
from msgspec import structs
from textual.widgets import DataTable

from counter.desk.desk import Desk
from counter.i18n import explained
from counter.province.errors import RefusedError, UnknownKeyError, WrongClockError
from counter.province.wire import EntryAnswer, Outcome
from counter.rules.record import CaseRecord
from counter.rules.services import SERVICES
from counter.screens.case.screen import CaseScreen
from counter.screens.day import DayReportScreen, DayScreen
from counter.screens.day_lines import WaitingScreen
from counter.screens.home import HomeScreen
from counter.screens.ledger import EntriesScreen, EntryScreen
from counter.screens.two import TwoScreen
from counter.store.records import SendState
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import PASSPHRASE, Clerk, SetClock, Sitting, assert_whole, squashed


def recorded(desk: Desk, *kinds: str) -> Sequence[str]:
    ids = [desk.store.drafts.new_id() for _ in kinds]
    for id, kind in zip(ids, kinds, strict=True):
        case = structs.replace(EXCHANGE, service=kind)
        desk.store.ledger.append(id, kind, CaseRecord(case=case, fee_fen=2000))
    return ids


@pytest.fixture
def back(desk: Desk) -> str:
    """An entry that came back."""
    (id,) = recorded(desk, "exchange")
    desk.store.outbox.settle([EntryAnswer(id=id, outcome=Outcome.REJECTED, code="province.pending", rule="ONE-1")])
    return id


async def test_what_came_back_is_opened_again_with_the_reason_in_view(sitting: Sitting, desk: Desk, back: str) -> None:
    async with sitting(desk) as clerk:
        await clerk.types("tab", "enter")
        assert isinstance(clerk.screen, EntryScreen) and "更正重送" in clerk.text and "核销" in clerk.text
        await clerk.types("f4")
        assert isinstance(clerk.screen, CaseScreen) and clerk.open.case.corrects == back
        assert "第 1 笔被省平台退回（ONE-1）" in clerk.text
        assert_whole(clerk.app)


async def test_what_came_back_is_written_off_by_two(sitting: Sitting, desk: Desk, back: str) -> None:
    async with sitting(desk) as clerk:
        await clerk.types("f9")
        await opens(clerk, "退回未处理 1 笔")
        assert isinstance(clerk.screen, EntriesScreen)
        await clerk.types("enter", "f8", "客户不办了", "enter")
        assert isinstance(clerk.screen, TwoScreen) and "客户不办了" in clerk.text
        await clerk.types("wrong", "enter")
        assert isinstance(clerk.screen, TwoScreen) and desk.store.outbox.rejected()
        await clerk.types(PASSPHRASE, "enter")
        assert desk.store.outbox.rejected() == []
        while not isinstance(clerk.screen, DayScreen):
            await clerk.types("escape")
        assert "退回未处理" not in clerk.text and "已了结" in clerk.text


async def test_a_date_is_closed_with_a_reason_for_what_is_open_and_opened_again(
    sitting: Sitting, desk: Desk, back: str
) -> None:
    on = desk.today()
    async with sitting(desk) as clerk:
        await clerk.types("f9", "f10")
        assert "退回未处理 1 笔" in clerk.text
        await clerk.types("escape")
        assert not desk.store.decisions.list(on), "Esc closes nothing"
        await clerk.types("f10", "明天更正", "enter")
        while not isinstance(clerk.screen, TwoScreen):
            await clerk.types("明天再核对", "enter")
        await clerk.types(PASSPHRASE, "enter")
        assert isinstance(clerk.screen, DayScreen) and f"+ {on} 已关账" in clerk.text
        (decision,) = desk.store.decisions.list(on)
        assert decision.left_open[0].reason == "明天更正"
        await clerk.types("f8", "还有客户", "enter", PASSPHRASE, "enter")
        assert f"{on} 未关账" in clerk.text and not desk.store.decisions.is_closed(on)


async def test_the_lines_of_a_full_day_open_what_they_count_below_the_outcome(sitting: Sitting, desk: Desk) -> None:
    kinds = [each.id for each in SERVICES.values()][:20]
    recorded(desk, *kinds)
    desk.keep(desk.store.drafts.new_id(), EXCHANGE, "details").result()
    async with sitting(desk) as clerk:
        await clerk.types("f9")
        screen = clerk.screen
        assert isinstance(screen, DayScreen)
        screen._say("+ 对账一致")
        await clerk.rest()
        await clerk.types("end")
        assert "对账一致" in clerk.lines()[1], "it stands on top wherever the lines are"
        assert_whole(clerk.app)
        await opens(clerk, "挂起 1 笔")
        assert isinstance(clerk.screen, WaitingScreen)
        await clerk.types("escape")
        await opens(clerk, "合计")
        assert isinstance(clerk.screen, EntriesScreen) and len(clerk.screen.rows) == len(kinds)
        await clerk.types("escape", "f2")
        assert isinstance(clerk.screen, DayReportScreen)
        await clerk.types("f2")
        saved = desk.store.home / "slips"
        assert {path.suffix for path in saved.glob(f"day-{desk.today()}.*")} == {".pdf", ".txt", ".xlsx"}
        await clerk.types("escape", "escape")
        assert isinstance(clerk.screen, HomeScreen)
        assert all(each.state is SendState.PENDING for each in desk.store.ledger.search(limit=50))


async def opens(clerk: Clerk, name: str) -> None:
    """Walk to a line of F9 and open it."""
    screen = clerk.screen
    assert isinstance(screen, DayScreen)
    place = next(at for at, line in enumerate(screen.lines) if name in line.cells[0])
    clerk.one(DataTable).move_cursor(row=place)
    await clerk.types("enter")


@pytest.mark.parametrize("refusal", [UnknownKeyError("key"), WrongClockError("clock"), RefusedError("odd")])
async def test_a_no_of_the_province_ends_no_screen_and_is_said(
    sitting: Sitting, online: Desk, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    def refuses(*_: object) -> NoReturn:
        raise refusal

    monkeypatch.setattr(online, "sync", refuses)
    async with sitting(online) as clerk:
        await clerk.types("f9", "f5")
        assert isinstance(clerk.screen, DayScreen)
        assert squashed(explained(refusal))[:20] in squashed(clerk.text)


async def test_a_clock_that_was_set_back_is_said(sitting: Sitting, desk: Desk, clock: SetClock) -> None:
    recorded(desk, "exchange")
    clock.now -= timedelta(minutes=10)
    async with sitting(desk) as clerk:
        await clerk.types("f9")
        assert "本机时钟被拨慢" in clerk.text and "10 分钟" in clerk.text
