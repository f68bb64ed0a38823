"""A scanner's text at an open case (扫码): to the field that its form names, whatever has the focus."""

from collections.abc import Callable
from dataclasses import dataclass

from counter.desk.open_case import OpenCase
from counter.rules.case import Case, PhotoSource
from counter.rules.filling import value_at
from counter.rules.scanned import belongs
from counter.rules.service import StepId
from counter.screens.case.at_field import AtField
from counter.widgets.fields.field import Field
from counter.widgets.fields.text import FormInput


@dataclass(frozen=True, slots=True)
class Standing:
    """How the case and the field with the focus stood before the first character."""

    case: Case
    field: Field | None
    typed: str


class Scanning:
    """Sends what was scanned to its field; `show` shows the case as it is now, `filled` is told the path of a field
    that is not on this step."""

    def __init__(self, opened: OpenCase, at: AtField, show: Callable[[], None], filled: Callable[[str], None]) -> None:
        self._open = opened
        self._at = at
        self._show = show
        self._filled = filled

    def as_it_stands(self) -> Standing:
        """To be given back to `take`."""
        field = self._at.field
        box = next(iter(field.query(FormInput)), None) if field else None
        return Standing(self._open.case, field, box.value if box else "")

    def take(self, text: str, before: Standing) -> str | None:
        """What is to be typed into the field that has the focus now; '' where it was filled in elsewhere; None where
        the text is for the field that had it, or its form says nothing."""
        opened = self._open
        if opened.step is StepId.CONFIRM:
            return None
        found = belongs(text, before.case, opened.service, opened.step, opened.desk.context())
        if found is None or (before.field is not None and before.field.path == found.path):
            return None
        self._put_back(before)
        if found.path == "photo.receipt" and value_at(opened.case, "photo.source") is not PhotoSource.RECEIPT:
            opened.fill("photo.source", PhotoSource.RECEIPT)
        self._show()
        if field := next((each for each in self._at.fields if each.path == found.path), None):
            self._at.come_to(field)
            return found.value
        opened.fill(found.path, found.value)
        self._filled(found.path)
        return ""

    def _put_back(self, before: Standing) -> None:
        """What the first character did is undone: it was the scanner's."""
        if self._open.case != before.case:
            self._open.put(before.case)
        for box in before.field.query(FormInput) if before.field else ():
            box.value = before.typed
