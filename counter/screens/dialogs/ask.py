"""Questions to the clerk: a word, a line of text, one of a few things, before what they were about goes on."""

from collections.abc import Callable, Iterable, Sequence

from textual import events, on
from textual.widget import Widget
from textual.widgets import Input

from counter.i18n import sentence, t
from counter.rules.finding import Finding
from counter.screens.dialogs.dialog import Dialog
from counter.screens.standstill import Standstill
from counter.widgets.bound import bound, fixed
from counter.widgets.fields.choice import Choice, Option
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose


class AskScreen(Dialog[bool]):
    """Shows what has to be asked; F10 gives the clerk's word for all of it, Esc takes none.

    `title` and `hint` are catalog keys.
    """

    only_read = True
    warns = True
    BINDINGS = [
        bound("agree", "agree", "key.yes"),
        fixed("accept", "enter", "agree"),
        bound("back", "leave", "key.no"),
    ]

    def __init__(self, items: Sequence[str], *, title: str = "screen.ask_title", hint: str = "screen.ask_hint") -> None:
        super().__init__(t(title), t(hint))
        self._items = "\n\n".join(f"- {item}" for item in items)

    @classmethod
    def about(cls, findings: Sequence[Finding], *, own: bool = False) -> "AskScreen":
        """Asks what the rules want the clerk to ask the customer, or, in the bank's `own` work, to make sure of."""
        items = [f"{sentence(finding)}  ({finding.rule})" for finding in findings]
        return cls(items, title="screen.ask_own_title" if own else "screen.ask_title")

    def compose_body(self) -> Iterable[Widget]:
        yield Prose(self._items)

    def action_agree(self) -> None:
        self.dismiss(result=True)


class ConfirmScreen(AskScreen):
    """Says what will happen; F10 goes on, Esc goes back."""

    BINDINGS = [
        bound("agree", "agree"),
        bound("back", "leave"),
    ]


class RecordScreen(AskScreen, inherit_bindings=False):
    """Shows what will be recorded: F10 records it once it has stood still, Enter never does, Esc goes back."""

    BINDINGS = [
        bound("record", "agree"),
        bound("back", "leave"),
    ]

    def __init__(self, items: Sequence[str], *, title: str, hint: str) -> None:
        super().__init__(items, title=title, hint="screen.too_early")
        self.still = Standstill(self, self._show_hint)
        self._ready_hint = t(hint)
        self._pressed = 0.0

    def on_mount(self) -> None:
        self.still.show((self._items, self.reading.unseen))

    def on_screen_resume(self) -> None:
        self.still.begin()

    def _show_hint(self) -> None:
        for hint in self.query("#hint").results(Prose):
            hint.update(self._ready_hint if self.still.stands else self.hint)

    def on_key(self, event: events.Key) -> None:
        """Before the key acts: when it was pressed."""
        self._pressed = event.time

    def read_further(self) -> None:
        """What comes into sight must be seen first."""
        super().read_further()
        self.still.show((self._items, self.reading.unseen))

    def action_agree(self) -> None:
        if self.still.was_seen_by(self._pressed) and not self.reading.read_on():
            super().action_agree()


class AskTextScreen(Dialog[str]):
    """Asks for a line of text; Enter gives it, as `clean` leaves it, Esc gives none."""

    def __init__(
        self, question: str, text: str = "", *, limit: int = 400, clean: Callable[[str], str] = str.strip
    ) -> None:
        super().__init__(hint=t("screen.text_hint"))
        self._question = question
        self._text = text
        self._limit = limit
        self._clean = clean

    def compose_body(self) -> Iterable[Widget]:
        yield Prose(self._question)
        yield FormInput(limit=self._limit)

    def on_mount(self) -> None:
        box = self.query_one(FormInput)
        box.value = self._text
        box.focus()
        box.select_all()  # what is typed replaces it

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        if text := self._clean(event.value):
            self.answer(text)


class MenuScreen(Dialog[str]):
    """A few things to do (更多), each behind a digit; answers with the one that was chosen."""

    def __init__(self, title: str, options: Sequence[Option]) -> None:
        super().__init__(title, t("screen.menu_hint"))
        self._options = tuple(options)

    def compose_body(self) -> Iterable[Widget]:
        yield Choice(self._options, tall=True)

    def on_mount(self) -> None:
        choice = self.query_one(Choice)
        choice.chosen = self._options[0].value
        choice.focus()

    @on(Choice.Done)
    def _chosen(self, event: Choice.Done) -> None:
        event.stop()
        self.answer(str(self.query_one(Choice).chosen))
