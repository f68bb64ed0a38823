"""A line to look for a text (查找): what is looked for, and how many places there are."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from counter.i18n import t
from counter.widgets.text_row import FormInput


class FindBar(Horizontal):
    """Stands in the place of the title while it is open: the grid keeps its lines."""

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; background: $boost; }
    FindBar > #find-label { width: auto; padding: 0 1; }
    FindBar > #find-said { width: 34; padding: 0 1; color: $text-muted; }
    """

    def compose(self) -> ComposeResult:
        yield Static(t("batch.find"), id="find-label", markup=False)
        yield FormInput(limit=60, id="wanted")
        yield Static(id="find-said", markup=False)

    @property
    def is_open(self) -> bool:
        """Is it there?"""
        return bool(self.display)

    @property
    def text(self) -> str:
        """What is looked for."""
        return self.query_one(FormInput).value.strip()

    def open(self) -> None:
        """Ask for a text; what was looked for last is replaced by the first key."""
        self.display = True
        self.say("")
        box = self.query_one(FormInput)
        box.focus()
        box.select_all()

    def say(self, text: str) -> None:
        """What came of it."""
        self.query_one("#find-said", Static).update(text)
