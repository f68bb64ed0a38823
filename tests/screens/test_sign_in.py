"""Sign-in: who works here, and nobody else."""

import re
from pathlib import Path

from counter.screens.case.screen import CaseScreen
from counter.screens.dialogs.lock import LockScreen
from counter.screens.home import HomeScreen
from counter.screens.sign_in import SignInScreen
from counter.store.store import Store
from tests.support.screen_world import (
    CLERK,
    PASSPHRASE,
    SUPERVISOR,
    Sitting,
    assert_whole,
    until,
)


async def test_the_right_passphrase_opens_home(sitting: Sitting) -> None:
    async with sitting() as clerk:
        assert isinstance(clerk.screen, SignInScreen)
        await clerk.types(PASSPHRASE, "enter")
        assert isinstance(clerk.screen, HomeScreen)
        assert "张敏 柜员" in clerk.lines()[0]


async def test_a_passphrase_is_never_painted(sitting: Sitting) -> None:
    async with sitting() as clerk:
        await clerk.types("open sesame")
        assert "sesame" not in clerk.text
        assert "*" * len("open sesame") in clerk.text


async def test_a_wrong_passphrase_is_said_and_can_be_typed_again(sitting: Sitting) -> None:
    async with sitting() as clerk:
        await clerk.types("wrong", "enter")
        assert isinstance(clerk.screen, SignInScreen)
        assert "口令不对" in clerk.text
        await clerk.types(PASSPHRASE, "enter")
        assert isinstance(clerk.screen, HomeScreen)


async def test_after_the_third_wrong_one_the_next_waits_and_is_told_how_long(sitting: Sitting) -> None:
    async with sitting() as clerk:
        for _ in range(3):
            await clerk.types("wrong", "enter")
            assert "口令不对" in clerk.text
        await clerk.types(PASSPHRASE, "enter")
        assert isinstance(clerk.screen, SignInScreen)
        assert re.search(r"请等 0 分 [1-5] 秒再试", clerk.text)


async def test_the_lock_waits_too(sitting: Sitting) -> None:
    async with sitting() as clerk:
        await clerk.types(PASSPHRASE, "enter")
        await clerk.types("ctrl+l", *["wrong", "enter"] * 3)
        await clerk.types(PASSPHRASE, "enter")
        assert isinstance(clerk.screen, LockScreen)
        assert re.search(r"请等 0 分 [1-5] 秒再试", clerk.text)


async def test_nothing_typed_opens_nothing(sitting: Sitting) -> None:
    async with sitting() as clerk:
        await clerk.types("enter")
        assert isinstance(clerk.screen, SignInScreen)
        assert "正在打开" not in clerk.text


async def test_the_other_operator_is_one_digit_away(sitting: Sitting) -> None:
    async with sitting() as clerk:
        first, second = clerk.line(SUPERVISOR.name), clerk.line(CLERK.name)
        number = first.strip().partition(")")[0][-1]
        assert ">" not in first
        assert ">" in second, "the operator of the settings is proposed"
        await clerk.types("shift+tab", number, PASSPHRASE, "enter")
        assert clerk.desk().store.operator.id == SUPERVISOR.id


async def test_a_disabled_operator_is_not_offered(sitting: Sitting, home: Path) -> None:
    disable(home)
    async with sitting() as clerk:
        assert CLERK.name not in clerk.text
        assert SUPERVISOR.name in clerk.text


async def test_one_disabled_meanwhile_does_not_get_in(sitting: Sitting, home: Path) -> None:
    async with sitting() as clerk:
        disable(home)
        await clerk.types(PASSPHRASE, "enter")
        assert isinstance(clerk.screen, SignInScreen)
        assert "停用" in clerk.text


def disable(home: Path) -> None:
    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
        store.operators.disable(CLERK.id)


async def test_the_demonstration_shows_its_customers(sitting: Sitting) -> None:
    customers = "\n".join(f"made-up customer {number}" for number in range(40))
    async with sitting(customers=customers) as clerk:
        assert "made-up customer 0" in clerk.text
        await clerk.types("pagedown")
        assert "made-up customer 0\n" not in clerk.text + "\n"
        assert_whole(clerk.app)


async def test_keys_typed_before_home_is_there_are_not_lost_in_the_passphrase(sitting: Sitting) -> None:
    async with sitting() as clerk:
        await clerk.pastes(PASSPHRASE)
        await clerk.types("enter")
        assert isinstance(clerk.screen, HomeScreen)


async def test_a_disabled_operators_screen_goes_back_to_the_sign_in(sitting: Sitting, home: Path) -> None:
    """At the next act, with a case open and the screen locked over it; somebody else signs in then."""
    async with sitting() as clerk:
        await clerk.types(PASSPHRASE, "enter")
        await clerk.types("2", "enter", "4416211990")
        assert isinstance(clerk.screen, CaseScreen)
        disable(home)
        await clerk.types("ctrl+l", PASSPHRASE, "enter")
        await until(lambda: isinstance(clerk.screen, SignInScreen) and "停用" in clerk.text)
        assert "4416211990" not in clerk.text and CLERK.name not in clerk.text
        assert clerk.app.desk is None
        await clerk.types(PASSPHRASE, "enter")
        assert clerk.desk().store.operator.id == SUPERVISOR.id
        assert isinstance(clerk.screen, HomeScreen)
