"""Something on paper: a text that is shown, saved and printed."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget

from counter.desk.desk import Desk
from counter.desk.printing import print_paper
from counter.devices.printer import PrinterError
from counter.files import write_whole
from counter.i18n import explained, t
from counter.paper.fonts import NoFontError, RareCharacterError, find_fonts
from counter.paper.languages import Printed
from counter.paper.pdf import pdf
from counter.screens.base import DeskScreen
from counter.store.deeds import PRINT, SAVE
from counter.store.errors import LedgerUnavailableError
from counter.widgets.bound import bound
from counter.widgets.prose import Prose


class PaperScreen(DeskScreen[None]):
    """F2 saves the text beside the ledger as PDF and, where it is `masked`, as text; F7 prints it; F3 has it in other
    languages."""

    DEFAULT_CSS = "PaperScreen VerticalScroll { padding: 1 3; }"
    BINDINGS = [
        bound("save", "save"),
        bound("languages", "turn"),
        bound("print", "print"),
        bound("back", "dismiss"),
    ]
    masked = True
    number = ""
    """The number to quote, as a QR code below what a receipt printer prints."""

    def __init__(self, desk: Desk, printed: Printed, name: str) -> None:
        super().__init__(desk)
        self.printed = printed
        self.text = printed.text
        self.file_name = name
        """Without its ending; it names an entry, never a person."""

    def head(self) -> Iterable[Widget]:
        """What stands above the paper."""
        return ()

    def compose_body(self) -> ComposeResult:
        with VerticalScroll():
            yield from self.head()
            yield Prose(self.text, id="paper")

    def action_turn(self) -> None:
        """F3: in the next of its languages."""
        self.printed = self.printed.turned()
        self.text = self.printed.text
        self.query_one("#paper", Prose).update(self.text)

    async def action_save(self) -> None:
        """F2: into the folder ``slips`` of the home; keys wait until it is there."""
        path = self.desk.store.home / "slips" / f"{self.file_name}.pdf"
        try:
            await asyncio.to_thread(self.write_to, path)
        except (OSError, LedgerUnavailableError):  # a full disk; on Windows, the PDF that a viewer still shows
            self.notify(t("result.not_saved"), severity="error")
        except (NoFontError, RareCharacterError) as error:
            self.notify(explained(error), severity="error")
        else:
            saved = t("result.saved", path=path) if self.masked else t("result.saved_whole", path=path)
            self.notify(saved, markup=False)

    def write_to(self, path: Path) -> None:
        """Keep it as a file; in a thread."""
        path.parent.mkdir(exist_ok=True, mode=0o700)
        self._noted(SAVE)
        write_whole(path, pdf(self.text, self.file_name, find_fonts(self.desk.font), whole=not self.masked))
        if self.masked:
            write_whole(path.with_suffix(".txt"), self.text)

    def _noted(self, action: str) -> None:
        """What is whole leaves no disk that cannot say so."""
        audit = self.desk.store.audit
        (audit.note_if_room if self.masked else audit.note)(action, self.file_name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Printing wants a printer in the settings."""
        return (True if self.desk.printer else None) if action == "print" else True

    def action_print(self) -> None:
        """F7: to the branch's printer, as often as it takes; how it went is said wherever the clerk is then."""
        self.in_background(lambda _: self._print(), lambda _: None)

    def _print(self) -> None:
        self._noted(PRINT)
        try:
            print_paper(self.desk.printer, self.desk.font, self.text, self.number, whole=not self.masked)
        except (PrinterError, RareCharacterError) as error:
            self.app.notify(explained(error), severity="error", timeout=15)
        else:
            self.app.notify(t("result.printed"))


class AcceptedTextScreen(PaperScreen):
    """A text that the customer accepts (TXT-1): nobody stands in it, so that it is kept like a masked slip."""

    BINDINGS = [
        bound("save", "save", "key.save_text"),
        bound("print", "print", "key.print_text"),
    ]
