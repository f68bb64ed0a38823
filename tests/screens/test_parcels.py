"""Signing for parcels (网点签收) on the screen, against a real province; what lies here, and a card that lies elsewhere."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from counter.desk import rosters
from counter.desk.desk import Desk
from counter.gateway.seeding import seed
from counter.gateway.seeding.parcel import PARCEL, cards
from counter.i18n import t, use_language
from counter.province.sync import sync
from counter.province.wire import Milestones
from counter.roster.columns import RosterRow
from counter.roster.reader import RosterPerson
from counter.rules.case import Case
from counter.rules.masking import mask_card
from counter.rules.services.parcels import SIGN_PARCEL
from counter.rules.unit import Unit
from counter.screens.case.result import ResultScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.dialogs.ask import AskScreen
from counter.screens.home import HomeScreen
from counter.screens.parcels import ParcelsScreen
from counter.screens.roster.collect import CollectScreen
from counter.widgets.lines import FindingsStrip
from tests.support.demonstration import PEOPLE
from tests.support.made_up import PLAIN
from tests.support.province_world import World
from tests.support.screen_world import PLACE, Clerk, Sitting, assert_whole
from tests.support.shell import case_of


@pytest.fixture
def desk(online: Desk) -> Desk:
    """A desk with a province that has a parcel on its way here."""
    return online


async def receive(clerk: Clerk, *numbers: str) -> None:
    """From home to the count of the demonstration's parcel."""
    await clerk.types("wdqs", "enter")
    await clerk.types("1", *PARCEL, "enter")
    for number in numbers:
        await clerk.scans(number)


@pytest.mark.rule("PIC-7")
async def test_a_parcel_is_scanned_its_differences_said_and_signed_for(clerk: Clerk, desk: Desk, world: World) -> None:
    """Of five on the list four are there, and one of another branch: four are signed for."""
    await receive(clerk, *cards())
    assert_whole(clerk.app)
    assert "已清点 5 张，可签收 4 张  缺少 1 张" in clerk.text
    assert clerk.line("属其他网点").split()[-1] == PLAIN.name
    await clerk.types("enter")
    assert "客户" not in clerk.text, "nobody stands at the window"
    assert isinstance(clerk.screen, AskScreen) and PLAIN.name in clerk.text.replace("\n", "")
    await clerk.types("f10")
    assert clerk.open.step == "confirm" and "签收 4 张" in clerk.text
    assert "客户" not in clerk.text
    await clerk.types("f10")
    assert isinstance(clerk.screen, ResultScreen)
    assert "省平台已登记" in clerk.text
    assert world.query(
        "SELECT count(*) FROM dossier, jsonb_array_elements(content -> 'cards') AS card"
        " WHERE card ->> 'parcel' = %s AND card ->> 'state' = 'at_branch'",
        PARCEL,
    ) == [(4,)]
    await clerk.types("enter")
    assert isinstance(clerk.screen, HomeScreen) and "网点存卡 4 张" in clerk.text

    await clerk.types("f2")
    assert isinstance(clerk.screen, ParcelsScreen)
    assert_whole(clerk.app)
    assert mask_card(cards()[0]) in clerk.text and cards()[0] not in clerk.text
    await clerk.types("nobody")
    assert t("screen.none_fit") in clerk.text and t("parcels.none") not in clerk.text
    await clerk.types(*["backspace"] * len("nobody"))
    await clerk.types("down")
    await clerk.types("f4")
    assert [card.told_by for card in desk.store.parcels.lying()].count("zhang") == 1
    await clerk.types("f6")
    assert cards()[0] in clerk.text and "13800000100" in clerk.text
    assert "parcels.reveal" in {note.action for note in desk.store.audit.list()}


async def test_a_count_that_was_broken_off_goes_on(clerk: Clerk, desk: Desk) -> None:
    """Every card is kept as it is counted; F9 takes one off; what was counted is there again."""
    await receive(clerk, *cards()[:3])
    await clerk.types("f9")
    await clerk.types("f4")
    (held,) = desk.held()
    assert held.case.parcel is not None and held.case.parcel.counted == cards()[:2]
    await clerk.types("tab", "enter")
    assert isinstance(clerk.screen, CaseScreen)
    assert clerk.open.case.parcel == held.case.parcel
    assert "已清点 2 张" in clerk.text


async def test_a_scanner_never_renames_the_parcel(clerk: Clerk) -> None:
    """Back at the count from the confirmation: a card whose digits look like a choice is a card, and counted."""
    await receive(clerk, *cards()[:4])
    await clerk.types("f10", "f10")
    assert clerk.open.step == "confirm"
    await clerk.types("1")
    assert clerk.open.step == "parcel"
    await clerk.bursts(*cards()[4], "enter")
    parcel = clerk.open.case.parcel
    assert parcel is not None and (parcel.number, parcel.counted) == (PARCEL, cards())


async def test_cards_that_come_in_a_burst_are_all_counted(clerk: Clerk) -> None:
    """A scanner does not wait for the screen."""
    await receive(clerk)
    await clerk.bursts(*(key for number in cards() for key in (number, "enter")))
    assert clerk.open.case.parcel is not None and clerk.open.case.parcel.counted == cards()


async def test_the_list_that_comes_with_a_parcel_is_read(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "清单.csv"
    lines = ["包裹号,社保卡号", *(f"{PARCEL},{number}" for number in cards()[:4])]
    file.write_text("\n".join(lines), "utf-8")
    await clerk.types(str(SIGN_PARCEL.number), "enter")
    await clerk.types("1")
    await clerk.types("f3")
    await clerk.scans(str(file))
    parcel = clerk.open.case.parcel
    assert parcel is not None and (parcel.number, parcel.counted) == (PARCEL, cards()[:4])
    assert parcel.known is not None, "the province was asked"
    assert "可签收 4 张" in clerk.text


@pytest.mark.rule("PIC-7")
async def test_a_card_of_another_branch_is_not_handed_out_here(clerk: Clerk, desk: Desk, world: World) -> None:
    """The screen names the branch that has it, with address and telephone; that branch's own window hands it out."""
    who = PEOPLE["collect"]
    case = structs.replace(case_of("collect", who), old_card=None)
    await asyncio.to_thread(world.plant, _signed_elsewhere(who.number, "demo-collect", who.card))
    assert PLACE.branch != PLAIN.id
    screen = CaseScreen(desk, desk.store.drafts.new_id(), case)
    clerk.app.push_screen(screen)
    await clerk.rest()
    await clerk.types("f10")
    assert clerk.open.step == "card"
    await clerk.types("f10")
    stops = [finding for finding in clerk.open.stops() if finding.rule == "PIC-7"]
    assert [finding.params["branch"] for finding in stops] == [PLAIN.name]
    shown = "".join(clerk.text.split())
    assert PLAIN.name in shown and clerk.open.step == "card", "it goes no further"
    assert clerk.one(FindingsStrip).findings[0].rule == "PIC-7"


@pytest.mark.rule("PIC-7")
async def test_a_units_cards_at_another_branch_are_not_signed_for_here(clerk: Clerk, desk: Desk, world: World) -> None:
    """F5 says of each where it lies; F10 leaves it out, Space is refused."""
    assert desk.province is not None
    unit = Unit(
        name="虚构电子厂", uscc="91350100M000100Y43", contact="赵联系", mobile="13900000000", bank="abc", branch=PLACE.branch
    )  # fmt: skip
    one = PEOPLE["same_number"]
    row = RosterRow(name=one.name, number=one.number, mobile="13800000001", occupation="60000")
    made = rosters.create(desk.store, unit, [RosterPerson(2, row)])
    for _ in rosters.ask(desk.store, rosters.people(desk.store, made.id), unit, desk.province, desk.context()):
        pass
    assert rosters.submit(desk.store, made.id, desk.context()).recorded == 1
    sync(desk.store, desk.province)
    (entry,) = desk.store.ledger.search()
    await asyncio.to_thread(world.plant, _signed_elsewhere(one.number, entry.id, one.card))
    clerk.app.push_screen(CollectScreen(desk, made))
    await clerk.rest()
    for keys in (("f5",), ("space", "up"), ("f10",)):
        await clerk.types(*keys)
        assert [finding.rule for finding in clerk.one(FindingsStrip).findings] == ["PIC-7"]
        assert PLAIN.name in "".join(clerk.text.split())
    assert {entry.kind for entry in desk.store.ledger.search()} == {"exchange"}


def _signed_elsewhere(number: str, entry: str, card: str) -> seed.ApplicationRow:
    """A card that is being made, signed for by another branch."""
    milestones = Milestones(
        applied_on=date(2026, 3, 2), city_on=date(2026, 3, 9), sent_on=date(2026, 3, 10), sent_to=PLAIN.id
    )
    return seed.ApplicationRow(
        number=number, entry=entry, city="441621", bank="abc", card=card, pickup_branch=PLAIN.id, milestones=milestones
    )


async def test_the_count_in_english_on_a_small_and_a_wide_screen(sitting: Sitting, online: Desk) -> None:
    use_language("en")
    for size in ((60, 15), (120, 40)):
        async with sitting(online, size=size) as clerk:
            screen = CaseScreen(online, online.store.drafts.new_id(), Case(service="sign_parcel", city="441621"))
            clerk.app.push_screen(screen)
            await clerk.rest()
            await clerk.types("1", *PARCEL, "enter")
            await clerk.scans(cards()[0])
            await clerk.types("f10")
            assert_whole(clerk.app, height=size[1], width=size[0])
