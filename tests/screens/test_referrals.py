"""What the counter cannot do, on the screen: with its parts behind their labels, created at the province, and matched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.clock import today
from counter.desk.desk import Desk
from counter.desk.opening import connect
from counter.gateway.seeding.customers import demo_rows
from counter.gateway.seeding.seed import CodeRow
from counter.i18n import t
from counter.province.client import enrol
from counter.rules.reference import Place
from counter.rules.referrals import PARTS
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.rules.services.referrals import REFERRALS
from counter.screens.case.result import ResultScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.home import HomeScreen
from counter.settings import Settings
from counter.store.records import SendState
from counter.store.store import Store
from tests.screens.test_every_service import brought, fill
from tests.support.demonstration import customer_of
from tests.support.made_up import IN_GUANGZHOU
from tests.support.province_world import World
from tests.support.screen_world import PASSPHRASE, REFERENCE, SUPERVISOR, Clerk, Sitting, assert_whole

LABELS = [t(f"screen.referral.{part}") for part in PARTS]


@pytest.fixture
def guangzhou(world: World, tmp_path: Path) -> Iterator[Desk]:
    """A desk in Guangzhou, where the card agency cleans up."""
    place = Place(city="440100", bank="abc", branch=IN_GUANGZHOU.id, counter="3")
    world.plant(CodeRow(code="GZHO-TEST-0001", branch=place.branch, counter=place.counter), *demo_rows(today()))
    key, province_key = enrol(world.url, "GZHO-TEST-0001", place.branch, place.counter, way=world.way)
    store = Store.create(tmp_path / "guangzhou", place, SUPERVISOR, PASSPHRASE)
    store.identity.enrol(key, world.url, province_key, world.way.ca)
    desk = Desk(store, REFERENCE, connect(store, Settings(home=tmp_path / "guangzhou")))
    yield desk
    desk.close()


def labelled(text: str) -> list[str]:
    """The labels of a referral's parts that stand at the head of their items."""
    return [label for label in LABELS if f"- {label}: " in text]


async def given(clerk: Clerk, desk: Desk, service: str) -> str:
    """From the referral on the screen to the day that matches: the slip. A kind that was chosen is confirmed next."""
    assert clerk.open.service.id == service
    assert_whole(clerk.app, clerk.app.size.height, clerk.app.size.width)
    if clerk.open.step == StepId.REFERRAL:
        await clerk.types("f10")
    assert clerk.open.step == StepId.CONFIRM
    await clerk.types("f10")
    screen = clerk.screen
    assert isinstance(screen, ResultScreen), clerk.text
    entry = screen.entry
    assert entry.kind == service
    paper = screen.text
    await clerk.types("enter")
    assert isinstance(clerk.screen, HomeScreen)
    await clerk.types("f9", "f5")
    assert "对账一致" in clerk.text, clerk.text
    told = desk.store.ledger.by_id(entry.id)
    assert told is not None and told.state is SendState.CREATED
    return paper


@pytest.mark.rule("REF-1")
@pytest.mark.parametrize(
    ("service", "kind"), [(each.id, kind) for each in REFERRALS for kind in each.referrals or ("",)]
)
async def test_ref_1_a_referral_needs_no_customer(sitting: Sitting, online: Desk, service: str, kind: str) -> None:
    declared = SERVICES[service]
    async with sitting(online, size=(120, 60)) as clerk:
        await clerk.types(str(declared.number), "enter")
        if kind:
            await clerk.types(str(declared.referrals.index(kind) + 1))
        assert labelled(clerk.text) == LABELS
        assert not clerk.open.has_customer
        paper = await given(clerk, online, service)
    assert labelled(paper) == LABELS
    assert (t(f"choice.referral.{kind}") if kind else t(f"service.{service}.name")) in paper


@pytest.mark.rule("ONE-6")
async def test_one_6_in_guangzhou_the_customer_leaves_with_the_way_to_the_agency(
    sitting: Sitting, guangzhou: Desk
) -> None:
    async with sitting(guangzhou) as clerk:
        await clerk.types("13", "enter")
        await fill(clerk, brought(SERVICES["clean_up"], customer_of("clean_up")), until=StepId.ONE_CARD)
        await clerk.types("f10")
        assert clerk.open.step == StepId.ONE_CARD, "stopped"
        flat = clerk.text.replace("\n", "").replace(" ", "")
        assert "清理由广州市社保卡中心办理" in flat and "12343" in flat and "指引是第26项业务" in flat
        assert "F7 指引" in clerk.lines()[-1]
        stopped = clerk.open.id
        await clerk.types("f7")
        paper = await given(clerk, guangzhou, "clean_up_refer")
        assert labelled(paper) == LABELS
        assert all(
            word in paper.replace("\n", "").replace(" ", "") for word in ("社保卡中心", "12343", "有效身份证件原件")
        )
        assert [draft.id for draft in guangzhou.store.drafts.list()] == [stopped], "held until the customer is back"


@pytest.mark.rule("LCK-1")
async def test_lck_1_a_lock_that_is_not_the_pin_s_has_a_way_on(sitting: Sitting, online: Desk) -> None:
    async with sitting(online) as clerk:
        await clerk.types("15", "enter")
        typed = {**brought(SERVICES["unlock"], customer_of("unlock")), "old_card.pin_locked": "2"}
        await fill(clerk, typed, until=StepId.CARD)
        await clerk.types("f10")
        assert clerk.open.step == StepId.CARD and "F7 指引" in clerk.lines()[-1]
        await clerk.types("f7")
        paper = await given(clerk, online, "unlock_refer")
        assert labelled(paper) == LABELS and "12333" in paper


async def test_without_a_stop_that_another_window_lifts_the_key_is_not_there(clerk: Clerk) -> None:
    await clerk.types("2", "enter")
    assert "F7" not in clerk.lines()[-1]
    before = clerk.open.id
    await clerk.types("f7")
    assert isinstance(clerk.screen, CaseScreen) and clerk.open.id == before
