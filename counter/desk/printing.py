"""A paper to the branch's printer: in ESC/POS where the printer speaks it, else as plain text to the print command."""

from collections.abc import Sequence
from pathlib import Path

from counter.devices.printer import print_on, printer_at
from counter.paper.receipt import fonts_for_pictures, receipt


def print_paper(words: Sequence[str], font: Path | None, text: str, number: str = "", *, whole: bool = False) -> None:
    """Print a text; `number` is what a QR code says below it, '' for none. Blocks: for a thread.

    Raises `PrinterError`; `RareCharacterError` where it must be whole and a character can be printed by nobody.
    """
    printer = printer_at(words)
    if printer.escpos:
        print_on(printer, receipt(text, number, fonts_for_pictures(font), whole=whole))
    else:
        print_on(printer, text.encode())
