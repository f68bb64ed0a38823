"""The lines that are always in the same place: where I am, the steps, the customer, the findings, the keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import events
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from counter.i18n import sentence, t
from counter.keymap.in_use import is_first, is_usually
from counter.rules.finding import Finding, Level
from counter.terminal.wrapping import hang

LEVEL_STYLES = {Level.STOP: "alarm", Level.ASK: "ask", Level.TELL: "accent"}

READER = "-reader"
"""The class of an app that is shown for screen readers and braille lines."""

CUT = ".."
"""What stands for the rest of a text (an ellipsis is of ambiguous width)."""
KEPT = ("escape", "f1", "f10")
"""The last line always shows what is usually done by these."""


def spread(left: Text, right: Text, width: int) -> Text:
    """Two texts at the ends of one line; the left one gives way."""
    room = max(0, width - right.cell_len - 1)
    left = left.copy()
    left.truncate(room, pad=True)
    return Text.assemble(left, " ", right, no_wrap=True, overflow="crop", end="")


class Line(Widget):
    """One line of text that repaints without a layout."""

    DEFAULT_CSS = "Line { height: 1; width: 1fr; }"

    text: reactive[Text] = reactive(Text, layout=False)
    right: reactive[Text] = reactive(Text, layout=False)

    def render(self) -> Text:
        return spread(self.text, self.right, self.size.width)


class HeaderLine(Widget):
    """Line 1: the place on the left; the province, the operator and the time on the right (标题行).

    `forms` are the two ends, whole and then ever shorter; the first that fits is shown. Where none does, the left end
    of the last one is cut, and shows that.
    """

    DEFAULT_CSS = "HeaderLine { height: 1; width: 1fr; }"

    forms: reactive[tuple[tuple[Text, Text], ...]] = reactive((), layout=False)

    def render(self) -> Text:
        width = self.size.width
        for left, right in self.forms:
            if left.cell_len + right.cell_len < width:
                return spread(left, right, width)
        left, right = self.forms[-1] if self.forms else (Text(), Text())
        short = left.copy()
        short.truncate(max(0, width - right.cell_len - 1 - cell_len(CUT)), overflow="crop")
        return spread(Text.assemble(short, CUT) if self.forms else short, right, width)


class GuideLine(Widget):
    """What is to be done now, for who practises (练习): two lines under the header, that nothing else takes.

    Shown as long as somebody does (``look.tcss``).
    """

    DEFAULT_CSS = "GuideLine { display: none; height: 2; width: 1fr; padding: 0 1; }"

    head: reactive[str] = reactive("", layout=False)
    text: reactive[str] = reactive("", layout=False)

    def render(self) -> Text:
        width = max(self.size.width - 2, 2)
        first, *rest = self.lines_of(self.head, self.text, width)
        if len(rest) > 1:
            rest = [f"{set_cell_size(rest[0], max(width - 3, 0)).rstrip()}..."]  # F12 says it whole
        return Text("\n", no_wrap=True, overflow="crop").join(Text(line, style="bold") for line in (first, *rest))

    @staticmethod
    def lines_of(head: str, text: str, width: int) -> list[str]:
        """What it says in a width of so many columns; more than two lines are not seen."""
        return hang(f"{head} ", text, width)


@dataclass(frozen=True, slots=True)
class StepMark:
    """A step as the line shows it: its short name and its mark (``+ > ! ?`` or a space)."""

    name: str
    mark: str


class StepsLine(Line):
    """Line 2: the service and its steps with their state (步骤行). For want of room those far from the clerk's are left
    out whole, and dots stand for them."""

    _head = Text()
    _steps: Sequence[Text] = ()
    _here = 0

    def show(self, service: str, steps: Sequence[StepMark]) -> None:
        """Paint the service's name and its steps."""
        styles = {"+": "", ">": "band", "!": "stop", "?": "ask"}
        self._head = Text(f" {service}  ", "bold")
        self._steps = [Text(f"{step.mark}{step.name}", styles.get(step.mark, "quiet")) for step in steps]
        self._here = next((at for at, step in enumerate(steps) if step.mark == ">"), 0)
        self.text = self._between(0, len(steps))

    def render(self) -> Text:
        width = self.size.width - 1
        first, end = 0, len(self._steps)
        while self._between(first, end).cell_len > width and end > self._here + 1:
            end -= 1
        while self._between(first, end).cell_len > width and first < self._here:
            first += 1
        return spread(self._between(first, end), self.right, self.size.width)

    def _between(self, first: int, end: int) -> Text:
        """The line with these steps alone."""
        before, after = [Text(CUT)] * (first > 0), [Text(CUT)] * (end < len(self._steps))
        return Text.assemble(self._head, Text(" ").join([*before, *self._steps[first:end], *after]), " ")


class FindingsStrip(Widget):
    """The findings above the keys: what stops another step, with its name, the focused field's, then the step's, then
    how many are left (提示区). Those that stand `beside` their fields it leaves to them."""

    DEFAULT_CSS = "FindingsStrip { height: 4; width: 1fr; padding: 0 1; }"

    elsewhere: reactive[tuple[tuple[str, Finding], ...]] = reactive((), layout=False)
    findings: reactive[tuple[Finding, ...]] = reactive((), layout=False)
    beside: reactive[tuple[Finding, ...]] = reactive((), layout=False)
    notice: reactive[str] = reactive("", layout=False)

    def on_mount(self) -> None:
        self._take_room()

    def watch_elsewhere(self) -> None:
        self._take_room()

    def watch_findings(self) -> None:
        self._take_room()

    def watch_beside(self) -> None:
        self._take_room()

    def watch_notice(self) -> None:
        self._take_room()

    @property
    def _found(self) -> list[tuple[str, Finding]]:
        """What is to be said here, each with its step's name if it is another."""
        return [*self.elsewhere, *(("", finding) for finding in self.findings if finding not in self.beside)]

    def _take_room(self) -> None:
        """Where there is nothing to say the form has the rows; the line for screen readers keeps its place."""
        self.display = bool(self._found or self.notice) or self._in_one_line

    @property
    def _in_one_line(self) -> bool:
        return self.app.has_class(READER)

    def render(self) -> Text:
        if self._in_one_line:
            return self._first()
        lines = [Text(self.notice, style="accent")] if self.notice else []
        found = self._found
        for index, (step, finding) in enumerate(found):
            its_lines, left = self._lines(finding, step), len(found) - index
            if len(lines) + len(its_lines) > self.size.height - (1 if left > 1 else 0):
                lines.append(Text(t("screen.more_findings", count=left), style="quiet"))
                break
            lines += its_lines
        return Text("\n").join(lines)

    def _first(self) -> Text:
        """What comes first and which of how many it is, on the one line that a braille line shows."""
        found = self._found
        if self.notice or not found:
            return Text(self.notice)
        step, finding = found[0]
        level, count = t(f"screen.level.{finding.level}"), f" 1/{len(found)} "
        said = f"{step}  {sentence(finding)}".lstrip()
        return Text.assemble(
            (level, LEVEL_STYLES[finding.level]), count, said, (f"  {finding.rule}", "quiet"), no_wrap=True, end=""
        )

    def _lines(self, finding: Finding, step: str) -> list[Text]:
        why = Text(f"{finding.rule}  {t('screen.why')}", style="quiet")
        width = self.size.width - 2
        first, *rest = hang(
            f"{t(f'screen.level.{finding.level}')} ", f"{step}  {sentence(finding)}".lstrip(), width - why.cell_len - 1
        )
        head = Text(first)
        head.stylize(LEVEL_STYLES[finding.level], 0, len(t(f"screen.level.{finding.level}")))
        return [spread(head, why, width), *map(Text, rest)]


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key on the last line: how it is written, what it does, whether that applies now, and which it is."""

    said: str
    does: str
    applies: bool
    key: str
    kept: bool
    everywhere: bool
    """Is it the screen's or the program's, not the field's with the focus?"""

    @property
    def width(self) -> int:
        """Columns that it takes."""
        return cell_len(self.said) + cell_len(self.does) + 3


class KeysLine(Widget):
    """The last line: the keys that work now; one that does not apply here is dimmed, not gone (按键行). A click is the
    key.

    Our own instead of Textual's Footer, which mounts a widget a key and lays the screen out on every change of focus.
    """

    DEFAULT_CSS = "KeysLine { dock: bottom; height: 1; }"

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Text:
        line = Text(no_wrap=True, overflow="crop", end="")
        for shown in self._fitting():
            line.append(f" {shown.said}", style="bold" if shown.applies else "quiet")
            line.append(f" {shown.does} ", style="" if shown.applies else "quiet")
        return line

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The field that is being filled keeps the focus."""
        event.prevent_default()
        event.stop()

    def on_click(self, event: events.Click) -> None:
        """As if the key had been pressed then: it waits behind what was typed, and records nothing unseen."""
        right = 0
        for shown in self._fitting():
            right += shown.width
            if event.x < right:
                pressed = events.Key(shown.key, None)
                pressed.time = event.time
                self.app.post_message(pressed)
                return

    def _fitting(self) -> list[ShownKey]:
        """The keys; for want of room the last ones go, chords before F-keys, and Enter before what the field with the
        focus has for itself.

        The way on, the way back and help stay: whoever has those finds the rest.
        """
        shown: dict[str, ShownKey] = {}
        for node, binding, enabled, _tooltip in self.screen.active_bindings.values():
            if binding.show and is_first(binding.id, binding.key):
                shown.setdefault(
                    binding.action,
                    ShownKey(
                        self.app.get_key_display(binding),
                        t(binding.description),
                        enabled,
                        binding.key,
                        any(is_usually(binding.id, key) for key in KEPT),
                        node in (self.screen, self.app),
                    ),
                )
        keys = list(shown.values())
        while sum(key.width for key in keys) > self.size.width:
            chords = [at for at, key in enumerate(keys) if "+" in key.key and not key.kept]
            others = [at for at, key in enumerate(keys) if not key.kept]
            screens = [at for at in others if keys[at].everywhere or keys[at].key == "enter"]
            if not others:
                break
            del keys[(chords or screens or others)[-1]]
        return keys
