"""Where the clerk is in a step: the field with the focus, and which one comes next."""

from collections.abc import Iterable
from typing import Any, Protocol

from textual.screen import Screen

from counter.desk.open_case import OpenCase, concerns
from counter.rules.finding import Finding
from counter.screens.case.pane import StepPane
from counter.widgets.fields.field import Field, is_empty
from counter.widgets.fields.text import FormInput

FIELDS = "FormInput, Choice, Ticks"


class HasPane(Protocol):
    """The screen of a case, with the pane of the step that it shows."""

    open: OpenCase
    pane: StepPane | None


class AtField:
    """The focus among the fields of the step that a screen shows."""

    def __init__(self, screen: Screen[Any], shown: HasPane) -> None:
        self._screen = screen
        self._shown = shown

    @property
    def fields(self) -> list[Field]:
        """The fields that the clerk can be in."""
        pane = self._shown.pane
        return [field for field in pane.fields() if field.typed] if pane else []

    @property
    def field(self) -> Field | None:
        """The field with the focus."""
        node = self._screen.focused
        return next((parent for parent in node.ancestors if isinstance(parent, Field)), None) if node else None

    @property
    def path(self) -> str:
        """Its path; '' where no field has the focus."""
        return self.field.path if self.field else ""

    @property
    def waiting(self) -> Field | None:
        """The field with the focus, where it asks for something and nothing has been typed yet."""
        field = self.field
        untouched = field is not None and field.asks and not any(box.value for box in field.query(FormInput))
        return field if untouched else None

    @property
    def is_untouched(self) -> bool:
        """Has nothing been typed in the field with the focus, or has none the focus?"""
        field = self.field
        return field is None or not any(box.value for box in field.query(FormInput))

    @property
    def asks_next(self) -> Field | None:
        """The first field that asks for something."""
        return next((field for field in self.fields if field.asks), None)

    @property
    def unreadable(self) -> Field | None:
        """The first field with something typed that has no such form."""
        return next((field for field in self.fields if field.problem), None)

    def asks_after(self, field: Field) -> Field | None:
        """The field itself where it must be given and is not; else the next one that asks for something, from the top
        again after the last, at the end itself where it is wrong."""
        fields, pane = self.fields, self._shown.pane
        at = fields.index(field) if field in fields else -1
        blank = pane is not None and is_empty(pane.value_of(field, self._shown.open.case))
        in_turn = (*([field] if blank else []), *fields[at + 1 :], *fields[: max(at, 0)], field)
        return next((each for each in in_turn if each.asks), None)

    def placed(self, findings: Iterable[Finding]) -> dict[Finding, Field]:
        """The field that each of these is about, of those that are about one of this step."""
        shown = list(self._shown.pane.fields()) if self._shown.pane else []
        about = {finding: next((each for each in shown if concerns(finding, each.path)), None) for finding in findings}
        return {finding: field for finding, field in about.items() if field is not None}

    def begin(self) -> None:
        """To the field that the step begins at; where it has none, nothing has the focus."""
        pane = self._shown.pane
        if pane is not None and (field := pane.begins_at(self.fields)):
            self.to(field)
        else:
            self._screen.set_focus(None)

    def to(self, field: Field) -> None:
        """To a field."""
        field.query(FIELDS).first().focus()

    def come_to(self, field: Field) -> None:
        """To a field, where what is typed replaces what stood there, and never hangs on to its end."""
        self.to(field)
        self.take_whole()

    def take_whole(self) -> None:
        """What is typed next replaces the text of the field with the focus."""
        if isinstance(self._screen.focused, FormInput):
            self._screen.focused.select_all()

    def lead_to_problem(self, findings: tuple[Finding, ...]) -> None:
        """To the first field that one of these is about."""
        if fields := self._about(findings):
            self._lead_to(fields[0])

    def lead_to_next_problem(self, findings: tuple[Finding, ...]) -> bool:
        """To the field after this one that one of these is about, round again; is there any?"""
        fields, here = self._about(findings), self.field
        if fields:
            self._lead_to(fields[(fields.index(here) + 1 if here in fields else 0) % len(fields)])
        return bool(fields)

    def _about(self, findings: tuple[Finding, ...]) -> list[Field]:
        return [field for field in self.fields if any(concerns(finding, field.path) for finding in findings)]

    def _lead_to(self, field: Field) -> None:
        """In sight, wherever the clerk had read on to."""
        if self._shown.pane is not None:
            self._shown.pane.look_up()
        self.to(field)
        field.scroll_visible(animate=False)
