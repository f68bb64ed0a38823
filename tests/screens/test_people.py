"""Who acts for the holder, from home to the hand-over: guardians, agents, and a minor who reports a loss alone."""

import asyncio
from collections.abc import Container, Iterator
from pathlib import Path

import pytest
from msgspec import structs

from counter.clock import today
from counter.desk.desk import Desk
from counter.gateway import server
from counter.gateway.seeding.customers import DemoPerson, demo_rows
from counter.gateway.seeding.seed import CodeRow
from counter.province.client import Province, enrol
from counter.province.sync import sync
from counter.rules.case import PickupMethod, PresentedBy
from counter.rules.finding import Level
from counter.rules.reference import Place
from counter.rules.services import SERVICES
from counter.screens.case.authorise import AuthoriseScreen
from counter.screens.case.result import ResultScreen
from counter.store.store import Store
from tests.screens.test_every_service import brought, fill
from tests.support.customers import CITIES, GUANGZHOU, complete
from tests.support.demonstration import PEOPLE
from tests.support.made_up import number
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
)

SECOND = {
    f"{who}.{path}": text
    for who in ("guardian", "agent")
    for path, text in {
        "document.number": number("19660101", "004"),
        "name": "王第二",
        "document.valid_from": "20200101",
        "document.valid_to": "20400101",
        "mobile": "13900000000",
    }.items()
}
GUARDIAN, AGENT = "2", "3"
HUKOU = "2"
BOOK = {"holder.document.valid_from": "20150601", "holder.document.valid_to": "20310505"}


@pytest.fixture
def desk(online: Desk) -> Desk:
    return online


async def come(clerk: Clerk, service: str, who: str = "1", document: str = "1") -> None:
    """From home to the number, with who asks and the kind of document chosen."""
    await clerk.types(str(SERVICES[service].number), "enter", "shift+tab", document)
    await clerk.types("shift+tab", "shift+tab", who)
    assert clerk.focused == "holder.document.number"


async def served(clerk: Clerk, service: str, person: DemoPerson, lacking: Container[object] = (), **typed: str) -> None:
    """Fill in what the customer and whoever acts for them bring, confirm, and go home again."""
    said = {path.replace("__", "."): text for path, text in typed.items()}
    await fill(clerk, {**brought(SERVICES[service], person), **SECOND, "guardian.relation": "2", **said}, "", lacking)
    if isinstance(clerk.screen, AuthoriseScreen):
        await clerk.types(PASSPHRASE, "enter")
    assert isinstance(clerk.screen, ResultScreen), clerk.text
    await clerk.types("enter")


async def taken_by_the_province(desk: Desk, world: World, *, delivered: bool = False) -> None:
    """What was recorded goes to the province, and the card is made and comes to the branch."""
    assert desk.province is not None
    report = await asyncio.to_thread(sync, desk.store, desk.province)
    assert report.matched and not report.rejected
    if delivered:
        entry = desk.store.ledger.search("")[0].id
        await asyncio.to_thread(server.advance_cards, world.running.database, world.folder, entry, "sent")


def cards(world: World, person: DemoPerson) -> list[str]:
    rows = world.query(
        "SELECT card ->> 'state' FROM dossier, jsonb_array_elements(content -> 'cards') AS card WHERE number = %s",
        person.number,
    )
    return [str(state) for (state,) in rows]


def rules_that_stop(clerk: Clerk) -> set[str]:
    return {finding.rule for finding in clerk.open.judgement.findings if finding.level is Level.STOP}


@pytest.mark.rule("AGT-4")
async def test_agt_4_a_replacement_through_an_agent_is_collected_by_an_agent(
    clerk: Clerk, desk: Desk, world: World
) -> None:
    person = PEOPLE["new_number"]
    await come(clerk, "replace", AGENT)
    await served(clerk, "replace", person)
    await taken_by_the_province(desk, world, delivered=True)
    await come(clerk, "collect", AGENT)
    await served(clerk, "collect", person, agent__reason="2")
    entry = desk.store.ledger.search("")[0]
    assert (entry.kind, entry.checker) == ("collect", SUPERVISOR.id)
    assert entry.record is not None and "admission_record" in entry.record.case.papers
    await taken_by_the_province(desk, world)
    assert cards(world, person) == ["cancelled", "collected"]


@pytest.mark.rule("AGT-4")
async def test_agt_4_at_once_the_agent_says_why_where_the_card_is_handed_out(clerk: Clerk) -> None:
    case = complete(SERVICES["replace"], "citizen", PresentedBy.AGENT)
    assert case.agent is not None
    await at(clerk, "pickup", structs.replace(case, agent=structs.replace(case.agent, reason="")))
    assert not clerk.line("代领原因")
    await clerk.types("shift+tab", "2") if clerk.focused != "pickup.method" else await clerk.types("2")
    assert clerk.open.case.pickup.method is PickupMethod.INSTANT
    assert rules_that_stop(clerk) == {"AGT-4", "PIC-1"}
    await clerk.types("000231", "enter")
    assert rules_that_stop(clerk) == {"AGT-4"}
    assert clerk.line("代领原因")
    await clerk.types("f8", "2")
    assert "疾病入院登记" in clerk.text
    assert rules_that_stop(clerk) == {"AGT-4"}, "the paper is still to come"
    await clerk.types("1")
    assert rules_that_stop(clerk) == set()
    assert clerk.open.judgement.authorised == "agent_collect"
    assert_whole(clerk.app)


@pytest.mark.rule("AGE-1")
@pytest.mark.rule("LOS-1")
async def test_age_1_a_child_reports_the_loss_alone_and_the_hukou_pages_do_for_the_replacement(
    clerk: Clerk, desk: Desk, world: World
) -> None:
    person = PEOPLE["minor_card"]
    book = {path.replace(".", "__"): text for path, text in BOOK.items()}
    await come(clerk, "report_loss", document=HUKOU)
    await served(clerk, "report_loss", person, **book)
    await taken_by_the_province(desk, world)
    assert cards(world, person) == ["lost"]
    await come(clerk, "replace", GUARDIAN, HUKOU)
    await served(clerk, "replace", person, {"birth_certificate", "guardianship_proof"}, **book)
    entry = desk.store.ledger.search("")[0]
    assert entry.record is not None
    pages = {"hukou_householder", "hukou_member"}
    assert set(entry.record.case.papers) == {"guardian_id_front", "guardian_id_back", *pages}
    await taken_by_the_province(desk, world, delivered=True)
    await come(clerk, "collect", GUARDIAN)
    await served(clerk, "collect", person, {"birth_certificate", "guardianship_proof"})
    await taken_by_the_province(desk, world)
    assert cards(world, person) == ["cancelled", "collected"]


@pytest.mark.rule("GRD-1")
async def test_grd_1_an_adult_without_capacity_through_the_guardian(clerk: Clerk, desk: Desk, world: World) -> None:
    person = PEOPLE["incapable"]
    await come(clerk, "replace", GUARDIAN)
    await clerk.scans(person.number)
    assert "无行为能力" in clerk.text and "无民事行为能力的成年人" in clerk.text
    clerk.case.query_one("#field-holder-incapable Choice").focus()
    await clerk.types("1")
    await served(clerk, "replace", person, guardian__relation="1")
    entry = desk.store.ledger.search("")[0]
    assert entry.record is not None
    assert entry.record.case.holder.incapable
    assert entry.record.case.guardian is not None and entry.record.case.guardian.relation == "spouse"
    assert "guardianship_proof" in entry.record.case.papers
    await taken_by_the_province(desk, world, delivered=True)
    await come(clerk, "collect", GUARDIAN)
    await clerk.scans(person.number)
    clerk.case.query_one("#field-holder-incapable Choice").focus()
    await clerk.types("1")
    await served(clerk, "collect", person, guardian__relation="1")
    await taken_by_the_province(desk, world)
    assert cards(world, person) == ["cancelled", "collected"]


@pytest.mark.rule("AGT-5")
async def test_agt_5_in_zijin_the_holder_exchanges_in_person(clerk: Clerk) -> None:
    await clerk.types(str(SERVICES["exchange"].number), "enter", "shift+tab", "shift+tab", AGENT)
    assert clerk.open.case.presented_by is PresentedBy.HOLDER, "what is not possible cannot be taken"
    assert "(-) 代办人" in clerk.text
    (said,) = clerk.app._notifications
    assert "紫金县换卡须由持卡人本人到场办理" in said.message


@pytest.fixture
def in_guangzhou(world: World, tmp_path: Path) -> Iterator[Desk]:
    """A desk of a branch in Guangzhou, with a province that knows the demonstration's customers."""
    world.plant(*demo_rows(today()))
    place = Place(city=GUANGZHOU, bank="abc", branch=CITIES[GUANGZHOU].id, counter="2")
    world.plant(CodeRow(code="SCRN-TEST-4401", branch=place.branch, counter=place.counter))
    key, known = enrol(world.url, "SCRN-TEST-4401", place.branch, place.counter, way=world.way)
    with Store.create(tmp_path / "guangzhou", place, SUPERVISOR, PASSPHRASE) as store:
        store.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
    province = Province(
        world.url, place.branch, place.counter, key, known, at_counter=HURRIED, at_sync=QUICK, way=world.way
    )
    desk = Desk(Store.unlock(tmp_path / "guangzhou", CLERK.id, PASSPHRASE), REFERENCE, province)
    yield desk
    desk.close()


@pytest.mark.rule("AGT-5")
async def test_agt_5_in_guangzhou_an_agent_exchanges(sitting: Sitting, in_guangzhou: Desk, world: World) -> None:
    person = PEOPLE["elsewhere"]
    async with sitting(in_guangzhou) as clerk:
        await come(clerk, "exchange", AGENT)
        await served(clerk, "exchange", person)
        await taken_by_the_province(in_guangzhou, world, delivered=True)
        await come(clerk, "collect", AGENT)
        await served(clerk, "collect", person, agent__reason="2")
        await taken_by_the_province(in_guangzhou, world)
    assert cards(world, person) == ["cancelled", "collected"]
