"""Questions that were deferred at the window (缓查), put again before the entry is sent.

A no takes the entry back. That the province does not know a person or holds no photo of theirs is not a no: the
customer has gone, what was done stands, and the province decides when it has the entry. What the province did not hear
of at once (`counter.province.acts`) is no question: the entry itself does it.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from counter.province.client import Province
from counter.province.errors import OutOfReachError, RefusedError
from counter.province.questions import QUESTIONS
from counter.province.questions.booking import BOOKING
from counter.province.questions.question import NOTHING, Answer, Question, Refusal, person_of
from counter.province.wire import MAX_PERSONS, Person, PersonReply
from counter.rules.case import Case
from counter.rules.record import CaseRecord

_IN_BULK: Final = frozenset(question.id for question in QUESTIONS.values() if question.in_bulk)

NO_ANSWER: Final = frozenset({"malformed", "failed"})
"""Why there is no answer to this one question, and others may have theirs."""


class Asked:
    """The province, asked once about everybody of `records` for whom something waits that it answers in bulk
    (单位批量核查).

    A roster that was submitted or booked offline has thousands. Whom it cannot be asked about together it is asked
    about alone.
    """

    def __init__(self, province: Province, records: Iterable[CaseRecord]) -> None:
        self.province = province
        self._known: dict[tuple[str, Person], PersonReply] = {}
        waiting = [record for record in records if not _IN_BULK.isdisjoint(record.deferred)]
        self._bookings = any(BOOKING.id in record.deferred for record in waiting)
        people = dict.fromkeys((record.case.city, person_of(record.case)) for record in waiting)
        for city in dict.fromkeys(city for city, _ in people):
            those = iter([person for where, person in people if where == city])
            while chunk := tuple(islice(those, MAX_PERSONS)):
                self._ask(city, chunk)

    def _ask(self, city: str, people: tuple[Person, ...]) -> None:
        try:
            replies = self.province.group(people, city, bookings=self._bookings)
        except RefusedError:
            return  # what is refused for a reason of all is refused again, alone
        except OutOfReachError as unheard:
            if unheard.reason not in NO_ANSWER:
                raise
            return  # one answer that is not understood does not stand for the others
        self._known.update(((city, person), reply) for person, reply in zip(people, replies, strict=True))

    def refusal(self, question: Question[Answer], case: Case) -> Refusal:
        """What the province answers now takes the entry back for."""
        known = self._known.get((case.city, person_of(case)))
        said = question.in_bulk(known, case) if known and question.in_bulk else None
        if said is not None:
            return said
        return question.again(self.province, case) if question.again else NOTHING


def ask_again(record: CaseRecord, asked: Asked) -> Refusal:
    """Ask what a record names as deferred; the first no decides. Raises as every question does."""
    for id in record.deferred:
        question = QUESTIONS.get(id)
        refusal = _put(question, record.case, asked) if question else NOTHING
        if refusal.code:
            return refusal
    return NOTHING


def _put(question: Question[Answer], case: Case, asked: Asked) -> Refusal:
    try:
        return asked.refusal(question, case)
    except RefusedError as refused:
        if refused.code != "malformed":
            raise
    except OutOfReachError as unheard:
        if unheard.reason not in NO_ANSWER:
            raise
    return NOTHING  # not understood, there or here: that is no answer, and the province decides when it has the entry
