"""What the screens are painted with, in every theme: read from the painted cells, after all blending.

Of every picture (test_pictures.py) `assert_picture` asks the same in the usual theme.
"""

import pytest
from rich.cells import set_cell_size
from rich.color import ColorType

from counter.desk.desk import Desk
from counter.look.themes import COLOURED, THEMES
from counter.settings import Settings
from tests.screens.test_pictures import SMALL, filled
from tests.support.painted import assert_readable, colours, painted
from tests.support.screen_world import Clerk, Sitting

STAGES = ("home", "identity-wrong", "mode-search", "ledger", "roster", "ask")


def assert_painted_in(theme: str, clerk: Clerk) -> None:
    """In a coloured theme every text can be read; in the others no colour stands on a ground that nobody knows."""
    if theme in COLOURED:
        assert_readable(clerk)
        return
    for segment in painted(clerk):
        over, under = colours(segment)
        assert {over.type, under.type} <= {ColorType.DEFAULT, ColorType.STANDARD}, segment
        assert over.is_default == under.is_default, segment
        assert theme != "ascii" or over.is_default, segment


@pytest.mark.parametrize("stage", STAGES)
async def test_every_text_can_be_read_in_every_theme(sitting: Sitting, desk: Desk, stage: str) -> None:
    filled(desk)
    async with sitting(desk) as clerk:
        await SMALL[stage](clerk)
        for theme in THEMES:
            clerk.app.theme = theme
            await clerk.rest()
            assert_painted_in(theme, clerk)


async def test_the_palette_and_what_is_notified_can_be_read(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk) as clerk:
        for theme in THEMES:
            clerk.app.theme = theme
            clerk.app.notify("gelb", severity="warning", timeout=60)
            clerk.app.notify("rot", severity="error", timeout=60)
            await clerk.types("ctrl+p")
            assert_painted_in(theme, clerk)
            await clerk.types("escape")
            assert_painted_in(theme, clerk)
            clerk.app.clear_notifications()


@pytest.mark.parametrize("theme", ["dark", "ascii"])
async def test_where_i_am_and_what_i_type_stand_out(sitting: Sitting, desk: Desk, theme: str) -> None:
    """The step and the field differ from all that is quiet, also where there is no colour."""
    async with sitting(desk) as clerk:
        clerk.app.theme = theme
        await SMALL["identity-wrong"](clerk)
        looks = {
            text: next(segment.style for segment in painted(clerk) if text in segment.text)
            for text in (">身份", "一人一卡", "44162119800115123", "姓名", "停")
        }
        assert len({(style.color, style.bgcolor, style.reverse) for style in looks.values() if style}) >= 2
        for strong in (">身份", "44162119800115123", "停"):
            style, quiet = looks[strong], looks["姓名"]
            assert style is not None
            assert quiet is not None
            assert style.bgcolor != quiet.bgcolor or style.reverse, strong


async def test_the_settings_choose_the_theme(sitting: Sitting, settings: Settings) -> None:
    """A file that cannot be used is said, and the counter opens."""
    (settings.home / "themes").mkdir()
    (settings.home / "themes" / "mine.toml").write_text('[colours]\nband = "green"\n', "utf-8")
    async with sitting(theme="mine") as clerk:
        assert clerk.app.theme == "dark"
        assert "mine.toml:2" in " ".join(note.message for note in clerk.app._notifications)
    async with sitting(theme="light") as clerk:
        assert clerk.app.theme == "light"


def before_the_cursor(clerk: Clerk) -> str:
    """The line that the terminal's cursor is in, up to it."""
    x, y = clerk.app.cursor_position
    return set_cell_size(clerk.lines()[y], x)


async def test_what_is_found_is_one_line_for_a_braille_line(sitting: Sitting, desk: Desk) -> None:
    """Always the one above the keys, with how many there are; the cursor is at the field, no frame anywhere."""
    async with sitting(desk, screen_reader=True) as clerk:
        await SMALL["identity-new"](clerk)
        assert not clerk.lines()[-2].strip()
        await clerk.types("44162119800115123", "f10")
        assert clerk.lines()[-2].startswith(" ! 停 1/6 号码还差 1 位。  WHO-2")
        assert not clerk.lines()[-3].strip()
        assert "44162119800115123" in clerk.lines()[clerk.app.cursor_position.y]
        await clerk.types("shift+tab", "shift+tab")
        assert before_the_cursor(clerk).rstrip().endswith("办理人")
        await clerk.types("right")
        assert before_the_cursor(clerk).rstrip().endswith("(1) 本人")
        await clerk.types("f1")
        assert "+--" not in clerk.text
