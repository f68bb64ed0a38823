"""A checklist: papers handed over, consents given."""

from collections.abc import Callable, Sequence

from rich.text import Text
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from counter.terminal.wrapping import hang
from counter.widgets.bound import fixed
from counter.widgets.fields.choice import Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.in_view import keep_in_view


class Ticks(Widget, can_focus=True):
    """Options, each ticked or not: Space ticks and goes down, Enter goes on, and with `digits` a number
    ticks, 0 all of them."""

    DEFAULT_CSS = """
    Ticks { height: auto; width: 1fr; }
    """
    BINDINGS = [
        fixed("walk", "up", "move(-1)"),
        fixed("walk", "down", "move(1)"),
        fixed("tick", "space", "tick", "key.tick"),
        fixed("accept", "enter", "accept", "key.accept"),
        *(fixed("choose", str(digit), f"tick({digit})") for digit in range(1, 10)),
        fixed("tick-all", "0", "tick_all", "key.tick_all"),
    ]
    ticked: reactive[frozenset[object]] = reactive(frozenset[object]())
    cursor: reactive[int] = reactive(0)

    class Ticked(Message):
        def __init__(self, ticked: frozenset[object]) -> None:
            super().__init__()
            self.ticked = ticked

    class Done(Message):
        pass

    def __init__(self, options: Sequence[Option], *, digits: bool = True) -> None:
        super().__init__()
        self.options = tuple(options)
        self.digits = digits

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, sum(len(self._lines(index, width)) for index in range(len(self.options))))

    @property
    def line_here(self) -> Region:
        """The lines of the option under the cursor."""
        heights = [len(self._lines(index, self.size.width)) for index in range(len(self.options))]
        return Region(0, sum(heights[: self.cursor]), self.size.width, (heights or [1])[self.cursor])

    def watch_cursor(self) -> None:
        """It is seen, however many there are."""
        if self.has_focus:
            keep_in_view(self)

    def render(self) -> Text:
        lines = []
        for index in range(len(self.options)):
            here = self.has_focus and index == self.cursor
            style = "here" if here else ""
            lines += [Text(line, style=style) for line in self._lines(index, self.size.width)]
        return Text("\n").join(lines)

    def _lines(self, index: int, width: int) -> list[str]:
        """An option in the width there is, hanging under its box."""
        option = self.options[index]
        box = "[x]" if option.value in self.ticked else "[ ]"
        number = f"{index + 1} " if self.digits else ""  # a number that is shown is a key that works
        return hang(f"{box} {number}", option.label, max(width, 2))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A number ticks only where it is shown."""
        return self.digits or (action != "tick_all" and (action != "tick" or not parameters))

    def action_move(self, by: int) -> None:
        """Move inside the list, and out of it at its ends."""
        if 0 <= self.cursor + by < len(self.options):
            self.cursor += by
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def action_tick(self, number: int = 0) -> None:
        """Tick or clear the line of the cursor (Space) or of a number."""
        index = number - 1 if number else self.cursor
        if not 0 <= index < len(self.options):
            return
        self.ticked = self.ticked ^ {self.options[index].value}
        self.cursor = min(index + 1, len(self.options) - 1)
        self.post_message(self.Ticked(self.ticked))

    def action_tick_all(self) -> None:
        """Tick all that is asked for, or clear all where that is ticked: never one and what stands in its place."""
        replaced = {option.instead_of for option in self.options if option.value in self.ticked}
        asked = {option.value for option in self.options if option.instead_of is None} - replaced
        self.ticked = frozenset[object]() if self.ticked >= asked else self.ticked | asked
        self.post_message(self.Ticked(self.ticked))

    def action_accept(self) -> None:
        self.post_message(self.Done())


class TickField(Field):
    """A field that holds the ticked values of a list (a tuple in the case); values that are not listed here stay."""

    def __init__(self, path: str, options: Callable[[], Sequence[Option]], *, digits: bool = True) -> None:
        super().__init__(path)
        self.options = options
        self.others: tuple[object, ...] = ()
        self.ticks = Ticks(options(), digits=digits)

    def make_control(self) -> Ticks:
        return self.ticks

    def show(self, value: object) -> None:
        options = tuple(self.options())
        if options != self.ticks.options:
            if [option.value for option in options] != [option.value for option in self.ticks.options]:
                self.ticks.cursor = 0
            self.ticks.options = options
            self.ticks.refresh(layout=True)
        values = value if isinstance(value, tuple) else ()
        listed = {option.value for option in options}
        self.others = tuple(one for one in values if one not in listed)
        self.ticks.ticked = frozenset(values) & listed

    def on_ticks_ticked(self, event: Ticks.Ticked) -> None:
        event.stop()
        ticked = tuple(option.value for option in self.ticks.options if option.value in event.ticked)
        self.post_message(self.Changed(self, (*self.others, *ticked)))

    def on_ticks_done(self, event: Ticks.Done) -> None:
        event.stop()
        self.post_message(self.Accepted(self))
