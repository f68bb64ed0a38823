"""A scanner at a case: as a keyboard and as a paste, its text goes to the field that its form names."""

import pytest

from counter.rules.case import PhotoSource
from counter.rules.filling import value_at
from tests.support.made_up import APPLY
from tests.support.screen_world import Clerk, at, without

NUMBER, CARD, RECEIPT = "441621198703129614", "B00000166", "ZJ20260001"


def value(clerk: Clerk, path: str) -> object:
    return value_at(clerk.open.case, path)


def to(clerk: Clerk, path: str) -> None:
    clerk.case.at.to(next(field for field in clerk.case.at.fields if field.path == path))


async def scans(clerk: Clerk, text: str, how: str) -> None:
    """As a keyboard types it, each key at once and Enter, or as a paste that is whole."""
    if how == "paste":
        await clerk.pastes(text)
    else:
        await clerk.bursts(text, "enter")


@pytest.mark.parametrize(
    "focus, how", [("presented_by", "wedge"), ("holder.name", "paste"), ("holder.document.valid_to", "wedge")]
)
async def test_a_number_goes_to_the_number(clerk: Clerk, focus: str, how: str) -> None:
    await clerk.types("2", "enter")
    to(clerk, focus)
    before = value(clerk, focus)
    await scans(clerk, NUMBER, how)
    assert value(clerk, "holder.document.number") == NUMBER
    assert value(clerk, focus) == before
    assert focus == "presented_by" or clerk.shows(focus) == ""


@pytest.mark.parametrize("how", ["wedge", "paste"])
async def test_a_card_is_filled_in_at_the_step_to_come(clerk: Clerk, how: str) -> None:
    await clerk.types("2", "enter", "44162119870312", "down")
    assert clerk.focused == "holder.name"
    await scans(clerk, CARD, how)
    assert value(clerk, "old_card.number") == CARD
    assert (value(clerk, "holder.name"), clerk.focused, clerk.open.step) == ("", "holder.name", "identity")
    assert any("已填入" in note.message for note in clerk.app._notifications)


@pytest.mark.parametrize("text", [RECEIPT, f"https://photo.example/q?receipt={RECEIPT}&v=2"])
async def test_a_receipt_is_one_at_the_photo(clerk: Clerk, text: str) -> None:
    await at(clerk, "photo", without("photo", case=APPLY))
    assert clerk.focused == "photo.source"
    await scans(clerk, text, "wedge")
    assert (value(clerk, "photo.receipt"), value(clerk, "photo.source")) == (RECEIPT, PhotoSource.RECEIPT)


async def test_what_has_no_such_form_is_typed_where_the_clerk_is(clerk: Clerk) -> None:
    await at(clerk, "details", without("holder.address"))
    assert clerk.focused == "holder.address"
    await scans(clerk, "12345678 Test Road 5", "wedge")
    assert value(clerk, "holder.address") == "12345678 Test Road 5"


async def test_nobody_elses_number_takes_the_holders_place(clerk: Clerk) -> None:
    await clerk.types("2", "enter", NUMBER)
    await scans(clerk, "441621199207259625", "wedge")
    assert value(clerk, "holder.document.number") == NUMBER


async def test_a_hand_is_no_scanner(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed key by key the number stays where it is typed."""
    await clerk.types("2", "enter")
    to(clerk, "holder.name")
    monkeypatch.setattr("counter.terminal.typeahead.SCAN_SECONDS", 0.0)
    await clerk.types(CARD, "enter")
    assert value(clerk, "old_card.number") in (None, "")
    assert clerk.shows("holder.name") != ""
