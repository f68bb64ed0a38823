"""To the day, and by whom: what the rules say of people, seen on the screen as the clerk sees it."""

import pytest

from counter.desk.desk import Desk
from counter.province.sync import sync
from counter.rules.case import OneCardAnswer, PhotoSource, PickupMethod, PresentedBy
from counter.rules.filling import value_at, with_value
from counter.rules.services import SERVICES
from counter.screens.case.authorise import AuthoriseScreen
from counter.screens.case.result import ResultScreen
from counter.widgets.fields.choice import Choice
from tests.screens.test_every_service import brought, fill
from tests.support.customers import complete
from tests.support.demonstration import PEOPLE
from tests.support.made_up import number
from tests.support.screen_world import (
    PASSPHRASE,
    Clerk,
    Sitting,
    at,
)

YOUNG = "citizen under 16, identity card"


@pytest.mark.rule("AGE-1", "AGT-1")
@pytest.mark.parametrize(
    ("customer", "by", "who", "birth", "rule"),
    [
        ("citizen", PresentedBy.HOLDER, "holder", "20101121", "AGE-1"),  # 15 years and 364 days
        ("citizen", PresentedBy.HOLDER, "holder", "20101120", ""),  # 16 today
        (YOUNG, PresentedBy.GUARDIAN, "holder", "20101121", ""),
        (YOUNG, PresentedBy.GUARDIAN, "holder", "20101120", "AGE-1"),
        ("citizen", PresentedBy.AGENT, "agent", "20081121", "AGT-1"),  # 17 years and 364 days
        ("citizen", PresentedBy.AGENT, "agent", "20081120", ""),  # 18 today
    ],
)
async def test_the_birthday_itself_decides(
    clerk: Clerk, customer: str, by: PresentedBy, who: str, birth: str, rule: str
) -> None:
    """AGE-1, AGT-1."""
    case = complete(SERVICES["apply"], customer, by)
    await at(clerk, "identity", with_value(case, f"{who}.document.number", ""))
    assert clerk.focused == f"{who}.document.number"
    await clerk.scans(number(birth))
    await clerk.types("f10")
    assert (clerk.open.step == "identity") is bool(rule), clerk.text
    assert rule in clerk.text


@pytest.mark.rule("AGT-3")
async def test_what_an_agent_applies_for_is_not_mailed(clerk: Clerk) -> None:
    """AGT-3."""
    apply = SERVICES["apply"]
    await at(clerk, "pickup", complete(apply, "citizen", PresentedBy.AGENT))
    await clerk.types(str(apply.pickup_methods.index(PickupMethod.MAIL) + 1))
    assert clerk.open.step == "pickup" and clerk.open.case.pickup.method is not PickupMethod.MAIL
    choice = clerk.case.query_one("#field-pickup-method Choice", Choice)
    assert [bool(option.reason) for option in choice.options] == [
        way is not PickupMethod.BRANCH for way in apply.pickup_methods
    ]
    await clerk.types(str(apply.pickup_methods.index(PickupMethod.BRANCH) + 1), "enter")
    assert clerk.open.step == "confirm"


@pytest.mark.rule("AGT-4")
async def test_an_agent_collects_for_the_old_the_sick_and_the_absent_and_for_nobody_who_is_busy(clerk: Clerk) -> None:
    """AGT-4: there is no such reason to choose, and without one it does not go on; with one a second person is asked."""
    case = complete(SERVICES["collect"], "citizen", PresentedBy.AGENT)
    await at(clerk, "identity", with_value(case, "agent.reason", ""))
    await clerk.types("f10")
    assert clerk.open.step == "identity" and "AGT-4" in clerk.text
    assert clerk.focused == "agent.reason"
    await clerk.types("9", "f10")
    assert clerk.open.step == "identity" and value_at(clerk.open.case, "agent.reason") == ""
    await clerk.types("2")
    for _ in range(8):
        if not isinstance(clerk.screen, AuthoriseScreen):
            await clerk.types("f10")
    assert isinstance(clerk.screen, AuthoriseScreen), clerk.text
    assert "代办人领卡" in clerk.text
    await clerk.types(PASSPHRASE, "enter")
    assert isinstance(clerk.screen, ResultScreen)


@pytest.mark.rule("ONE-2", "ONE-4")
async def test_two_cards_elsewhere_are_cleaned_up_inside_an_application_that_then_goes_on(
    sitting: Sitting, online: Desk
) -> None:
    """ONE-2, ONE-4: what was typed before stands, the next step is the next, and the province takes all of it."""
    apply, person = SERVICES["apply"], PEOPLE["elsewhere_two"]
    typed = brought(apply, person)
    by_province = str(apply.photo_sources.index(PhotoSource.PROVINCE) + 1)
    async with sitting(online) as clerk:
        await clerk.types("1", "enter")
        await fill(clerk, typed, until="one_card")
        before = clerk.open.case.holder
        asked = clerk.open.case.one_card
        assert (asked.answer, len(asked.cards)) == (OneCardAnswer.ELSEWHERE, 2)
        await clerk.types("f10")
        assert clerk.open.step == "one_card" and "ONE-1" in clerk.text
        await fill(clerk, typed, until="photo")
        assert clerk.open.case.holder == before and clerk.open.case.one_card.clean_up_confirmed
        await fill(clerk, {**typed, "photo.source": by_province})
        assert isinstance(clerk.screen, ResultScreen), clerk.text
    assert online.province is not None
    assert sync(online.store, online.province).matched
    assert [entry.state for entry in online.store.ledger.search()] == ["created"]
