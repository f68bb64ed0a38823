"""The SMS code (手机验证码) to the mobile that takes it, AGE-3: the guardian's. Kept neither here nor in the case."""

from dataclasses import dataclass, replace
from typing import Final

from counter.province.client import Province
from counter.province.questions.question import Answer, Question, Subject, customer_gone
from counter.rules.facts import contact
from counter.rules.filling import value_at
from counter.rules.finding import stop, tell
from counter.rules.service import StepId


@dataclass(frozen=True, slots=True)
class CodeSent(Answer):
    """A code is on its way; `ticket` goes with it into `checking`, and is empty when none was sent."""

    ticket: str = ""


def _send(province: Province, subject: Subject) -> CodeSent:
    path = contact(subject.case, subject.context)
    sent = province.send_sms(str(value_at(subject.case, path)))
    said = tell("APP-1", "mobile.code_sent", path)
    shown = tell("APP-1", "mobile.code_echo", path, sms=sent.echo)
    return CodeSent(findings=(shown if sent.echo else said,), ticket=sent.ticket)


def _later(subject: Subject) -> CodeSent:
    path = contact(subject.case, subject.context)
    return CodeSent(findings=(tell("APP-1", "mobile.code_later", path),), reached=False)


SMS: Final = Question(
    id="sms",
    steps=(StepId.DETAILS,),
    put=_send,
    deferred=_later,
    open=lambda _case: True,
    moments=("holder.mobile", "guardian.mobile"),
    defers=True,
    again=customer_gone,
)


def checking(ticket: str, code: str) -> Question[Answer]:
    """The same question, once the customer has read out a code: is it the one that was sent?"""

    def check(province: Province, subject: Subject) -> Answer:
        path = contact(subject.case, subject.context)
        if province.check_sms(ticket, code):
            return Answer({f"{path}_verified": True})
        return Answer(findings=(stop("APP-1", "mobile.code_wrong", path),))

    asked: Question[Answer] = SMS
    return replace(asked, put=check)
