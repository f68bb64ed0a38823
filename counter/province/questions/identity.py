"""Networked identity check (联网核查): does the name belong to the number? WHO-2."""

from datetime import datetime
from typing import Final

from counter.province.client import Province
from counter.province.questions.question import LEFT, NOTHING, Answer, Question, Refusal, Subject, person_of
from counter.province.wire import IdentityReply
from counter.rules.case import Case, IdentityAnswer, IdentityCheck
from counter.rules.facts import by_card
from counter.rules.service import StepId
from counter.rules.services import SERVICES


def checked(reply: IdentityReply, asked_at: datetime) -> IdentityCheck:
    """The province's answer as a case keeps it."""
    return IdentityCheck(answer=reply.answer, asked_at=asked_at)


def _answer(reply: IdentityReply, subject: Subject) -> dict[str, object]:
    return {"identity_check": checked(reply, subject.asked_at)}


def _put(province: Province, subject: Subject) -> Answer:
    return Answer(_answer(province.identity(person_of(subject.case)), subject))


def _deferred(subject: Subject) -> Answer:
    return Answer(_answer(IdentityReply(answer=IdentityAnswer.DEFERRED), subject), reached=False)


def _refusal(reply: IdentityReply) -> Refusal:
    return Refusal("province.mismatch", "WHO-2") if reply.answer is IdentityAnswer.MISMATCH else NOTHING


def _open(case: Case) -> bool:
    return case.identity_check.answer is None and not by_card(case, SERVICES[case.service])


_ASKS_AFTER: Final = (
    "holder.document.kind",
    "holder.document.number",
    "holder.name",
    "holder.document.valid_from",
    "holder.document.valid_to",
)
"""As soon as number and name are complete, whichever comes last and wherever the clerk presses Enter next."""


IDENTITY: Final = Question(
    id="identity",
    steps=(StepId.IDENTITY,),
    put=_put,
    deferred=_deferred,
    open=_open,
    moments=(LEFT, *_ASKS_AFTER),
    needs=("holder.document.number", "holder.name"),
    defers=True,
    again=lambda province, case: _refusal(province.identity(person_of(case))),
    in_bulk=lambda reply, _case: _refusal(reply.identity),
)
