"""What a question to the province is: one declaration says all there is to know of it.

A question may be put as often as one likes, and never fails: no answer is an answer, *deferred*. A case that is
confirmed without it names it in `CaseRecord.deferred`, and it is put again before the entry is sent.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Generic, NamedTuple, TypeVar

from counter.province.client import Province
from counter.province.wire import Person, PersonReply
from counter.rules.case import Case
from counter.rules.facts import known_number
from counter.rules.filling import with_value
from counter.rules.finding import Finding
from counter.rules.reference import Context
from counter.rules.service import StepId
from counter.store.records import LyingCard


@dataclass(frozen=True, slots=True)
class Answer:
    """What asking the province gave: values for the case by path, and what to tell the clerk besides."""

    patch: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    reached: bool = True

    def put_into(self, case: Case) -> Case:
        """The case with the answer in it."""
        for path, value in self.patch.items():
            case = with_value(case, path, value)
        return case

    def but(self, start: str) -> "Answer":
        """This answer without the values whose paths begin so."""
        patch = {path: value for path, value in self.patch.items() if not path.startswith(start)}
        return replace(self, patch=patch)

    def and_then(self, later: "Answer") -> "Answer":
        """This answer and that of the question that was put after it."""
        return Answer(
            {**self.patch, **later.patch}, (*self.findings, *later.findings), reached=self.reached and later.reached
        )


A_co = TypeVar("A_co", bound=Answer, covariant=True)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about: the case, what it is judged by, when it is asked; `keep` keeps a JPEG in the ledger and
    gives its digest, `lying` finds what this counter knows of cards that lie here, by number or by document number."""

    case: Case
    context: Context
    asked_at: datetime
    keep: Callable[[bytes], str]
    lying: Callable[[Iterable[str]], Sequence[LyingCard]]


class Refusal(NamedTuple):
    """Why an entry is taken back: ``finding.<code>`` and the rule; both empty when there is no reason to."""

    code: str = ""
    rule: str = ""


NOTHING: Final = Refusal()
ENTERED: Final = "entered"
LEFT: Final = "left"


def never(_case: Case) -> bool:
    """Put only when somebody asks for it."""
    return False


def customer_gone(_province: Province, _case: Case) -> Refusal:
    """It cannot be asked again: it takes the customer, who has gone."""
    return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[A_co]):
    """A question to the province. Its label is ``screen.question.<id>``, its finding ``finding.deferred.<id>``.

    `steps` are those at which F5 puts it (`by_key`). It puts itself while it is `open`, at these `moments`: when its
    step is `ENTERED` or `LEFT`, or after the field of this path, once what it `needs` by path is right. `put` asks and
    makes the answer into a patch;
    `deferred` is the answer where there is none. `defers`: a case may be confirmed without it, and then `again` asks
    at sync, or `in_bulk` takes it out of what was said of many people at once (单位批量核查), None where that says
    nothing of it.
    """

    id: str
    steps: tuple[StepId, ...]
    put: Callable[[Province, Subject], A_co]
    deferred: Callable[[Subject], A_co]
    by_key: bool = True
    open: Callable[[Case], bool] = never
    moments: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    defers: bool = False
    again: Callable[[Province, Case], Refusal] | None = None
    in_bulk: Callable[[PersonReply, Case], Refusal | None] | None = None

    def is_due(self, moment: str, case: Case) -> bool:
        """Does it put itself now?"""
        return moment in self.moments and self.open(case)

    @property
    def of_case(self) -> bool:
        """Does it take nothing but the case, so that it can be put wherever the clerk is?"""
        return not {ENTERED, LEFT}.isdisjoint(self.moments)


def unanswered(_subject: Subject) -> Answer:
    """Deferred without a trace in the case: the rules say that the answer is still to come."""
    return Answer(reached=False)


def person_of(case: Case) -> Person:
    """Whom the case is about."""
    holder = case.holder
    return Person(kind=holder.document.kind, number=known_number(holder.document), name=holder.name)
