"""Ctrl+Z in a case's forms takes back one change after the other, and what the province filled asks before it goes."""

import pytest

from counter.province.questions.question import Answer
from counter.rules.filling import value_at
from counter.screens.case.overwriting import OverwriteScreen
from counter.screens.case.result import ResultScreen
from tests.support.demonstration import PEOPLE
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import Clerk, at, exchange, serve, without

PERSON = PEOPLE["same_number"]
CARD = "old_card.number"


def value(clerk: Clerk, path: str) -> object:
    return value_at(clerk.open.case, path)


async def test_step_by_step_back_and_forth(clerk: Clerk) -> None:
    """Typed values, a chosen digit and ticked papers, each by itself, after the fields were left; Ctrl+Y again."""
    await at(clerk, "details", without("holder.mobile", "holder.ethnicity", "holder.insurance"))
    await clerk.types("01", "13800000000")
    to(clerk, "holder.insurance")
    await clerk.types("2")
    done = clerk.open.case
    await clerk.types("ctrl+z")
    assert (value(clerk, "holder.insurance"), clerk.focused) == (None, "holder.insurance")
    await clerk.types("ctrl+z")
    assert (value(clerk, "holder.mobile"), clerk.focused, clerk.shows("holder.mobile")) == ("", "holder.mobile", "")
    await clerk.types("ctrl+z")
    assert (value(clerk, "holder.ethnicity"), clerk.focused) == ("", "holder.ethnicity")
    await clerk.types("ctrl+z")
    assert any("没有可撤销的改动" in note.message for note in clerk.app._notifications)
    await clerk.types("ctrl+y", "ctrl+y", "ctrl+y")
    assert clerk.open.case == done
    await clerk.types("ctrl+z", "1")
    assert value(clerk, "holder.insurance") == "employee"
    await clerk.types("ctrl+y")
    assert value(clerk, "holder.insurance") == "employee", "a new change has no way forth"


async def test_papers_go_one_by_one_and_a_step_that_was_left_comes_back(clerk: Clerk) -> None:
    await serve(clerk, exchange(), until="one_card")
    papers = value(clerk, "papers")
    assert isinstance(papers, tuple) and len(papers) == 2
    await clerk.types("ctrl+z")
    assert (clerk.open.step, clerk.focused, value(clerk, "papers")) == ("identity", "papers", papers[:1])
    await clerk.types("ctrl+z", "ctrl+z")
    assert (clerk.focused, value(clerk, "papers")) == ("holder.document.valid_to", ())
    assert value(clerk, "holder.name") == PERSON.name


async def test_what_is_no_value_goes_first(clerk: Clerk) -> None:
    """A date that is none, a search that is open: Ctrl+Z clears it and nothing else."""
    await at(clerk, "mode", EXCHANGE)
    before = clerk.open.case
    await clerk.types("2")
    chosen = clerk.open.case
    assert chosen != before
    clerk.case.at.to(next(field for field in clerk.case.at.fields if field.path == "old_card.bank"))
    await clerk.types("ctrl+u", "g", "s")
    await clerk.types("ctrl+z")
    assert clerk.open.case.mode == chosen.mode and "gs" not in clerk.shows("old_card.bank")


async def test_a_burst_with_undo_in_it(clerk: Clerk) -> None:
    """Typed as fast as keys come, the undo takes what was typed before it, and what follows is typed there."""
    await at(clerk, "details", without("holder.address"))
    assert clerk.focused == "holder.address"
    await clerk.bursts("some street", "ctrl+z", "no 5")
    assert value(clerk, "holder.address") == "no 5"


async def test_never_past_what_was_recorded(clerk: Clerk) -> None:
    await serve(clerk, exchange())
    assert isinstance(clerk.screen, ResultScreen)
    entry = clerk.screen.entry
    await clerk.types("ctrl+z")
    assert isinstance(clerk.screen, ResultScreen)
    assert clerk.desk().store.ledger.by_id(entry.id) == entry
    assert clerk.desk().held() == []


async def provided(clerk: Clerk) -> None:
    """At the mode step, with the card as the province told it."""
    await at(clerk, "mode", without("old_card.number", "old_card.bank"))
    before = clerk.open.case
    told = Answer({CARD: "B00000166", "old_card.bank": "abc"})
    await clerk.case.answered(before, told, clerk.open.step)
    await clerk.rest()


@pytest.mark.parametrize("word", ["enter", "f10"])
async def test_overwriting_asks_and_loses_no_key(clerk: Clerk, word: str) -> None:
    """The province's number is marked; a scanner types over it, and after one question the whole of it is there."""
    await provided(clerk)
    assert clerk.mark(CARD) == "=" and "= 省平台" in clerk.line("原社保卡号")
    to(clerk, "old_card.bank")
    await clerk.bursts("down", "A00000212", "enter")
    assert isinstance(clerk.screen, OverwriteScreen)
    assert value(clerk, CARD) == "B00000166", "before the answer nothing has changed"
    assert "原值：B00000166" in clerk.text and "键入：A" in clerk.text
    await clerk.types(word)
    assert value(clerk, CARD) == "A00000212" and "overwritten.old_card.number" in clerk.open.case.acknowledged
    assert clerk.open.step == "details", "the scanner's Enter has gone on"
    await clerk.types("pageup")
    assert "= 省平台" not in clerk.line("原社保卡号")
    to(clerk, CARD)
    await clerk.types("9")
    assert value(clerk, CARD) == "A000002129", "the field is the clerk's now"


async def test_keeping_and_undoing_what_the_province_filled(clerk: Clerk) -> None:
    await provided(clerk)
    to(clerk, CARD)
    await clerk.types("x")
    await clerk.types("escape")
    assert (value(clerk, CARD), clerk.shows(CARD), clerk.focused) == ("B00000166", "B00000166", CARD)
    to(clerk, CARD)
    await clerk.rest()
    clerk.case.at.take_whole()
    await clerk.types("B00000166")
    assert not isinstance(clerk.screen, OverwriteScreen), "the same number over it is nothing to ask about"
    await clerk.types("ctrl+z")
    assert value(clerk, CARD) == "" and value(clerk, "old_card.bank") == ""
    assert "= 省平台" not in clerk.text
    await clerk.types("ctrl+y")
    assert value(clerk, CARD) == "B00000166" and clerk.mark(CARD) == "="


def to(clerk: Clerk, path: str) -> None:
    clerk.case.at.to(next(field for field in clerk.case.at.fields if field.path == path))
