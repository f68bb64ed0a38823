"""A roster in the ledger (批量业务): rows into the store and out of it, judged as they stand there, submitted.

The shell and the screen share this; it draws nothing and asks nobody.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from counter.roster.checks import Checker, Known, RowCheck, duplicates
from counter.roster.reader import Line
from counter.roster.row import Answers, Delivery, RosterRow, Unit, to_case
from counter.rules.case import CaseRecord, Mode
from counter.rules.finding import Finding, Level
from counter.rules.judge import judge
from counter.rules.normal import normalise
from counter.rules.reference import Context
from counter.store import records
from counter.store.errors import DamagedLedgerError, UnknownBatchError
from counter.store.records import Batch, BatchRow, RowContent, RowState, Submission
from counter.store.store import Store

CHUNK: Final = 1000
"""Rows that are read at once."""


class UnitRefusedError(Exception):
    """The unit's own fields hold all of its rows up; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("the unit's fields hold its rows up")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Person:
    """A row of a roster as the ledger keeps it: what it says, its version, what the province answered about it."""

    id: str
    version: int
    row: RosterRow
    answers: Answers
    submitted: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What submitting did: entries recorded, rows that are not right, rows that changed meanwhile and were left."""

    recorded: int
    wrong: int
    changed: int


# --- into the store and out of it --------------------------------------------------------------------------------


def content_of(row: RosterRow, photo: str = "") -> RowContent:
    """A row as the store keeps it; `photo` is the digest of one that is kept."""
    return RowContent(data=msgspec.json.encode(row), document=row.number, name=row.name, photo=photo)


def stored_unit(unit: Unit) -> records.Unit:
    """The unit as the store keeps it; what the clerk has given their word on is asked again at each submission."""
    values = {name: str(getattr(unit, name)) for name in unit.__struct_fields__ if name != "acknowledged"}
    return records.Unit(**values)


def unit_of(batch: Batch, acknowledged: tuple[str, ...] = ()) -> Unit:
    """The unit of a roster in the store."""
    kept = batch.unit
    return Unit(
        name=kept.name,
        uscc=kept.uscc,
        contact=kept.contact,
        mobile=kept.mobile,
        bank=kept.bank,
        branch=kept.branch,
        delivery=Delivery(kept.delivery or Delivery.UNIT),
        mode=Mode(kept.mode or Mode.SAME_NUMBER),
        acknowledged=acknowledged,
    )


def create(store: Store, unit: Unit, lines: Iterable[Line]) -> Batch:
    """A new roster of the lines that were read from a file; all of them or none."""
    return store.batches.create(stored_unit(unit), (content_of(line.person) for line in lines))


def batch_of(store: Store, id: int) -> Batch:
    """The roster of this number. Raises `UnknownBatchError`."""
    batch = store.batches.get(id)
    if batch is None:
        raise UnknownBatchError("there is no such batch")
    return batch


def people(store: Store, batch: int) -> Iterator[Person]:
    """All rows of a roster in their order. Raises `DamagedLedgerError`."""
    ids = [key.id for key in store.batches.keys(batch)]
    for start in range(0, len(ids), CHUNK):
        yield from map(_person, store.batches.rows_of(ids[start : start + CHUNK]))


def _person(kept: BatchRow) -> Person:
    try:
        row = msgspec.json.decode(kept.data, type=RosterRow)
    except msgspec.MsgspecError as error:
        raise DamagedLedgerError("a row is not as it was kept") from error
    said = {"identity": kept.identity, "one_card": kept.one_card, "photo": kept.photo}
    answers = Answers(**{name: value for name, value in said.items() if value})  # type: ignore[arg-type]  # by name
    return Person(kept.key.id, kept.key.version, row, answers, kept.key.state is RowState.SUBMITTED)


# --- judged and submitted ----------------------------------------------------------------------------------------


def holds_up(findings: Iterable[Finding], acknowledged: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Those findings of a unit that hold its rows up."""
    return tuple(
        each
        for each in findings
        if each.level is Level.STOP or (each.level is Level.ASK and each.code not in acknowledged)
    )


def known_elsewhere(store: Store, batch: int) -> Known:
    """Whom other rosters and today's ledger have already."""
    found = store.batches.numbers_elsewhere(batch)
    rosters: dict[str, str] = {}
    ledger: set[str] = set()
    for person in map(_person, store.batches.rows_of(list(found))):
        for place in found[person.id]:
            if place.seq:
                ledger.add(person.row.number)
            else:
                rosters[person.row.number] = place.unit or str(place.batch)
    return Known(rosters, ledger)


def submit(
    store: Store,
    batch: int,
    context: Context,
    acknowledged: tuple[str, ...] = (),
    progress: Callable[[int], None] = lambda _recorded: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Turn the rows that are right into ledger entries, judged as they stand in the store; the others stay.

    Begun again it goes on where it stood. Raises `UnitRefusedError`, `UnknownBatchError`, `NotAllowedError`.
    """
    unit = unit_of(batch_of(store, batch), acknowledged)
    all_ = list(people(store, batch))
    checker = Checker(unit, context, known_elsewhere(store, batch))
    if refused := holds_up(checker.of_unit, acknowledged):
        raise UnitRefusedError(refused)
    twice = duplicates(((person.id, person.row) for person in all_), context)
    wrong = 0

    def right() -> Iterator[Submission]:
        nonlocal wrong
        for person in all_:
            if cancelled():
                return
            if person.submitted:
                continue
            record = None if person.id in twice else _record(person, unit, checker, context)
            if record is None:
                wrong += 1
            else:
                yield Submission(person.id, person.version, record)

    done = store.batches.submit(batch, right(), progress=progress, cancelled=cancelled)
    return Outcome(done.recorded, wrong, len(done.changed))


def _record(person: Person, unit: Unit, checker: Checker, context: Context) -> CaseRecord | None:
    """What a right row becomes; None for one that is not right."""
    check: RowCheck = checker.check(person.row, answers=person.answers)
    if not check.valid:
        return None
    case = normalise(to_case(person.row, unit, context, person.answers))
    judgement = judge(case, context)
    if not judgement.allowed:
        return None
    return CaseRecord(case=case, fee_fen=judgement.fee_fen, notices=judgement.notices, deferred=judgement.deferred)
