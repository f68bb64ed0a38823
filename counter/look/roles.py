"""The colours that a theme names, the pairs of them that stand on a screen, and the roles that a text may have."""

from collections.abc import Mapping
from typing import Final

from rich.color import Color
from rich.style import Style
from textual.color import Color as ThemeColor

COLOURS: Final = (
    *("ground", "lift", "rule", "text", "quiet", "accent", "ask", "stop"),
    *("band", "band-text", "focus", "focus-text", "focus-quiet", "alarm", "alarm-text"),
)
"""`ground` lies under everything, `lift` under what stands out of it a little: a field to fill, a list that opened.
`rule` is what a scroll bar is drawn with."""

PAIRS: Final = (
    *((text, "ground") for text in ("text", "quiet", "accent", "ask", "stop")),
    *((text, "lift") for text in ("text", "quiet", "accent", "ask", "stop")),
    *((f"{ground}-text", ground) for ground in ("band", "focus", "alarm")),
    ("focus-quiet", "focus"),
)
"""Every text with the ground that it may stand on. A cursor is the pair turned round, which is as far apart."""

ROLES: Final[Mapping[str, tuple[str, str]]] = {
    "quiet": ("quiet", ""),
    "accent": ("accent", ""),
    "ask": ("ask", ""),
    "stop": ("stop", ""),
    "band": ("band-text", "band"),
    "here": ("focus-text", "focus"),
    "alarm": ("alarm-text", "alarm"),
}
"""What a text may be, as ``Text(..., "quiet")``: its colour, and its ground where it has one of its own."""

BOLD: Final = frozenset({"stop", "ask", "band", "here", "alarm"})


def styles(variables: Mapping[str, str]) -> dict[str, Style]:
    """Each role in a theme. Where the theme has no colours, what has a ground of its own is reversed instead."""
    return {
        role: Style(
            color=_rich(variables[text]),
            bgcolor=_rich(variables[ground]) if ground else None,
            bold=role in BOLD or None,
            reverse=(bool(ground) and variables[ground] == "ansi_default") or None,
        )
        for role, (text, ground) in ROLES.items()
    }


def _rich(colour: str) -> Color:
    return ThemeColor.parse(colour).rich_color
