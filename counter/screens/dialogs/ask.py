"""Questions to the clerk: one word before the case goes on."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input

from counter.i18n import sentence, t
from counter.rules.finding import Finding
from counter.widgets.fields.choice import Choice, Option
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose


class AskScreen(ModalScreen[bool]):
    """Shows what has to be asked; F10 gives the clerk's word for all of it, Esc takes none.

    `title` and `hint` are catalog keys.
    """

    DEFAULT_CSS = """
    AskScreen { align: center middle; }
    AskScreen > VerticalScroll {
        width: 70; max-width: 95%; height: auto; max-height: 90%;
        border: ascii $warning; padding: 1 2; background: $surface;
    }
    """
    BINDINGS = [
        Binding("f10,enter", "answer(True)", "key.yes", key_display="F10"),
        Binding("escape", "answer(False)", "key.no", key_display="Esc"),
    ]

    def __init__(self, items: Sequence[str], *, title: str = "screen.ask_title", hint: str = "screen.ask_hint") -> None:
        super().__init__()
        self._lines = [t(title), "", *(line for item in items for line in (f"- {item}", "")), t(hint)]

    @classmethod
    def about(cls, findings: Sequence[Finding]) -> "AskScreen":
        """Asks what the rules want the clerk to ask the customer."""
        return cls([f"{sentence(finding)}  ({finding.rule})" for finding in findings])

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Prose("\n".join(self._lines))

    def action_answer(self, word: bool) -> None:
        self.dismiss(word)


class ConfirmScreen(AskScreen):
    """Says what will happen; F10 goes on, Esc goes back."""

    BINDINGS = [
        Binding("f10,enter", "answer(True)", "key.go_on", key_display="F10"),
    ]


class AskTextScreen(ModalScreen[str | None]):
    """Asks for a line of text; Enter gives it, Esc gives none."""

    DEFAULT_CSS = """
    AskTextScreen { align: center middle; }
    AskTextScreen > VerticalScroll {
        width: 70; max-width: 95%; height: auto; max-height: 90%;
        border: ascii $primary; padding: 1 2; background: $surface;
    }
    """
    BINDINGS = [Binding("escape", "dismiss", "key.no", key_display="Esc")]

    def __init__(self, question: str, text: str = "", *, limit: int = 400) -> None:
        super().__init__()
        self._question = question
        self._text = text
        self._limit = limit

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Prose(self._question)
            yield FormInput(limit=self._limit)
            yield Prose(f"\n{t('screen.text_hint')}")

    def on_mount(self) -> None:
        box = self.query_one(FormInput)
        box.value = self._text
        box.focus()
        box.select_all()  # what is typed replaces it

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.dismiss(event.value.strip())


class MenuScreen(ModalScreen[str | None]):
    """A few things to do (更多), each behind a digit; answers with the one that was chosen."""

    DEFAULT_CSS = """
    MenuScreen { align: center middle; }
    MenuScreen > VerticalScroll {
        width: 70; max-width: 95%; height: auto; max-height: 90%;
        border: ascii $primary; padding: 1 2; background: $surface;
    }
    MenuScreen Choice { margin: 1 0; }
    """
    BINDINGS = [Binding("escape", "dismiss", "key.back", key_display="Esc")]

    def __init__(self, title: str, options: Sequence[Option]) -> None:
        super().__init__()
        self.heading = title
        self._options = tuple(options)

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Prose(self.heading)
            yield Choice(self._options, tall=True)
            yield Prose(t("screen.menu_hint"))

    def on_mount(self) -> None:
        choice = self.query_one(Choice)
        choice.chosen = self._options[0].value
        choice.focus()

    @on(Choice.Done)
    def _chosen(self, event: Choice.Done) -> None:
        event.stop()
        self.dismiss(str(self.query_one(Choice).chosen))
