"""A few lines to be typed, and where something leaves the counter a second person: till and blank cards."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from counter.desk.desk import Desk
from counter.i18n import t
from counter.screens.background import Background
from counter.screens.dialogs.dialog import Dialog
from counter.store.records import Operator, Role
from counter.store.unlocked import Signatory
from counter.widgets.fields.choice import Choice, Option
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose

Work = Callable[[Mapping[str, str], Signatory | None], object]
"""Notes what was typed, by the names of the lines; the second person has shown their passphrase."""

SECOND: Final = "passphrase"


class NoteScreen(Dialog[bool]):
    """`lines` are labels by name. Enter goes on, at the last line it notes; answers with True once that is done.

    `able`: who may stand beside, where somebody must, None where nobody need. `sums` says below the lines what they
    come to while they are typed.
    """

    DEFAULT_CSS = """
    NoteScreen Horizontal { height: 1; }
    NoteScreen Horizontal > Prose { width: 26; }
    NoteScreen #sums { margin: 1 0 0 0; }
    NoteScreen #who { margin: 1 0 0 0; }
    """

    def __init__(
        self,
        desk: Desk,
        heading: str,
        lines: Mapping[str, str],
        work: Work,
        *,
        able: Sequence[Operator] | None = None,
        sums: Callable[[Mapping[str, str]], str] | None = None,
    ) -> None:
        super().__init__(heading, t("screen.note_hint"))
        self.desk, self.lines, self.work, self.able, self.sums = desk, lines, work, able, sums
        self.noting: Background[None] | None = None

    def compose_body(self) -> Iterable[Widget]:
        for name, label in self.lines.items():
            with Horizontal():
                yield Prose(label)
                yield FormInput(limit=100, id=name)
        if self.sums is not None:
            yield Prose(self.sums({}), id="sums")
        if self.able is not None:
            yield Prose(t("authorise.who") if self.able else t("authorise.nobody"), id="who")
            yield Choice([Option(person.id, person.name, person.id) for person in self.able], tall=True)
            yield FormInput.hidden(id=SECOND)
        yield Prose(id="problem", classes="problem")

    def on_mount(self) -> None:
        if self.able:
            self.query_one(Choice).chosen = self.able[0].id
        self.query(FormInput).first().focus()

    @property
    def typed(self) -> Mapping[str, str]:
        """What stands in the lines, by their names."""
        return {name: self.query_one(f"#{name}", FormInput).value.strip() for name in self.lines}

    @on(Input.Changed)
    def _changed(self) -> None:
        if self.sums is not None:
            self.query_one("#sums", Prose).update(self.sums(self.typed))

    @on(Choice.Done)
    def _chosen(self, event: Choice.Done) -> None:
        event.stop()
        self.query_one(f"#{SECOND}", FormInput).focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        boxes = [*self.query(FormInput)]
        at = next(place for place, box in enumerate(boxes) if box is event.input)
        if at < len(boxes) - 1:
            boxes[at + 1].focus()
            return
        typed, second = self.typed, self._second()
        if second is None or all(second):
            self.noting = self.in_background(
                lambda _: self._note(typed, second), self._noted, group="note", once=True, refused=self._say
            )

    def action_leave(self) -> None:
        """Esc: nothing is noted; what is being noted is waited for."""
        if self.noting is None or not self.noting.running:
            self.answer(None)

    def _noted(self, _done: None) -> None:
        self.answer(result=True)

    def _second(self) -> tuple[str, str] | None:
        """Who was chosen, and the passphrase, which is not kept."""
        if self.able is None:
            return None
        box = self.query_one(f"#{SECOND}", FormInput)
        passphrase, box.value = box.value, ""
        return str(self.query_one(Choice).chosen or ""), passphrase

    def _note(self, typed: Mapping[str, str], second: tuple[str, str] | None) -> None:
        self.work(typed, self.desk.store.operators.verify(*second) if second else None)

    def _say(self, reason: str) -> None:
        self.query_one("#problem", Prose).update(reason)


def beside(desk: Desk) -> list[Operator]:
    """The supervisors who may stand beside who has signed in."""
    me = desk.store.operator.id
    people = desk.store.operators.list()
    return [each for each in people if each.active and each.role is Role.SUPERVISOR and each.id != me]
