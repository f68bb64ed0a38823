"""Text as pages of PDF, for the customer who wants paper or a file; with a subset of the fonts it is set in.

What no font of the machine has is never left out and never another character: it is marked, and named below the text; a
paper that must be `whole` is refused.
"""

from collections.abc import Iterator
from typing import Final

from counter.i18n import t
from counter.paper.contacts import LINE
from counter.paper.fonts import Fonts, RareCharacterError, codes
from counter.paper.languages import BREAK
from counter.paper.pages import A5, Pages
from counter.terminal.wrapping import hang

SIZE: Final = 10.5
"""Points of a letter on A5."""
LEADING: Final = 15.0
MARGIN: Final = 40.0


def pdf(text: str, title: str, fonts: Fonts, *, whole: bool = False) -> bytes:
    """The lines of a text on A5 pages, each of its languages from the top of one; `title` is the document's and must
    not carry a person. Raises `RareCharacterError` where it must be whole and no font has one of its characters."""
    lacking = fonts.lacking(text)
    if lacking and whole:
        raise RareCharacterError(lacking)
    text = "\n".join([text, *said_of(lacking, fonts.mark)])
    pages = Pages(title, A5, fonts, text, SIZE)
    for lines in _pages(text):
        pages.page()
        for index, line in enumerate(lines, 1):
            pages.draw(MARGIN, MARGIN + index * LEADING, line)
    return pages.finish()


def said_of(lacking: str, mark: str) -> list[str]:
    """What stands below a paper of the characters in whose place the mark stands; no line where there are none."""
    if not lacking:
        return []
    return ["", *hang("", t("slip.lacking", mark=mark, characters=codes(lacking)), LINE)]


def _pages(text: str) -> Iterator[list[str]]:
    room = int((A5[1] - 2 * MARGIN) // LEADING)
    for part in text.split(BREAK):
        lines = part.split("\n")
        yield from (lines[first : first + room] for first in range(0, len(lines), room))
