"""Questions that were deferred at the window (缓查), put again before the entry is sent.

A no takes the entry back. That the province does not know a person or holds no photo of theirs is not a no: the
customer has gone, what was done stands, and the province decides when it has the entry.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import islice
from typing import Final, NamedTuple

from counter.province.asking import person_of
from counter.province.client import Province
from counter.province.errors import RefusedError
from counter.province.wire import MAX_PERSONS, Person, PersonReply
from counter.rules.case import BookingStatus, Case, IdentityAnswer, OneCardAnswer, PhotoSource
from counter.rules.record import CaseRecord


class Refusal(NamedTuple):
    """Why an entry is taken back: ``finding.<code>`` and the rule; both empty when there is no reason to."""

    code: str = ""
    rule: str = ""


NOTHING: Final = Refusal()


class Asked:
    """The province, asked once about everybody of `records` for whom both questions wait (单位批量核查).

    A roster that was submitted offline has thousands. Whom it cannot be asked about together it is asked about alone.
    """

    def __init__(self, province: Province, records: Iterable[CaseRecord]) -> None:
        self.province = province
        self._known: dict[tuple[str, Person], PersonReply] = {}
        people = dict.fromkeys(
            (record.case.city, person_of(record.case))
            for record in records
            if {"identity", "one_card"}.issubset(record.deferred)
        )
        for city in dict.fromkeys(city for city, _ in people):
            those = iter([person for where, person in people if where == city])
            while chunk := tuple(islice(those, MAX_PERSONS)):
                self._ask(city, chunk)

    def _ask(self, city: str, people: tuple[Person, ...]) -> None:
        with suppress(RefusedError):  # what is refused for a reason of all is refused again, alone
            replies = self.province.group(people, city)
            self._known.update(((city, person), reply) for person, reply in zip(people, replies, strict=True))

    def identity(self, case: Case) -> IdentityAnswer:
        known = self._known.get((case.city, person_of(case)))
        return (known.identity if known else self.province.identity(person_of(case))).answer

    def one_card(self, case: Case) -> OneCardAnswer:
        known = self._known.get((case.city, person_of(case)))
        return (known.one_card if known else self.province.one_card(person_of(case), case.city)).answer


def ask_again(record: CaseRecord, asked: Asked) -> Refusal:
    """Ask what a record names as deferred; the first no decides. Raises as every question does."""
    for name in record.deferred:
        question = QUESTIONS.get(name)
        refusal = _put(question, record.case, asked) if question else NOTHING
        if refusal.code:
            return refusal
    return NOTHING


Question = Callable[[Case, Asked], Refusal]


def _put(question: Question, case: Case, asked: Asked) -> Refusal:
    try:
        return question(case, asked)
    except RefusedError as refused:
        if refused.code != "malformed":
            raise
        return Refusal("province.other")  # the question cannot be put: this one entry's fault, not the counter's


def _identity(case: Case, asked: Asked) -> Refusal:
    return Refusal("province.mismatch", "WHO-2") if asked.identity(case) is IdentityAnswer.MISMATCH else NOTHING


def _one_card(case: Case, asked: Asked) -> Refusal:
    answer = asked.one_card(case)
    if case.service == "query":
        return NOTHING
    if answer is OneCardAnswer.PENDING:
        return Refusal("province.pending", "ONE-1")
    if answer is OneCardAnswer.ELSEWHERE and not case.one_card.clean_up_confirmed:
        return Refusal("province.elsewhere", "ONE-1")
    if answer is OneCardAnswer.HERE and case.service == "apply":
        return Refusal("province.here", "ONE-1")
    return NOTHING


def _photo(case: Case, asked: Asked) -> Refusal:
    if case.photo.source is not PhotoSource.RECEIPT:
        return NOTHING
    found = asked.province.photo(person_of(case), case.photo.receipt).photo
    return NOTHING if found else Refusal("province.photo", "PHO-4")


def _booking(case: Case, asked: Asked) -> Refusal:
    """An exchange is by an approved booking. Whether it was in time on the business date, the entry's effect says."""
    if case.service != "exchange":
        return NOTHING
    booking = asked.province.booking(person_of(case))
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
