"""A field whose value is found in a long list by pinyin initials, characters or code."""

from collections.abc import Callable, Sequence

from rich.text import Text
from textual import on
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from counter.i18n import t
from counter.widgets.bound import bound, fixed
from counter.widgets.fields.choice import Option, refuse
from counter.widgets.fields.field import Field
from counter.widgets.fields.stack import Stack
from counter.widgets.fields.text import FormInput

Find = Callable[[str], Sequence[Option]]
SHOWN = 6


class Matches(Widget):
    """The matches under the input, over what stands below it."""

    DEFAULT_CSS = """
    Matches {
        overlay: screen; constrain: inside inside; height: auto; width: 64; max-height: 8;
        display: none;
    }
    """
    options: reactive[tuple[Option, ...]] = reactive((), layout=True)
    cursor: reactive[int] = reactive(0)

    def render(self) -> Text:
        first = max(0, self.cursor - SHOWN + 1)
        lines = []
        for index, option in enumerate(self.options[first : first + SHOWN], first):
            here = index == self.cursor
            style = "here" if here else "quiet" if option.reason else ""
            line = Text.assemble((f"{'>' if here else ' '} {'(-) ' if option.reason else ''}{option.label} ", style))
            if remark := option.reason or option.hint:
                line.append(f" {remark}", style="quiet")
            lines.append(line)
        return Text("\n", no_wrap=True, overflow="ellipsis").join(lines)


class SearchInput(FormInput):
    """The input of a search: up and down walk the matches while they are open."""

    BINDINGS = [
        fixed("walk", "up", "walk(-1)"),
        fixed("walk", "down", "walk(1)"),
        bound("back", "close", show=False),
    ]

    def action_walk(self, by: int) -> None:
        field = self._field()
        if field.matches.display:
            field.walk(by)
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def action_close(self) -> None:
        self._field().close()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape is ours only while the matches are open; keys are asked about on the way out of the screen too."""
        return action != "close" or any(
            node.matches.display for node in self.ancestors if isinstance(node, SearchField)
        )

    def _field(self) -> "SearchField":
        return next(node for node in self.ancestors if isinstance(node, SearchField))


class SearchField(Field):
    """A field with a value out of `find`; `name` gives a value's label. Typing opens the matches, Enter takes one;
    a code that is typed whole takes itself. One that cannot be chosen now is never taken."""

    def __init__(
        self, path: str, find: Find, name: Callable[[str], str], *, label: str = "", required: bool = True
    ) -> None:
        super().__init__(path, label=label, required=required)
        self.find = find
        self.name_of = name
        self.value = ""
        self.input = SearchInput(limit=40)
        self.input.may_end = True  # with a code
        self.matches = Matches()

    def make_control(self) -> Widget:
        return Stack(self.input, self.matches)

    def show(self, value: object) -> None:
        self.value = str(value or "")
        if not self.input.behind and not self.matches.display and not (self.problem and not value):
            self._write(self.name_of(self.value) if self.value else "")

    def show_again(self, value: object) -> None:
        self.value = str(value or "")
        self.input.arrived = self.input.value
        self.close()

    def words(self, value: object) -> str:
        return (self.name_of(str(value)) if value else "") or self.input.value

    @property
    def is_loose(self) -> bool:
        return self.matches.display or super().is_loose

    @property
    def problem(self) -> str:
        typed = self.input.value.strip()
        if typed and not self.matches.display and typed != (self.name_of(self.value) if self.value else ""):
            return t("screen.nothing_found")
        return ""

    def walk(self, by: int) -> None:
        """Move the cursor in the matches."""
        if self.matches.options:
            self.matches.cursor = (self.matches.cursor + by) % len(self.matches.options)

    def close(self) -> None:
        """Close the matches and show the value as it is."""
        self.matches.display = False
        self._write(self.name_of(self.value) if self.value else "")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.input.arrived = event.value
        typed = event.value.strip()
        self.matches.options = tuple(self.find(typed)) if typed else ()
        open = (at for at, option in enumerate(self.matches.options) if not option.reason)
        self.matches.cursor = next(open, 0)
        self.matches.display = bool(self.matches.options)
        if not typed and self.value:
            self._take("")
        elif typed.isdecimal() and [option.value for option in self.matches.options if not option.reason] == [typed]:
            self._take(typed)
            self.post_message(self.Accepted(self, by_itself=True))

    @on(Input.Submitted)
    def _accepted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.matches.display:
            chosen = self.matches.options[self.matches.cursor]
            if chosen.reason:
                refuse(self, chosen)
                return
            self._take(str(chosen.value))
        self.post_message(self.Accepted(self))

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        event.stop()
        if self.matches.display and len(self.matches.options) == 1 and not self.matches.options[0].reason:
            self._take(str(self.matches.options[0].value))
        self.matches.display = False

    def _take(self, value: str) -> None:
        self.matches.display = False
        self.value = value
        self._write(self.name_of(value) if value else "")
        self.post_message(self.Changed(self, value))

    def _write(self, text: str) -> None:
        if text != self.input.value:
            self.input.write(text)
            self.input.action_end()
