"""Judge a roster: each row by the rules of a single case, and what only a roster can have wrong."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import structs

from counter.roster.alike import Likeness, likeness
from counter.roster.columns import BY_ID, COLUMNS, RosterRow
from counter.roster.errors import RULE
from counter.roster.kinds import FILE
from counter.roster.photos import PhotoFile
from counter.roster.reader import RosterPerson
from counter.roster.row import UNASKED, Answers, kind_of, to_case
from counter.rules.case import Case, Document
from counter.rules.facts import known_number
from counter.rules.finding import DEFERRED, Finding, Level, stop, tell
from counter.rules.judge import Judgement, judge
from counter.rules.record import CaseRecord
from counter.rules.reference import Context
from counter.rules.unit import Unit

_NAMED: Final = 20  # duplicates that a finding names
_ALIKE: Final = 1000  # kinds of rows that are remembered

_COLUMN_OF: Final = {path: column.id for column in COLUMNS for path in (column.path, *column.also) if path}
BOOKING: Final = "booking"
"""What is said of a person's booking is said at a column of its own, which no sheet fills."""
_BY_PROVINCE: Final = {
    "bank": "old_card",
    "old_card.bank": "old_card",
    **dict.fromkeys(("booking", "booking.status", "booking.to_bank", "booking.approved_on"), BOOKING),
}
"""Said of the unit where it holds for everybody, else of the card or the booking that the province named."""

MakeCase: TypeAlias = Callable[[RosterRow, Unit, Context, Answers, tuple[str, ...]], Case]
"""What a row is judged as: `to_case` or `to_booking`."""

K = TypeVar("K")


class RowCheck(msgspec.Struct, frozen=True, gc=False):
    """What the rules say of a row: findings whose `field` is a column's id, and the questions still to be asked."""

    row: int
    findings: tuple[Finding, ...]
    deferred: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """Nothing holds the row up."""
        return not any(finding.level is Level.STOP for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Known:
    """Whom other places have already: by `key_of`, the other rosters' names, and those of today's ledger."""

    rosters: Mapping[str, str]
    ledger: Container[str]


NOBODY: Final = Known({}, frozenset())
NO_PHOTOS: Final[Mapping[str, PhotoFile]] = {}
UNANSWERED: Final[Mapping[int, Answers]] = {}


@dataclass(frozen=True, slots=True)
class _Judged:
    """The rules' answer to a row, and to all rows like it; `right` where they can become entries."""

    judgement: Judgement
    findings: tuple[Finding, ...]
    right: bool


class Checker:
    """Judges rows of one unit; what it says of the unit itself is in `of_unit`, once and not at every row.

    `make` is what they are judged as, `fee_fen` what that costs one person. `acknowledged` are the codes of findings
    about the unit that the clerk has given their word on.
    """

    def __init__(
        self,
        unit: Unit,
        context: Context,
        known: Known = NOBODY,
        acknowledged: tuple[str, ...] = (),
        make: MakeCase = to_case,
    ) -> None:
        self._make = make
        self._unit = unit
        self._context = context
        self._acknowledged = acknowledged
        self._known = known
        judged = judge(self._case(RosterRow(), UNASKED), context)
        self.fee_fen = judged.fee_fen
        self.of_unit = tuple(
            each for each in judged.findings if each.field not in _COLUMN_OF and not _is_deferred(each)
        )
        self._common = frozenset(self.of_unit)
        self._alike: dict[Likeness, _Judged] = {}

    def check(self, row: RosterRow, number: int = 0, answers: Answers = UNASKED, *, hidden: bool = False) -> RowCheck:
        """One row by itself, also against other rosters and the ledger; without `duplicates`."""
        judged = self._judged(row, answers)
        return RowCheck(number, self._all_of(row, judged, hidden=hidden), judged.judgement.deferred)

    def record(self, row: RosterRow, answers: Answers = UNASKED) -> CaseRecord | None:
        """What a right row becomes; None for one that is not right, or needs a second person: that is no group's."""
        judged = self._judged(row, answers)
        if not judged.right or self._elsewhere(row):
            return None
        return judged.judgement.record(self._case(row, answers))

    def _case(self, row: RosterRow, answers: Answers) -> Case:
        return self._make(row, self._unit, self._context, answers, self._acknowledged)

    def _judged(self, row: RosterRow, answers: Answers) -> _Judged:
        """The rules' answer; of a row that is like one before, that one's."""
        like = likeness(row, answers, self._context)
        known = self._alike.get(like) if like else None
        if known is None:
            judgement = judge(self._case(row, answers), self._context)
            said = self._said(row, judgement)
            right = (
                judgement.allowed and not judgement.authorised and not any(each.level is Level.STOP for each in said)
            )
            known = _Judged(judgement, said, right)
            if like and len(self._alike) < _ALIKE:
                self._alike[like] = known
        return known

    def _all_of(self, row: RosterRow, judged: _Judged, *, hidden: bool = False) -> tuple[Finding, ...]:
        """What the rules say, that somebody is elsewhere too, and that the sheet hides the row."""
        findings = judged.findings
        if elsewhere := self._elsewhere(row):
            # of somebody who is served elsewhere nothing else about their number helps
            findings = (elsewhere, *(each for each in findings if each.field != "number"))
        return (*findings, tell(RULE, "roster.hidden")) if hidden else findings

    def _elsewhere(self, row: RosterRow) -> Finding | None:
        """Somebody whom another roster or today's ledger has already."""
        if self._known is NOBODY or not row.number:
            return None
        key = key_of(row)
        if key in self._known.ledger:
            return stop(RULE, "roster.in_ledger", "number")
        if other := self._known.rosters.get(key):
            return stop(RULE, "roster.in_other", "number", roster=other)
        return None

    def _said(self, row: RosterRow, judgement: Judgement) -> tuple[Finding, ...]:
        """The rules' findings by column, and what only a roster can have: spoiled cells, unknown words, gaps."""
        said = [
            replace(each, field=_COLUMN_OF.get(each.field) or _BY_PROVINCE.get(each.field, "number"))
            for each in judgement.findings
            if each not in self._common and not _is_deferred(each)
        ]
        own = tuple(_own(row))
        spoiled = {each.field for each in own if each.level is Level.STOP}
        # of a cell that is no good the rules can say nothing that helps
        findings = (*own, *(each for each in said if each.field not in spoiled))
        return _acknowledged(findings, judgement.acknowledged)


def _own(row: RosterRow) -> Iterator[Finding]:
    for column in COLUMNS:
        if finding := column.spoiled(getattr(row, column.id)):
            yield finding
    if not row.occupation:
        yield tell("APP-1", "roster.occupation_empty", "occupation")


def check_roster(
    lines: Sequence[RosterPerson],
    checker: Checker,
    photos: Mapping[str, PhotoFile] = NO_PHOTOS,
    answers: Mapping[int, Answers] = UNANSWERED,
) -> Iterator[RowCheck]:
    """Every row in its order, with duplicates within the roster, the photo files (by document number) and what the
    province said (by the line's row)."""
    twice = duplicates((line.row, line.person) for line in lines)
    for line in lines:
        photo, known = photos.get(line.person.number), answers.get(line.row, UNASKED)
        if photo:
            known = structs.replace(known, photo=photo.digest)
        checked = checker.check(with_photo(line.person, photo), line.row, known, hidden=line.hidden)
        more = twice.get(line.row, ())
        if photo and photo.findings:
            # what is wrong with a file says more than that the row has none
            said = (each for each in checked.findings if each.field != "photo")
            checked = structs.replace(checked, findings=(*photo.findings, *said))
        yield structs.replace(checked, findings=(*more, *checked.findings)) if more else checked


def with_photo(row: RosterRow, photo: PhotoFile | None) -> RosterRow:
    """The row with a photo file of the unit's folder; a receipt that it names stays."""
    return structs.replace(row, photo=row.photo or FILE) if photo else row


def duplicates(rows: Iterable[tuple[K, RosterRow]]) -> dict[K, tuple[Finding, ...]]:
    """The rows that have their document number or old card in common, each with findings that name the others.

    A row's key is what the findings call it: the sheet's row number, the grid's line.
    """
    people, cards = _Groups[K](), _Groups[K]()
    for at, row in rows:
        if row.number:
            people.add(key_of(row), at)
        if row.old_card:
            cards.add(row.old_card, at)
    found: dict[K, tuple[Finding, ...]] = {}
    for column, groups in (("number", people.several), ("old_card", cards.several)):
        for text, group in groups.items():
            if BY_ID[column].spoiled(text) is None:
                for at in group:
                    others = " ".join(str(other) for other in group[: _NAMED + 1] if other != at)
                    finding = stop(RULE, f"roster.twice_{column}", column, rows=others)
                    found[at] = (*found.get(at, ()), finding)
    return found


class _Groups(Generic[K]):
    """Who has what in common: a list for those only who are several, since of 100,000 nearly all are alone."""

    def __init__(self) -> None:
        self._first: dict[str, K] = {}
        self.several: dict[str, list[K]] = {}

    def add(self, text: str, at: K) -> None:
        if text in self._first:
            self.several.setdefault(text, [self._first[text]]).append(at)
        else:
            self._first[text] = at


def key_of(row: RosterRow) -> str:
    """Who a row is, across rosters and the ledger: the number by which the person is known (WHO-2)."""
    return known_number(Document(kind=kind_of(row), number=row.number))


def _is_deferred(finding: Finding) -> bool:
    return finding.code.startswith(DEFERRED)


def _acknowledged(findings: tuple[Finding, ...], codes: tuple[str, ...]) -> tuple[Finding, ...]:
    """Without a clerk's word that was given in advance a question holds the row up."""
    return tuple(
        replace(each, level=Level.TELL if each.code in codes else Level.STOP) if each.level is Level.ASK else each
        for each in findings
    )
