"""What is in a parcel by the province's own list (网点签收), and whose cards were counted. PIC-7, PIC-8."""

from typing import Final

from counter.province.client import Province
from counter.province.questions.question import LEFT, NOTHING, Answer, Question, Subject
from counter.rules.case import Case
from counter.rules.parcel import Parcel
from counter.rules.service import StepId


def _put(province: Province, subject: Subject) -> Answer:
    parcel = _parcel(subject.case)
    reply = province.parcel(parcel.number, tuple(dict.fromkeys(parcel.counted)))
    told = tuple(card.number for card in reply.cards)
    return Answer({"parcel.known": reply.cards, **_before(subject, (*parcel.counted, *told))})


def _deferred(subject: Subject) -> Answer:
    """Unheld against anything, but for what this counter has signed for before."""
    return Answer(_before(subject, _parcel(subject.case).counted), reached=False)


def _before(subject: Subject, numbers: tuple[str, ...]) -> dict[str, object]:
    return {"parcel.before": tuple(card.number for card in subject.lying(numbers))}


def _open(case: Case) -> bool:
    """Its list is not there before the first card, or a card was counted that does not stand in it.

    A parcel that is counted without an answer is not asked about again after every card; F5 does.
    """
    parcel = _parcel(case)
    if parcel.known is None:
        return parcel.returned if parcel.counted else bool(parcel.number)
    return not {card.number for card in parcel.known}.issuperset(parcel.counted)


def _parcel(case: Case) -> Parcel:
    return case.parcel or Parcel()


PARCEL: Final = Question(
    id="parcel",
    steps=(StepId.PARCEL,),
    put=_put,
    deferred=_deferred,
    open=_open,
    moments=("parcel.number", "parcel.counted", LEFT),
    defers=True,
    again=lambda _province, _case: NOTHING,  # the entry itself asks: what is another branch's is left as it was
)
