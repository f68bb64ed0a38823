"""Locked (锁屏): the case stays where it is, the screen shows nothing of it."""

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from counter.desk.desk import Desk
from counter.i18n import t
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose


class LockScreen(ModalScreen[None]):
    """Only the operator who locked it opens it again."""

    DEFAULT_CSS = """
    LockScreen { align: center middle; background: $background 100%; }
    LockScreen > Vertical { width: 60; max-width: 100%; height: auto; border: ascii $primary; padding: 1 2; }
    LockScreen #said { min-height: 1; color: $text-error; }
    """

    locked = True

    class Checked(Message):
        def __init__(self, *, right: bool) -> None:
            super().__init__()
            self.right = right

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.opened = False

    def compose(self) -> ComposeResult:
        operator = self.desk.store.operator
        with Vertical():
            yield Prose(t("lock.title", name=operator.name))
            yield Static("")
            yield FormInput.hidden(id="passphrase")
            yield Prose("", id="said")

    def on_mount(self) -> None:
        self.query_one(FormInput).focus()

    def on_unmount(self) -> None:
        """A case that was being recorded when the screen was locked brings its own screen: it is locked again."""
        if not self.opened and not self.app._exit:
            self.app.call_later(self.app.run_action, "lock")

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        passphrase, event.input.value = event.value, ""
        if passphrase:
            self._check(passphrase)

    @work(thread=True, exclusive=True)
    def _check(self, passphrase: str) -> None:
        store = self.desk.store
        self.post_message(self.Checked(right=store.operators.is_passphrase(store.operator.id, passphrase)))

    def on_lock_screen_checked(self, event: Checked) -> None:
        event.stop()
        self.opened = event.right
        if event.right:
            self.dismiss(None)
        else:
            self.query_one("#said", Prose).update(t("lock.wrong"))
