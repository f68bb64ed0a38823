"""PDF as its readers have it: text and pictures by PDFium (a browser's) and by poppler (a Linux desk's).

What is set in `tests.support.fonts.reading_font` is read back from a picture, whatever drew it: each character is its
code point.
"""

import shutil
import subprocess
from io import BytesIO
from typing import Final

import pypdfium2
from PIL import Image
from rich.cells import cell_len

from counter.devices.loopback import PICTURE
from counter.paper.pdf import LEADING, MARGIN, SIZE
from counter.paper.receipt import in_printer
from tests.support.fonts import COLUMNS, EM, RISE, ROWS, WIDTHS

HAS_POPPLER: Final = bool(shutil.which("pdftotext") and shutil.which("pdftoppm"))
DOTS: Final = 4
"""Of a picture, for each point of the page."""


def text_of(pdf: bytes) -> str:
    """The text of a document's pages, as PDFium extracts it."""
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def squeezed(text: str) -> str:
    """A text without its blanks, which every reader sets as it likes."""
    return "".join(text.split())


def text_by_poppler(pdf: bytes) -> str:
    """The text of a document, as poppler extracts it."""
    command = ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def picture_of(pdf: bytes) -> Image.Image:
    """The first page as PDFium draws it, in grey."""
    image: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=DOTS).to_pil()
    return image.convert("L")


def picture_by_poppler(pdf: bytes) -> Image.Image:
    """The first page as poppler draws it, in grey."""
    command = ["pdftoppm", "-r", str(72 * DOTS), "-gray", "-singlefile", "-"]
    return Image.open(BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout))


def read_line(picture: Image.Image, line: int, columns: int) -> str:
    """The first columns of a line of a slip's page (the first is 0), read from its picture."""
    read, column = "", 0
    while column < columns:
        wide = _char(picture, line, column, 2)
        char = wide if wide and cell_len(wide) == 2 else _char(picture, line, column, 1) or " "
        read += char
        column += cell_len(char)
    return read.rstrip()


def _char(picture: Image.Image, line: int, column: int, columns: int) -> str:
    """The character that is drawn over so many columns; '' where there is none."""
    base, left, half = MARGIN + (line + 1) * LEADING, MARGIN + column * SIZE / 2, SIZE / 2
    code = 0
    for place in range(COLUMNS * ROWS):
        row, across = divmod(place, COLUMNS)
        x = left + (across + 0.5) * columns * half / COLUMNS
        y = base - (RISE - (row + 0.5) * EM / ROWS) / EM * SIZE
        if picture.getpixel((round(x * DOTS), round(y * DOTS))) < 128:  # type: ignore[operator]  # one channel
            code |= 1 << place
    wide, code = divmod(code, 1 << 20)
    return chr(code) if wide << 20 == WIDTHS[columns] else ""


def with_pictures(text: str) -> str:
    """A text as a receipt printer's simulator has it: with a mark for what the printer's font lacks."""
    return "".join(char if char == "\n" or in_printer(char) else PICTURE for char in text)
