"""A few lines to be typed, and where something leaves the counter a second person: till and blank cards."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from counter.desk.desk import Desk
from counter.i18n import t
from counter.screens.dialogs.second import SecondPersonDialog
from counter.store.records import Operator
from counter.store.unlocked import Signatory
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose

Work = Callable[[Mapping[str, str], Signatory | None], object]
"""Notes what was typed, by the names of the lines; the second person has shown their passphrase."""


class NoteScreen(SecondPersonDialog[bool]):
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
        super().__init__(heading, t("screen.note_hint"), able or ())
        self.desk, self.lines, self.work, self.sums = desk, lines, work, sums
        self.by_two = able is not None

    def compose_body(self) -> Iterable[Widget]:
        for name, label in self.lines.items():
            with Horizontal():
                yield Prose(label)
                yield FormInput(limit=100, id=name)
        if self.sums is not None:
            yield Prose(self.sums({}), id="sums")
        if self.by_two:
            yield from self.compose_second(t("authorise.nobody"))
        yield Prose(id="problem", classes="problem")

    def begin(self) -> None:
        self.query(FormInput).first().focus()

    @property
    def typed(self) -> Mapping[str, str]:
        """What stands in the lines, by their names."""
        return {name: self.query_one(f"#{name}", FormInput).value.strip() for name in self.lines}

    @on(Input.Changed)
    def _changed(self) -> None:
        if self.sums is not None:
            self.query_one("#sums", Prose).update(self.sums(self.typed))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        boxes = [*self.query(FormInput)]
        at = next(place for place, box in enumerate(boxes) if box is event.input)
        if at < len(boxes) - 1:
            boxes[at + 1].focus()
            return
        typed, second = self.typed, self.second() if self.by_two else None
        if second is None or all(second):
            self.do(lambda: self._note(typed, second))

    def _note(self, typed: Mapping[str, str], second: tuple[str, str] | None) -> bool:
        self.work(typed, self.desk.store.operators.verify(*second) if second else None)
        return True
