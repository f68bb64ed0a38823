"""What the province says of the person's cards, their progress and bookings (查询结果), QRY-1."""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case, OneCardAnswer
from counter.rules.facts import hotline
from counter.rules.finding import Finding, stop, tell
from counter.rules.reference import Context
from counter.rules.service import Check, Service


def answered(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """QRY-1: the province was asked; REF-1: where it did not answer the customer is told which number does."""
    if case.one_card.answer is None:
        yield stop("QRY-1", "answer.unasked", "one_card.answer")
    elif case.one_card.answer is OneCardAnswer.DEFERRED:
        yield tell("REF-1", "answer.call", "one_card.answer", hotline=hotline(case, context))


CHECKS: Final[tuple[Check, ...]] = (answered,)
