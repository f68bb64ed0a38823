"""What can be chosen is seen before it is, and what cannot says why and is never taken (issue of the screens, 4)."""

import pytest

from counter.desk.desk import Desk
from counter.i18n import t
from counter.rules.case import DocumentKind, PresentedBy
from counter.rules.filling import value_at, with_value
from counter.rules.services import SERVICES
from counter.widgets.fields.choice import Choice, OptionsBelow
from counter.widgets.lines import FindingsStrip
from tests.support.customers import complete
from tests.support.made_up import EXCHANGE, number
from tests.support.screen_world import Clerk, Sitting, at, squashed, without

YOUNG = "citizen under 16, identity card"


async def test_a_choice_without_room_shows_its_options_while_the_clerk_is_there(clerk: Clerk) -> None:
    await at(clerk, "identity")
    clerk.case.query_one("#field-holder-document-kind Choice", Choice).focus()
    await clerk.rest()
    for at_, kind in enumerate(SERVICES["exchange"].documents, 1):
        assert squashed(f"({at_}) {t(f'choice.document.{kind}')}") in squashed(clerk.text.replace("(-)", f"({at_})"))
    await clerk.types("down")
    assert t("choice.document.passport") not in clerk.text, "it hides nothing once the clerk has gone on"


async def test_a_choice_that_stands_whole_in_its_line_opens_nothing(clerk: Clerk) -> None:
    screen = await at(clerk, "mode")
    choice = screen.query_one("#field-old_card-in_hand Choice", Choice)
    choice.focus()
    await clerk.rest()
    assert choice.says_all and not screen.query_one("#field-old_card-in_hand OptionsBelow", OptionsBelow).display


@pytest.mark.rule("AGE-1")
async def test_age_1_a_child_cannot_stand_alone_and_the_choice_says_so_before(clerk: Clerk) -> None:
    case = complete(SERVICES["apply"], YOUNG, PresentedBy.GUARDIAN)
    screen = await at(clerk, "identity", case)
    screen.query_one("#field-presented_by Choice", Choice).focus()
    await clerk.rest()
    assert "(-)" in clerk.text and t("finding.identity.minor")[:12] in clerk.text
    await clerk.types("1")
    assert screen.open.case.presented_by == PresentedBy.GUARDIAN
    await clerk.types("left", "left")
    assert value_at(screen.open.case, "presented_by") != PresentedBy.HOLDER


@pytest.mark.rule("WHO-2")
async def test_who_2_no_hukou_book_for_somebody_grown(clerk: Clerk) -> None:
    screen = await at(clerk, "identity")
    choice = screen.query_one("#field-holder-document-kind Choice", Choice)
    at_hukou = list(SERVICES["exchange"].documents).index(DocumentKind.HUKOU) + 1
    choice.focus()
    await clerk.rest()
    assert squashed(t("finding.identity.hukou_adult"))[:12] in squashed(clerk.text)
    await clerk.types(str(at_hukou))
    assert screen.open.case.holder.document.kind is EXCHANGE.holder.document.kind


@pytest.mark.rule("AGE-3")
async def test_age_3_a_man_is_no_mother(clerk: Clerk) -> None:
    case = complete(SERVICES["apply"], YOUNG, PresentedBy.GUARDIAN)
    case = with_value(case, "guardian.document.number", number("19850101"))
    screen = await at(clerk, "identity", with_value(case, "guardian.relation", "father"))
    choice = screen.query_one("#field-guardian-relation Choice", Choice)
    choice.focus()
    await clerk.rest()
    assert {option.value for option in choice.options if option.reason} == {"mother"}
    await clerk.types("2")
    assert value_at(screen.open.case, "guardian.relation") == "father"


@pytest.mark.rule("BNK-2")
async def test_bnk_2_another_counter_s_bank_is_found_greyed_and_not_taken(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=(80, 24)) as clerk:
        screen = await at(clerk, "bank")
        field = screen.query_one("#field-bank")
        field.query_one("SearchInput").focus()
        await clerk.types("ctrl+u", *"gsyh", "enter")
        assert screen.open.case.bank != "icbc" and screen.open.step == "bank"
        assert "(-)" in clerk.text, clerk.text


@pytest.mark.parametrize("size", [(60, 15), (80, 24)])
async def test_the_open_list_never_covers_what_is_found(sitting: Sitting, desk: Desk, size: tuple[int, int]) -> None:
    async with sitting(desk, size=size) as clerk:
        screen = await at(clerk, "identity", with_value(EXCHANGE, "holder.name", ""))
        await clerk.types("f10")
        choice = screen.query_one("#field-holder-document-kind Choice", Choice)
        choice.focus()
        await clerk.rest()
        below, strip = screen.query_one("#field-holder-document-kind OptionsBelow"), clerk.one(FindingsStrip)
        assert below.display and strip.display and not below.region.overlaps(strip.region), clerk.text
        assert not below.region.overlaps(choice.region), clerk.text
        assert t("choice.document.id_card") in str(below.render()), "what is chosen is among those that have room"


async def test_nothing_jumps_when_the_number_is_whole(clerk: Clerk) -> None:
    screen = await at(clerk, "identity", without("holder.document.number", "holder.name"))
    name = screen.query_one("#field-holder-name")
    row = name.region.y
    await clerk.types(*number("19900101"))
    assert name.region.y == row and "1990-01-01" in clerk.text
