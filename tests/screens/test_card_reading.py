"""A social security card on the reader, at the screen: what it fills, and that another person's is said."""

import pytest
from msgspec import structs

from counter.desk.desk import Desk
from counter.devices.card_reader import SlotState
from counter.devices.simulated_card import SimulatedSlot, VirtualCard
from counter.i18n import t
from counter.rules.case import Holder, ReadDocument
from counter.rules.filling import value_at
from counter.rules.read_card import ReadCard
from counter.screens import reader
from counter.screens.case.overwriting import OverwriteScreen
from counter.screens.home import HomeScreen
from tests.screens.test_reading import notes
from tests.support.id_cards import CITIZEN, OTHER
from tests.support.screen_world import Clerk, Sitting, until
from tests.support.social_cards import OTHERS, THEIRS

NUMBER = "holder.document.number"


@pytest.fixture(autouse=True)
def _quiet_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LOOK_SECONDS", 0.04)
    monkeypatch.setattr(reader, "QUIET_SECONDS", 0.02)


def value(clerk: Clerk, path: str) -> object:
    return value_at(clerk.open.case, path)


async def lay(clerk: Clerk, card: ReadCard) -> None:
    """A card is read, and has come where it goes."""
    clerk.app.at_card_reader.told(card)
    await until(lambda: clerk.app.at_card_reader._read is None)
    await clerk.rest()


async def lay_document(clerk: Clerk, person: Holder) -> None:
    clerk.app.at_reader.told(ReadDocument(person=person))
    await until(lambda: clerk.app.at_reader._read is None)
    await clerk.rest()


@pytest.mark.parametrize("service", ["2", "3", "4", "6", "7", "8"])
async def test_services_on_a_card_begin_by_laying_it_down(clerk: Clerk, service: str) -> None:
    await clerk.types(service, "enter")
    await lay(clerk, THEIRS)
    case = clerk.open.case
    assert case.old_card is not None and case.old_card.number == THEIRS.number
    assert (case.holder.document.number, case.holder.name) == (THEIRS.social_number, THEIRS.name)
    assert case.laid_card == THEIRS
    assert clerk.mark("holder.name") == "=" and "= 社保卡" in clerk.line("姓名")


async def test_over_a_socket_from_home_into_the_mode_of_an_exchange(sitting: Sitting, desk: Desk) -> None:
    with SimulatedSlot() as slot:
        async with sitting(desk, card_reader=slot.address) as clerk:
            slot.lay(VirtualCard(THEIRS))
            await until(lambda: "已读社保卡" in notes(clerk))
            assert isinstance(clerk.screen, HomeScreen) and THEIRS.number not in notes(clerk)
            await clerk.types("2", "enter")
            await until(lambda: value(clerk, "old_card.number") == THEIRS.number)
            assert value(clerk, "old_card.in_hand") is True and value(clerk, "old_card.expires") == THEIRS.expires
            slot.lay(VirtualCard(THEIRS, unknown=True))
            await until(lambda: t("card_reader.unknown") in notes(clerk))


async def test_a_card_that_is_not_the_persons_is_said(clerk: Clerk) -> None:
    await clerk.types("2", "enter")
    await lay_document(clerk, CITIZEN)
    await lay(clerk, OTHERS)
    (stop,) = (each for each in clerk.open.stops() if each.code == "card.not_theirs")
    assert stop.rule == "REP-1" and value(clerk, "holder.name") == CITIZEN.name
    assert value(clerk, "old_card") is None, "what is on it fills nothing"
    await lay(clerk, THEIRS)
    assert not any(each.code == "card.not_theirs" for each in clerk.open.stops())
    assert value(clerk, "old_card.number") == THEIRS.number


async def test_the_document_of_somebody_else_beside_the_card_is_said(clerk: Clerk) -> None:
    """The card first; then whose document it is shows that it is not theirs."""
    await clerk.types("2", "enter")
    await lay(clerk, OTHERS)
    await lay_document(clerk, CITIZEN)
    assert isinstance(clerk.screen, OverwriteScreen)
    await clerk.types("f10")
    assert value(clerk, "holder.name") == CITIZEN.name
    assert any(each.code == "card.not_theirs" for each in clerk.open.stops())


async def test_another_number_that_was_typed_is_asked_about(clerk: Clerk) -> None:
    await clerk.types("2", "enter")
    clerk.open.fill("old_card.number", OTHERS.number)
    await lay(clerk, THEIRS)
    assert isinstance(clerk.screen, OverwriteScreen) and OTHERS.number in clerk.text
    await clerk.types("escape")
    assert value(clerk, "old_card.number") == OTHERS.number and clerk.open.case.laid_card is None
    await lay(clerk, THEIRS)
    await clerk.types("f10")
    assert value(clerk, "old_card.number") == THEIRS.number
    await clerk.types("ctrl+z")
    assert value(clerk, "old_card.number") == OTHERS.number and clerk.open.case.laid_card is None


async def test_a_number_typed_over_the_cards_is_not_read(clerk: Clerk) -> None:
    await clerk.types("2", "enter")
    await lay(clerk, THEIRS)
    clerk.open.fill("old_card.number", OTHERS.number)
    assert clerk.open.case.laid_card is None


async def test_a_card_that_hides_its_holder_and_one_of_another_name(clerk: Clerk) -> None:
    await clerk.types("2", "enter")
    await lay(clerk, ReadCard(THEIRS.number))
    assert "card.holder_hidden" in {each.code for each in clerk.open.findings()}
    assert value(clerk, NUMBER) == ""
    await lay_document(clerk, CITIZEN)
    await lay(clerk, structs.replace(THEIRS, name=OTHER.name))
    assert "card.other_name" in {each.code for each in clerk.open.asks()}


async def test_a_first_application_has_no_card(clerk: Clerk) -> None:
    await clerk.types("1", "enter")
    await lay(clerk, THEIRS)
    assert clerk.open.case.laid_card is None and value(clerk, NUMBER) == "" and "没有采用" in notes(clerk)


async def test_a_query_by_the_card_alone_takes_no_person(clerk: Clerk) -> None:
    await clerk.types("14", "enter")
    await lay(clerk, THEIRS)
    assert value(clerk, "old_card.number") == THEIRS.number and value(clerk, NUMBER) == ""


async def test_no_key_is_lost_to_a_card(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    await clerk.types("2", "enter")
    monkeypatch.setattr(reader, "QUIET_SECONDS", 60.0)
    clerk.app.at_card_reader.told(THEIRS)
    await clerk.types(*THEIRS.social_number[:9])
    assert value(clerk, NUMBER) == THEIRS.social_number[:9] and value(clerk, "old_card") is None
    monkeypatch.setattr(reader, "QUIET_SECONDS", 0.02)
    await until(lambda: value(clerk, NUMBER) == THEIRS.social_number)


async def test_what_is_wrong_with_the_reader_is_said_once(clerk: Clerk) -> None:
    for state in SlotState:
        clerk.app.at_card_reader.told(state)
        clerk.app.at_card_reader.told(state)
    await clerk.rest()
    assert [notes(clerk).count(t(f"card_reader.{state}")) for state in SlotState] == [0, 1, 1, 1, 1]
