"""Every field given nonsense: a finding or a normal value, never an exception, never a broken screen."""

import unicodedata

import pytest
from msgspec import structs

from counter.i18n import sentence
from counter.rules.case import Case, Mode, OldCard, Photo, PhotoSource, Pickup, PickupMethod
from counter.rules.filling import value_at
from counter.rules.service import StepId
from counter.screens.dialogs.lock import LockScreen
from counter.screens.dialogs.text import TextScreen
from counter.screens.home import HomeScreen
from counter.screens.sign_in import SignInScreen
from counter.store import attempts
from counter.widgets.fields.text import FormInput
from tests.support.made_up import APPLY, EXCHANGE
from tests.support.screen_world import (
    PASSPHRASE,
    Clerk,
    Sitting,
    assert_whole,
    at,
)

NONSENSE = {
    "long": "9" * 10_000,
    "long wide": "𠮷" * 10_000,
    "control": "a\x00\x07\x1b[31m\x08\x7f\r\nb\tc\x9b2J",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈❤️",
    "rare": "𠮷㛃\U0002ebf0\ue000",
    "full width": "４４１６２１＋８６",
    "sql": "'; DROP TABLE entry; --",
    "bidi": "\u202eabc\u2066\u200f\u200bאבג",
    "markup": "[bold]markup[/] [/] [",
    "braces": "{x} {} {0} %s $y",
    "marks": "Z̷̢̛͎͉̪a̴̧͚l̵g̸o\u0301" * 5,
    "spaces": " \u3000\u00a0\u2003 ",
    "surrogate": "\ud800x",
}
ACCEPTED = {"long", "rare", "bidi"}
"""Entered, too; the others are only pasted, which is what normalises them."""
MAIL = structs.replace(APPLY, pickup=Pickup(method=PickupMethod.MAIL))
RECEIPT = structs.replace(EXCHANGE, photo=Photo(source=PhotoSource.RECEIPT))
FILE = structs.replace(APPLY, photo=Photo(source=PhotoSource.FILE))
AT_ONCE = structs.replace(EXCHANGE, mode=Mode.NEW_NUMBER, pickup=Pickup(method=PickupMethod.INSTANT))
OLD = structs.replace(EXCHANGE, old_card=OldCard())
FIELDS: list[tuple[str, str, Case]] = [
    ("identity", "holder.document.number", EXCHANGE),
    ("identity", "holder.name", EXCHANGE),
    ("identity", "holder.document.valid_from", EXCHANGE),
    ("identity", "holder.document.valid_to", EXCHANGE),
    ("photo", "photo.receipt", RECEIPT),
    ("photo", "photo_file", FILE),
    ("mode", "old_card.bank", OLD),
    ("mode", "old_card.number", OLD),
    ("mode", "old_card.expires", OLD),
    ("details", "holder.ethnicity", EXCHANGE),
    ("details", "holder.mobile", EXCHANGE),
    ("details", "sms_code", EXCHANGE),
    ("details", "holder.occupation", EXCHANGE),
    ("details", "holder.region", EXCHANGE),
    ("details", "holder.address", EXCHANGE),
    ("bank", "bank", EXCHANGE),
    ("bank", "branch", EXCHANGE),
    ("pickup", "pickup.recipient", MAIL),
    ("pickup", "pickup.mobile", MAIL),
    ("pickup", "pickup.region", MAIL),
    ("pickup", "pickup.address", MAIL),
    ("pickup", "pickup.blank_card", AT_ONCE),
]


@pytest.mark.parametrize(("step", "path", "case"), FIELDS, ids=[path for _, path, _ in FIELDS])
async def test_a_field_of_a_step(clerk: Clerk, step: str, path: str, case: Case) -> None:
    screen = await at(clerk, step, case)
    for what, nonsense in NONSENSE.items():
        if screen.open.step != step:
            await clerk.types(f"alt+{screen.open.steps.index(StepId(step)) + 1}")
        box = screen.query_one(f"#field-{path.replace('.', '-')} FormInput", FormInput)
        box.focus()
        box.value = ""
        await clerk.pastes(nonsense)
        assert_whole(clerk.app)
        value = value_at(screen.open.case, path) if path not in {"sms_code", "photo_file"} else ""
        if isinstance(value, str):
            assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in value), what
            assert len(value) <= 500
        if what in ACCEPTED:
            await clerk.types("enter")
            assert_whole(clerk.app)
    await clerk.types("f8", "f6")
    assert_whole(clerk.app)
    for finding in screen.open.judgement.findings:
        assert sentence(finding)


@pytest.mark.parametrize("keys", [("",), ("f3",)], ids=["home", "ledger"])
async def test_a_search(clerk: Clerk, keys: tuple[str, ...]) -> None:
    for nonsense in NONSENSE.values():
        await clerk.types(*keys)
        clerk.one(FormInput).focus()
        await clerk.pastes(nonsense)
        assert_whole(clerk.app)
        await clerk.types("enter")
        assert_whole(clerk.app)
        for _ in range(3):  # what was found, the list, home
            if not isinstance(clerk.screen, HomeScreen):
                await clerk.types("escape")
        assert isinstance(clerk.screen, HomeScreen)
        clerk.one(FormInput).value = ""


async def test_a_passphrase_at_sign_in(sitting: Sitting) -> None:
    async with sitting() as clerk:
        for nonsense in NONSENSE.values():
            await clerk.pastes(nonsense)
            await clerk.types("enter")
            assert isinstance(clerk.screen, SignInScreen)
            assert_whole(clerk.app)


async def test_a_passphrase_at_the_lock(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FREE", len(NONSENSE))  # nobody waits here for having been wrong so often
    await clerk.types("ctrl+l")
    for nonsense in NONSENSE.values():
        await clerk.pastes(nonsense)
        await clerk.types("enter")
        assert isinstance(clerk.screen, LockScreen)
        assert_whole(clerk.app)
    await clerk.types(PASSPHRASE, "enter")
    assert isinstance(clerk.screen, HomeScreen)


async def test_typed_letter_by_letter_it_is_the_same(clerk: Clerk) -> None:
    screen = await at(clerk, "identity", EXCHANGE)
    box = screen.query_one("#field-holder-name FormInput", FormInput)
    for what in ("emoji", "rare", "sql", "bidi", "markup", "braces", "marks"):
        box.focus()
        box.value = ""
        await clerk.types(NONSENSE[what])
        assert_whole(clerk.app)


@pytest.mark.parametrize("path", ["/", "/etc/passwd", "/nowhere/x.jpg", "~nobody/x", "\x00", "x" * 5000, "~"])
async def test_a_photo_file_that_is_none(clerk: Clerk, path: str) -> None:
    screen = await at(clerk, "photo", FILE)
    screen.query_one("#field-photo_file FormInput", FormInput).focus()
    await clerk.pastes(path)
    await clerk.types("enter")
    assert screen.open.step == "photo"
    assert "PHO-" in clerk.text
    assert_whole(clerk.app)


async def test_nothing_that_is_shown_commands_the_terminal(clerk: Clerk) -> None:
    """A name out of a file, or an answer, with an escape sequence in it: in prose, in a line, in a notification."""
    evil = "王\x1b]0;owned\x07\x9b31m\u202e小明"
    clerk.app.push_screen(TextScreen(evil))
    clerk.app.notify(evil, markup=False)
    await clerk.rest()
    strips = clerk.app.screen._compositor.render_strips()
    shown = "".join(segment.text for strip in strips for segment in strip if not segment.control)
    assert "王]0;owned31m小明" in shown
    assert not set(evil) - set("王]0;owned31m小明") & set(shown)
