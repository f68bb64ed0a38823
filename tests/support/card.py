"""The clerk's card: docs/clerk-card.md is written by hand but for its keys, which the screens declare; the page to print
is made from it. `make docs` writes both, `test_guides.py` compares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import WrapMode
from textual.binding import Binding

from counter import i18n
from counter.app import CounterApp
from counter.keymap.names import said
from counter.paper.fonts import known_fonts
from counter.screens.base import DeskScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.case.steps.confirm import ConfirmPane
from counter.screens.home import HomeScreen
from counter.screens.ledger import EntryScreen
from counter.screens.roster.screen import RosterScreen
from tests.support.pages import ROOT

SOURCE: Final = ROOT / "docs" / "clerk-card.md"
PRINTED: Final = SOURCE.with_suffix(".pdf")
KEYS: Final[dict[str, dict[type[Any], tuple[str, ...]]]] = {
    "everywhere": {DeskScreen: ("help",), CounterApp: ("lock",), HomeScreen: ("app.command_palette",)},
    "home": {HomeScreen: ("parcels", "find", "alarms", "batches", "news", "day", "discard")},
    "case": {CaseScreen: ("hold", "ask_province", "reveal", "refer", "next_problem", "next", "back")},
    "confirm": {ConfirmPane: ("screen.record", "preview")},
    "entry": {EntryScreen: ("slip", "reverse")},
    "roster": {RosterScreen: ("unit", "filter", "reveal", "sort", "next_wrong", "more", "submit")},
}
"""By where they work, what is on the card: the actions of each screen, by their names in its bindings."""
PLACES: Final[dict[str, dict[i18n.Language, str]]] = {
    "everywhere": {"zh_CN": "到处", "en": "everywhere"},
    "home": {"zh_CN": "首页", "en": "home"},
    "case": {"zh_CN": "办理中", "en": "in a case"},
    "confirm": {"zh_CN": "确认", "en": "confirming"},
    "entry": {"zh_CN": "一笔账", "en": "an entry"},
    "roster": {"zh_CN": "名单", "en": "a roster"},
}
"""What the card calls them."""
BLOCK: Final = re.compile(r"(?<=<!-- keys: )(\w+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)
MARGIN, GAP = 24, 18
SIZES: Final[dict[i18n.Language, float]] = {"zh_CN": 8.6, "en": 7.8}


def page() -> str:
    """The card with the keys as they are declared now."""
    return BLOCK.sub(lambda found: f"{found[1]}{found[2]}{_keys(found[1])}", SOURCE.read_text("utf-8"))


def _keys(language: i18n.Language) -> str:
    before = i18n.language()
    i18n.use_language(language)
    lines = [
        f"| {PLACES[place][language]} | {' · '.join(_key(screen, action) for screen in of for action in of[screen])} |"
        for place, of in KEYS.items()
    ]
    i18n.use_language(before)
    return "\n".join(["| | |", "|---|---|", *lines, ""])


def _key(screen: type[Any], action: str) -> str:
    """A key and what it does, as the screen declares it. Raises StopIteration where it no longer does."""
    declared = (one for of in screen.__mro__ for one in vars(of).get("BINDINGS", ()) if isinstance(one, Binding))
    binding = next(one for one in declared if one.action == action and one.description)
    key = binding.key_display or said(binding.key.split(",")[0])
    return f"**{key}** {i18n.t(binding.description)}"


# --- to print --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of the card, or a row of a table: its cells, the points of its letters, and how far it is set in."""

    cells: tuple[str, ...]
    size: float
    indent: float = 0
    first: float = 0
    """How wide the first of two cells is."""


def pieces(text: str, language: i18n.Language) -> Iterator[Piece]:
    """What stands in a language's column, from the top."""
    lines = [line for line in text.splitlines() if line and not line.startswith(("<!--", "|---"))]
    size = SIZES[language]
    for is_table, part in groupby(lines, lambda line: line.startswith("|")):
        if is_table:
            rows = [tuple(row.strip("| ").replace("`", "").split(" | ")) for row in part if row.strip("| ")]
            yield from (Piece(row, size, first=62 if len(rows) == len(KEYS) else 104) for row in rows)
        else:
            yield from (_paragraph(line.replace("`", ""), size) for line in part if ".pdf)" not in line)


def _paragraph(line: str, size: float) -> Piece:
    if head := re.match(r"#+ ", line):
        return Piece((line[len(head[0]) :],), size + {1: 5, 2: 2}[len(head[0]) - 1])
    return Piece((line,), size, indent=12 * bool(re.match(r"(\d\.|-) ", line)))


def columns(text: str) -> Iterator[tuple[i18n.Language, list[Piece]]]:
    """The card's two columns."""
    chinese, english = re.split(r"\n(?=# )", text)
    yield "zh_CN", list(pieces(chinese, "zh_CN"))
    yield "en", list(pieces(english, "en"))


def printed(text: str) -> bytes:
    """The card on one page: A4 across, each language in a column of its own. Raises ValueError where it is too long."""
    document = FPDF("landscape", "pt", "A4")
    document.set_auto_page_break(False)
    document.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
    document.c_margin = 0
    _embed(document, text)
    document.add_page()
    wide = (document.w - 2 * MARGIN - GAP) / 2
    for at, (language, column) in enumerate(columns(text)):
        x, y = MARGIN + at * (wide + GAP), float(MARGIN)
        for piece in column:
            y = _draw(document, x, y, wide, piece, language)
        if y > document.h - MARGIN:
            raise ValueError(f"the {language} column is {y - document.h + MARGIN:.0f} points too long for one page")
    return bytes(document.output())


def _embed(document: FPDF, text: str) -> None:
    """The machine's own font, and the bold one that stands beside it."""
    face = known_fonts(ROOT / "data" / "fonts.toml")[0]
    bold = face.path.with_name(face.path.name.replace("Regular", "Bold"))
    for style, path in (("", face.path), ("B", bold if bold.is_file() else face.path)):
        document.add_font(
            "card", style, path, collection_font_number=face.number, unicode_range=sorted(map(ord, {*text, " "}))
        )


def _draw(document: FPDF, x: float, y: float, wide: float, piece: Piece, language: str) -> float:
    """Draw a piece from `y` down; where the next one begins."""
    head, row, lower = piece.size > SIZES[language], len(piece.cells) > 1, y
    if head:
        y += 4
    if row:
        document.set_draw_color(160)
        document.line(x, y, x + wide, y)
        y += 1
    document.set_font("card", "B" if head else "", piece.size)
    for place, cell in enumerate(piece.cells):
        document.set_xy(x + piece.indent + place * piece.first, y)
        document.multi_cell(
            (piece.first if row and not place else wide - piece.indent - place * piece.first) - 2,
            piece.size * 1.28,
            cell,
            align="L",
            markdown=not head,
            wrapmode=WrapMode.CHAR if language == "zh_CN" else WrapMode.WORD,
        )
        lower = max(lower, document.get_y())
    return lower + 1.5


def write() -> None:
    """Both, as they are now."""
    SOURCE.write_text(page(), "utf-8")
    PRINTED.write_bytes(printed(page()))


if __name__ == "__main__":
    write()
