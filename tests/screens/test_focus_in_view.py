"""Whatever has the focus is on the screen, down to 60 columns and 15 lines."""

from collections.abc import Container

import pytest
from msgspec import structs
from textual.widget import Widget

from counter import i18n
from counter.desk.desk import Desk
from counter.rules.case import Case, DocumentKind, Pickup, PickupMethod, PresentedBy
from counter.rules.filling import with_value
from counter.rules.services import SERVICES
from counter.screens.case.pane import StepPane
from counter.widgets.fields.choice import Choice
from counter.widgets.fields.field import Field
from counter.widgets.fields.in_view import line_of
from counter.widgets.lines import FindingsStrip
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import Clerk, Sitting, at, confirmed

LONGEST = ("apply", "exchange", "change_details")
WALKED = (((60, 15), tuple(SERVICES)), ((80, 24), LONGEST[:1]), ((120, 40), LONGEST[1:2]))
STEPS = [(id, step) for id, service in SERVICES.items() for step in service.steps]


def in_view(clerk: Clerk) -> bool:
    """Is the line with the focus, and the label before it, within everything that scrolls around it?"""
    focused = clerk.screen.focused
    if focused is None or isinstance(focused, StepPane):
        return True
    field = next((node for node in focused.ancestors if isinstance(node, Field)), focused)
    around = [node for node in focused.ancestors if isinstance(node, Widget) and node.allow_vertical_scroll]
    room = min((node.scrollable_content_region for node in around), key=lambda each: each.height, default=None)
    whole = room is None or field.region.height <= room.height
    must = field.region if whole else line_of(focused)
    rooms = (node.scrollable_content_region for node in (*around, clerk.screen))
    return all(each.y <= must.y and must.bottom <= each.bottom for each in rooms)


async def walk(clerk: Clerk, where: str) -> None:
    fields = len(clerk.case.at.fields) + 1
    for key in ["tab", "down"][: 1 + (clerk.open.service.id in LONGEST)] * fields:
        assert in_view(clerk), (where, key, clerk.screen.focused, clerk.text)
        await clerk.pilot.press(key)
        await clerk.pilot.pause()


@pytest.mark.parametrize(("size", "services"), WALKED, ids=["60x15", "80x24", "120x40"])
async def test_the_focus_is_in_view_at_every_step(
    sitting: Sitting, desk: Desk, size: tuple[int, int], services: Container[str]
) -> None:
    """Of every service where the room is smallest; of one with long forms where there is more."""
    async with sitting(desk, size=size) as clerk:
        walked = set[tuple[str, ...]]()
        for id, step in STEPS:
            if id not in services:
                continue
            case = structs.replace(EXCHANGE, service=id, pickup=structs.replace(EXCHANGE.pickup, method=None))
            await at(clerk, step, case)
            form = (step, *(field.path for field in clerk.case.at.fields))
            if form not in walked:  # the same form of another service scrolls as this one does
                await walk(clerk, f"{id} {step}")
            walked.add(form)
            clerk.app.pop_screen()


async def test_it_stays_in_view_when_the_terminal_is_made_smaller(clerk: Clerk) -> None:
    await at(clerk, "details", structs.replace(EXCHANGE, holder=structs.replace(EXCHANGE.holder, mobile="1")))
    clerk.case.query_one("#field-holder-insurance Choice", Choice).focus()
    await clerk.rest()
    for size in ((60, 15), (80, 24), (60, 15)):
        await clerk.pilot.resize_terminal(*size)
        await clerk.rest()
        assert in_view(clerk), clerk.text


async def test_it_stays_in_view_when_the_findings_take_their_rows(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=(60, 15)) as clerk:
        await at(clerk, "details", Case(service="exchange", city="441621"))
        await clerk.types("f10")
        assert clerk.one(FindingsStrip).display and in_view(clerk), clerk.text
        await clerk.types("f8", "f8", "f8")
        assert in_view(clerk), clerk.text


async def test_an_empty_findings_area_takes_no_row(clerk: Clerk) -> None:
    screen = await at(clerk, "photo", structs.replace(EXCHANGE, photo=EXCHANGE.photo))
    strip = clerk.one(FindingsStrip)
    strip.findings, strip.notice = (), ""
    await clerk.rest()
    assert not strip.display
    assert screen.query_one("#middle").region.bottom == 23


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_the_key_line_never_loses_f10(sitting: Sitting, desk: Desk, language: str) -> None:
    i18n.use_language(language)
    async with sitting(desk, size=(60, 15)) as clerk:
        for step, id in {step: id for id, step in STEPS}.items():
            await at(clerk, step, structs.replace(EXCHANGE, service=id))
            for key in (" F10 ", " Esc ", " F1 "):
                assert key in f"{clerk.lines()[-1]}", (id, step, clerk.lines()[-1])
            clerk.app.pop_screen()


async def test_the_chosen_line_of_a_long_list_is_seen(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=(60, 15)) as clerk:
        await at(clerk, "pickup")
        choice = clerk.case.query_one("#field-pickup-method Choice", Choice)
        for _ in range(len(choice.options) + 1):
            await clerk.types("down")
            assert in_view(clerk), clerk.text


# --- what vanishes, what cannot be chosen


async def test_who_came_first_leaves_nothing_when_the_holder_comes(clerk: Clerk) -> None:
    case = with_value(structs.replace(EXCHANGE, presented_by=PresentedBy.GUARDIAN), "guardian.name", "李监护")
    screen = await at(clerk, "identity", case)
    screen.open.fill("presented_by", PresentedBy.HOLDER)
    assert screen.open.judgement.record(screen.open.case).case.guardian is None
    screen.open.fill("presented_by", PresentedBy.GUARDIAN)
    assert screen.open.case.guardian is not None, "typing back within the step brings it back"
    screen.open.fill("presented_by", PresentedBy.HOLDER)
    screen.open.settle()
    assert screen.open.case.guardian is None


@pytest.mark.rule("PIC-3")
async def test_an_address_leaves_with_the_mail(clerk: Clerk) -> None:
    case = with_value(EXCHANGE, "pickup.address", "紫城镇测试路1号101房")
    screen = await at(clerk, "pickup", with_value(case, "pickup.method", PickupMethod.MAIL))
    screen.open.fill("pickup.method", PickupMethod.BRANCH)
    screen.open.settle()
    assert screen.open.case.pickup.address == ""


@pytest.mark.rule("PIC-2")
async def test_pic_2_mail_is_greyed_for_residents_of_hong_kong(clerk: Clerk) -> None:
    case = with_value(EXCHANGE, "holder.document.kind", DocumentKind.HK_MACAU_PERMIT)
    screen = await at(clerk, "pickup", structs.replace(case, service="apply", pickup=Pickup()))
    choice = screen.query_one("#field-pickup-method Choice", Choice)
    at_mail = next(at for at, option in enumerate(choice.options, 1) if option.value is PickupMethod.MAIL)
    assert choice.options[at_mail - 1].reason
    await clerk.types(str(at_mail))
    assert screen.open.case.pickup.method is None
    for _ in choice.options:
        await clerk.types("down")
        assert screen.open.case.pickup.method is not PickupMethod.MAIL


async def test_f6_shows_the_confirmation_whole_and_the_audit_knows(clerk: Clerk, desk: Desk) -> None:
    screen = await at(clerk, "confirm")
    name, number = screen.open.case.holder.name, screen.open.case.holder.document.number
    assert number not in confirmed(clerk)
    await clerk.types("f6")
    assert name in confirmed(clerk) and number in confirmed(clerk)
    assert desk.store.audit.has("reveal", screen.open.id)
    await clerk.types("f6")
    assert number not in confirmed(clerk)
