"""Booking a change of bank (预约换行换卡) for a unit's people together, EXC-6, EXC-7: by the new bank, in one act.

Each booking is a ``book_bank_change`` entry, judged as at the window and recorded before the province is told of it,
some hundred at a time. An entry's id follows from the row's: interrupted and begun again nobody is booked twice, and
who has been refused, or has let the approval lapse, is booked anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from counter.desk import rosters
from counter.desk.collecting import entry_id
from counter.desk.desk import Desk
from counter.desk.rosters import KeptPerson, UnitRefusedError
from counter.province.acts import bank_change
from counter.province.errors import OutOfReachError, RefusedError
from counter.province.questions.booking import booking_of
from counter.province.wire import MAX_PERSONS, GroupBookingAnswer
from counter.roster.booked import standing
from counter.roster.checks import BOOKING, Checker, duplicates
from counter.roster.errors import RULE
from counter.roster.row import to_booking
from counter.rules.case import BookingStatus, Case, Mode
from counter.rules.finding import Finding, Level, stop
from counter.rules.record import CaseRecord
from counter.rules.services.bank_change import BOOK_BANK_CHANGE
from counter.store.database import chunks
from counter.store.errors import FinishedBatchError
from counter.store.records import Batch, BatchState, LedgerEntry, RowAnswer, SendState
from counter.store.store import Store

HAS_ONE: Final = frozenset({BookingStatus.REVIEW, BookingStatus.APPROVED})
"""Who stands here needs no other booking."""


class Booked(StrEnum):
    """What came of booking for one person."""

    BOOKED = "booked"  # the original bank reviews it now
    HAD = "had"  # one was under review or approved before
    LATER = "later"  # recorded; the province has not answered, and hears of it at sync
    WRONG = "wrong"  # the rules do not allow it: nothing is recorded
    REFUSED = "refused"  # recorded; a rule of the province's, so that the entry will come back


class BookedRow(NamedTuple):
    """What came of booking for the person in this place of the roster, and why not."""

    place: int
    came: Booked
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class BookResult:
    """What came of booking, by row in the roster's order; `left` are those that a cancelled run did not come to."""

    rows: tuple[BookedRow, ...]
    left: int

    def counts(self) -> dict[str, int]:
        """How many there are of each `Booked`."""
        found = Counter(row.came for row in self.rows)
        return {str(came): found[came] for came in Booked}


class _Tried(NamedTuple):
    """The entry that stands for a person, None where there is none, and which try the next one is."""

    entry: LedgerEntry | None
    next: int


class _ToTell(NamedTuple):
    """A booking that is recorded and that the province is to be told of."""

    place: int
    person: KeptPerson
    id: str
    case: Case


def book(
    desk: Desk,
    batch: int,
    acknowledged: tuple[str, ...] = (),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> BookResult:
    """Book for everybody of an open roster who has no booking, judged as they stand now.

    The province is asked about all of them first. Cancelled, it stops before the next chunk. Raises `UnitRefusedError`
    where the unit holds its rows up, `UnknownBatchError`, `FinishedBatchError`, `NotAllowedError`.
    """
    run = _BookingRun(desk, rosters.batch_of(desk.store, batch), acknowledged)
    total = run.batch.rows - run.batch.submitted
    for asked in run.ask(cancelled):
        progress(min(asked, total), total)
    rows: list[BookedRow] = []
    for chunk in chunks(run.people(), MAX_PERSONS):
        if cancelled():
            break
        rows += run.book(chunk)
        progress(len(rows), total)
    return BookResult(tuple(sorted(rows)), total - len(rows))


class _BookingRun:
    """One run over a roster: what it is judged by, and whether the province answers."""

    def __init__(self, desk: Desk, batch: Batch, acknowledged: tuple[str, ...]) -> None:
        if batch.state is BatchState.FINISHED:
            raise FinishedBatchError("for a batch that is done with nobody is booked any more")
        self.batch = batch
        self._store, self._province, self._context = desk.store, desk.province, desk.context()
        unit = batch.unit
        if unit.mode is not Mode.CHANGE_BANK:
            raise UnitRefusedError((stop(RULE, "roster.no_change_of_bank", "mode"),))
        elsewhere = rosters.known_elsewhere(self._store, batch.id)
        self._checker = Checker(unit, self._context, elsewhere, acknowledged, to_booking)
        if refused := rosters.holds_up(self._checker.of_unit, acknowledged):
            raise UnitRefusedError(refused)
        people = enumerate(rosters.people(self._store, batch.id), 1)
        self._twice = duplicates(((place, person.row) for place, person in people))
        self._fresh: set[str] = set()
        """The rows of which the province has spoken in this run."""

    def ask(self, cancelled: Callable[[], bool]) -> Iterator[int]:
        """Ask the province about whom it has not said yes to; gives how many it has answered about."""
        unit, context = self.batch.unit, self._context
        waiting = rosters.unanswered(rosters.people(self._store, self.batch.id), unit, context, again=True)
        for answers in rosters.ask(self._store, waiting, unit, self._province, context):
            self._fresh.update(answers)
            yield len(self._fresh)
            if cancelled():
                return

    def people(self) -> Iterator[tuple[int, KeptPerson]]:
        """Who is not submitted, by place."""
        people = enumerate(rosters.people(self._store, self.batch.id), 1)
        return ((place, person) for place, person in people if not person.submitted)

    def book(self, chunk: Iterable[tuple[int, KeptPerson]]) -> Iterator[BookedRow]:
        """Record what is right and new, and tell the province of it."""
        chunk = list(chunk)
        tried = _tried(self._store, [person for _, person in chunk])
        to_tell, new = list[_ToTell](), list[tuple[str, CaseRecord]]()
        for place, person in chunk:
            entry, next_ = tried[person.id]
            if standing(person.answers.booking, self._context) in HAS_ONE:
                yield BookedRow(place, Booked.HAD)
            elif entry and self._holds(entry, person):
                if entry.state is SendState.PENDING and entry.record:
                    to_tell.append(_ToTell(place, person, entry.id, entry.record.case))
                else:
                    yield BookedRow(place, Booked.LATER)
            elif (record := self._record(place, person)) is None:
                yield BookedRow(place, Booked.WRONG, self._why(place, person))
            else:
                id = entry_id(person.id, BOOK_BANK_CHANGE, next_)
                new.append((id, record))
                to_tell.append(_ToTell(place, person, id, record.case))
        self._store.ledger.append_for(self.batch.id, new)
        yield from self._tell(to_tell)

    def _holds(self, entry: LedgerEntry, person: KeptPerson) -> bool:
        """Is this booking still to be waited for? Not where the province has sent it back, or says what became of it;
        one that it has not heard of yet may be behind what it says."""
        if entry.state is SendState.REJECTED:
            return False
        booking = person.answers.booking
        unheard = entry.state is SendState.PENDING and not (booking and booking.id == entry.id)
        return unheard or person.id not in self._fresh

    def _record(self, place: int, person: KeptPerson) -> CaseRecord | None:
        return None if place in self._twice else self._checker.record(person.row, person.answers)

    def _why(self, place: int, person: KeptPerson) -> tuple[Finding, ...]:
        """What holds a person up."""
        findings = self._checker.check(person.row, place, person.answers).findings
        return tuple(each for each in (*self._twice.get(place, ()), *findings) if each.level is Level.STOP)

    def _tell(self, to_tell: list[_ToTell]) -> Iterator[BookedRow]:
        """Tell the province, and keep what it says of each."""
        kept = list[RowAnswer]()
        for (place, person, _, _), answer in zip(to_tell, self._answers(to_tell), strict=True):
            if answer is None:
                yield BookedRow(place, Booked.LATER)
            elif answer.booking is None:
                yield BookedRow(place, Booked.REFUSED, (stop(answer.rule or "EXC-6", answer.code, BOOKING),))
            else:
                booking = booking_of(answer.booking)
                kept.append(RowAnswer(person.id, person.row.number, person.row.name, booking=booking))
                yield BookedRow(place, Booked.BOOKED)
        self._store.batches.answer(kept)

    def _answers(self, to_tell: list[_ToTell]) -> Sequence[GroupBookingAnswer | None]:
        """The province's answer to each; None where it is out of reach, and then it is not tried again in this run."""
        if self._province is not None and to_tell:
            try:
                return self._province.book_group(tuple(bank_change(each.id, each.case) for each in to_tell))
            except (OutOfReachError, RefusedError):
                self._province = None
        return [None] * len(to_tell)


def on_their_way(store: Store, people: Sequence[KeptPerson]) -> dict[str, str]:
    """By row, the bookings that are recorded and not sent yet: of one that was told at once the province may know."""
    found = dict[str, str]()
    for chunk in chunks(people, MAX_PERSONS):
        tried = _tried(store, chunk)
        found.update((id, entry.id) for id, (entry, _) in tried.items() if entry and entry.state is SendState.PENDING)
    return found


def _tried(store: Store, people: Sequence[KeptPerson]) -> dict[str, _Tried]:
    """By row: the latest booking that stands in the ledger for who is named there now."""
    known = {person.id: _Tried(None, 0) for person in people}
    left = list(people)
    while left:
        ids = {person.id: entry_id(person.id, BOOK_BANK_CHANGE, known[person.id].next) for person in left}
        entries, stands = store.ledger.of_ids(ids.values()), store.ledger.standing(ids.values())
        left = [person for person in left if ids[person.id] in entries]
        for person in left:
            entry = entries[ids[person.id]]
            of_them = stands[entry.id] and _is_of(entry, person)
            known[person.id] = _Tried(entry if of_them else None, known[person.id].next + 1)
    return known


def _is_of(entry: LedgerEntry, person: KeptPerson) -> bool:
    """A row may have become somebody else's since."""
    return entry.record is None or entry.record.case.holder.document.number == person.row.number
