"""What fields do to a case, and Ctrl+Z and Ctrl+Y: its changes one by one, back and forth, each at its field."""

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from counter.desk.desk import Desk
from counter.desk.undoing import FormerCase, differences
from counter.i18n import has, listed, t
from counter.rules.case import Case
from counter.rules.service import StepId
from counter.screens.case.at_field import AtField
from counter.screens.case.held_before import OffersHeld
from counter.screens.case.keeping import Keeping
from counter.screens.case.laying import Laying
from counter.screens.case.overwriting import Overwriting
from counter.screens.case.pane import StepPane
from counter.screens.reader import Read
from counter.terminal.typeahead import LAPS
from counter.widgets.bound import bound
from counter.widgets.fields.field import Field
from counter.widgets.fields.text import FormInput


class TakeBack(Message):
    """The clerk wants a change back, or made again. Travels behind what was typed, and round again until that has
    arrived: `laps` is how often."""

    def __init__(self, *, again: bool, laps: int = 0) -> None:
        super().__init__()
        self.again = again
        self.laps = laps


class Changing(OffersHeld):
    """The screen of a case that fields fill, and whose changes can be taken back. What is recorded has left it, and
    stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("undo", "undo", show=False),
        bound("redo", "redo", show=False),
    ]
    keeping: Keeping
    why_back: str = ""
    """Why this held case came back, in a sentence; '' for one that did not."""

    def __init__(self, desk: Desk, id: str, case: Case, step: StepId | None = None) -> None:
        super().__init__(desk, id, case, step)
        self.pane: StepPane | None = None
        self.at = AtField(self, self)
        self.overwriting = Overwriting(self, self.open, self.change, self.accept, self.show_stands)
        self.laying = Laying(self, self.open, self._go_on_from_document)

    @property
    def step_pane(self) -> StepPane:
        assert self.pane is not None, "a case screen always shows a step once it is mounted"
        return self.pane

    async def turn_to(self, step: StepId) -> None:
        """Show another step of the case."""
        raise NotImplementedError

    def show(self) -> None:
        """Show the case as it is now."""
        raise NotImplementedError

    def change(self, event: Field.Changed) -> None:
        """Fill the case with what a field was given."""
        raise NotImplementedError

    async def accept(self, event: Field.Accepted) -> None:
        """The clerk is done with a field."""
        raise NotImplementedError

    def laid(self) -> None:
        """A document that was read is in the case."""
        raise NotImplementedError

    def focus_next(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Tab and Down: what is typed there replaces what stood there."""
        super().focus_next(selector)
        self.at.take_whole()
        return self.focused

    def focus_previous(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Shift+Tab and Up likewise."""
        super().focus_previous(selector)
        self.at.take_whole()
        return self.focused

    def _go_on_from_document(self) -> None:
        """The clerk goes on where something is still asked, unless they are typing."""
        untouched = self.at.is_untouched
        self.laid()
        if untouched and (field := self.at.asks_next):
            self.at.come_to(field)
        self.call_next(self.offer_held)

    async def lay(self, read: Read) -> bool:
        """Something was laid on a reader; is a step there to take it?"""
        if self.pane is None or not self.pane.is_mounted:
            return False
        self.laying.take(read, self.at.path)
        return True

    def show_stands(self, field: Field) -> None:
        """Show in a field what stands in the case, whatever is typed there."""
        field.show_again(self.step_pane.value_of(field, self.open.case))
        self.show()

    @on(Field.Changed)
    def _take(self, event: Field.Changed) -> None:
        event.stop()
        if not self.overwriting.holds(event):
            self.change(event)

    @on(Field.Accepted)
    async def _go_on(self, event: Field.Accepted) -> None:
        event.stop()
        self.open.history.typing = False
        if not self.overwriting.holds_up(event):
            await self.accept(event)

    @on(events.DescendantBlur)
    def _left_a_field(self) -> None:
        """What is typed there later is a change of its own."""
        self.open.history.typing = False
        self.overwriting.left()

    def action_undo(self) -> None:
        (self.focused or self).post_message(TakeBack(again=False))

    def action_redo(self) -> None:
        (self.focused or self).post_message(TakeBack(again=True))

    @on(TakeBack)
    async def _undo(self, event: TakeBack) -> None:
        event.stop()
        focused = self.focused
        if isinstance(focused, FormInput) and focused.behind and event.laps < LAPS - 1:
            focused.post_message(TakeBack(again=event.again, laps=event.laps + 1))
        elif event.again or not self._drop_typed():
            await self._go(self.open.redo if event.again else self.open.undo)

    def _drop_typed(self) -> bool:
        """What is typed in this field and is no value of the case goes first; was there any?"""
        field = self.at.field
        if field is None:
            return False
        if field.is_loose:
            self.show_stands(field)
            return True
        box = next(iter(field.query(FormInput)), None)
        if box is None or not box.value or _is_of_case(field, self.open.case):
            return False
        box.value = ""  # of the step alone: a code, a file
        return True

    async def _go(self, way: Callable[[], FormerCase | None]) -> None:
        before = self.open.case
        changed = way()
        if changed is None:
            self.notify(t("screen.nothing_to_undo"))
            return
        if changed.step is not self.open.step:
            await self.turn_to(changed.step)
        self.show()
        self.keeping.save()
        pane, after = self.step_pane, self.open.case
        differing = [each for each in self.at.fields if pane.value_of(each, before) != pane.value_of(each, after)]
        differing.sort(key=lambda each: each.path != changed.path)
        for field in differing[:1]:
            self.show_stands(field)
            self.at.come_to(field)
        if not differing:  # the province filled it at a step to come
            labels = (f"field.{path}" for path, _ in differences(before, after))
            self.notify(t("screen.changed_back", fields=listed(t(label) for label in labels if has(label))))


def _is_of_case(field: Field, case: Case) -> bool:
    return field.path.partition(".")[0] in case.__struct_fields__
