"""A card on the reader, at the screen: what it fills, what it says against what was typed, and what it never does."""

from collections.abc import AsyncIterator

import pytest
from msgspec import structs

from counter.desk.desk import Desk
from counter.devices.reader import ReaderState
from counter.devices.simulated import PHOTO, SimulatedReader
from counter.i18n import t
from counter.rules.case import Holder, ReadDocument
from counter.rules.filling import value_at
from counter.screens import reader
from counter.screens.case.overwriting import OverwriteScreen
from counter.screens.home import HomeScreen
from tests.support.id_cards import CITIZEN, OTHER
from tests.support.screen_world import Clerk, Sitting, until

NUMBER = CITIZEN.document.number


@pytest.fixture(autouse=True)
def _quiet_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(reader, "QUIET_SECONDS", 0.02)


@pytest.fixture
async def at_identity(clerk: Clerk) -> AsyncIterator[Clerk]:
    """A clerk at the identity step of an exchange."""
    await clerk.types("2", "enter")
    yield clerk


def value(clerk: Clerk, path: str) -> object:
    return value_at(clerk.open.case, path)


def notes(clerk: Clerk) -> str:
    """What has been said beside the screen."""
    return "\n".join(note.message for note in clerk.app._notifications)


async def lay(clerk: Clerk, person: Holder) -> None:
    """A card is read, and has come where it goes."""
    clerk.app.at_reader.told(ReadDocument(person=person, photo=PHOTO))
    await until(lambda: clerk.app.at_reader._read is None)
    await clerk.rest()


async def test_a_card_fills_identity_as_read(at_identity: Clerk) -> None:
    clerk = at_identity
    await lay(clerk, CITIZEN)
    case = clerk.open.case
    assert (case.holder.name, case.holder.document) == (CITIZEN.name, CITIZEN.document)
    assert (case.holder.ethnicity, case.holder.address) == (CITIZEN.ethnicity, CITIZEN.address)
    assert case.holder.birth is None, "the number says it"
    assert clerk.mark("holder.name") == "=" and "= 证件" in clerk.line("姓名")
    assert case.papers == ("id_card_front", "id_card_back"), "the card was handed over"
    assert case.read == (ReadDocument(person=CITIZEN, photo=PHOTO),), "with the raw photo"
    assert clerk.focused == "faces.same"
    await clerk.types("1")
    assert clerk.open.case.faces.same is True
    await clerk.types("f10")
    assert clerk.open.step == "one_card"


async def test_over_a_socket_from_home_into_the_case(sitting: Sitting, desk: Desk) -> None:
    """Laid down before the case is opened; the next customer's card takes no place in it."""
    with SimulatedReader() as sim:
        async with sitting(desk, id_reader=sim.address) as clerk:
            sim.lay(CITIZEN)
            await until(lambda: "已读" in notes(clerk))
            assert isinstance(clerk.screen, HomeScreen)
            await clerk.types("2", "enter")
            await until(lambda: value(clerk, "holder.document.number") == NUMBER)
            await clerk.types("1", "f10")
            sim.lay(OTHER)
            await until(lambda: "没有采用" in notes(clerk))
            assert clerk.open.case.holder.name == CITIZEN.name and len(clerk.open.case.read) == 1


async def test_somebody_elses_face_goes_no_further(at_identity: Clerk) -> None:
    clerk = at_identity
    await lay(clerk, CITIZEN)
    await clerk.types("2", "f10")
    assert clerk.open.step == "identity" and t("finding.identity.faces_differ") in clerk.text.replace("\n", "")


async def test_what_was_typed_otherwise_is_asked_about_once(at_identity: Clerk) -> None:
    clerk = at_identity
    await clerk.types(NUMBER, "钟式一", "enter")
    await lay(clerk, CITIZEN)
    assert isinstance(clerk.screen, OverwriteScreen)
    assert "钟式一" in clerk.text and "钟试一" in clerk.text and "号码" not in clerk.line("录入 ")
    await clerk.types("f10")
    assert clerk.open.case.holder.name == "钟试一"
    await clerk.types("ctrl+z")
    assert clerk.open.case.holder.name == "钟式一" and clerk.open.case.read == ()


async def test_what_was_typed_may_stay_with_a_word(at_identity: Clerk) -> None:
    clerk = at_identity
    await clerk.types(NUMBER, "钟式一", "enter")
    await lay(clerk, CITIZEN)
    await clerk.types("escape")
    assert clerk.open.case.holder.name == "钟式一" and clerk.open.case.holder.document == CITIZEN.document
    (asked,) = clerk.open.asks()
    assert (asked.code, asked.field) == ("identity.read_differs", "holder.name")


async def test_another_persons_card_takes_nobodys_place_unasked(at_identity: Clerk) -> None:
    clerk = at_identity
    await clerk.types(NUMBER, "钟试一", "enter")
    before = clerk.open.case
    await lay(clerk, OTHER)
    assert isinstance(clerk.screen, OverwriteScreen)
    await clerk.types("escape")
    assert clerk.open.case == before


async def test_another_number_is_nobodys_read_document(at_identity: Clerk) -> None:
    clerk = at_identity
    await lay(clerk, CITIZEN)
    await clerk.types("1")
    clerk.case.at.to(next(field for field in clerk.case.at.fields if field.path == "holder.document.number"))
    await clerk.types("backspace")
    assert clerk.open.case.read == () and clerk.open.case.faces.same is None


async def test_no_key_is_lost_to_a_card(at_identity: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two digits nothing is taken; once the hands rest, what was begun becomes the card's."""
    clerk = at_identity
    monkeypatch.setattr(reader, "QUIET_SECONDS", 60.0)
    clerk.app.at_reader.told(ReadDocument(person=CITIZEN))
    await clerk.types(*NUMBER[:9])
    assert value(clerk, "holder.document.number") == NUMBER[:9]
    monkeypatch.setattr(reader, "QUIET_SECONDS", 0.02)
    await until(lambda: value(clerk, "holder.document.number") == NUMBER)
    assert clerk.focused == "holder.document.number", "what is typed on does not become another field's"


async def test_of_an_agent_the_card_is_the_agents(at_identity: Clerk) -> None:
    clerk = at_identity
    await lay(clerk, CITIZEN)
    await clerk.types("1")
    clerk.open.fill("presented_by", "guardian")
    clerk.case.show()
    await lay(clerk, OTHER)
    guardian = clerk.open.case.guardian
    assert guardian is not None and (guardian.name, guardian.document) == (OTHER.name, OTHER.document)
    assert [read.who for read in clerk.open.case.read] == ["holder", "guardian"]
    assert clerk.open.case.faces.same is None, "the guardian's face is another"


async def test_behind_a_lock_nothing_is_read(at_identity: Clerk) -> None:
    clerk = at_identity
    await clerk.types("ctrl+l")
    clerk.app.at_reader.told(ReadDocument(person=CITIZEN))
    assert clerk.app.at_reader._read is None and "钟" not in clerk.text


async def test_what_is_wrong_with_the_reader_is_said_once(clerk: Clerk) -> None:
    clerk.app.at_reader.told(ReaderState.READY)
    await clerk.rest()
    assert not notes(clerk), "that all is well is no news"
    for state in ReaderState:
        clerk.app.at_reader.told(state)
    await clerk.rest()
    assert [t(f"reader.{state}") in notes(clerk) for state in ReaderState] == [False, True, True, True, True]
    clerk.app.at_reader.told(ReaderState.READY)
    await clerk.rest()
    assert t("reader.ready") in notes(clerk)


async def test_a_rare_name_and_one_that_the_chip_cut(at_identity: Clerk) -> None:
    clerk = at_identity
    long = structs.replace(CITIZEN, name="次仁旺堆平措朗杰多吉扎西顿珠央")
    await lay(clerk, long)
    codes = {finding.code for finding in clerk.open.findings()}
    assert "identity.name_may_be_cut" in codes
    clerk.open.fill("holder.name", long.name + "金次仁旺姆")
    codes = {finding.code for finding in clerk.open.findings()}
    assert not codes & {"identity.name_may_be_cut", "identity.read_differs"}


async def test_what_was_read_stands_at_the_details_too(at_identity: Clerk) -> None:
    clerk = at_identity
    await lay(clerk, CITIZEN)
    await clerk.types("1", "f10", "f10", "f10")
    assert clerk.open.step == "mode"
    await clerk.types("1", "abc", "enter", "B00000166", "enter", "1", "20310501")
    assert clerk.open.step == "details", clerk.text
    assert clerk.text.count("= 证件") == 2, "ethnicity and address"
    await clerk.types("13800138000")
    assert value(clerk, "holder.mobile") == "13800138000"
