"""What two decide (双人决定): the supervisor comes to the window, reads what it is about and types their passphrase."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from counter.i18n import t
from counter.rules.decision import Decision
from counter.screens.background import Background
from counter.screens.base import DeskScreen
from counter.screens.dialogs.dialog import Dialog
from counter.store.records import Operator, Role
from counter.widgets.fields.choice import Choice, Option
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose

Decide = Callable[[str, str], Decision]
"""Given who authorises and their passphrase; runs in a thread."""


async def ask_two(
    screen: DeskScreen[Any], heading: str, what: str, decide: Decide, then: Callable[[Decision], None]
) -> None:
    """Have a supervisor other than who has signed in decide beside them; keys wait until it is known who may."""
    store = screen.desk.store
    people = await asyncio.to_thread(store.operators.list)
    able = [each for each in people if each.active and each.role is Role.SUPERVISOR and each.id != store.operator.id]

    def came(decision: Decision | None) -> None:
        if decision is not None:
            then(decision)

    screen.once_seen(lambda: screen.app.push_screen(TwoScreen(heading, what, able, decide), came) and None)


class TwoScreen(Dialog[Decision]):
    """One of `able` types their passphrase; Esc leaves all as it was. Answers with what was decided."""

    DEFAULT_CSS = """
    TwoScreen > VerticalScroll { padding: 0 1; max-height: 100%; }
    TwoScreen .heading { margin: 0; }
    TwoScreen .hint { padding: 0; }
    """
    warns = True

    def __init__(self, heading: str, what: str, able: Sequence[Operator], decide: Decide) -> None:
        super().__init__(heading, t("authorise.hint_two"))
        self.what = what
        self.able = able
        self.decide = decide
        self.deciding: Background[Decision] | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield Prose(self.what)
        yield Prose(t("authorise.who") if self.able else t("authorise.nobody_two"))
        yield Choice([Option(person.id, person.name, person.id) for person in self.able], tall=True)
        yield FormInput.hidden(id="passphrase")
        yield Prose(id="problem", classes="problem")

    def on_mount(self) -> None:
        if self.able:
            self.query_one(Choice).chosen = self.able[0].id
            self.query_one(FormInput).focus()

    @on(Choice.Done)
    def _chosen(self) -> None:
        self.query_one(FormInput).focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        passphrase, event.input.value = event.value, ""
        checker = str(self.query_one(Choice).chosen)
        if passphrase and self.able:
            self.deciding = self.in_background(
                lambda _: self.decide(checker, passphrase), self.answer, refused=self._say, group="decide", once=True
            )

    def _say(self, reason: str) -> None:
        self.query_one("#problem", Prose).update(reason)

    def action_leave(self) -> None:
        """Esc: nothing is decided; a passphrase that is being checked is waited for."""
        if self.deciding is None or not self.deciding.running:
            self.answer(None)
