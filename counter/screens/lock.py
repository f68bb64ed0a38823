"""Locked (锁屏): the case stays where it is, the screen shows nothing of it."""

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from counter.desk import Desk
from counter.i18n import t
from counter.widgets.prose import Prose
from counter.widgets.text_row import FormInput


class LockScreen(ModalScreen[None]):
    """Only the operator who locked it opens it again."""

    DEFAULT_CSS = """
    LockScreen { align: center middle; background: $background 100%; }
    LockScreen > Vertical { width: 60; max-width: 100%; height: auto; border: ascii $primary; padding: 1 2; }
    LockScreen #said { min-height: 1; color: $text-error; }
    """

    locked = True

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        operator = self.desk.store.operator
        with Vertical():
            yield Prose(t("lock.title", name=operator.name))
            yield Static("")
            yield FormInput.hidden(id="passphrase")
            yield Prose("", id="said")

    def on_mount(self) -> None:
        self.query_one(FormInput).focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        passphrase, event.input.value = event.value, ""
        self._check(passphrase)

    @work(thread=True, exclusive=True)
    def _check(self, passphrase: str) -> None:
        store = self.desk.store
        if store.operators.is_passphrase(store.operator.id, passphrase):
            self.app.call_from_thread(self.dismiss, None)
        else:
            self.app.call_from_thread(self.query_one("#said", Prose).update, t("lock.wrong"))
