"""The photo of the receipt number (相片回执号), or the one that the province holds. PHO-1, PHO-4."""

from typing import Final

from counter.province.client import Province
from counter.province.questions.question import NOTHING, Answer, Question, Refusal, Subject, person_of, unanswered
from counter.province.wire import PhotoReply
from counter.rules.case import Case, PhotoSource
from counter.rules.finding import stop
from counter.rules.service import StepId


def _ask(province: Province, case: Case) -> PhotoReply:
    receipt = case.photo.receipt if case.photo.source is PhotoSource.RECEIPT else ""
    return province.photo(person_of(case), receipt)


def _put(province: Province, subject: Subject) -> Answer:
    reply = _ask(province, subject.case)
    if reply.photo is None and subject.case.photo.source is not PhotoSource.RECEIPT:
        return Answer({"photo.digest": ""}, (stop("PHO-4", "photo.none_held", "photo.source"),))
    if reply.photo is None:
        why = f"photo.receipt_{reply.reason or 'not_found'}"
        return Answer({"photo.digest": ""}, (stop("PHO-4", why, "photo.receipt"),))
    return Answer({"photo.digest": subject.keep(reply.photo)})


def _again(province: Province, case: Case) -> Refusal:
    if case.photo.source is not PhotoSource.RECEIPT or _ask(province, case).photo:
        return NOTHING
    return Refusal("province.photo", "PHO-4")


PHOTO: Final = Question(id="photo", steps=(StepId.PHOTO,), put=_put, deferred=unanswered, defers=True, again=_again)
