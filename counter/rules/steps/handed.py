"""What is handed over (出示、提交): documents that are valid, papers that are there. WHO-4, APP-2."""

from collections.abc import Iterator
from datetime import date

from counter.rules.case import Case, Document
from counter.rules.finding import Finding, Key, missing, stop
from counter.rules.papers import of_step
from counter.rules.reference import Context
from counter.rules.service import Check, Service, StepId


def valid_on(document: Document, end: date | str | None, today: date, path: str) -> Iterator[Finding]:
    """WHO-4: is this document, which ends on that day, valid today? `path` is where it stands in the case."""
    begin = document.valid_from
    if begin is None:
        yield missing("APP-1", f"{path}.valid_from")
    elif begin > today:
        yield stop("WHO-4", "identity.not_yet_valid", f"{path}.valid_from")
    if end is None:
        yield missing("APP-1", f"{path}.valid_to")
    elif isinstance(end, date):
        if begin and end < begin:
            yield stop("WHO-4", "identity.validity_reversed", f"{path}.valid_to")
        if end < today:
            yield stop("WHO-4", "identity.expired", f"{path}.valid_to", until=end.isoformat())


def handed_over(step: StepId) -> Check:
    """Every paper of the checklist that this step asks for, each by its own rule."""

    def check(case: Case, service: Service, context: Context) -> Iterator[Finding]:
        for paper in of_step(step, service.papers(case, service, context)):
            if paper.id in case.papers or (paper.otherwise and paper.otherwise in case.papers):
                continue
            name, form = Key(f"paper.{paper.id}"), Key(f"choice.paper_form.{paper.form}")
            if paper.otherwise:
                other = Key(f"paper.{paper.otherwise}")
                yield stop(paper.rule, "papers.missing_either", "papers", paper=name, form=form, other=other)
            else:
                yield stop(paper.rule, "papers.missing", "papers", paper=name, form=form)

    return check
