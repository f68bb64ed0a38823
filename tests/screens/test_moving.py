"""Moving between steps, holding, locking, revealing, help: nothing is lost and nobody is shown."""

from time import monotonic

import pytest
from msgspec import structs

from counter import i18n
from counter.desk.desk import Desk
from counter.province.questions.question import Answer
from counter.rules.case import IdentityAnswer, IdentityCheck
from counter.screens.case.pane import StepPane
from counter.screens.case.result import ResultScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.case.steps import PANES
from counter.screens.dialogs.help import HelpScreen
from counter.screens.dialogs.lock import LockScreen
from counter.screens.home import HomeScreen
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose
from tests.support.demonstration import PEOPLE as CUSTOMERS
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import (
    PASSPHRASE,
    Clerk,
    Sitting,
    at,
    drawn,
    exchange,
    go_on,
    serve,
    squashed,
    until,
    without,
)


@pytest.mark.parametrize("key", ["escape", "pageup", "alt+1"])
async def test_back_and_forth_without_loss(clerk: Clerk, key: str) -> None:
    screen = await at(clerk, "one_card")
    before = screen.open.case
    await clerk.types(key)
    assert screen.open.step == "identity"
    assert screen.open.case == before
    await clerk.types("pagedown")
    assert screen.open.step == "one_card"
    assert screen.open.case == before


async def test_not_further_than_the_clerk_has_been(clerk: Clerk) -> None:
    screen = await at(clerk, "photo")
    await clerk.types("alt+7", "pagedown")
    assert screen.open.step == "photo"


async def test_half_a_field_is_there_again_after_going_back(clerk: Clerk) -> None:
    screen = await at(clerk, "details", structs.replace(EXCHANGE, holder=structs.replace(EXCHANGE.holder, mobile="")))
    await clerk.types("138", "escape", "pagedown")
    assert screen.open.step == "details"
    assert screen.open.case.holder.mobile == "138"
    assert clerk.shows("holder.mobile")


@pytest.mark.parametrize("number", range(1, 8))
async def test_a_digit_goes_back_to_its_section_and_f10_returns(clerk: Clerk, number: int) -> None:
    """APP-3."""
    screen = await at(clerk, "confirm")
    await clerk.types(str(number))
    assert screen.open.step == screen.open.service.steps[number - 1]
    await clerk.types("f10")
    assert screen.open.step == "confirm"


async def test_what_is_changed_there_stands_in_the_confirmation(clerk: Clerk) -> None:
    await at(clerk, "confirm")
    await clerk.types("5")
    await clerk.types("shift+tab", "enter") if clerk.focused == "" else None
    clerk.case.query_one("#field-holder-mobile FormInput", FormInput).focus()
    clerk.case.query_one("#field-holder-mobile FormInput", FormInput).value = ""
    await clerk.types("13911112222", "f10")
    assert clerk.open.step == "confirm"
    assert "139****2222" in clerk.text


async def test_a_change_that_is_wrong_does_not_come_back(clerk: Clerk) -> None:
    screen = await at(clerk, "confirm")
    await clerk.types("5")
    clerk.case.query_one("#field-holder-mobile FormInput", FormInput).focus()
    await clerk.types("9", "f10")
    assert screen.open.step == "details"


async def test_hold_serve_another_and_resume(clerk: Clerk) -> None:
    await serve(clerk, exchange("same_number"), until="mode")
    await clerk.types("1", "nyyh", "f4")
    assert isinstance(clerk.screen, HomeScreen)
    await serve(clerk, exchange("new_number", mode="2"), until="one_card")
    await clerk.types("f4")
    (draft,) = [draft for draft in clerk.desk().held() if draft.case.holder.name == "钟试一"]
    assert draft.step == "mode"
    assert draft.case.mode == "same_number"


async def test_the_lock_shows_nothing_and_the_case_is_there_again(clerk: Clerk) -> None:
    await serve(clerk, exchange(), until="one_card")
    before = clerk.open.case
    await clerk.types("ctrl+l")
    assert isinstance(clerk.screen, LockScreen)
    picture = clerk.app.export_screenshot()
    assert "钟" not in picture
    assert "441621" not in picture.replace("441621-abc", "")
    await clerk.types("f10", "f3", "escape", "ctrl+l")
    assert isinstance(clerk.screen, LockScreen)
    await clerk.types("wrong", "enter")
    assert "口令不对" in clerk.text
    await clerk.types(PASSPHRASE, "enter")
    assert isinstance(clerk.screen, CaseScreen)
    assert clerk.open.case == before


async def test_what_ends_behind_the_lock_stays_behind_it(clerk: Clerk) -> None:
    """F10 and Ctrl+L in one breath: the entry's slip is there once somebody is, and nothing takes the lock away."""
    case = await at(clerk, "confirm")
    await clerk.types("ctrl+l")
    case.recording.start()
    await clerk.rest()
    assert clerk.desk().store.ledger.count() == 1
    assert isinstance(clerk.screen, LockScreen)
    clerk.app.pop_screen()
    await clerk.rest()
    assert isinstance(clerk.screen, LockScreen), "only the passphrase opens it"
    await clerk.types("enter", PASSPHRASE, "enter")
    assert isinstance(clerk.screen, ResultScreen)


async def test_nobody_there_locks(clerk: Clerk) -> None:
    await at(clerk, "identity")
    clerk.app._lock_when_idle()
    await clerk.rest()
    assert isinstance(clerk.screen, CaseScreen)
    clerk.app.last_key = monotonic() - clerk.app.settings.idle_lock_minutes * 60 - 1
    clerk.app._lock_when_idle()
    await clerk.rest()
    assert isinstance(clerk.screen, LockScreen)


async def test_the_palette_opens_nothing_over_the_lock(clerk: Clerk) -> None:
    await at(clerk, "identity")
    await clerk.types("ctrl+l", "ctrl+p")
    assert isinstance(clerk.screen, LockScreen)


async def test_masked_but_where_the_clerk_types_and_the_reveal_is_audited(clerk: Clerk, desk: Desk) -> None:
    screen = await at(clerk, "identity")
    number = screen.open.case.holder.document.number
    clerk.case.query_one("#field-holder-name FormInput").focus()
    await clerk.rest()
    assert number not in clerk.text
    assert clerk.shows("holder.document.number") == f"{number[:6]}*********{number[-3:]}"
    notes = len([note for note in desk.store.audit.list() if note.action == "reveal"])
    await clerk.types("f6")
    assert number in clerk.text
    reveals = [note for note in desk.store.audit.list() if note.action == "reveal"]
    assert len(reveals) == notes + 1
    assert (reveals[0].operator, reveals[0].subject) == (desk.store.operator.id, screen.open.id)
    await clerk.types("f6")
    assert number not in clerk.text


async def test_every_step_masks_what_is_not_being_typed(clerk: Clerk) -> None:
    for step in EXCHANGE_STEPS:
        screen = await at(clerk, step)
        screen.set_focus(None)
        await clerk.rest()
        for secret in (EXCHANGE.holder.document.number, EXCHANGE.holder.mobile, EXCHANGE.holder.name):
            assert secret not in clerk.text, step
        clerk.app.pop_screen()
        await clerk.rest()


EXCHANGE_STEPS = ("identity", "one_card", "photo", "mode", "details", "bank", "pickup", "confirm")


@pytest.mark.parametrize("key", ["ctrl+c", "super+c", "ctrl+x"])
async def test_the_clipboard_never_carries_a_person(clerk: Clerk, key: str) -> None:
    screen = await at(clerk, "identity")
    for path in ("holder-document-number", "holder-name"):
        box = screen.query_one(f"#field-{path} FormInput", FormInput)
        box.focus()
        box.select_all()
        await clerk.types(key)
        assert clerk.app.clipboard == ""


async def test_the_terminal_title_says_nobody(clerk: Clerk) -> None:
    screen = await at(clerk, "identity")
    assert EXCHANGE.holder.name not in f"{clerk.app.title} {clerk.app.sub_title} {screen.title} {screen.sub_title}"


async def test_f1_shows_the_rule_in_full_with_its_source(clerk: Clerk) -> None:
    await clerk.types("2", "enter", "44162119800115123", "f1")
    assert isinstance(clerk.screen, HelpScreen)
    finding = clerk.screen.finding
    assert finding is not None
    said = squashed("".join(line for prose in clerk.screen.query(Prose) for line in drawn(prose)))
    for part in ("title", "text", "source"):
        assert squashed(i18n.t(f"rule.{finding.rule}.{part}")) in said
    assert squashed(i18n.t(f"explain.{finding.field}.what")) in said
    assert "F10" in said
    await clerk.types("escape")
    assert isinstance(clerk.screen, CaseScreen)


async def test_f12_only_in_a_demonstration(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk) as clerk:
        await clerk.types("f12")
        assert isinstance(clerk.screen, HomeScreen)


async def test_f12_shows_the_customers_over_a_case(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, customers="made-up [bold]people[/] {x}") as clerk:
        await at(clerk, "identity")
        await clerk.types("f12")
        assert "made-up [bold]people[/] {x}" in clerk.text
        await clerk.types("escape")
        assert isinstance(clerk.screen, CaseScreen)


async def test_an_answer_about_somebody_else_is_dropped(clerk: Clerk) -> None:
    screen = await at(clerk, "identity")
    about = screen.open.case
    screen.query_one("#field-holder-name FormInput", FormInput).focus()
    await clerk.types("二")
    matched = IdentityCheck(answer=IdentityAnswer.MATCH)
    screen.post_message(StepPane.Answered(about, Answer({"identity_check": matched})))
    await clerk.rest()
    assert screen.open.case.identity_check.answer is None
    screen.post_message(StepPane.Answered(screen.open.case, Answer({"identity_check": matched})))
    await clerk.rest()
    assert screen.open.case.identity_check.answer is IdentityAnswer.MATCH


async def test_an_impatient_f10_writes_one_entry(clerk: Clerk, desk: Desk) -> None:
    screen = await at(clerk, "confirm")
    await clerk.reads_to_the_end()
    await clerk.bursts("f10", "f10", "f10")
    await until(lambda: isinstance(clerk.screen, ResultScreen | HomeScreen | CaseScreen))
    await clerk.rest()
    assert desk.store.ledger.count() == 1
    assert [draft for draft in desk.held() if draft.id == screen.open.id] == []


async def test_the_customers_who_were_served_are_in_the_ledger(clerk: Clerk, desk: Desk) -> None:
    await serve(clerk, exchange("same_number", mode="1"))
    assert isinstance(clerk.screen, ResultScreen)
    assert desk.store.ledger.quote_number(clerk.screen.entry) in clerk.text
    (entry,) = desk.store.ledger.search("")
    assert entry.record is not None
    assert entry.record.case.holder.document.number == CUSTOMERS["same_number"].number
    assert set(entry.record.deferred) >= {"identity", "one_card"}
    await clerk.types("enter")
    assert isinstance(clerk.screen, HomeScreen)
    await serve(clerk, exchange("new_number", mode="2", pickup="2"), until="pickup")
    await go_on(clerk, {"pickup": ("2", "000231", "enter")})
    assert clerk.open.step == "confirm"


async def test_an_answer_that_comes_while_a_step_is_laid_out_waits_for_it(clerk: Clerk) -> None:
    """On a busy machine what was asked on leaving one step comes before the fields of the next are there."""
    screen = await at(clerk, "one_card")
    shown, screen.pane = screen.pane, PANES[screen.open.step](screen.desk, screen.open.service, screen.open.case)
    match = IdentityCheck(answer=IdentityAnswer.MATCH)
    await screen.answered(screen.open.case, Answer({"identity_check": match}), screen.open.step)
    screen.pane = shown
    assert screen.open.case.identity_check.answer is IdentityAnswer.MATCH


async def test_an_answer_that_comes_while_a_step_is_taken_away_waits_for_the_next(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked at the last field comes while F10 has the step's fields taken away already."""
    screen = await at(clerk, "identity", without("one_card"))
    holder = screen.query_one("#pane")
    take_away = holder.remove_children
    match = IdentityCheck(answer=IdentityAnswer.MATCH)

    async def answered_meanwhile() -> None:
        await take_away()
        await screen.answered(screen.open.case, Answer({"identity_check": match}), screen.open.step)

    monkeypatch.setattr(holder, "remove_children", answered_meanwhile)
    await clerk.types("f10")
    assert screen.open.step == "one_card" and clerk.text
    assert screen.open.case.identity_check.answer is IdentityAnswer.MATCH
