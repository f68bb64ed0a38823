"""The questions to the province, one file a question. A further one is a further file, and its line in `_DECLARED`."""

from collections.abc import Mapping
from typing import Final

from counter.province.questions.booking import BOOKING, REVIEWS
from counter.province.questions.cards import CARDS, PROGRESS
from counter.province.questions.identity import IDENTITY
from counter.province.questions.one_card import CLEAN_UP, ONE_CARD
from counter.province.questions.parcel import PARCEL
from counter.province.questions.photo import PHOTO
from counter.province.questions.question import Answer, Question
from counter.province.questions.sms import SMS
from counter.rules.service import StepId

_DECLARED: Final[tuple[Question[Answer], ...]] = (
    IDENTITY,
    ONE_CARD,
    CLEAN_UP,
    CARDS,
    PHOTO,
    BOOKING,
    REVIEWS,
    SMS,
    PROGRESS,
    PARCEL,
)
QUESTIONS: Final[Mapping[str, Question[Answer]]] = {declared.id: declared for declared in _DECLARED}
"""Every declared question by id: the name in `CaseRecord.deferred`."""


def questions_at(step: StepId) -> tuple[Question[Answer], ...]:
    """What F5 asks at a step."""
    return tuple(question for question in _DECLARED if question.by_key and step in question.steps)
