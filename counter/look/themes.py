"""The themes: what each colour is, in the dark, in the light, for weak eyes, and with the terminal's own colours."""

from collections.abc import Mapping
from typing import Final

from textual.color import Color
from textual.theme import Theme

from counter.look.contrast import luminance
from counter.look.roles import COLOURS

DARK: Final = {
    "ground": "#0f1419",
    "lift": "#242a30",
    "rule": "#3d4b58",
    "text": "#d8dee4",
    "quiet": "#8d9aa6",
    "accent": "#7cb7ef",
    "ask": "#e5b95c",
    "stop": "#ff7a70",
    "band": "#1f5c99",
    "band-text": "#ffffff",
    "focus": "#f3f0e4",
    "focus-text": "#0f1419",
    "focus-quiet": "#5c6066",
    "alarm": "#c22f2f",
    "alarm-text": "#ffffff",
}
LIGHT: Final = {
    "ground": "#f7f6f2",
    "lift": "#e8e6df",
    "rule": "#b9b7ae",
    "text": "#23282d",
    "quiet": "#4f5962",
    "accent": "#1a5490",
    "ask": "#6b4500",
    "stop": "#b3261e",
    "band": "#1f5c99",
    "band-text": "#ffffff",
    "focus": "#ffe27a",
    "focus-text": "#000000",
    "focus-quiet": "#5a4d14",
    "alarm": "#b3261e",
    "alarm-text": "#ffffff",
}
CONTRAST: Final = {
    "ground": "#000000",
    "lift": "#262626",
    "rule": "#8a8a8a",
    "text": "#ffffff",
    "quiet": "#d0d0d0",
    "accent": "#8fd3ff",
    "ask": "#ffd75f",
    "stop": "#ffaf9f",
    "band": "#0000af",
    "band-text": "#ffffff",
    "focus": "#ffff00",
    "focus-text": "#000000",
    "focus-quiet": "#3a3a00",
    "alarm": "#9b0000",
    "alarm-text": "#ffffff",
}
SIXTEEN: Final = dict.fromkeys(COLOURS, "ansi_default") | {
    "band": "ansi_blue",
    "band-text": "ansi_bright_white",
    "alarm": "ansi_red",
    "alarm-text": "ansi_bright_white",
}
"""Colour only where both are the palette's: nobody knows what the terminal's own ground is, dark or light. The focus is
that ground turned round."""
ASCII: Final = dict.fromkeys(COLOURS, "ansi_default")
"""No colour: bold, underlined and reversed say what the others say with one. What ``NO_COLOR`` asks for."""

COLOURED: Final[Mapping[str, Mapping[str, str]]] = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
"""What an own theme may begin from."""
USUAL: Final = "dark"


def theme_of(name: str, colours: Mapping[str, str]) -> Theme:
    """Colours as Textual takes them: its own widgets get theirs from ours, so that nothing on a screen is blended."""
    native = colours["ground"] == "ansi_default"
    return Theme(
        name=name,
        primary=colours["accent"],
        secondary=colours["accent"],
        success=colours["accent"],
        accent=colours["accent"],
        warning=colours["ask"],
        error=colours["stop"],
        foreground=colours["text"],
        background=colours["ground"],
        surface=colours["ground"],
        panel=colours["lift"],
        boost=colours["lift"],
        dark=native or luminance(Color.parse(colours["ground"])) < 0.5,
        ansi=native,
        variables={**colours, **_manners(colours), **_textual(colours)},
    )


def _manners(colours: Mapping[str, str]) -> dict[str, str]:
    """How a ground of its own shows where it has no colour."""
    bare = {ground: colours[ground] == "ansi_default" for ground in ("lift", "band", "focus", "alarm")}
    return {
        "lift-style": "underline" if bare["lift"] else "none",
        "band-style": "reverse" if bare["band"] else "none",
        "aside-style": "bold underline" if bare["lift"] else "bold",
        "focus-style": "bold reverse" if bare["focus"] else "bold",
        "alarm-style": "bold reverse" if bare["alarm"] else "bold",
        "cursor-style": "not reverse" if bare["focus"] else "none",
    }


def _textual(colours: Mapping[str, str]) -> dict[str, str]:
    """Names that the stylesheets of Textual's widgets know."""
    manners = _manners(colours)
    return {
        "ansi-background": colours["ground"],
        "ansi-foreground": colours["text"],
        "text-muted": colours["quiet"],
        "text-disabled": colours["quiet"],
        "foreground-muted": colours["quiet"],
        "border": colours["accent"],
        "border-blurred": colours["quiet"],
        "block-cursor-foreground": colours["focus-text"],
        "block-cursor-background": colours["focus"],
        "block-cursor-text-style": manners["focus-style"],
        "block-cursor-blurred-foreground": colours["text"],
        "block-cursor-blurred-background": colours["lift"],
        "block-cursor-blurred-text-style": manners["aside-style"],
        "block-hover-background": colours["lift"],
        "input-selection-background": colours["band"],
        "input-selection-foreground": colours["band-text"],
        "screen-selection-background": colours["band"],
        "screen-selection-foreground": colours["band-text"],
        **dict.fromkeys(("scrollbar", "scrollbar-hover", "scrollbar-active"), colours["rule"]),
        **dict.fromkeys(
            ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active"), colours["ground"]
        ),
        "scrollbar-corner-color": colours["ground"],
    }


THEMES: Final[Mapping[str, Theme]] = {
    name: theme_of(name, colours) for name, colours in {**COLOURED, "sixteen": SIXTEEN, "ascii": ASCII}.items()
}
