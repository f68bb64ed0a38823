"""Home: what can be done, what waits, today in figures."""

import pytest
from msgspec import structs
from textual.widgets import OptionList

from counter import i18n
from counter.desk.desk import Desk
from counter.province.wire import EntryAnswer, Outcome
from counter.rules.services import SERVICES
from counter.screens.home import HomeScreen
from counter.screens.ledger import EntryScreen
from counter.store.records import LedgerEntry
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import (
    EQUIPPED,
    Clerk,
    Sitting,
    assert_whole,
    at,
    exchange,
    serve,
)


def recorded(desk: Desk, name: str = "王测试") -> LedgerEntry:
    case = structs.replace(EXCHANGE, branch=EQUIPPED.id, holder=structs.replace(EXCHANGE.holder, name=name))
    return desk.confirm(desk.store.drafts.new_id(), case).entry


def returned(desk: Desk, name: str = "王测试", code: str = "province.expired") -> LedgerEntry:
    entry = recorded(desk, name)
    desk.store.outbox.settle([EntryAnswer(id=entry.id, outcome=Outcome.REJECTED, code=code, rule="WHO-4")])
    return entry


@pytest.mark.parametrize("typed", ["2", "hf", "换发", "exchange", "２", "HF"])
async def test_a_service_by_number_initials_or_name(clerk: Clerk, typed: str) -> None:
    await clerk.types(typed, "enter")
    assert clerk.open.service.id == "exchange"


async def test_down_walks_in_the_services(clerk: Clerk) -> None:
    await clerk.types("down", "enter")
    assert clerk.open.service.id == "exchange"


async def test_what_does_not_exist_starts_nothing(clerk: Clerk) -> None:
    await clerk.types("zzz", "enter")
    assert isinstance(clerk.screen, HomeScreen)
    assert "没有这样的业务" in clerk.text
    await clerk.types(*["backspace"] * 3)
    assert "没有这样的业务" not in clerk.text
    await clerk.types("enter")
    assert clerk.open.service.id == "apply", "all services are back"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(60, 15), (80, 24)])
async def test_every_service_is_reached_by_the_arrows_in_one_line(
    sitting: Sitting, desk: Desk, size: tuple[int, int], language: str
) -> None:
    i18n.use_language(language)
    async with sitting(desk, size=size) as clerk:
        assert clerk.one(OptionList, "#services").virtual_size.height == len(SERVICES)
        for service in sorted(SERVICES.values(), key=lambda service: service.number):
            line = clerk.line(f" {service.number:>3} ")
            assert i18n.t(f"service.{service.id}.name") in line, service.id
            await clerk.types("down")
        assert clerk.line("   1 "), "round to the first"


async def test_nothing_waits_is_said(clerk: Clerk) -> None:
    assert "没有挂起或退回的业务" in clerk.text


async def test_a_held_case_waits_masked_and_is_resumed_at_its_step(clerk: Clerk) -> None:
    await serve(clerk, exchange(), until="mode")
    await clerk.types("f4")
    assert isinstance(clerk.screen, HomeScreen)
    held = clerk.line("停在")
    assert "钟*一" in held
    assert "方式" in held
    assert "09:41" in held
    assert "挂起 1" in clerk.lines()[2]
    assert "钟试一" not in clerk.text
    await clerk.types("tab", "enter")
    assert clerk.open.step == "mode"
    assert clerk.open.case.holder.name == "钟试一"


async def test_two_held_cases_are_two(clerk: Clerk) -> None:
    await serve(clerk, exchange("same_number"), until="one_card")
    await clerk.types("f4")
    await serve(clerk, exchange("new_number"), until="one_card")
    await clerk.types("f4")
    assert "钟*一" in clerk.text
    assert "叶**娘" in clerk.text or "叶*" in clerk.text
    assert len(clerk.desk().held()) == 2


async def test_a_case_of_which_nothing_is_known_is_not_held(clerk: Clerk) -> None:
    await clerk.types("2", "enter", "escape")
    assert isinstance(clerk.screen, HomeScreen)
    assert clerk.desk().held() == []


async def test_what_the_province_sent_back_waits_with_its_reason(desk: Desk, sitting: Sitting) -> None:
    returned(desk)
    async with sitting(desk) as clerk:
        line = clerk.line("! 退回")
        assert "王*试" in line
        assert "省平台退回 1" in clerk.lines()[2]
        await clerk.types("tab", "enter")
        assert isinstance(clerk.screen, EntryScreen)
        assert "WHO-4" in clerk.text
        await clerk.types("escape")
        assert isinstance(clerk.screen, HomeScreen)


async def test_a_reason_that_no_catalog_knows_is_shown_as_it_came(desk: Desk, sitting: Sitting) -> None:
    returned(desk, code="province.a_new_one{x}[b]")
    async with sitting(desk) as clerk:
        assert "WHO-4" in clerk.line("! 退回")
        await clerk.types("tab", "enter")
        assert "province.a_new_one{x}[b]" in clerk.text


async def test_today_in_figures(desk: Desk, sitting: Sitting) -> None:
    recorded(desk)
    async with sitting(desk) as clerk:
        assert "办结 1" in clerk.lines()[2]
        assert "20.00 元" in clerk.lines()[2]


async def test_long_and_rare_names_keep_the_columns(desk: Desk, sitting: Sitting) -> None:
    returned(desk, "𠮷" * 40)
    returned(desk, "阿卜杜热合曼·买买提伊明")
    async with sitting(desk) as clerk:
        assert_whole(clerk.app)


async def test_esc_goes_home_from_every_screen(clerk: Clerk) -> None:
    for key in ("f3", "f9"):
        await clerk.types(key)
        assert not isinstance(clerk.screen, HomeScreen)
        await clerk.types("escape")
        assert isinstance(clerk.screen, HomeScreen)
    await at(clerk, "identity")
    await clerk.types("escape")
    assert isinstance(clerk.screen, HomeScreen)


async def test_a_held_case_is_given_up_only_with_the_clerks_word(clerk: Clerk) -> None:
    await serve(clerk, exchange(), until="one_card")
    await clerk.types("f4", "delete")
    assert isinstance(clerk.screen, HomeScreen), "in the field Del is the field's"
    await clerk.types("tab", "delete", "escape")
    assert len(clerk.desk().held()) == 1
    await clerk.types("delete", "f10")
    assert clerk.desk().held() == []
    assert "没有挂起或退回的业务" in clerk.text
    assert [note.subject for note in clerk.desk().store.audit.list() if note.action == "discard"]
