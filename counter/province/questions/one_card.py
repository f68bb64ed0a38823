"""One person, one card, ONE-1 and ONE-2: the query (一人一卡核查), and the clean-up (一人一卡清理) that the holder
confirms."""

from datetime import datetime
from typing import Final

from counter.province.client import Province
from counter.province.questions.question import ENTERED, NOTHING, Answer, Question, Refusal, Subject, person_of
from counter.province.wire import OneCardReply
from counter.rules.case import Case, OneCard, OneCardAnswer
from counter.rules.facts import old_card
from counter.rules.finding import stop
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.rules.steps import one_card


def known(reply: OneCardReply, asked_at: datetime) -> OneCard:
    """The province's answer as a case keeps it."""
    return OneCard(answer=reply.answer, cards=reply.cards, asked_at=asked_at)


def unknown(subject: Subject) -> Answer:
    """The province could not be asked which cards there are."""
    deferred = OneCard(answer=OneCardAnswer.DEFERRED, asked_at=subject.asked_at)
    return Answer({"one_card": deferred}, reached=False)


def _put(province: Province, subject: Subject) -> Answer:
    """The card held here fills in the old card."""
    case = subject.case
    reply = province.one_card(person_of(case), case.city)
    answer = Answer({"one_card": known(reply, subject.asked_at)})
    elsewhere = one_card.cards_elsewhere(answer.put_into(case), subject.context)
    here = next((card for card in reply.cards if card not in elsewhere), None)
    old = old_card(case)
    if here is not None and not (old.number or old.bank):
        return answer.and_then(Answer({"old_card.number": here.number, "old_card.bank": here.bank}))
    return answer


def _refusal(reply: OneCardReply, case: Case) -> Refusal:
    """What the service would have been refused for at the window; a service without this step asks for nothing."""
    service = SERVICES.get(case.service)
    if service is None or StepId.ONE_CARD not in service.steps:
        return NOTHING
    if reply.answer is OneCardAnswer.PENDING:
        return Refusal("province.pending", "ONE-1")
    if reply.answer is OneCardAnswer.ELSEWHERE and not case.one_card.clean_up_confirmed:
        return Refusal("province.elsewhere", "ONE-1")
    if reply.answer is OneCardAnswer.HERE and one_card.no_card_yet in service.checks.get(StepId.ONE_CARD, ()):
        return Refusal("province.here", "ONE-1")
    return NOTHING


def _open(case: Case) -> bool:
    return case.one_card.answer in (None, OneCardAnswer.DEFERRED)


ONE_CARD: Final = Question(
    id="one_card",
    steps=(StepId.ONE_CARD,),
    put=_put,
    deferred=unknown,
    open=_open,
    moments=(ENTERED,),
    defers=True,
    again=lambda province, case: _refusal(province.one_card(person_of(case), case.city), case),
    in_bulk=lambda reply, case: _refusal(reply.one_card, case),
)


def _clean_up(province: Province, subject: Subject) -> Answer:
    province.clean_up(person_of(subject.case), subject.case.city)
    return Answer({"one_card.clean_up_confirmed": True})


CLEAN_UP: Final = Question(
    id="clean_up",
    steps=(StepId.ONE_CARD,),
    put=_clean_up,
    deferred=lambda _subject: Answer(findings=(stop("ONE-2", "one_card.clean_up_later"),), reached=False),
    by_key=False,  # the holder's word puts it, and without an answer there is none
)
