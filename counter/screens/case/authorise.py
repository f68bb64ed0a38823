"""Authorisation (授权): the second person, at once by passphrase, or later from the supervisor's own list."""

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from counter.desk.desk import Desk
from counter.i18n import explained, t
from counter.paper.slip import slip_of
from counter.screens.base import DeskScreen
from counter.store.errors import StoreError
from counter.store.records import AwaitingCase, LedgerEntry, Role
from counter.widgets.fields.choice import Choice, Option
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose


class AuthoriseScreen(ModalScreen[LedgerEntry | None]):
    """The supervisor comes to the window and types their passphrase; Esc leaves it for their own list.

    Answers with the entry, or None while the case still waits.
    """

    DEFAULT_CSS = """
    AuthoriseScreen { align: center middle; }
    AuthoriseScreen > Vertical {
        width: 66; max-width: 100%; height: auto; border: ascii $warning; padding: 1 2; background: $surface;
    }
    AuthoriseScreen FormInput { margin-top: 1; }
    AuthoriseScreen #said { color: $text-error; min-height: 1; }
    """
    BINDINGS = [Binding("escape", "later", "key.later", key_display="Esc")]

    class Checked(Message):
        """The entry, or why there is none."""

        def __init__(self, entry: LedgerEntry | None, said: str = "") -> None:
            super().__init__()
            self.entry = entry
            self.said = said

    def __init__(self, desk: Desk, awaiting: AwaitingCase) -> None:
        super().__init__()
        self.desk = desk
        self.awaiting = awaiting
        self.checking = False
        self.entry: LedgerEntry | None = None

    def compose(self) -> ComposeResult:
        people = self.desk.store.operators.list()
        able = [one for one in people if one.active and one.role is Role.SUPERVISOR and one.id != self.awaiting.maker]
        with Vertical():
            yield Prose(t("authorise.why", reason=t(f"choice.authorised.{self.awaiting.reason}")))
            yield Prose(t("authorise.who") if able else t("authorise.nobody"))
            yield Choice([Option(one.id, one.name, one.id) for one in able], tall=True)
            yield FormInput.hidden(id="passphrase")
            yield Prose(id="said")
            yield Prose(t("authorise.hint"))

    def on_mount(self) -> None:
        choice = self.query_one(Choice)
        if choice.options:
            choice.chosen = choice.options[0].value
            self.query_one(FormInput).focus()

    @on(Choice.Done)
    def _chosen(self) -> None:
        self.query_one(FormInput).focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        passphrase, event.input.value = event.value, ""
        if passphrase:
            self.checking = True
            self._authorise(str(self.query_one(Choice).chosen), passphrase)

    @work(thread=True, exclusive=True)
    def _authorise(self, checker: str, passphrase: str) -> None:
        try:
            entry = self.desk.authorise(self.awaiting.id, checker, passphrase)
        except StoreError as error:
            self.post_message(self.Checked(None, explained(error)))
        else:
            self.post_message(self.Checked(entry))

    def on_authorise_screen_checked(self, event: Checked) -> None:
        event.stop()
        self.checking = False
        self.entry = event.entry
        self.query_one("#said", Prose).update(event.said)
        self._leave()

    def on_screen_resume(self) -> None:
        """Nothing is left while the screen is locked: once somebody is there again."""
        self._leave()

    def _leave(self) -> None:
        if self.entry is not None and self.is_active:
            self.dismiss(self.entry)

    def action_later(self) -> None:
        """Esc: it waits in the supervisor's list; a passphrase that is being checked is waited for."""
        if not self.checking:
            self.dismiss(None)


class AwaitingScreen(DeskScreen[None]):
    """What waits, as its slip will say it; the supervisor authorises or gives it back with a note."""

    DEFAULT_CSS = "AwaitingScreen VerticalScroll { padding: 1 3; } AwaitingScreen FormInput { margin: 0 1; }"
    BINDINGS = [
        Binding("f10", "authorise", "key.authorise"),
        Binding("f7", "refuse", "key.give_back"),
        Binding("escape", "dismiss", "key.back", key_display="Esc"),
    ]

    class Authorised(Message):
        def __init__(self, entry: LedgerEntry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, desk: Desk, awaiting: AwaitingCase) -> None:
        super().__init__(desk)
        self.awaiting = awaiting

    def compose_body(self) -> ComposeResult:
        awaiting = self.awaiting
        head = [
            t("authorise.why", reason=t(f"choice.authorised.{awaiting.reason}")),
            t("authorise.asked", maker=awaiting.maker, service=t(f"service.{awaiting.kind}.name")),
            "",
        ]
        with VerticalScroll(can_focus=False):
            yield Prose("\n".join([*head, slip_of(awaiting.record, self.desk.reference, self.desk.place)]))
        yield Prose(t("authorise.note"))
        yield FormInput(limit=100, id="note")

    async def on_mount(self) -> None:
        self.query_one(FormInput).focus()

    def action_authorise(self) -> None:
        """F10: the supervisor who has signed in authorises; anybody else calls one."""
        if self.desk.store.operator.role is Role.SUPERVISOR and self.desk.store.operator.id != self.awaiting.maker:
            self._authorise()
        else:
            self.app.push_screen(AuthoriseScreen(self.desk, self.awaiting), self._came_back)

    def _came_back(self, entry: LedgerEntry | None) -> None:
        if entry is not None:
            self.dismiss(None)

    @work(thread=True, exclusive=True)
    def _authorise(self) -> None:
        self.post_message(self.Authorised(self.desk.authorise_own(self.awaiting.id)))

    def on_awaiting_screen_authorised(self, event: Authorised) -> None:
        event.stop()
        self.notify(t("authorise.done", seq=event.entry.seq))
        self.dismiss(None)

    def action_refuse(self) -> None:
        """F7: back to who made it, with a note."""
        note = self.query_one(FormInput).value.strip()
        if note:
            self._refuse(note)
        else:
            self.notify(t("authorise.note_missing"), severity="warning")

    @work(thread=True, exclusive=True)
    def _refuse(self, note: str) -> None:
        self.desk.store.awaiting.refuse(self.awaiting.id, note)
        self.app.call_from_thread(self.dismiss, None)
