"""How far apart two colours are, as WCAG 2 counts it."""

from collections.abc import Iterator, Mapping
from typing import Final

from textual.color import Color

from counter.look.roles import PAIRS

ENOUGH: Final = 4.5
"""The least ratio at which a text of ordinary size is legible (WCAG 2.2, 1.4.3)."""


def ratio(one: Color, other: Color) -> float:
    """From 1 (the same) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def too_close(colours: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """The pairs of a theme that nobody can read: text, ground, and their ratio."""
    for text, ground in PAIRS:
        apart = ratio(Color.parse(colours[text]), Color.parse(colours[ground]))
        if apart < ENOUGH:
            yield text, ground, apart


def luminance(colour: Color) -> float:
    """How bright it looks: 0 (black) to 1 (white)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
