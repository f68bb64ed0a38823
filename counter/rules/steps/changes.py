"""The change of identity data (个人信息变更), INF-2: which values are new, and the papers that prove it."""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case, Changes, Document
from counter.rules.facts import CITIZEN, reading, sex
from counter.rules.filling import value_at
from counter.rules.finding import Finding, Key, missing, stop, tell
from counter.rules.reference import Context
from counter.rules.service import Check, Service, StepId
from counter.rules.steps.handed import handed_over
from counter.rules.text import check_name

PATHS: Final = {
    "changes.name": "holder.name",
    "changes.number": "holder.document.number",
    "changes.sex": "holder.sex",
    "changes.ethnicity": "holder.ethnicity",
}
"""Each new value, and where the old one stands."""


def something(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """INF-2: at least one value that differs from the old one."""
    given = [path for path in PATHS if value_at(case, path)]
    if not given:
        yield stop("INF-2", "changes.none", "changes")
    for path in given:
        if value_at(case, path) == value_at(case, PATHS[path]):
            yield stop("INF-2", "changes.same", path, what=Key(f"field.{path}"))


def values(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """INF-2: a new value is as good as the old one had to be."""
    new, document = case.changes or Changes(), case.holder.document
    if new.name:
        yield from check_name(new.name, "changes.name")
    if new.number:
        told = reading(Document(kind=document.kind, number=new.number), context, "changes.number")
        yield from told.findings
        stated = new.sex or (sex(case, context) if document.kind not in CITIZEN else None)
        if told.sex and stated and told.sex is not stated:
            yield stop("INF-2", "identity.sex_differs", "changes.sex")
    elif new.sex and document.kind in CITIZEN:
        yield tell("INF-2", "changes.sex_without_number", "changes.sex")
    if new.ethnicity and new.ethnicity not in context.reference.ethnicities:
        yield stop("INF-2", "details.unknown_code", "changes.ethnicity", what=Key("field.changes.ethnicity"))


def insured(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """INF-2: who is insured has the insurance data changed too, or benefits may fail."""
    if case.insured is None:
        yield missing("INF-2", "insured")
    elif case.insured:
        yield tell("INF-2", "changes.insurance", "insured")


CHECKS: Final[tuple[Check, ...]] = (something, values, insured, handed_over(StepId.CHANGES))
