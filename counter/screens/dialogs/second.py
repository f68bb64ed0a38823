"""Where a second person (复核人) comes to the window: who may, and the box in which they type their passphrase."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic

from textual import on
from textual.widget import Widget

from counter.i18n import t
from counter.screens.background import Background, Result
from counter.screens.dialogs.dialog import Dialog
from counter.store.records import Operator, Role
from counter.store.store import Store
from counter.widgets.fields.choice import Choice, Option
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose


def who_may(store: Store, maker: str = "") -> list[Operator]:
    """The supervisors who may stand beside the maker, else who has signed in; reads the ledger."""
    maker = maker or store.operator.id
    return [
        each for each in store.operators.list() if each.active and each.role is Role.SUPERVISOR and each.id != maker
    ]


class SecondPersonDialog(Dialog[Result], Generic[Result]):
    """One of `able` types their passphrase. Esc leaves all as it was; while it is being done, it is waited for."""

    def __init__(self, heading: str, hint: str, able: Sequence[Operator]) -> None:
        super().__init__(heading, hint)
        self.able = able
        self.doing: Background[Result] | None = None

    def compose_second(self, nobody: str) -> Iterable[Widget]:
        """Who comes, and their passphrase; `nobody` is said where there is nobody who may."""
        yield Prose(t("authorise.who") if self.able else nobody, id="who")
        yield Choice([Option(person.id, person.name, person.id) for person in self.able], tall=True)
        yield FormInput.hidden(id="passphrase")

    def on_mount(self) -> None:
        if self.able:
            self.query_one(Choice).chosen = self.able[0].id
        self.begin()

    def begin(self) -> None:
        """Where the first key goes."""
        if self.able:
            self.query_one("#passphrase").focus()

    @on(Choice.Done)
    def _chosen(self, event: Choice.Done) -> None:
        event.stop()
        self.query_one("#passphrase").focus()

    def second(self) -> tuple[str, str]:
        """Who was chosen, and the passphrase, which is not kept."""
        box = self.query_one("#passphrase", FormInput)
        passphrase, box.value = box.value, ""
        return str(self.query_one(Choice).chosen or ""), passphrase

    def do(self, work: Callable[[], Result]) -> None:
        """Have it done, once; it answers with what comes of it."""
        self.doing = self.in_background(lambda _: work(), self.answer, refused=self._say, group="second", once=True)

    def _say(self, reason: str) -> None:
        self.query_one("#problem", Prose).update(reason)

    def action_leave(self) -> None:
        """Esc: without an answer."""
        if self.doing is None or not self.doing.running:
            self.answer(None)
