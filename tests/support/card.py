"""The clerk's card: docs/clerk-card.md is written by hand but for its keys, which the screens declare; the page to print
is made from it. `make docs` writes both, `test_guides.py` compares."""

import re
from collections.abc import Iterator
from html import escape
from io import BytesIO
from itertools import groupby
from typing import Any, Final

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, FrameBreak, PageTemplate, Paragraph, Table
from textual.binding import Binding

from counter import i18n
from counter.app import CounterApp
from counter.keymap.names import said
from counter.paper.pdf import FONT
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
PLAIN: Final = {"zh_CN": (FONT, 9.2), "en": ("Helvetica", 7.9)}


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


def printed(text: str) -> bytes:
    """The card on paper: A4 across, each language in a column of its own; further pages where it is too long."""
    registerFont(UnicodeCIDFont(FONT))
    into, (width, height) = BytesIO(), landscape(A4)
    wide = (width - 2 * MARGIN - GAP) / 2
    document = BaseDocTemplate(into, pagesize=(width, height), title="counter", invariant=True, pageCompression=0)
    columns = [
        Frame(MARGIN + at * (wide + GAP), MARGIN, wide, height - 2 * MARGIN, 0, 0, 0, 0, id=str(at)) for at in (0, 1)
    ]
    document.addPageTemplates(PageTemplate(frames=columns))
    chinese, english = re.split(r"\n(?=# )", text)
    document.build([*_flowing(chinese, "zh_CN"), FrameBreak(), *_flowing(english, "en")])
    return into.getvalue()


def _flowing(text: str, language: str) -> Iterator[Flowable]:
    lines = [line for line in text.splitlines() if line and not line.startswith(("<!--", "|---"))]
    for is_table, part in groupby(lines, lambda line: line.startswith("|")):
        if is_table:
            yield _table([line.strip("| ").split(" | ") for line in part if line.strip("| ")], language)
        else:
            yield from (_paragraph(line, language) for line in part if ".pdf)" not in line)


def _paragraph(line: str, language: str) -> Paragraph:
    font, size = PLAIN[language]
    head = re.match(r"#+ ", line)
    level = len(head[0]) - 1 if head else 0
    item = re.match(r"(\d\.|-) ", line)
    style = ParagraphStyle(
        line[:4],
        fontName=font,
        fontSize=size + {0: 0, 1: 5, 2: 2}[level],
        leading=(size + {0: 0, 1: 5, 2: 2}[level]) * 1.28,
        leftIndent=12 * bool(item),
        bulletFontName=font,
        bulletFontSize=size,
        spaceBefore=4 * bool(level),
        spaceAfter=1.5,
        wordWrap="CJK" if language == "zh_CN" else None,
    )
    text = line[len(head[0]) if head else len(item[0]) if item else 0 :]
    return Paragraph(_marked(text, language), style, bulletText=item[1] if item else None)


def _marked(text: str, language: str) -> str:
    """Markdown's bold and code in reportlab's words; the Chinese font has no bold, so it is underlined, and no dot that
    every reader knows."""
    text = escape(text, quote=False)
    if language == "zh_CN":
        return re.sub(r"\*\*(.+?)\*\*", r"<u>\1</u>", text.replace(" · ", "；").replace("`", ""))
    return re.sub(r"`(.+?)`", r'<font name="Courier-Bold">\1</font>', re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text))


def _table(rows: list[list[str]], language: str) -> Table:
    wide = (landscape(A4)[0] - 2 * MARGIN - GAP) / 2
    cells = [[_paragraph(cell, language) for cell in row] for row in rows]
    first = 62 if len(rows) == len(KEYS) else 104
    table = Table(cells, colWidths=[first, wide - first], spaceAfter=2)
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEABOVE", (0, 0), (-1, -1), 0.25, "grey")])
    table.setStyle([(f"{side}PADDING", (0, 0), (-1, -1), 1) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")])
    return table


def write() -> None:
    """Both, as they are now."""
    SOURCE.write_text(page(), "utf-8")
    PRINTED.write_bytes(printed(page()))


if __name__ == "__main__":
    write()
