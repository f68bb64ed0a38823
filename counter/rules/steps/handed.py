"""What is handed over (出示、提交): documents that are valid, papers that are there. WHO-4, APP-2."""

from collections.abc import Iterator
from datetime import date

from counter.rules.case import Case, Document
from counter.rules.finding import Finding, Key, missing, stop
from counter.rules.papers import name_of, of_step
from counter.rules.reference import Context
from counter.rules.service import Check, Paper, Service, StepId


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
            if not paper.is_among(case.papers):
                yield _lacking(paper, case)

    return check


def _lacking(paper: Paper, case: Case) -> Finding:
    """What lacks, with all that would do as well: of the pages of a book the first names them."""
    names = [Key(name_of(ways[0], case)) for ways in ((paper.id,), *paper.otherwise)]
    if len(names) == 1:
        return stop(paper.rule, "papers.missing", "papers", paper=names[0])
    code = "papers.missing_either" if len(names) == 2 else "papers.missing_any"
    return stop(paper.rule, code, "papers", paper=names[0], other=names[1], third=names[-1])
