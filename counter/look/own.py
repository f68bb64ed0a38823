"""A theme of one's own: ``<home>/themes/<name>.toml``, with the colours that differ from a theme of ours.

base = "light"

[colours]
band = "#0b5d4a"
band-text = "#ffffff"
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from textual.theme import Theme

from counter.files import line_of
from counter.i18n import t, traits
from counter.look.contrast import too_close
from counter.look.roles import COLOURS
from counter.look.themes import COLOURED, THEMES, USUAL, theme_of

FOLDER: Final = "themes"
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


class ThemeError(Exception):
    """A theme that cannot be used; the text says which and why, in the clerk's language."""


class Chosen(NamedTuple):
    """The theme to paint in, and what is to be said of it: sentences in the clerk's language."""

    theme: Theme
    said: tuple[str, ...] = ()


def chosen(name: str, home: Path) -> Chosen:
    """The theme of that name; the usual one where it cannot be had, for a counter opens whatever its colours are."""
    try:
        return read_theme(name, home)
    except ThemeError as error:
        return Chosen(THEMES[USUAL], (t("theme.instead", reason=error, name=USUAL),))


def read_theme(name: str, home: Path) -> Chosen:
    """One of ours, or the one in the settings folder with what is hard to read in it. Raises `ThemeError`."""
    if name in THEMES:
        return Chosen(THEMES[name])
    colours = _colours(name, home / FOLDER / f"{name}.toml")
    weak = tuple(
        t("theme.weak", theme=name, text=text, ground=ground, ratio=f"{apart:.1f}")
        for text, ground, apart in too_close(colours)
    )
    return Chosen(theme_of(name, colours), weak)


def _colours(name: str, path: Path) -> dict[str, str]:
    try:
        text = path.read_text("utf-8")
        said = tomllib.loads(text)
    except FileNotFoundError:
        raise ThemeError(t("theme.missing", name=name, known=_listed(THEMES), file=path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        at = re.search(r"line (\d+)", str(error))
        raise ThemeError(t("theme.syntax", file=path, line=at[1] if at else "?")) from None
    except OSError as error:
        raise ThemeError(t("theme.unreadable", file=path, reason=error.strerror)) from None
    base, own = said.pop("base", USUAL), said.pop("colours", {})
    if not isinstance(base, str) or base not in COLOURED:
        raise ThemeError(t("theme.base", source=line_of(path, text, "base"), known=_listed(COLOURED)))
    if not isinstance(own, dict):
        raise ThemeError(t("theme.value", source=line_of(path, text, "colours"), name="colours"))
    for key in [*said, *(key for key in own if key not in COLOURS)]:
        raise ThemeError(t("theme.unknown", source=line_of(path, text, key), name=key, known=_listed(COLOURS)))
    for key, colour in own.items():
        if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            raise ThemeError(t("theme.value", source=line_of(path, text, key), name=key))
    return {**COLOURED[base], **own}


def _listed(names: Iterable[str]) -> str:
    return traits().separator.join(names)
