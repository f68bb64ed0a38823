"""A roster in the ledger (批量业务): rows into the store and out of it, judged as they stand there, submitted.

The shell and the screen share this; it draws nothing and asks nobody.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec
from msgspec import structs

from counter.clock import system_clock
from counter.province.client import Province
from counter.province.errors import OutOfReachError, RefusedError
from counter.province.questions import identity, one_card
from counter.province.questions.booking import booking_of
from counter.province.questions.question import person_of
from counter.province.wire import MAX_PERSONS
from counter.roster.booked import standing
from counter.roster.checks import NO_PHOTOS, NOBODY, Checker, Known, RowCheck, duplicates, key_of, with_photo
from counter.roster.columns import RosterRow
from counter.roster.errors import RULE
from counter.roster.handover import HandOver, hand_over
from counter.roster.photos import PhotoFile, read_photo
from counter.roster.reader import RosterPerson
from counter.roster.row import UNASKED, Answers, to_case
from counter.rules.case import (
    BookingStatus,
    Case,
    IdentityAnswer,
    Mode,
    OneCardAnswer,
)
from counter.rules.facts import reading
from counter.rules.finding import Finding, Level, stop
from counter.rules.ready import is_ready
from counter.rules.reference import Context, PhotoSpec
from counter.rules.text import check_name
from counter.rules.unit import Unit
from counter.store.errors import DamagedLedgerError, UnknownBatchError
from counter.store.records import Batch, BatchRow, BatchState, RowAnswer, RowContent, RowState, Submission
from counter.store.store import Store

CHUNK: Final = 1000
"""Rows that are read at once."""

TRANSACTION: Final = 500
"""Entries that are recorded together."""

K = TypeVar("K")
_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(RosterRow).decode


class UnitRefusedError(Exception):
    """The unit's own fields hold all of its rows up; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("the unit's fields hold its rows up")
        self.findings = findings


class KeptPerson(NamedTuple):
    """A row of a roster as the ledger keeps it: what it says, its version, what the province answered about it."""

    id: str
    version: int
    row: RosterRow
    answers: Answers
    submitted: bool


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """What submitting did: entries recorded, rows that are not right, rows that changed meanwhile and were left."""

    recorded: int
    wrong: int
    changed: int


# --- into the store and out of it --------------------------------------------------------------------------------


def content_of(row: RosterRow, photo: str = "") -> RowContent:
    """A row as the store keeps it, under the number by which the person is known; `photo` is its file's digest."""
    return RowContent(data=_encode(row), document=key_of(row), name=row.name, photo=photo)


def create(
    store: Store, unit: Unit, lines: Iterable[RosterPerson], photos: Mapping[str, PhotoFile] = NO_PHOTOS
) -> Batch:
    """A new roster of the lines that were read from a file, with the photos that `keep_photos` kept; all or none."""

    def content(person: RosterRow) -> RowContent:
        photo = photos.get(person.number)
        return content_of(with_photo(person, photo), photo.digest if photo else "")

    return store.batches.create(unit, (content(line.person) for line in lines))


def keep_photos(store: Store, files: Mapping[str, Path], spec: PhotoSpec) -> dict[str, PhotoFile]:
    """Photo files by document number, checked (PHO-6); those that can go on a card are in the ledger then, the others
    have no digest."""
    kept = {}
    for number, path in files.items():
        data, findings = read_photo(path, spec)
        good = data and not any(finding.level is Level.STOP for finding in findings)
        kept[number] = PhotoFile(path, store.photos.put(data) if good else "", findings)
    return kept


def batch_of(store: Store, id: int) -> Batch:
    """The roster of this number. Raises `UnknownBatchError`."""
    batch = store.batches.get(id)
    if batch is None:
        raise UnknownBatchError("there is no such batch")
    return batch


def of_same_people(store: Store, lines: Sequence[RosterPerson], mode: Mode) -> Batch | None:
    """An open roster in this mode whose rows say exactly what these lines do: what a file became before."""
    wanted = [line.person for line in lines]
    what = (BatchState.OPEN, mode, len(wanted))
    like = (each for each in store.batches.list() if (each.state, each.unit.mode, each.rows) == what)
    return next((each for each in like if [row for _, row in _rows(store, each.id)] == wanted), None)


def people(store: Store, batch: int) -> Iterator[KeptPerson]:
    """All rows of a roster in their order. Raises `DamagedLedgerError`."""
    return map(_person, store.batches.rows(batch))


def _rows(store: Store, batch: int) -> Iterator[tuple[str, RosterRow]]:
    return ((id, _row(data)) for id, data in store.batches.contents(batch))


def _row(data: bytes) -> RosterRow:
    try:
        return _decode(data)
    except msgspec.MsgspecError as error:
        raise DamagedLedgerError("a row is not as it was kept") from error


def _person(kept: BatchRow) -> KeptPerson:
    row = _row(kept.data)
    answers = UNASKED
    if kept.identity or kept.one_card or kept.booking or kept.photo:
        asked = (kept.identity or UNASKED.identity, kept.one_card or UNASKED.one_card)
        answers = Answers(identity=asked[0], one_card=asked[1], booking=kept.booking, photo=kept.photo)
    return KeptPerson(kept.key.id, kept.key.version, row, answers, kept.key.state is RowState.SUBMITTED)


def people_of(store: Store, ids: Sequence[str]) -> Iterator[KeptPerson]:
    """These rows, in the order asked for; those that are gone are left out. Raises `DamagedLedgerError`."""
    for start in range(0, len(ids), CHUNK):
        yield from map(_person, store.batches.rows_of(ids[start : start + CHUNK]))


# --- the province asked in bulk ----------------------------------------------------------------------------------


def question(
    rows: Iterable[tuple[K, RosterRow]], unit: Unit, province: Province, context: Context
) -> Iterator[dict[K, Answers]]:
    """Ask the province about people (批量核查), `MAX_PERSONS` at a time: identity and one card by the row's key, and
    where the unit changes its bank the bookings.

    Whom one cannot ask about, because name or number is none, is passed over. Rows are taken in as they are asked, so a
    caller who stops asks no more. Raises `OutOfReachError`, `RefusedError`.
    """
    cases = ((key, to_case(row, unit, context)) for key, row in rows)
    asked = ((key, case) for key, case in cases if _can_be_asked(case, context))
    while chunk := list(islice(asked, MAX_PERSONS)):
        persons = tuple(person_of(case) for _, case in chunk)
        said = province.group(persons, chunk[0][1].city, bookings=unit.mode is Mode.CHANGE_BANK)
        now = system_clock()
        yield {
            key: Answers(
                identity=identity.checked(answer.identity, now),
                one_card=one_card.known(answer.one_card, now),
                booking=booking_of(answer.booking) if answer.booking else None,
            )
            for (key, _), answer in zip(chunk, said, strict=True)
        }


def _can_be_asked(case: Case, context: Context) -> bool:
    holder = case.holder
    found = (*check_name(holder.name), *reading(holder.document, context).findings)
    return not any(finding.level is Level.STOP for finding in found)


def ask(
    store: Store, people: Iterable[KeptPerson], unit: Unit, province: Province | None, context: Context
) -> Iterator[dict[str, Answers]]:
    """The same for rows in the ledger, which keeps each chunk's answers before they are given here, by the row's id.

    It ends where the province is out of reach: what it has not answered stays deferred. A row that names somebody else
    by now gets no answer.
    """
    if province is None:
        return
    try:
        for said in question(((person, person.row) for person in people), unit, province, context):
            kept = store.batches.answer(
                RowAnswer(
                    person.id,
                    person.row.number,
                    person.row.name,
                    answers.identity,
                    answers.one_card,
                    answers.booking,
                )
                for person, answers in said.items()
            )
            yield {
                person.id: structs.replace(answers, photo=person.answers.photo)
                for person, answers in said.items()
                if person.id in kept
            }
    except (OutOfReachError, RefusedError):
        return


def unanswered(
    people: Iterable[KeptPerson], unit: Unit, context: Context, *, again: bool = False
) -> Iterator[KeptPerson]:
    """Those of whom the province has not said all; `again`: also those whom it has not said yes to, which may differ
    by now."""
    for person in people:
        answers = person.answers
        identity, one_card = answers.identity.answer, answers.one_card.answer
        open_ = IdentityAnswer.DEFERRED is identity or OneCardAnswer.DEFERRED is one_card
        no = identity is not IdentityAnswer.MATCH or one_card is not OneCardAnswer.HERE
        if unit.mode is Mode.CHANGE_BANK:
            open_ = open_ or answers.booking is None
            no = no or standing(answers.booking, context) is not BookingStatus.APPROVED
        if (open_ or (again and no)) and not person.submitted:
            yield person


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
        key = key_of(person.row)
        for place in found[person.id]:
            if place.seq:
                ledger.add(key)
            else:
                rosters[key] = place.unit or str(place.batch)
    return Known(rosters, ledger) if found else NOBODY


def submit(
    store: Store,
    batch: int,
    context: Context,
    acknowledged: tuple[str, ...] = (),
    progress: Callable[[int], None] = lambda _recorded: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> SubmitResult:
    """Turn the rows that are right into ledger entries, judged as they stand in the store; the others stay.

    Begun again it goes on where it stood. Raises `UnitRefusedError`, `UnknownBatchError`,
    `FinishedBatchError`, `NotAllowedError`.
    """
    unit = batch_of(store, batch).unit
    checker = Checker(unit, context, known_elsewhere(store, batch), acknowledged)
    if refused := holds_up(checker.of_unit, acknowledged):
        raise UnitRefusedError(refused)
    twice = duplicates(_rows(store, batch))
    wrong = 0

    def right() -> Iterator[Submission]:
        nonlocal wrong
        for person in people(store, batch):
            if cancelled():
                return
            if person.submitted:
                continue
            record = None if person.id in twice else checker.record(person.row, person.answers)
            if record is None:
                wrong += 1
            else:
                yield Submission(person.id, person.version, record)

    done = store.batches.submit(batch, right(), TRANSACTION, progress, cancelled)
    return SubmitResult(done.recorded, wrong, len(done.changed))


def hand_over_of(store: Store, batch: int, context: Context) -> HandOver:
    """The hand-over list (交接清单) of a roster as it stands: in are those whose rows stand in the ledger.

    A row is called by its place. Raises `UnknownBatchError`.
    """
    unit = batch_of(store, batch).unit
    checker = Checker(unit, context, known_elsewhere(store, batch))
    twice = duplicates(((at, row) for at, (_, row) in enumerate(_rows(store, batch), 1)))
    submitted = (key.id for key in store.batches.keys(batch) if key.state is RowState.SUBMITTED)
    stands = store.ledger.standing(submitted)

    def rows() -> Iterator[tuple[RosterPerson, RowCheck]]:
        for at, person in enumerate(people(store, batch), 1):
            findings: tuple[Finding, ...] = ()
            if person.submitted:
                findings = () if stands.get(person.id) else (stop(RULE, "roster.taken_back"),)
            else:
                check = checker.check(person.row, answers=person.answers)
                waits = () if at in twice or not check.valid else (stop(RULE, "roster.waiting"),)
                findings = (*twice.get(at, ()), *check.findings, *waits)
            yield RosterPerson(at, person.row), RowCheck(at, findings)

    told = store.ledger.notices(id for id, stands_still in stands.items() if stands_still)
    return hand_over(unit, context, rows(), tuple(sorted(filter(is_ready, told))))
