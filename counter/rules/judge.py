"""One set of rules for the screen, the shell and the province: `judge`."""

from dataclasses import dataclass

from counter.rules.case import Case
from counter.rules.finding import Finding, Level
from counter.rules.reference import Context
from counter.rules.service import StepId


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a case.

    `findings` by step, in the order of the steps; `papers` the required checklist; `fee_fen` the fee in fen;
    `notices` what the customer must be told; `deferred` the questions still to be put to the province.
    """

    service: str
    steps: tuple[StepId, ...]
    by_step: dict[StepId, tuple[Finding, ...]]
    papers: tuple[str, ...]
    fee_fen: int
    notices: tuple[str, ...]
    deferred: tuple[str, ...]
    acknowledged: tuple[str, ...]

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


def judge(case: Case, context: Context) -> Judgement:
    """The rules' answer to a case, complete or not. Raises `UnknownServiceError` for a service that is not declared."""
    raise NotImplementedError
