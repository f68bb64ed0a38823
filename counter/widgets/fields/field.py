"""A line of a form: mark, label, control. What a case holds is shown by fields, and fields fill the case."""

from typing import ClassVar, Final

from rich.cells import set_cell_size
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from counter.i18n import t, traits

MARKS: Final = {"!": "stop", "?": "ask", "=": "accent"}


def is_empty(value: object) -> bool:
    """Is nothing typed or chosen? A no is an answer."""
    return value in (None, "", ())


class Field(Horizontal):
    """A field of the case at `path`; subclasses give the control and how it shows a value.

    Marks: ``*`` must be given, ``=`` filled by the number or the province, ``!`` wrong, ``?`` deferred.
    """

    DEFAULT_CSS = """
    Field { height: auto; min-height: 1; width: 1fr; }
    Field > .label { width: auto; height: 1; }
    Field > .from { width: auto; height: 1; margin: 0 1; }
    """
    typed: ClassVar[bool] = True
    """Can the clerk be in it? A field that is only shown says no."""

    class Changed(Message):
        """The clerk gave the field a value; `value` has the field's type in the case."""

        def __init__(self, field: "Field", value: object) -> None:
            super().__init__()
            self.field = field
            self.value = value

        @property
        def control(self) -> "Field":
            return self.field

    class Accepted(Message):
        """Enter: the clerk is done with the field and goes on; with `more` something further comes into it first.

        A choice that was made `by_digit` goes on as well, but no further than the step's last field. What was typed to
        its end is done `by_itself`, unless a rule speaks against it.
        """

        def __init__(
            self, field: "Field", *, more: bool = False, by_digit: bool = False, by_itself: bool = False
        ) -> None:
            super().__init__()
            self.field = field
            self.more = more
            self.by_digit = by_digit
            self.by_itself = by_itself

        @property
        def control(self) -> "Field":
            return self.field

    def __init__(self, path: str, *, label: str = "", required: bool = True) -> None:
        super().__init__(id=f"field-{path.replace('.', '-')}")
        self.path = path
        self.required = required
        self._label = label or f"field.{path}"
        self._mark = " "
        self._from: Static | None = None
        """Made when it is needed first: most fields are the clerk's."""
        self._static = Static(self._caption(), classes="label")

    def compose(self) -> ComposeResult:
        yield self._static
        yield self.make_control()

    def on_descendant_focus(self) -> None:
        self._static.set_class(True, "-here")  # noqa: FBT003 - Textual's own signature

    def on_descendant_blur(self) -> None:
        self._static.set_class(False, "-here")  # noqa: FBT003 - likewise

    def make_control(self) -> Widget:
        """The focusable widget of the field."""
        raise NotImplementedError

    def show(self, value: object) -> None:
        """Show the case's value, unless the clerk is typing it."""
        raise NotImplementedError

    def show_again(self, value: object) -> None:
        """Show the case's value, whatever is typed."""
        self.show(value)

    def words(self, value: object) -> str:
        """A value as this field shows it; what is not whole yet as it is typed."""
        return str(value or "")

    def say_from(self, source: str) -> None:
        """Say beside the control who filled it; '' for the clerk."""
        said = self._from
        if said is None and source:
            said = self._from = Static(classes="from", markup=False)
            self.mount(said)
        if said is not None and source != said.content:
            said.update(source)
            said.display = bool(source)

    @property
    def label(self) -> str:
        """Its name, in the clerk's language."""
        return t(self._label)

    @property
    def asks(self) -> bool:
        """Is it shown, and asks for something: must it be given, or is it wrong?"""
        return bool(self.display) and self._mark in {"*", "!"}

    @property
    def is_loose(self) -> bool:
        """Is something typed here that has not become the case's value?"""
        return bool(self.problem)

    @property
    def problem(self) -> str:
        """What is wrong with the form of what was typed, before any rule is asked; empty when nothing is."""
        return ""

    def set_mark(self, mark: str) -> None:
        """Set the field's mark."""
        if mark != self._mark:
            self._mark = mark
            self._static.update(self._caption(), layout=False)

    def _caption(self) -> Text:
        label = set_cell_size(self.label, traits().label_width.field)
        return Text.assemble(" ", (self._mark, MARKS.get(self._mark, "")), f" {label} ")
