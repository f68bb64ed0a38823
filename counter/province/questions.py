"""Questions that were deferred at the window (缓查), put again before the entry is sent.

A no takes the entry back. That the province does not know a person or holds no photo of theirs is not a no: the
customer has gone, what was done stands, and the province decides when it has the entry.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from counter.province.asking import person_of
from counter.province.client import Province
from counter.province.errors import RefusedError
from counter.rules.case import BookingStatus, Case, IdentityAnswer, OneCardAnswer, PhotoSource, decode_record


class Refusal(NamedTuple):
    """Why an entry is taken back: ``finding.<code>`` and the rule; both empty when there is no reason to."""

    code: str = ""
    rule: str = ""


NOTHING: Final = Refusal()


def ask_again(body: bytes, province: Province) -> Refusal:
    """Ask what an entry's record names as deferred; the first no decides. Raises as every question does."""
    record = decode_record(body)
    for name in record.deferred:
        question = QUESTIONS.get(name)
        refusal = _put(question, record.case, province) if question else NOTHING
        if refusal.code:
            return refusal
    return NOTHING


Question = Callable[[Case, Province], Refusal]


def _put(question: Question, case: Case, province: Province) -> Refusal:
    try:
        return question(case, province)
    except RefusedError as refused:
        if refused.code != "malformed":
            raise
        return Refusal("province.other")  # the question cannot be put: this one entry's fault, not the counter's


def _identity(case: Case, province: Province) -> Refusal:
    answer = province.identity(person_of(case)).answer
    return Refusal("province.mismatch", "WHO-2") if answer is IdentityAnswer.MISMATCH else NOTHING


def _one_card(case: Case, province: Province) -> Refusal:
    answer = province.one_card(person_of(case), case.city).answer
    if case.service == "query":
        return NOTHING
    if answer is OneCardAnswer.PENDING:
        return Refusal("province.pending", "ONE-1")
    if answer is OneCardAnswer.ELSEWHERE and not case.one_card.clean_up_confirmed:
        return Refusal("province.elsewhere", "ONE-1")
    if answer is OneCardAnswer.HERE and case.service == "apply":
        return Refusal("province.here", "ONE-1")
    return NOTHING


def _photo(case: Case, province: Province) -> Refusal:
    if case.photo.source is not PhotoSource.RECEIPT:
        return NOTHING
    found = province.photo(person_of(case), case.photo.receipt).photo
    return NOTHING if found else Refusal("province.photo", "PHO-4")


def _booking(case: Case, province: Province) -> Refusal:
    """An exchange is by an approved booking. Whether it was in time on the business date, the entry's effect says."""
    if case.service != "exchange":
        return NOTHING
    booking = province.booking(person_of(case))
    approved = booking.status in {BookingStatus.APPROVED, BookingStatus.LAPSED} and booking.to_bank == case.bank
    return NOTHING if approved else Refusal("province.booking", "EXC-6")


QUESTIONS: Final[Mapping[str, Question]] = {
    "identity": _identity,
    "one_card": _one_card,
    "photo": _photo,
    "booking": _booking,
}
"""By the name in `CaseRecord.deferred`. An SMS code cannot be asked again: the customer has gone. What the province did
not hear of at once (a loss, a booking, a review) is done by the entry itself."""
