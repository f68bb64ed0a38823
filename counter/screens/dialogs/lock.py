"""Locked (锁屏): the case stays where it is, the screen shows nothing of it."""

from collections.abc import Iterable

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from counter.desk.desk import Desk
from counter.i18n import t
from counter.screens.dialogs.dialog import Dialog
from counter.terminal.textual_private import is_ending
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose


class LockScreen(Dialog[None]):
    """Only the operator who locked it opens it again."""

    locked = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(t("lock.title", name=desk.store.operator.name))
        self.desk = desk
        self.opened = False

    def compose_body(self) -> Iterable[Widget]:
        yield FormInput.hidden(id="passphrase")
        yield Prose("", id="problem", classes="problem")

    def on_mount(self) -> None:
        self.query_one(FormInput).focus()

    def on_unmount(self) -> None:
        """Whatever takes the lock away without the passphrase, the screen is locked again."""
        if not self.opened and not is_ending(self.app):
            self.app.call_later(self.app.run_action, "lock")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc opens nothing."""
        return action != "leave"

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        passphrase, event.input.value = event.value, ""
        operators, operator = self.desk.store.operators, self.desk.store.operator
        if passphrase:
            self.in_background(
                lambda _: operators.is_passphrase(operator.id, passphrase), self._checked, refused=self._say
            )

    def _checked(self, right: bool) -> None:
        self.opened = right
        if right:
            self.answer(None)
        else:
            self._say(t("lock.wrong"))

    def _say(self, reason: str) -> None:
        self.query_one("#problem", Prose).update(reason)
