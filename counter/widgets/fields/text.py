"""A field that is typed, pasted or scanned."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events, on
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input

from counter.i18n import t
from counter.rules.case import LongTerm
from counter.rules.text import plain
from counter.widgets.bound import fixed
from counter.widgets.fields.field import Field

Clean = Callable[[str], str]
Ends = Callable[[str], bool]
"""Is a text, in its normal form, complete? Nothing can follow it."""
LIMIT = 200


def has_no_end(_text: str) -> bool:
    """A text that only Enter ends: a name, an address."""
    return False


def digits(count: int) -> Ends:
    """A text of so many digits."""
    return lambda text: len(text) == count and text.isdecimal()


class _Mask(Highlighter):
    """Textual paints an input through its highlighter: the place to hide what is not being typed."""

    def __init__(self, box: "FormInput") -> None:
        self.box = box

    def __call__(self, text: str | Text) -> Text:
        return Text(self.box.shown(str(text)), no_wrap=True, overflow="ignore", end="")

    def highlight(self, text: Text) -> None:
        """Nothing to colour."""


class FormInput(Input):
    """An input that takes whole pastes in normal form, and hides a person's data while it is not being typed."""

    DEFAULT_CSS = """
    FormInput, FormInput:focus { border: none; height: 1; padding: 0; width: 1fr; }
    """
    BINDINGS = [
        fixed("accept", "enter", "submit", "key.accept"),
        fixed("copy", "ctrl+c,super+c", "copy_nothing"),
        fixed("cut", "ctrl+x,super+x", "cut_nothing"),
    ]

    virtual_size = Reactive(Size(0, 0), layout=False)
    """As wide as what was typed, which changes no layout; Textual would lay the screen out at every key."""

    def __init__(
        self, *, limit: int = LIMIT, mask: Clean | None = None, secret: bool = False, id: str | None = None
    ) -> None:
        super().__init__(compact=True, highlighter=_Mask(self), select_on_focus=False, id=id)
        self.limit = limit
        self.mask = mask
        self.secret = secret
        self.revealed = False
        self.may_end = False
        """Has what is typed here an end, with which the clerk goes on?"""
        self.arrived = ""
        """The text that has reached whoever the field is for."""
        self.offered = ""
        """What Enter takes while nothing is typed."""

    def offer(self, text: str, said: str) -> None:
        """Offer a text, said in the place of what is not typed; or nothing any more."""
        self.offered, self.placeholder = text, said if text else ""

    async def action_submit(self) -> None:
        """Enter: what is offered, where nothing was typed."""
        if self.offered and not self.value.strip():
            self.value = self.offered
            self.cursor_position = len(self.value)
        await super().action_submit()

    @classmethod
    def hidden(cls, id: str) -> "FormInput":
        """An input for a passphrase: stars always, and ASCII ones (Textual's dot is of ambiguous width)."""
        return cls(mask=lambda text: "*" * len(text), secret=True, id=id)

    @property
    def behind(self) -> bool:
        """Is there text on its way still? It came later than what is to be shown, and so it stays."""
        return self.value != self.arrived

    def write(self, text: str) -> None:
        """Show a text that nobody typed."""
        if not self.behind:
            self.arrived = text
        if text != self.value:
            at_end = self.cursor_position >= len(self.value)
            with self.prevent(Input.Changed):
                self.value = text
            if at_end:  # 20350101 has become 2035-01-01: Backspace and Ctrl+U still take it from its end
                self.cursor_position = len(text)

    def shown(self, text: str) -> str:
        """The text as it may be seen now."""
        if self.mask is not None and (self.secret or not (self.has_focus or self.revealed)):
            return self.mask(text)
        return text

    def action_copy_nothing(self) -> None:
        """The clipboard never carries a person: copying works only where nothing is masked."""
        if self.mask is None:
            self.action_copy()

    def action_cut_nothing(self) -> None:
        """Cutting is copying."""
        if self.mask is None:
            self.action_cut()

    def on_paste(self, event: events.Paste) -> None:
        """A paste comes in one line and in normal form; what does not fit is said, not silently lost."""
        event.prevent_default()
        event.stop()
        text = plain(event.text, limit=self.limit)
        start, end = sorted(self.selection)
        room = self.limit - len(self.value) + (end - start)
        if len(event.text) > self.limit or len(text) > room:
            self.notify(t("screen.paste_cut", limit=self.limit), severity="warning")
        self.replace(text[: max(0, room)], start, end)


class TextField(Field):
    """A field of text; `clean` gives its normal form (full-width digits, spaces, control characters).

    Once its text `ends` under the clerk's hands, the field is accepted by itself.
    """

    def __init__(
        self,
        path: str,
        *,
        clean: Clean = plain,
        mask: Clean | None = None,
        limit: int = LIMIT,
        label: str = "",
        required: bool = True,
        ends: Ends = has_no_end,
    ) -> None:
        super().__init__(path, label=label, required=required)
        self.clean = clean
        self.ends = ends
        self.input = FormInput(limit=limit, mask=mask)
        self.input.may_end = ends is not has_no_end

    def make_control(self) -> Widget:
        return self.input

    def read(self, text: str) -> object:
        """The value of what was typed."""
        return self.clean(text)

    def write(self, value: object) -> str:
        """The text of a value."""
        return str(value or "")

    def words(self, value: object) -> str:
        return self.write(value) or self.input.value

    def show(self, value: object) -> None:
        is_value = self.read(self.input.value) == value
        if is_value:
            self.input.arrived = self.input.value
        if self.input.behind or (is_value and self.input.has_focus):
            return
        text = self.write(value)
        if text or not self.problem:
            self.input.write(text)

    def show_again(self, value: object) -> None:
        self.input.arrived = self.input.value
        self.input.write(self.write(value))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if len(event.value) > self.input.limit:
            with self.prevent(Input.Changed):
                self.input.value = event.value[: self.input.limit]
            self.app.bell()
        self.post_message(self.Changed(self, self.read(self.input.value)))
        if self.input.has_focus and self.input.cursor_at_end and self.is_complete:
            self.post_message(self.Accepted(self, by_itself=True))

    @property
    def is_complete(self) -> bool:
        """Can nothing follow what was typed?"""
        return self.ends(self.clean(self.input.value))

    @on(Input.Submitted)
    def _accepted(self, event: Input.Submitted) -> None:
        event.stop()
        self._normalise()
        self.post_message(self.Accepted(self))

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        event.stop()
        self._normalise()

    def _normalise(self) -> None:
        value = self.read(self.input.value)
        if value is not None:
            self.input.write(self.write(value))


_MONTH: Final = r"\d{4}\D?(0?[1-9]|1[0-2])"
"""A year and a month, as people type them."""
LONG_TERM_WORDS = frozenset({"长期", "cq", "long", "long term", "long_term", "长"})


def read_date(text: str) -> date | None:
    """A date as people type it: 20180301, 2018-03-01, 2018.3.1, 2018年3月1日. None when it is none."""
    text = plain(text)
    for separator in ("年", "月", ".", "/", " "):
        text = text.replace(separator, "-")
    text = text.replace("日", "").strip("-")
    for form in ("%Y%m%d", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar date has no zone
        except ValueError:
            continue
    return None


class DateField(TextField):
    """A date; with `long_term` the words 长期 or ``cq`` mean that there is no end."""

    def __init__(self, path: str, *, long_term: bool = False, label: str = "", required: bool = True) -> None:
        super().__init__(path, limit=20, label=label, required=required, ends=self._ends)
        self.long_term = long_term

    @staticmethod
    def _ends(text: str) -> bool:
        """A date in digits, or with both its hyphens: its day has two."""
        return read_date(text) is not None and len(text.replace("-", "")) == len("20180301")

    def read(self, text: str) -> date | LongTerm | None:
        if self.long_term and plain(text).lower() in LONG_TERM_WORDS | {t("choice.long_term").lower()}:
            return "long_term"
        return read_date(text)

    def write(self, value: object) -> str:
        if value == "long_term":
            return t("choice.long_term")
        return value.isoformat() if isinstance(value, date) else ""

    @property
    def problem(self) -> str:
        typed = self.input.value.strip()
        if not typed or self.read(typed) is not None:
            return ""
        if re.fullmatch(rf"{_MONTH}\D?(0?[1-9]|[12]\d|3[01])日?", plain(typed)):
            return t("screen.date_none")
        return t("screen.date_day" if re.fullmatch(rf"{_MONTH}\D?", plain(typed)) else "screen.date_form")
