"""Text as a page of PDF, for the customer who wants paper or a file.

reportlab, because its CID font for Chinese (STSong-Light) need not be shipped: every reader brings it. The same library
writes the rosters' hand-over lists.
"""

from collections.abc import Iterator
from io import BytesIO

from reportlab.lib.pagesizes import A5
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from counter.paper.languages import BREAK

FONT = "STSong-Light"
SIZE = 10.5
LEADING = 15.0
MARGIN = 40.0


def pdf(text: str, title: str) -> bytes:
    """The lines of a text on A5 pages, each of its languages from the top of one; `title` is the document's and must
    not carry a person."""
    registerFont(UnicodeCIDFont(FONT))
    page = BytesIO()
    canvas = Canvas(page, pagesize=A5, invariant=True)
    canvas.setTitle(title)
    for lines in _pages(text):
        canvas.setFont(FONT, SIZE)
        for index, line in enumerate(lines):
            canvas.drawString(MARGIN, A5[1] - MARGIN - (index + 1) * LEADING, line)
        canvas.showPage()
    canvas.save()
    return page.getvalue()


def _pages(text: str) -> Iterator[list[str]]:
    room = int((A5[1] - 2 * MARGIN) // LEADING)
    for part in text.split(BREAK):
        lines = part.split("\n")
        yield from (lines[first : first + room] for first in range(0, len(lines), room))
