"""A field with a few possible values: digits and arrows choose, Enter goes on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from counter.terminal.wrapping import hang
from counter.widgets.bound import fixed
from counter.widgets.fields.field import Field
from counter.widgets.fields.in_view import keep_in_view
from counter.widgets.fields.stack import Stack

REMARK_CELLS: Final = 16
"""A remark in fewer columns than these would be a word a line."""
INDENT: Final = 5
"""What stands before an option's label: its mark and its number."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose: what the case gets, what the clerk reads, and a remark beside it.

    `reason` says why it cannot be chosen now; '' where it can. `instead_of` is the value in whose place it stands.
    """

    value: object
    label: str
    hint: str = ""
    reason: str = ""
    instead_of: object = None


def _with_remark(item: Text, option: Option, start: int, width: int) -> Iterator[Text]:
    """The lines of an option, its remark hanging from column `start` on, or from below it where that leaves no room."""
    remark = option.reason or option.hint
    if not remark or width - start < REMARK_CELLS:
        yield from _wrapped(item, width)
        start, item = INDENT, Text()
    for line in hang(" " * start, remark, width) if remark else ():
        item.append(" " * (start - item.cell_len) + line[start:], style="quiet")
        yield item
        item = Text()


def _wrapped(item: Text, width: int) -> Iterator[Text]:
    """The lines of a label, hanging under its beginning."""
    first, *rest = hang(item.plain[:INDENT], item.plain[INDENT:], width)
    yield item[: len(first)]
    for line in rest:
        yield Text(line, style=item.spans[0].style if item.spans else "")


class Choice(Widget, can_focus=True):
    """Options in one line, in lines of their own with their remarks (`tall`), or, for want of room, one at a time: then
    all of them are shown below while the clerk is here (`OptionsBelow`), as where one cannot be chosen."""

    DEFAULT_CSS = """
    Choice { height: auto; width: 1fr; }
    """
    BINDINGS = [
        fixed("walk", "left", "move(-1)"),
        fixed("walk", "right", "move(1)"),
        fixed("walk", "up", "move_tall(-1)"),
        fixed("walk", "down", "move_tall(1)"),
        fixed("accept", "enter", "accept", "key.accept"),
        *(fixed("choose", str(digit), f"pick({digit})") for digit in range(1, 10)),
    ]
    chosen: reactive[object] = reactive(None)
    options: reactive[tuple[Option, ...]] = reactive((), layout=True)
    size_here: reactive[Size] = reactive(Size(0, 0), layout=False)
    """Its room, as what shows its options below watches it."""

    class Picked(Message):
        def __init__(self, value: object) -> None:
            super().__init__()
            self.value = value

    class Done(Message):
        def __init__(self, *, by_digit: bool = False) -> None:
            super().__init__()
            self.by_digit = by_digit

    digits: reactive[bool] = reactive(default=True)
    """Do digits choose here? A number that is shown is a key that works."""

    def __init__(self, options: Sequence[Option], *, tall: bool = False) -> None:
        super().__init__()
        self.tall = tall
        self.set_reactive(Choice.options, tuple(options))

    def on_resize(self) -> None:
        self.size_here = self.size

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, sum(map(len, self.lines(width)))) if self.tall else 1

    @property
    def says_all(self) -> bool:
        """Do all options stand here, and the reason of each that cannot be chosen?"""
        return self.tall or (self._fits and not any(option.reason for option in self.options))

    @property
    def _fits(self) -> bool:
        return self._in_a_line().cell_len <= self.size.width

    def unsaid(self, width: int) -> Iterator[tuple[Option, Text]]:
        """The lines of the options that a flat choice has no room for, or whose reason it does not say."""
        for option, lines in zip(self.options, self.lines(width), strict=True):
            if option.reason or not self._fits:
                yield from ((option, line) for line in lines)

    @property
    def line_here(self) -> Region:
        """The line of what is chosen; where all stand in one, from what is chosen on."""
        values = [option.value for option in self.options]
        at = values.index(self.chosen) if self.chosen in values else 0
        if self.tall:
            items = self.lines(self.size.width)
            return Region(0, sum(map(len, items[:at])), self.size.width, len(items[at]) if items else 1)
        before, shown, _ = self.render().plain.partition(f"({at + 1})")
        return Region(max(cell_len(before) - 1, 0) if shown else 0, 0, self.size.width, 1)  # its mark

    def watch_chosen(self) -> None:
        """It is seen, however many there are."""
        if self.has_focus:
            keep_in_view(self)

    def render(self) -> Text:
        if self.tall:
            return Text("\n").join(chain.from_iterable(self.lines(self.size.width)))
        line = self._in_a_line()
        return line if line.cell_len <= self.size.width else self._one_at_a_time()

    def _in_a_line(self) -> Text:
        return Text("  ").join(self._item(number, option) for number, option in enumerate(self.options, 1))

    def _item(self, number: int, option: Option) -> Text:
        here = option.value == self.chosen
        style = ("here" if self.has_focus else "bold") if here else "quiet"
        shown = f"({'-' if option.reason else number}) " if self.digits else " "
        item = Text.assemble((f"{'>' if here else ' '}{shown}{option.label}", style))
        if number == 1 and self.has_focus and self.chosen is None:
            item.stylize("here", 0, 1)  # nothing is chosen yet: here is where it begins
        return item

    def lines(self, width: int) -> list[list[Text]]:
        """The lines of each option where they stand one under the other: its remark beside it, hanging under where all
        remarks begin."""
        items = [self._item(number, option) for number, option in enumerate(self.options, 1)]
        widest = max((item.cell_len for item in items), default=0)
        return [
            list(_with_remark(item, option, widest + 2, width))
            for item, option in zip(items, self.options, strict=True)
        ]

    def _one_at_a_time(self) -> Text:
        label = next((option.label for option in self.options if option.value == self.chosen), "")
        style = "here" if self.has_focus else "bold"
        return Text.assemble("< ", (label, style), " >", (f"   1-{len(self.options)}", "quiet"))

    def action_move(self, by: int) -> None:
        """Choose the neighbour, past those that cannot be chosen."""
        values = [option.value for option in self.options]
        open = [at for at, option in enumerate(self.options) if not option.reason]
        if not self.options:
            return
        if not open:
            refuse(self, self.options[0])
        elif self.chosen not in values:
            self._pick(values[open[0]])
        else:
            at = values.index(self.chosen)
            following = [each for each in open if each > at] if by > 0 else [each for each in open if each < at]
            self._pick(values[(following or open)[0 if by > 0 else -1]])

    def action_move_tall(self, by: int) -> None:
        """Up and down choose in a tall choice, and leave a flat one."""
        if self.tall:
            self.action_move(by)
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def action_pick(self, number: int) -> None:
        """Choose by the number in front and go on: one key for the whole field, but never out of the step."""
        if number > len(self.options):
            return
        if self.options[number - 1].reason:
            refuse(self, self.options[number - 1])
        else:
            self._pick(self.options[number - 1].value)
            self.post_message(self.Done(by_digit=True))

    def action_accept(self) -> None:
        self.post_message(self.Done())

    def _pick(self, value: object) -> None:
        self.chosen = value
        self.post_message(self.Picked(value))


def refuse(control: Widget, wanted: Option) -> None:
    """Say why what was wanted cannot be chosen; what was chosen stays."""
    control.app.bell()
    control.notify(f"{wanted.label}: {wanted.reason}", severity="warning")


class OptionsBelow(Widget):
    """What a flat choice does not say in its line: all options one under the other or, where they stand there, why some
    cannot be chosen. It lies over the form, where there is room, so that nothing jumps; never over what is found."""

    DEFAULT_CSS = "OptionsBelow { overlay: screen; height: auto; width: 100%; display: none; }"

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice

    def on_mount(self) -> None:
        """Open while the clerk is in the choice."""
        for what in ("has_focus", "options", "chosen", "digits", "size_here"):
            self.watch(self.choice, what, self._follow, init=False)

    def _follow(self) -> None:
        self.display = self.choice.has_focus and not self.choice.says_all
        if self.display:
            self.refresh(layout=True)
            self.call_after_refresh(self._find_room)

    def _find_room(self) -> None:
        """Below the line, or above it where that has more room."""
        choice, lines = self.choice.region, self.get_content_height(self.size, self.size, self.choice.size.width)
        form = next((node for node in self.ancestors if isinstance(node, Widget) and node.allow_vertical_scroll), None)
        window = form.region if form is not None else self.screen.region
        below, above = window.bottom - choice.bottom, choice.y - window.y
        is_above = lines > below and above > below
        height = min(lines, max(1, above if is_above else below))
        self.styles.max_height = height
        self.styles.offset = (0, -height - 1 if is_above else 0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(list(self.choice.unsaid(width)))

    def render(self) -> Text:
        """Where not all have room, those around the one that is chosen."""
        lines, room = list(self.choice.unsaid(self.size.width)), self.size.height
        here = next((at for at, (option, _) in enumerate(lines) if option.value == self.choice.chosen), 0)
        first = max(0, min(here - room // 2, len(lines) - room))
        return Text("\n").join(line for _, line in lines[first : first + room])


class ChoiceField(Field):
    """A field with a few possible values; `options` is asked again whenever the case changes."""

    def __init__(
        self,
        path: str,
        options: Callable[[], Sequence[Option]],
        *,
        tall: bool = False,
        label: str = "",
        required: bool = True,
    ) -> None:
        super().__init__(path, label=label, required=required)
        self.options = options
        self.choice = Choice(options(), tall=tall)

    def make_control(self) -> Widget:
        return self.choice if self.choice.tall else Stack(self.choice, OptionsBelow(self.choice))

    def show(self, value: object) -> None:
        options = tuple(self.options())
        self.choice.options = options
        self.choice.chosen = value

    def words(self, value: object) -> str:
        return next((option.label for option in self.options() if option.value == value), "")

    def on_choice_picked(self, event: Choice.Picked) -> None:
        event.stop()
        self.post_message(self.Changed(self, event.value))

    def on_choice_done(self, event: Choice.Done) -> None:
        event.stop()
        self.post_message(self.Accepted(self, by_digit=event.by_digit))
