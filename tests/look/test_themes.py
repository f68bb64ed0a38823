"""Every theme can be read: each pair of colours that stands on a screen is far enough apart."""

from collections.abc import Mapping

import pytest
from rich.color import ColorSystem
from textual.color import Color

from counter.look.contrast import ENOUGH, ratio, too_close
from counter.look.roles import COLOURS, PAIRS, ROLES
from counter.look.themes import ASCII, COLOURED, SIXTEEN, THEMES

PALETTES = {
    "xterm": {"black": "#000000", "red": "#cd0000", "blue": "#0000ee"},
    "VGA": {"black": "#000000", "red": "#aa0000", "blue": "#0000aa"},
    "Windows": {"black": "#0c0c0c", "red": "#c50f1f", "blue": "#0037da"},
}
BRIGHT_WHITE = {"xterm": "#ffffff", "VGA": "#ffffff", "Windows": "#f2f2f2"}


@pytest.mark.parametrize(("one", "other", "apart"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_counted_as_wcag_counts_it(one: str, other: str, apart: float) -> None:
    assert ratio(Color.parse(one), Color.parse(other)) == pytest.approx(apart, abs=0.005)


@pytest.mark.parametrize("name", COLOURED)
def test_every_pair_can_be_read(name: str) -> None:
    assert list(too_close(COLOURED[name])) == []


@pytest.mark.parametrize("name", COLOURED)
def test_every_pair_can_be_read_in_256_colours(name: str) -> None:
    """What a terminal without true colours makes of them."""
    rounded = {
        role: Color.parse(colour).rich_color.downgrade(ColorSystem.EIGHT_BIT) for role, colour in COLOURED[name].items()
    }
    assert list(too_close({role: colour.get_truecolor().hex for role, colour in rounded.items()})) == []


def test_high_contrast_is_higher() -> None:
    assert all(
        ratio(Color.parse(COLOURED["contrast"][text]), Color.parse(COLOURED["contrast"][ground])) >= 7
        for text, ground in PAIRS
    )


def test_the_focus_is_the_brightest_ground() -> None:
    for colours in COLOURED.values():
        apart = {ground: ratio(Color.parse(colours[ground]), Color.parse("#ffffff")) for ground in ("lift", "band")}
        assert ratio(Color.parse(colours["focus"]), Color.parse("#ffffff")) < 1.4 <= apart["band"]


@pytest.mark.parametrize("palette", PALETTES)
def test_sixteen_colours_are_the_terminals_and_can_be_read_on_each_other(palette: str) -> None:
    known = {**PALETTES[palette], "bright_white": BRIGHT_WHITE[palette]}
    for text, ground in PAIRS:
        over, under = SIXTEEN[text].removeprefix("ansi_"), SIXTEEN[ground].removeprefix("ansi_")
        assert (over == "default") == (under == "default"), "a colour on a ground that nobody knows"
        if over != "default":
            assert ratio(Color.parse(known[over]), Color.parse(known[under])) >= ENOUGH


@pytest.mark.parametrize("colours", [*COLOURED.values(), SIXTEEN, ASCII])
def test_a_theme_names_every_colour(colours: Mapping[str, str]) -> None:
    assert set(colours) == set(COLOURS)


def test_every_role_is_one_of_the_pairs() -> None:
    assert {(text, ground or "ground") for text, ground in ROLES.values()} <= set(PAIRS)
    assert all(theme.name == name for name, theme in THEMES.items())
