"""Ctrl+P knows everything, by whatever it is called, and in the clerk's language to the last word."""

import re

import pytest
from msgspec import structs

from counter import i18n
from counter.desk.desk import Desk
from counter.rules.unit import Unit
from counter.screens.case.screen import CaseScreen
from counter.screens.dialogs.ask import AskScreen
from counter.screens.dialogs.lock import LockScreen
from counter.screens.dialogs.text import TextScreen
from counter.screens.home import HomeScreen
from counter.screens.palette import PaletteScreen
from counter.screens.paper import AcceptedTextScreen
from counter.screens.roster.screen import RosterScreen
from counter.screens.setting import SettingScreen
from counter.settings import load_settings
from counter.store.records import RowContent
from counter.widgets.prose import Prose
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import Clerk, Sitting, at, drawn

NAMED = structs.replace(EXCHANGE, holder=structs.replace(EXCHANGE.holder, name="单测明"))
UNIT = Unit(
    name="虚构电子厂", uscc="91350100M000100Y43", contact="赵联系", mobile="13900000000", bank="abc", branch="x"
)


@pytest.mark.parametrize(
    ("typed", "opens"),
    [
        ("锁屏", LockScreen),
        ("suoping", LockScreen),
        ("lock", LockScreen),
        ("EXC-1", TextScreen),
        ("办理须知", AcceptedTextScreen),
        ("设置 idle", SettingScreen),
    ],
)
async def test_a_command_by_any_of_its_names(clerk: Clerk, typed: str, opens: type[object]) -> None:
    await clerk.types("ctrl+p", *typed, "enter")
    assert isinstance(clerk.screen, opens)


@pytest.mark.parametrize("typed", ["换发", "huanfa", "hfsdk", "Gen-3", "业务 2 换"])
async def test_a_service_starts_and_what_was_open_is_held(clerk: Clerk, typed: str) -> None:
    screen = await at(clerk, "details")
    await clerk.types("ctrl+p", *typed, "enter")
    assert clerk.open.service.id == "exchange"
    assert clerk.open.id != screen.open.id
    assert [draft.id for draft in clerk.desk().held()] == [screen.open.id]
    await clerk.types("escape")
    assert isinstance(clerk.screen, HomeScreen)


async def test_a_step_of_the_case_that_is_open(clerk: Clerk) -> None:
    await at(clerk, "details")
    await clerk.types("ctrl+p", *"步骤", "enter")
    assert clerk.open.step == "identity"


@pytest.mark.parametrize("typed", ["单测明", "shanceming", "挂起 scm"])
async def test_a_held_case_by_its_person_masked(clerk: Clerk, typed: str) -> None:
    clerk.desk().store.drafts.save("00000000-0000-7000-8000-0000000000a1", NAMED, "details")
    await clerk.types("ctrl+p", *typed)
    assert "单*明" in clerk.text
    assert NAMED.holder.document.number not in clerk.text
    await clerk.types("enter")
    assert clerk.open.id == "00000000-0000-7000-8000-0000000000a1"


async def test_a_roster_by_its_unit(clerk: Clerk) -> None:
    clerk.desk().store.batches.create(UNIT, [RowContent(b"{}")])
    await clerk.types("ctrl+p", *"dianzichang", "enter")
    assert isinstance(clerk.screen, RosterScreen)


async def test_another_language_with_the_case_that_is_open(clerk: Clerk) -> None:
    screen = await at(clerk, "details")
    await clerk.types("ctrl+p", *"english", "enter")
    assert isinstance(clerk.screen, CaseScreen)
    assert (clerk.open.id, clerk.open.step) == (screen.open.id, "details")
    assert "Details" in clerk.text and "资料" not in clerk.text
    await clerk.types("f4")
    assert i18n.t("home.waiting") in clerk.text
    assert i18n.language() == "en"


async def test_over_a_question_only_its_own_keys(clerk: Clerk) -> None:
    clerk.app.push_screen(AskScreen(["?"]))
    await clerk.rest()
    await clerk.types("ctrl+p")
    assert isinstance(clerk.screen, PaletteScreen)
    assert {command.group for command in clerk.screen.commands} == {"按键"}


async def test_what_is_not_there_is_said(clerk: Clerk) -> None:
    await clerk.types("ctrl+p", *"zzzz")
    assert "没有这样的命令" in clerk.text
    await clerk.types("enter")
    assert isinstance(clerk.screen, PaletteScreen)
    await clerk.types("escape")
    assert isinstance(clerk.screen, HomeScreen)


async def test_it_speaks_the_clerks_language(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk) as clerk:
        await clerk.types("ctrl+p")
        assert isinstance(clerk.screen, PaletteScreen)
        latin = {word for one in clerk.screen.commands for word in re.findall(r"[A-Za-z]{4,}", one.name + one.about)}
        settings = "".join(one.name + one.about for one in clerk.screen.commands if one.group in ("设置", "语言"))
        assert not {word for word in latin if word not in settings}
    i18n.use_language("en")
    async with sitting(desk) as clerk:
        await clerk.types("ctrl+p")
        assert isinstance(clerk.screen, PaletteScreen)
        said = "".join(f"{one.group}{one.name}{one.about}" for one in clerk.screen.commands)
        assert re.findall(r"[一-鿿]+", said) == [i18n.traits(each).name for each in i18n.LANGUAGES if each != "en"]


# --- settings ----------------------------------------------------------------------------------------------------------


def said(clerk: Clerk) -> str:
    return "".join(note.message for note in clerk.app._notifications)


async def test_a_setting_is_changed_and_holds_at_once(clerk: Clerk) -> None:
    home = clerk.app.settings.home
    await clerk.types("ctrl+p", *"idle_lock", "enter")
    assert "1 到 240" in clerk.text and str(home / "counter.toml")[-12:] in clerk.text
    await clerk.types(*"0", "enter")
    assert isinstance(clerk.screen, SettingScreen), "what it cannot be is said, and nothing is written"
    assert "1 到 240 的整数" in "".join(drawn(clerk.one(Prose, "#problem")))
    assert not (home / "counter.toml").exists()
    await clerk.types("ctrl+u", *"12", "enter")
    assert isinstance(clerk.screen, HomeScreen)
    assert (home / "counter.toml").read_text() == "idle_lock_minutes = 12\n"
    assert clerk.app.settings.idle_lock_minutes == 12
    assert "idle_lock_minutes 已写入，现在起生效" in said(clerk)
    await clerk.types("ctrl+p", *"idle_lock")
    assert "idle_lock_minutes = 12" in clerk.text
    await clerk.types("enter", "ctrl+u", "enter")
    assert (home / "counter.toml").read_text() == "", "an empty one leaves it to the default"
    assert clerk.app.settings.idle_lock_minutes == 5


async def test_one_of_a_few_is_chosen_by_its_digit(clerk: Clerk) -> None:
    home = clerk.app.settings.home
    await clerk.types("ctrl+p", *"photo =", "enter", "2")
    assert load_settings(home, environ={}).photo == "blocks"
    assert "photo 已写入，下次启动时生效" in said(clerk)
    await clerk.types("ctrl+p", *"lang =", "enter", "2")
    assert load_settings(home, environ={}).lang == i18n.language() == "en"
    assert "F1 Help" in clerk.text
    await clerk.types("ctrl+p", *"theme =", "enter", "ctrl+u", *"light", "enter")
    assert clerk.app.theme == "light"
    await clerk.types("ctrl+p", *"screen_reader", "enter", "1")
    assert clerk.app.settings.screen_reader and clerk.app.has_class("-reader")


async def test_esc_leaves_a_setting_as_it_is(clerk: Clerk) -> None:
    await clerk.types("ctrl+p", *"idle_lock", "enter", *"12", "escape")
    assert isinstance(clerk.screen, HomeScreen)
    assert not (clerk.app.settings.home / "counter.toml").exists()


async def test_what_overrules_a_setting_and_what_cannot_be_written_is_said(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTER_ASK_SECONDS", "2")
    await clerk.types("ctrl+p", *"ask_seconds", "enter", *"7", "enter")
    assert "COUNTER_ASK_SECONDS" in said(clerk)
    file = clerk.app.settings.home / "counter.toml"
    assert file.read_text() == "ask_seconds = 7.0\n"
    file.write_text("bank = = 1\n")
    await clerk.types("ctrl+p", *"idle_lock", "enter", *"7", "enter")
    assert isinstance(clerk.screen, SettingScreen)
    assert "第 1 行" in "".join(drawn(clerk.one(Prose, "#problem")))
