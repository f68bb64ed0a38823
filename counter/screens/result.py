"""Done (办结): the number to quote, what the customer must still do, and the slip to print or save."""

import subprocess

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from counter.desk import Desk
from counter.i18n import t
from counter.pdf import pdf
from counter.screens.base import DeskScreen
from counter.slip import bilingual, slip
from counter.store.records import LedgerEntry
from counter.widgets.prose import Prose


class ResultScreen(DeskScreen[None]):
    """The entry's slip; F2 saves it as text and PDF, F3 shows it in both languages, F7 prints it, Enter goes on."""

    DEFAULT_CSS = "ResultScreen VerticalScroll { padding: 1 3; }"
    BINDINGS = [
        Binding("enter", "leave", "key.next_customer"),
        Binding("f2", "save", "key.save_slip"),
        Binding("f3", "bilingual", "key.bilingual"),
        Binding("f7", "print", "key.print_slip"),
        Binding("escape", "leave", "key.home", key_display="Esc"),
    ]

    def __init__(self, desk: Desk, entry: LedgerEntry) -> None:
        super().__init__(desk)
        self.entry = entry
        self.quote = desk.store.ledger.quote_number(entry)
        self.text = self._slip()
        self.both = False

    def _slip(self) -> str:
        return slip(self.entry, self.quote, self.desk.reference, self.desk.place)

    def compose_body(self) -> ComposeResult:
        with VerticalScroll():
            yield Prose(t("result.done", seq=self.entry.seq), id="done")
            yield Static("")
            yield Prose(self.text, id="slip")

    def action_bilingual(self) -> None:
        """F3: the slip in both languages, and back."""
        self.both = not self.both
        self.text = bilingual(self._slip) if self.both else self._slip()
        self.query_one("#slip", Prose).update(self.text)

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_save(self) -> None:
        """F2: the masked slip as text and as PDF beside the ledger."""
        folder = self.desk.store.home / "slips"
        folder.mkdir(exist_ok=True)
        path = folder / f"{self.quote}.txt"
        path.write_text(self.text, "utf-8")
        path.with_suffix(".pdf").write_bytes(pdf(self.text, self.quote))
        self.notify(t("result.saved", path=path))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Printing wants a printer's command in the settings."""
        return (True if self.desk.printer else None) if action == "print" else True

    @work(thread=True, exclusive=True)
    def action_print(self) -> None:
        """F7: hand the slip to the branch's print command on its standard input."""
        try:
            subprocess.run(  # noqa: S603 - the command is the operator's own setting, run without a shell
                self.desk.printer, input=self.text.encode(), check=True, timeout=20, capture_output=True
            )
        except (OSError, subprocess.SubprocessError):
            self.app.call_from_thread(self.notify, t("result.not_printed"), severity="error")
        else:
            self.app.call_from_thread(self.notify, t("result.printed"))
