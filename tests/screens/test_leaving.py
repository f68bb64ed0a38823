"""Nothing typed is lost, and nobody is shown, however the program ends."""

import pytest

from counter.desk.desk import Desk
from counter.rules.masking import mask_number
from counter.screens.case.screen import CaseScreen
from counter.settings import Settings
from counter.store.store import Store
from tests.support.demonstration import PEOPLE as CUSTOMERS
from tests.support.screen_world import (
    CLERK,
    PASSPHRASE,
    Clerk,
    Sitting,
    at,
)


async def test_quitting_keeps_what_was_typed(sitting: Sitting, desk: Desk, settings: Settings) -> None:
    number = CUSTOMERS["same_number"].number
    async with sitting(desk) as clerk:
        await clerk.types("2", "enter", number)
        await clerk.pilot.press("ctrl+q")
        assert clerk.app._exit_renderables == [f"{mask_number(number)} 的换发三代卡已挂起，停在 身份，下次登录可接着办"]
    with Store.unlock(settings.home, CLERK.id, PASSPHRASE) as store:
        assert [draft.case.holder.document.number for draft in store.drafts.list()] == [number]


async def test_every_accepted_field_is_kept(clerk: Clerk) -> None:
    person = CUSTOMERS["same_number"]
    await clerk.types("2", "enter", person.number, "enter")
    (draft,) = clerk.desk().held()
    assert draft.case.holder.document.number == person.number
    await clerk.types(person.name, "enter")
    (draft,) = clerk.desk().held()
    assert draft.case.holder.name == person.name
    assert draft.id == clerk.open.id


async def test_a_crash_shows_no_person(
    sitting: Sitting, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "钟离不应见"

    def crash(self: CaseScreen) -> None:
        secret = name
        raise RuntimeError(len(secret))

    with pytest.raises(RuntimeError):
        async with sitting(desk) as clerk:
            await at(clerk, "identity")
            monkeypatch.setattr(CaseScreen, "action_reveal", crash)
            await clerk.types("f6")
    assert isinstance(clerk.app.fault, RuntimeError)
    assert name not in "".join(capsys.readouterr())
