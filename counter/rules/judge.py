"""One set of rules for the screen, the shell and the province: `judge`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

from msgspec import structs

from counter.rules import accepted, authority, fees
from counter.rules.case import Case
from counter.rules.filling import value_at, with_value
from counter.rules.finding import DEFERRED, Finding, Level, tell
from counter.rules.normal import normalise
from counter.rules.payment import Payment
from counter.rules.ready import ready
from counter.rules.record import CaseRecord
from counter.rules.reference import Context
from counter.rules.service import Paper, Service, StepId
from counter.rules.services import WAYS_ON, service
from counter.rules.steps import CHECKS
from counter.rules.steps.confirm import asked_of
from counter.rules.text import number_text


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a case.

    `findings` by step, in the order of the steps; `checklist` the required papers; `fee_fen` the fee in fen, 0 where
    `waived` names the waiver that holds; `authorised` why a second person is needed, '' where none is; `consents` what
    the customer is asked to agree to, `texts` name those that the consents given accept (TXT-1); `notices` what they
    must be told, `followed_by` the services that they need next; `deferred` the questions still to be put to the
    province.
    """

    service: str
    steps: tuple[StepId, ...]
    by_step: dict[StepId, tuple[Finding, ...]]
    checklist: tuple[Paper, ...]
    fee_fen: int
    waived: str
    authorised: str
    consents: tuple[str, ...]
    texts: tuple[str, ...]
    notices: tuple[str, ...]
    followed_by: tuple[str, ...]
    deferred: tuple[str, ...]
    acknowledged: tuple[str, ...]

    @property
    def papers(self) -> tuple[str, ...]:
        """The ids of the required papers."""
        return tuple(paper.id for paper in self.checklist)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for step in self.by_step.values() for finding in step)

    @property
    def allowed(self) -> bool:
        """Nothing stops the case, and the clerk has given their word wherever it was asked."""
        return not any(self.blocks(finding) for finding in self.findings)

    def blocks(self, finding: Finding) -> bool:
        """Does this finding hold the case up?"""
        if finding.level is Level.ASK:
            return finding.code not in self.acknowledged
        return finding.level is Level.STOP

    def blocking(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Those of the findings that hold the case up."""
        return tuple(finding for finding in findings if self.blocks(finding))

    def adding(self, steps: Iterable[StepId], findings: tuple[Finding, ...]) -> Self:
        """With what was found besides, at the first of these steps that the service has, else at its last."""
        if not findings:
            return self
        at = next((step for step in steps if step in self.steps), self.steps[-1])
        return replace(self, by_step={**self.by_step, at: (*self.by_step[at], *findings)})

    def record(self, case: Case) -> CaseRecord:
        """What the case that was judged becomes, in its normal form; how it is paid is said where something is due."""
        case = normalise(case)
        return CaseRecord(
            case=case if self.fee_fen else structs.replace(case, payment=Payment.CASH),
            fee_fen=self.fee_fen,
            texts=self.texts,
            notices=self.notices,
            deferred=self.deferred,
            authorised=self.authorised,
        )


def judge(case: Case, context: Context) -> Judgement:
    """The rules' answer to a case in its normal form, complete or not.

    Total: no value of a case raises. Only a service that is not declared does, with `UnknownServiceError`.
    """
    given, case, declared = case, normalise(case), service(case.service)
    by_step = {
        step: (*_upgraded(step, given, case), *_findings(step, case, declared, context)) for step in declared.steps
    }
    waived = fees.waived(case, declared, context)
    return Judgement(
        service=declared.id,
        steps=declared.steps,
        by_step=by_step,
        checklist=declared.papers(case, declared, context),
        fee_fen=fees.due_fen(case, declared, context),
        waived=waived,
        authorised=second_person(case, declared, context),
        consents=asked_of(case, declared, context),
        texts=accepted.names(case, context),
        notices=(*ready(case, declared, context), *declared.notices(case, declared, context)),
        followed_by=declared.followed_by(case),
        deferred=_deferred(by_step),
        acknowledged=case.acknowledged,
    )


def refusals(case: Case, step: StepId, path: str, values: Iterable[object], context: Context) -> dict[object, Finding]:
    """Which of these values of a field cannot be chosen in this case, and the rule that stops each of them."""
    declared, refused = service(case.service), dict[object, Finding]()
    for value in values:
        chosen = normalise(with_value(case, path, value))
        stops = (found for found in _findings(step, chosen, declared, context) if found.level is Level.STOP)
        if first := next((found for found in stops if found.field == path), None):
            refused[value] = first
    return refused


def second_person(case: Case, declared: Service, context: Context) -> str:
    """Why a second person is needed (授权) for the service in this case, here and at the province; '' if not."""
    return declared.authorised(case) or (authority.WAIVER if fees.waived(case, declared, context) else "")


def _findings(step: StepId, case: Case, declared: Service, context: Context) -> tuple[Finding, ...]:
    """What the step asks of everybody, then what the service asks at that step; not what a unit's materials answer."""
    checks = (*CHECKS[step], *declared.checks.get(step, ()))
    found = (finding for check in checks for finding in check(case, declared, context))
    group = declared.group if case.unit else None
    return tuple(_with_way_on(finding) for finding in found if group is None or not group.answers(finding))


def _with_way_on(finding: Finding) -> Finding:
    """REF-1: a stop names the referral with which the customer leaves."""
    referral = WAYS_ON.get(finding.code)
    return replace(finding, way_on=referral.number) if referral else finding


_NUMBERS: Final[Mapping[StepId, tuple[str, ...]]] = {
    StepId.IDENTITY: ("holder.document.number", "guardian.document.number", "agent.document.number"),
    StepId.CHANGES: ("changes.number",),
}


def _upgraded(step: StepId, given: Case, normal: Case) -> tuple[Finding, ...]:
    """WHO-2: a number of 15 digits that is recorded as one of 18; what is written on the document may be compared."""
    pairs = ((path, value_at(given, path), value_at(normal, path)) for path in _NUMBERS.get(step, ()))
    return tuple(
        tell("WHO-2", "number.upgraded", path)
        for path, before, after in pairs
        if isinstance(before, str) and isinstance(after, str) and number_text(before) != after
    )


def _deferred(by_step: dict[StepId, tuple[Finding, ...]]) -> tuple[str, ...]:
    codes = (finding.code for findings in by_step.values() for finding in findings)
    return tuple(dict.fromkeys(code.removeprefix(DEFERRED) for code in codes if code.startswith(DEFERRED)))
