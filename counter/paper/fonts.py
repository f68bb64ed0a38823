"""The fonts of this machine that paper is set in: which of them draws a character, and which characters none has.

No font is shipped. A font is a file of the machine, known by `data/fonts.toml` or named by the setting `font`; the
first that has a character draws it, so that a rare name of Extension B or later is drawn by a font that stands in.
"""

import os
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from counter.files import expanded
from counter.reference.load import DATA

KNOWN: Final = DATA / "fonts.toml"
MARKS: Final = "〓?"
"""What is printed for a character that no font has, the first that one has; the paper says below which one it was."""

ORDINARY: Final = "社保卡 ID 2026?"
"""What every font of a slip must have."""
RARE: Final = "\U00020bb7\U0002cc56\u36c3"
"""𠮷𬱖㛃: of Extension B, of a later one, and of Extension A; all three stand in people's names."""


class NoFontError(Exception):
    """No font of this machine has Chinese characters: nothing can be set."""


class RareCharacterError(Exception):
    """No font has these characters, and the paper must be whole; `said` has them for the sentence."""

    def __init__(self, lacking: str) -> None:
        super().__init__("no font has some of the characters")
        self.said = {"characters": codes(lacking)}


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, and which one of its faces (0 but in a collection)."""

    path: Path
    number: int = 0


Run = tuple[Face, str]
"""Characters that one face draws."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """The faces of a machine, the best first."""

    faces: tuple[Face, ...]

    def of(self, char: str) -> Face | None:
        """The face that draws a character; None where none has it."""
        return next((face for face in self.faces if ord(char) in covered(face)), None)

    @property
    def mark(self) -> str:
        """What stands for a character that none has."""
        return next(char for char in MARKS if self.of(char))

    def lacking(self, text: str) -> str:
        """The characters of a text that no font has, each once, as they come."""
        return "".join(char for char in dict.fromkeys(text) if char != "\n" and not self.of(char))

    def marked(self, text: str) -> str:
        """The text with a mark in the place of what no font has."""
        lacking = self.lacking(text)
        return text.translate(dict.fromkeys(map(ord, lacking), self.mark)) if lacking else text

    def runs(self, text: str) -> Iterator[Run]:
        """A text that is `marked`, in pieces of one face each."""
        for face, chars in groupby(text, lambda char: self.of(char) or self.faces[0]):
            yield face, "".join(chars)


def codes(characters: str) -> str:
    """Characters by their code points, since nothing can be trusted to show them: U+2CC56."""
    return " ".join(f"U+{ord(char):04X}" for char in characters)


@cache
def find_fonts(own: Path | None = None) -> Fonts:
    """The fonts of this machine, the setting's first. Raises `NoFontError` where none has Chinese characters."""
    faces = [Face(own)] if own and readable(Face(own)) else []
    fonts = Fonts((*faces, *known_fonts(KNOWN)))
    if fonts.lacking(ORDINARY):
        raise NoFontError
    return fonts


@cache
def known_fonts(places: Path) -> tuple[Face, ...]:
    """Those fonts of a file like `data/fonts.toml` that are on this machine."""
    fonts = tomllib.loads(places.read_text("utf-8"))["font"]
    return tuple(face for font in fonts if (face := _there(font["files"], font["face"])))


def _there(files: Sequence[str], name: str) -> Face | None:
    """The first of the files that is there, and in it the face of this name."""
    paths = (expanded(Path(os.path.expandvars(file))) for file in files)
    path = next((path for path in paths if path.is_file() and readable(Face(path))), None)
    return Face(path, _numbered(path, name)) if path else None


def readable(face: Face) -> bool:
    """Is this a font with characters?"""
    from fontTools.ttLib import TTLibError  # noqa: PLC0415 - wanted for paper only

    try:
        return bool(covered(face))
    except (OSError, TTLibError):  # away, or no font
        return False


def _numbered(path: Path, name: str) -> int:
    """The place of a face in a collection, by its full name in any language; 0 where it has none of that name."""
    from fontTools.ttLib import TTCollection  # noqa: PLC0415 - see above

    if path.suffix.lower() not in {".ttc", ".otc"}:
        return 0
    with path.open("rb") as file:
        faces = TTCollection(file, lazy=True).fonts
        names = [{str(record) for record in face["name"].names if record.nameID in (1, 4)} for face in faces]
    return next((number for number, known in enumerate(names) if name in known), 0)


@cache
def covered(face: Face) -> frozenset[int]:
    """The code points that a face has a glyph for. Raises OSError, `TTLibError`."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - see above

    with TTFont(face.path, fontNumber=face.number, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())
