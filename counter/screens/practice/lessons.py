"""What is practised, step by step: what to do stands in ``practice.task.<id>``; what is seen of the branch says that it
was done. No Textual here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from counter.demo import IN_ROSTER, ROSTER
from counter.desk.desk import Desk
from counter.gateway.seeding.customers import DemoPerson, demo_people
from counter.rules.case import Case
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.rules.services.exchange import EXCHANGE
from counter.store.records import Batch, DayFigures


@dataclass(frozen=True, slots=True)
class SeenLedger:
    """What the ledger says: today in figures, the rosters, and whether the day is closed with all sent."""

    figures: DayFigures
    batches: tuple[Batch, ...]
    closed: bool

    @property
    def exchanged(self) -> int:
        """The exchanges recorded today."""
        return self.figures.by_kind.get(EXCHANGE.id, (0, 0))[0]


@dataclass(frozen=True, slots=True)
class SeenBranch:
    """What is seen of the branch now: the ledger, the case that is open and its step, the codes of the stops that are
    shown, the rule that is read; whether a roster's file is asked for, and of an open roster how many are right."""

    ledger: SeenLedger
    case: Case | None = None
    step: StepId | None = None
    stops: frozenset[str] = frozenset()
    read: str = ""
    importing: bool = False
    right: int = 0

    def is_past(self, step: StepId) -> bool:
        """Is an exchange open beyond this step?"""
        if self.case is None or self.step is None or self.case.service != EXCHANGE.id:
            return False
        steps = SERVICES[self.case.service].steps
        return steps.index(self.step) > steps.index(step)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `id` is ``<lesson>.<what>``."""

    id: str
    is_done: Callable[[SeenBranch], bool]

    @property
    def lesson(self) -> str:
        return self.id.partition(".")[0]


def _recorded_or(is_done: Callable[[SeenBranch], bool]) -> Callable[[SeenBranch], bool]:
    """Who records the exchange has done all that comes before."""
    return lambda seen: bool(seen.ledger.exchanged) or is_done(seen)


WRONG_NUMBER: Final = "number.check_digit"

TASKS: Final = (
    Task("exchange.open", _recorded_or(lambda seen: seen.case is not None and seen.case.service == EXCHANGE.id)),
    Task("exchange.identity", _recorded_or(lambda seen: seen.is_past(StepId.IDENTITY))),
    Task("exchange.mode", _recorded_or(lambda seen: seen.is_past(StepId.MODE))),
    Task("exchange.details", _recorded_or(lambda seen: seen.is_past(StepId.DETAILS))),
    Task("exchange.record", lambda seen: bool(seen.ledger.exchanged)),
    Task("stop.wrong", lambda seen: WRONG_NUMBER in seen.stops),
    Task("stop.why", lambda seen: seen.read == "WHO-5"),
    Task("stop.mend", lambda seen: seen.case is not None and seen.case.holder.document.number == stopped().number),
    Task("stop.hold", lambda seen: seen.case is None and bool(seen.ledger.figures.held)),
    Task("roster.open", lambda seen: seen.importing or bool(seen.ledger.batches)),
    Task("roster.read", lambda seen: any(batch.rows == len(IN_ROSTER) for batch in seen.ledger.batches)),
    Task("roster.unit", lambda seen: any(batch.unit.uscc and batch.unit.mobile for batch in seen.ledger.batches)),
    Task("roster.mend", lambda seen: seen.right == len(IN_ROSTER)),
    Task("roster.submit", lambda seen: any(batch.submitted == len(IN_ROSTER) for batch in seen.ledger.batches)),
    Task("day.close", lambda seen: seen.ledger.closed),
)
LESSONS: Final = tuple(dict.fromkeys(task.lesson for task in TASKS))


def in_the_ledger(desk: Desk) -> SeenLedger:
    """Look into the ledger; in a thread."""
    store, on = desk.store, desk.today()
    figures = store.ledger.figures(on)
    closed = not figures.pending and store.days.receipt(on) is not None and on not in store.days.unmatched()
    return SeenLedger(figures, tuple(store.batches.list()), closed)


def stopped() -> DemoPerson:
    """The customer whose number is mistyped first."""
    return _person("receipt_expired")


def words(home: Path) -> Mapping[str, str]:
    """What the sentences of the tasks name: made-up people, and the file of the roster."""
    customer, other = _person("same_number"), stopped()
    mistyped = other.number[:-1] + ("0" if other.number[-1] != "0" else "1")
    return {
        "number": customer.number,
        "name": customer.name,
        "mistyped": mistyped,
        "right": other.number,
        "file": str(home / ROSTER),
        "unit": "虚构电子厂",
        "contact": "赵联系",
    }


def _person(purpose: str) -> DemoPerson:
    return next(person for person in demo_people() if person.purpose == purpose)
