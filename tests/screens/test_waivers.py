"""The fee's waiver on the screen: offered where the city grants one, checked, shown, and 0 in the day's total (FEE-1)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from counter.clock import today
from counter.desk.desk import Desk
from counter.gateway.seeding.customers import demo_rows
from counter.gateway.seeding.seed import CodeRow
from counter.province.client import Province, enrol
from counter.province.wire import KindTotal, Receipt
from counter.rules.case import Case
from counter.rules.reference import Place
from counter.rules.service import StepId
from counter.screens.case.authorise import AuthoriseScreen
from counter.screens.case.result import ResultScreen
from counter.screens.case.screen import CaseScreen
from counter.store.store import Store
from tests.support.demonstration import PEOPLE
from tests.support.made_up import IN_GUANGZHOU
from tests.support.province_world import QUICK, World
from tests.support.screen_world import (
    CLERK,
    HURRIED,
    PASSPHRASE,
    REFERENCE,
    SUPERVISOR,
    Clerk,
    Sitting,
    assert_whole,
    at,
    confirmed,
)
from tests.support.shell import case_of
from tests.support.written import synced

PLACE = Place(city="440100", bank="abc", branch=IN_GUANGZHOU.id, counter="9")


@pytest.fixture
def guangzhou(world: World, tmp_path: Path) -> Iterator[Desk]:
    """A desk in Guangzhou, at a province that knows the demonstration's customers."""
    code = "GUANGZHOU-0009"
    world.plant(CodeRow(code=code, branch=PLACE.branch, counter=PLACE.counter), *demo_rows(today()))
    key, known = enrol(world.url, code, PLACE.branch, PLACE.counter, way=world.way)
    with Store.create(tmp_path / "gz", PLACE, SUPERVISOR, PASSPHRASE) as store:
        store.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
    province = Province(
        world.url, PLACE.branch, PLACE.counter, key, known, at_counter=HURRIED, at_sync=QUICK, way=world.way
    )
    desk = Desk(Store.unlock(tmp_path / "gz", CLERK.id, PASSPHRASE), REFERENCE, province)
    yield desk
    desk.close()


def replacement() -> Case:
    """A card of Guangzhou that is handed in and cannot be read."""
    case = case_of("replace", PEOPLE["elsewhere"])
    return structs.replace(case, city=PLACE.city, branch=PLACE.branch)


async def opened(clerk: Clerk, case: Case, step: StepId) -> None:
    """A case of this counter at a step."""
    clerk.app.push_screen(CaseScreen(clerk.desk(), clerk.desk().store.drafts.new_id(), case, step))
    await clerk.rest()


@pytest.mark.rule("FEE-1")
async def test_fee_1_a_replacement_in_guangzhou_is_waived_to_the_day_s_total(
    sitting: Sitting, guangzhou: Desk, world: World
) -> None:
    issued = (today() - timedelta(days=100)).isoformat()
    async with sitting(guangzhou) as clerk:
        await opened(clerk, replacement(), StepId.CARD)
        assert "工本费减免" in clerk.text
        assert not clerk.case.query_one("#field-old_card-issued").display, "asked only of who claims it"
        clerk.case.query_one("#field-waiver Choice").focus()
        await clerk.types("2")
        assert clerk.open.case.waiver == "unreadable"
        await clerk.types("f10")
        assert clerk.open.step == "card", "it is not tested, and its day of issue not known"
        assert clerk.focused == "old_card.tested_undamaged"
        await clerk.types("1", issued, "enter")
        assert clerk.open.step == "confirm", "the photo of the old card is kept, the rest is known"
        await opened(clerk, clerk.open.case, StepId.CONFIRM)
        assert "0.00元（应收20.00元，减免：不能读取，检测非人为损坏）" in confirmed(clerk)
        await clerk.types("f10")
        assert isinstance(clerk.screen, AuthoriseScreen), "a supervisor sees what is given away"
        await clerk.types(PASSPHRASE, "enter")
        assert isinstance(clerk.screen, ResultScreen)
        assert "应收 20.00 元" in clerk.screen.text
        await synced(clerk)
    ((fee, outcome),) = world.query("SELECT fee_fen, outcome FROM entry WHERE branch = %s", PLACE.branch)
    assert (fee, outcome) == (0, "created")
    ((receipt,),) = world.query("SELECT receipt FROM day_receipt WHERE branch = %s", PLACE.branch)
    totals = msgspec.json.decode(receipt, type=Receipt).totals
    assert totals == (KindTotal(kind="replace", count=1, fee_fen=0),)


@pytest.mark.rule("FEE-1")
async def test_fee_1_a_city_that_grants_no_waiver_offers_none(clerk: Clerk) -> None:
    await at(clerk, "card", case_of("replace"))
    assert "工本费减免" not in clerk.text
    assert_whole(clerk.app)
