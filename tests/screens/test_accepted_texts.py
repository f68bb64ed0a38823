"""What the customer accepts, on the screen: read at its consent, kept, printed; and a text that changes meanwhile."""

import sys
from pathlib import Path

import pytest
from msgspec import structs

from counter import i18n
from counter.desk.desk import Desk
from counter.screens.case.result import ResultScreen
from counter.screens.dialogs.text import TextScreen
from counter.screens.paper import AcceptedTextScreen
from counter.store.store import Store
from tests.support.made_up import APPLY, EXCHANGE
from tests.support.screen_world import (
    CLERK,
    EQUIPPED,
    PASSPHRASE,
    REFERENCE,
    Clerk,
    SetClock,
    Sitting,
    assert_whole,
    at,
)

CASE = structs.replace(APPLY, branch=EQUIPPED.id, consents=())
TERMS, E_CARD = "terms@default-2026-11", "e_card@default-2026-11"


def newer(desk: Desk) -> Desk:
    """The same counter another day: its city has another text by now."""
    here = desk.reference.cities[desk.place.city]
    texts = {**here.texts, "terms": structs.replace(here.texts["terms"], version="2027-01")}
    cities = {**desk.reference.cities, here.city: structs.replace(here, texts=texts)}
    store = Store.unlock(desk.store.home, CLERK.id, PASSPHRASE, desk.clock)
    return Desk(store, structs.replace(REFERENCE, cities=cities), clock=desk.clock)


@pytest.mark.rule("TXT-1")
@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_txt_1_the_text_is_read_to_its_end_at_the_consent(
    sitting: Sitting, desk: Desk, size: tuple[int, int], language: str
) -> None:
    i18n.use_language(language)
    async with sitting(desk, size=size) as clerk:
        await at(clerk, "confirm", CASE)
        assert i18n.t("key.read_text") in clerk.text
        await clerk.types("f2")
        assert isinstance(clerk.screen, AcceptedTextScreen)
        assert i18n.t("choice.text.terms") in clerk.text
        assert_whole(clerk.app, size[1], size[0])
        await clerk.types("end")
        assert "default-2026-11" in clerk.text, "its version stands at its end"
        await clerk.types("escape", "space", "f2")
        assert i18n.t("choice.text.e_card") in clerk.text, "the one of the consent under the cursor"


@pytest.mark.rule("TXT-1")
async def test_txt_1_the_consent_is_recorded_with_what_was_shown(clerk: Clerk) -> None:
    await at(clerk, "confirm", CASE)
    await clerk.types("f10")
    assert "还没有勾选" in clerk.text
    await clerk.types("space", "space", "space", "f10")
    assert isinstance(clerk.screen, ResultScreen)
    (entry,) = clerk.desk().store.ledger.search()
    assert entry.record and entry.record.texts == entry.record.case.texts == (TERMS, E_CARD)
    assert "办理须知 default-2026-11" in clerk.screen.text


async def test_a_consent_without_a_text_leaves_f2_to_the_slip(clerk: Clerk) -> None:
    await at(clerk, "confirm", CASE)
    await clerk.types("down", "down", "f2")
    assert isinstance(clerk.screen, TextScreen)
    await clerk.types("escape", "up", "f2")
    assert isinstance(clerk.screen, AcceptedTextScreen)
    await clerk.types("escape", "f3")
    assert isinstance(clerk.screen, TextScreen), "F3 is the slip everywhere"
    await clerk.types("escape")
    await at(clerk, "confirm", structs.replace(EXCHANGE, branch=EQUIPPED.id))
    await clerk.types("f2")
    assert isinstance(clerk.screen, TextScreen)


@pytest.mark.rule("TXT-1")
async def test_txt_1_the_text_is_saved_and_printed(sitting: Sitting, home: Path, clock: SetClock) -> None:
    printed = home / "printed.txt"
    command = (sys.executable, "-c", f"import sys; open({str(printed)!r}, 'wb').write(sys.stdin.buffer.read())")
    with Desk(Store.unlock(home, CLERK.id, PASSPHRASE, clock), REFERENCE, printer=command, clock=clock) as desk:
        async with sitting(desk) as clerk:
            await at(clerk, "confirm", CASE)
            await clerk.types("f2", "f2", "f7")
            screen = clerk.screen
            assert isinstance(screen, AcceptedTextScreen)
            kept = home / "slips" / "terms-default-2026-11.txt"
            assert kept.read_text("utf-8") == printed.read_text("utf-8") == screen.text
            assert kept.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.rule("TXT-1")
async def test_txt_1_a_text_that_changed_while_the_case_was_held_is_accepted_anew(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk) as clerk:
        await at(clerk, "confirm", CASE)
        await clerk.types("space", "space", "space", "f4")
        (draft,) = desk.held()
        assert draft.case.texts == (TERMS, E_CARD)
    with newer(desk) as later:
        async with sitting(later) as clerk:
            await clerk.types("tab", "enter")
            assert "[ ]" in clerk.line("接受办理须知")
            assert "[x]" in clerk.line("同步申领电子社保卡")
            await clerk.types("f10")
            assert clerk.open.step == "confirm" and "TXT-1" in clerk.text
            assert later.store.ledger.count() == 0
            await clerk.types("space", "f10")
            assert isinstance(clerk.screen, ResultScreen), clerk.text
            (entry,) = later.store.ledger.search()
            assert entry.record and entry.record.texts == ("terms@default-2027-01", E_CARD)


@pytest.mark.rule("TXT-1")
async def test_txt_1_a_draft_of_before_the_texts_has_its_consents_given_again(sitting: Sitting, desk: Desk) -> None:
    desk.keep(desk.store.drafts.new_id(), structs.replace(CASE, consents=APPLY.consents), "confirm").result()
    async with sitting(desk) as clerk:
        await clerk.types("tab", "enter")
        assert clerk.open.case.consents == ("id_photo",)
        await clerk.types("f10")
        assert clerk.open.step == "confirm"
        await clerk.types("home", "space", "space", "f10")
        assert isinstance(clerk.screen, ResultScreen), clerk.text
        (entry,) = desk.store.ledger.search()
        assert entry.record and set(entry.record.texts) == {TERMS, E_CARD}
