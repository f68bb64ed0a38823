"""Home: what can be done, what waits, today in figures."""

import pytest
from msgspec import structs

from counter import i18n
from counter.desk.desk import Desk
from counter.province.wire import EntryAnswer, Outcome
from counter.rules.service import Service
from counter.rules.services import SERVICES
from counter.screens.case.held_before import HeldBeforeScreen
from counter.screens.find import FindScreen
from counter.screens.home import HomeScreen
from counter.screens.ledger import EntryScreen
from counter.screens.services import matching
from counter.store.records import LedgerEntry
from counter.widgets.picks import PickBox, PickList
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


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.id)
def test_a_number_is_its_service_whatever_others_are_called(service: Service) -> None:
    assert matching(str(service.number))[0] is service


async def test_down_walks_in_the_services(clerk: Clerk) -> None:
    await clerk.types("down", "enter")
    assert clerk.open.service.id == "exchange"


async def test_what_does_not_exist_starts_nothing(clerk: Clerk) -> None:
    await clerk.types("zzz")
    assert "没有这样的业务" in clerk.text
    await clerk.types("enter")
    assert isinstance(clerk.screen, FindScreen)
    await clerk.types("escape")
    await clerk.types(*["backspace"] * 3)
    assert "没有这样的业务" not in clerk.text
    await clerk.types("enter")
    assert clerk.open.service.id == "apply", "all services are back"


def band(clerk: Clerk) -> str:
    """What stands in the one band that there is."""
    (active,) = [picks for picks in clerk.screen.query(PickList) if picks.active]
    assert active.current is not None
    background = active.get_component_rich_style("picks--band").bgcolor
    assert background is not None
    lines = [
        strip for picks in clerk.screen.query(PickList) for strip in map(picks.render_line, range(picks.size.height))
    ]
    banded = [
        "".join(part.text for part in strip if part.style and part.style.bgcolor == background) for strip in lines
    ]
    (one,) = filter(None, banded)
    return one


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(60, 15), (80, 24)])
async def test_every_service_is_reached_and_named_whole(
    sitting: Sitting, desk: Desk, size: tuple[int, int], language: str
) -> None:
    i18n.use_language(language)
    async with sitting(desk, size=size) as clerk:
        for service in sorted(SERVICES.values(), key=lambda service: service.number):
            assert band(clerk).strip() == f"{service.number}  {i18n.t(f'service.{service.id}.name')}"
            assert i18n.t(f"service.{service.id}.hint") in clerk.text, "what it is, whole"
            await clerk.types("down")
        assert band(clerk).split()[0] == "1", "round to the first"


async def test_all_services_stand_on_one_screen_in_columns(clerk: Clerk) -> None:
    for service in SERVICES:
        assert i18n.t(f"service.{service}.name") in clerk.text


@pytest.mark.parametrize(("keys", "number"), [(["end"], 28), (["end", "home"], 1), (["right"], 11), (["pagedown"], 10)])
async def test_the_keys_that_leap(clerk: Clerk, keys: list[str], number: int) -> None:
    await clerk.types(*keys)
    assert band(clerk).split()[0] == str(number)


async def test_what_is_typed_goes_to_the_box_from_what_waits_too(desk: Desk, sitting: Sitting) -> None:
    returned(desk)
    async with sitting(desk) as clerk:
        await clerk.types("tab")
        assert "王*试" in band(clerk)
        assert "有效身份证件在业务日期已过期" in clerk.text
        await clerk.types("h", "f")
        assert clerk.one(PickBox).value == "hf"
        assert "换发三代卡" in band(clerk), "the band goes where the clerk types"
        await clerk.types("enter")
        assert clerk.open.service.id == "exchange"


async def test_a_click_beside_everything_takes_no_key_away(clerk: Clerk) -> None:
    clerk.screen.set_focus(None)
    await clerk.types("2", "enter")
    assert clerk.open.service.id == "exchange"


async def test_what_another_window_writes_is_shown(clerk: Clerk, desk: Desk) -> None:
    assert "没有挂起或退回的业务" in clerk.text
    desk.store.drafts.save("00000000-0000-7000-8000-0000000000a1", EXCHANGE, "photo")
    clerk.screen._look_again()  # type: ignore[attr-defined]  # as its clock does
    await clerk.rest()
    assert "停在 照片" in clerk.text


async def test_a_case_that_went_on_elsewhere_is_not_taken_up_as_it_was(clerk: Clerk, desk: Desk) -> None:
    id = "00000000-0000-7000-8000-0000000000a1"
    desk.store.drafts.save(id, EXCHANGE, "photo")
    clerk.screen._look_again()  # type: ignore[attr-defined]
    await clerk.rest()
    desk.store.drafts.save(id, EXCHANGE, "details")
    await clerk.types("tab", "enter")
    assert clerk.open.step == "details", "as the other window left it"
    await clerk.types("f4")
    desk.discard(id)
    await clerk.types("tab", "enter")
    assert isinstance(clerk.screen, HomeScreen)
    assert any("别的窗口" in note.message for note in clerk.app._notifications)
    assert "没有挂起或退回的业务" in clerk.text


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


@pytest.mark.parametrize(("answer", "step", "held"), [("f10", "photo", 1), ("escape", "identity", 2)])
async def test_a_held_case_of_the_same_person_is_offered(
    clerk: Clerk, desk: Desk, answer: str, step: str, held: int
) -> None:
    id = "00000000-0000-7000-8000-0000000000a1"
    desk.store.drafts.save(id, EXCHANGE, "photo")
    for service, offered in (("5", False), ("2", True)):  # another service's is none
        await clerk.types(service, "enter", EXCHANGE.holder.document.number, "enter")
        assert isinstance(clerk.screen, HeldBeforeScreen) is offered
        if not offered:
            await clerk.types("f4")
            desk.discard(next(draft.id for draft in desk.held() if draft.id != id))
    assert "王*试" in clerk.text and "停在 照片" in clerk.text
    await clerk.types("enter")
    assert isinstance(clerk.screen, HeldBeforeScreen), "what was typed ahead is no answer"
    await clerk.types(answer)
    assert clerk.open.step == step
    assert (clerk.open.id == id) is (held == 1)
    await clerk.types("f4")
    assert len(desk.held()) == held
