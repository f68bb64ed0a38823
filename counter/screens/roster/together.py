"""What is done with the province for all of a roster at once: asked again, booked. In a thread; no Textual."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from counter.desk import bookings, rosters
from counter.desk.desk import Desk
from counter.i18n import sentence, t
from counter.roster.row import Answers
from counter.screens.background import Background


class Together(NamedTuple):
    """What is said of it, at length where `why` has lines; what the rows are known by now, and whose booking waits."""

    said: str
    answers: dict[str, Answers]
    on_their_way: Mapping[str, str] | None = None
    why: tuple[str, ...] = ()


def ask_again(desk: Desk, batch: int, work: Background[Together]) -> Together:
    """Ask the province about everybody whom it has not said yes to. Raises `StoreError`."""
    answers, waiting = answered_again(desk, batch, work)
    left = waiting - len(answers)
    return Together(t("batch.ask.done", answered=len(answers), left=left), answers)


def answered_again(desk: Desk, batch: int, work: Background[Any]) -> tuple[dict[str, Answers], int]:
    """The answers about whom it has not said yes to, by row, and about how many it was to be asked."""
    store, context, unit = desk.store, desk.context(), rosters.batch_of(desk.store, batch).unit
    waiting = list(rosters.unanswered(rosters.people(store, batch), unit, context, again=True))
    answers: dict[str, Answers] = {}
    for said in rosters.ask(store, waiting, unit, desk.province, context):
        answers |= said
        work.tell(len(answers), len(waiting))
        if work.cancelled():
            break
    return answers, len(waiting)


def book(desk: Desk, batch: int, acknowledged: tuple[str, ...], work: Background[Together]) -> Together:
    """Book a change of bank for everybody who lacks one, EXC-6. Raises as `counter.desk.bookings.book` does."""
    done = bookings.book(desk, batch, acknowledged, work.tell, work.cancelled)
    said = t("batch.book.stopped" if done.left else "batch.book.done", left=done.left, **done.counts())
    people = list(rosters.people(desk.store, batch))
    why = (
        t("batch.book.not", line=row.place, said=sentence(finding), rule=finding.rule)
        for row in done.rows
        for finding in row.findings
    )
    answers = {person.id: person.answers for person in people}
    return Together(said, answers, bookings.on_their_way(desk.store, people), tuple(why))
