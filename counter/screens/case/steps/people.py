"""Rows for a person and a document: the holder's, the guardian's, the agent's alike."""

from collections.abc import Callable, Iterable, Sequence

from counter.rules.case import Case, DocumentKind, Sex
from counter.rules.facts import CITIZEN
from counter.rules.filling import value_at
from counter.rules.masking import mask_name, mask_number
from counter.rules.numbers import NumberReading, identify
from counter.rules.reference import Context
from counter.rules.text import name_text, number_text
from counter.screens.options import choices
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.show import ShowField
from counter.widgets.fields.text import DateField, TextField


def document_rows(who: str, kinds: Callable[[], Sequence[Option]]) -> Iterable[Field]:
    """Kind, number, what the number says, name, birth where the number does not tell it, validity."""
    yield ChoiceField(f"{who}.document.kind", kinds)
    yield TextField(f"{who}.document.number", clean=number_text, mask=mask_number, limit=40, ends=_is_whole_number)
    yield ShowField(f"{who}.derived", label="field.derived")
    yield TextField(f"{who}.name", clean=name_text, mask=mask_name, limit=100)
    yield DateField(f"{who}.birth")
    if who == "holder":
        yield ChoiceField("holder.sex", lambda: choices("sex", tuple(Sex)))
    yield DateField(f"{who}.document.valid_from")
    yield DateField(f"{who}.document.valid_to", long_term=True)


def _is_whole_number(number: str) -> bool:
    """A citizen's number (公民身份号码), as long as no other document's: 17 digits and the check digit."""
    return len(number) == 18 and number[:17].isdecimal()


def reading_of(case: Case, who: str, context: Context) -> NumberReading:
    """What the number of the holder, the guardian or the agent says."""
    number = str(value_at(case, f"{who}.document.number") or "")
    kind = value_at(case, f"{who}.document.kind") or DocumentKind.ID_CARD
    assert isinstance(kind, DocumentKind), "a document's kind is an enum"
    return identify(number, kind, context.today, context.reference.regions)


def states_birth(case: Case, who: str, context: Context) -> bool:
    """Must birth and sex be stated, because the number does not tell them (APP-1)?"""
    number, kind = value_at(case, f"{who}.document.number"), value_at(case, f"{who}.document.kind")
    return bool(number) and kind not in CITIZEN and reading_of(case, who, context).birth is None
