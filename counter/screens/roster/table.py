"""A roster as the screen has it open: rows in a table, every change in the ledger, what the checks say. No Textual.

The table shows names where the store keeps codes; `Normal` reads both, so a text is its own value.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, TypeAlias, cast

from msgspec import structs

from counter.desk import rosters
from counter.desk.rosters import KeptPerson, unanswered
from counter.i18n import has, named, t
from counter.roster.checks import Checker, RowCheck, duplicates, key_of, spoiled
from counter.roster.row import UNASKED, Answers, Normal, RosterRow
from counter.rules.finding import Finding, Level
from counter.rules.masking import mask_card, mask_mobile, mask_name, mask_number
from counter.rules.reference import Context
from counter.store.records import RowContent
from counter.store.store import Store
from counter.widgets.grid import Column, Key, State
from counter.widgets.grid.edits import Edit, Insert, Remove, Restore, Show, Write
from counter.widgets.grid.table import (
    Marks,
    Table,
    Texts,
)

_WIDTHS: Final = {
    "name": 8,
    "number": 18,
    "mobile": 11,
    "ethnicity": 6,
    "occupation": 12,
    "old_card": 10,
    "photo": 8,
    "document_kind": 12,
    "sex": 4,
    "birth": 10,
    "valid_from": 10,
    "valid_to": 10,
    "remarks": 12,
}
"""The columns in the order of the grid: what is checked most stands first."""
IDS: Final = tuple(_WIDTHS)
_NUMBER, _PHOTO = IDS.index("number"), IDS.index("photo")
FROZEN: Final = 2
_MASKS: Final = {"name": mask_name, "number": mask_number, "mobile": mask_mobile, "old_card": mask_card}
_CHOICES: Final = {"document_kind": "document", "sex": "sex", "photo": "photo"}
_STATES: Final = {Level.STOP: State.WRONG, Level.ASK: State.WARNED, Level.TELL: State.WARNED}
_NAMED: Final = 21
"""Rows of one number among which a finding names the others."""

Cells: TypeAlias = dict[int, State]


@dataclass(frozen=True, slots=True)
class RowToCheck:
    """A row to be checked, as it stood then."""

    key: Key
    cells: Texts
    row: RosterRow
    answers: Answers


@dataclass(frozen=True, slots=True)
class Checked:
    """The states of a row's cells, as the checks found them; of no use when the row is no longer `cells`."""

    key: Key
    cells: Texts
    states: Cells


def check_rows(checker: Checker, due: Iterable[RowToCheck]) -> list[Checked]:
    """What the rules say of rows, as states; safe in any thread."""
    return [
        Checked(each.key, each.cells, _states(checker.check(each.row, answers=each.answers).findings)) for each in due
    ]


def column_at(finding: Finding) -> int:
    """The column that a finding is about; of the whole row, the name's."""
    return IDS.index(finding.field) if finding.field in _WIDTHS else 0


def _states(findings: Iterable[Finding]) -> Cells:
    states: Cells = {}
    for finding in findings:
        at = column_at(finding)
        states[at] = max(states.get(at, State.PLAIN), _STATES[finding.level])
    return states


class RosterTable(Table):
    """The rows of one batch. `due` holds the rows that are to be checked; `renumbered` counts changes of numbers,
    after which other rosters and the ledger must be looked at again."""

    def __init__(
        self, store: Store, batch: int, context: Context, rows: Iterable[KeptPerson], *, locked: bool = False
    ) -> None:
        self.store = store
        self.batch = batch
        self.context = context
        self.normal = Normal(context.reference)
        self.answers: dict[Key, Answers] = {}
        self.submitted: set[Key] = set()
        self.changed: dict[Key, set[int]] = {}
        self.wrong: set[Key] = set()
        self.due: dict[Key, None] = {}
        self.unasked: dict[Key, None] = {}
        """The rows about which the province is still to be asked; `asking` while it is."""
        self.asking = False
        self.renumbered = 0
        self._found: dict[Key, Cells] = {}
        self._alone: dict[tuple[str, str], Key] = {}
        self._several: dict[tuple[str, str], dict[Key, None]] = {}
        """Who has which number: nearly all of them alone, but what stands for a number may be everybody's."""
        self._given: deque[str] = deque()
        self._photos: Mapping[Key, str] = {}
        super().__init__(_columns(locked=locked), self._taken_in(rows), new_key=self._given.popleft)
        for key in self.order:
            self._join(key)
        self.due = {key: None for key in self.order if key not in self.submitted}
        if locked:
            self.unasked.clear()
        self.mark({*self.submitted, *chain.from_iterable(self._several.values())})

    def _taken_in(self, rows: Iterable[KeptPerson]) -> Iterator[tuple[Key, Texts]]:
        for person in rows:
            if person.submitted:
                self.submitted.add(person.id)
            if person.answers != UNASKED:
                self.answers[person.id] = person.answers
            if any(unanswered((person,))):
                self.unasked[person.id] = None
            yield person.id, tuple(self._shown(column, getattr(person.row, column)) for column in IDS)

    # --- what a row says -----------------------------------------------------------------------------------------

    def row_of(self, key: Key) -> RosterRow:
        """A row in the form in which it is kept and judged."""
        return self._row(self.rows[key])

    def _content(self, key: Key) -> RowContent:
        """A row as the store keeps it, with the photo file that it has."""
        return rosters.content_of(self.row_of(key), self.answers.get(key, UNASKED).photo)

    def _row(self, cells: Sequence[str]) -> RosterRow:
        return self.normal.row({column: text for column, text in zip(IDS, cells, strict=True) if text})

    def _shown(self, column: str, value: str) -> str:
        """A value as the clerk reads it: a code by its name, where the name is read back as the code."""
        if not value:
            return ""
        name = self._name(column, value)
        return name if name and self.normal.value(column, name) == value else value

    def _name(self, column: str, value: str) -> str:
        if column in {"ethnicity", "occupation"}:
            reference = self.context.reference
            item = (reference.ethnicities if column == "ethnicity" else reference.occupations).get(value)
            return "" if item is None else named(item)
        key = f"choice.{_CHOICES.get(column)}.{value}"
        return t("choice.long_term") if value == "long_term" else t(key) if has(key) else ""

    def _in_form(self, texts: Iterable[str], columns: Iterable[int]) -> tuple[str, ...]:
        ids = (IDS[column] for column in columns)
        return tuple(self._shown(id, self.normal.value(id, text)) for id, text in zip(ids, texts, strict=True))

    # --- changes, each of them kept as it is made ------------------------------------------------------------------

    def apply(self, edit: Edit) -> Edit:
        """Change the rows and the ledger. Raises `StoreError`: then the table must be opened anew."""
        before = {key: self.rows[key] for key in edit.keys} if isinstance(edit, Write | Remove) else {}
        inverse = self._apply(edit)
        if isinstance(edit, Show):
            return inverse
        if isinstance(inverse, Remove | Write):
            touched: Sequence[Key] = inverse.keys
        else:
            touched = tuple(before)
        self._follow(before, touched)
        return inverse

    def _apply(self, edit: Edit) -> Edit:
        batches = self.store.batches
        match edit:
            case Write(keys, columns, texts):
                edit = Write(keys, columns, self._in_form(texts, columns * len(keys)))
                before = {key: self.rows[key] for key in keys}
                inverse = super().apply(edit)
                for key in keys:
                    self._match_photo(key, before[key])
                batches.change({cast(str, key): self._content(key) for key in keys})
            case Insert(place, rows):
                edit = Insert(place, tuple(self._in_form(row, range(len(IDS))) for row in rows))
                contents = [rosters.content_of(self._row(row)) for row in edit.rows]
                self._given.extend(batches.insert(self.batch, contents, cast("str | None", place)))
                inverse = super().apply(edit)
            case Remove(keys):
                batches.delete([cast(str, key) for key in keys])
                inverse = super().apply(edit)
            case Restore():
                inverse = super().apply(edit)
                assert isinstance(inverse, Remove), "what brings rows back is undone by taking them out"
                self._restore_in_store(inverse.keys)
            case _:
                inverse = super().apply(edit)
        return inverse

    def _match_photo(self, key: Key, then: Texts) -> None:
        """A photo file belongs to the number that it was matched by, and to a row that promises one."""
        now, given = self.rows[key], self._photos.get(key, "")
        known = self.answers.get(key, UNASKED)
        if given or (known.photo and (now[_NUMBER], now[_PHOTO]) != (then[_NUMBER], then[_PHOTO])):
            self.answers[key] = structs.replace(known, photo=given)

    def take_photos(self, digests: Mapping[Key, str]) -> tuple[Edit, ...]:
        """Give people the photos that were kept for them; undone, the rows keep the old card's again.

        A photo that was undone is no longer kept: redone, the row says that it lacks.
        """
        keys = tuple(key for key in digests if key in self.rows and key not in self.submitted)
        if not keys:
            return ()
        self._photos = digests
        try:
            return self.log.do([Write(keys, (_PHOTO,), ("file",) * len(keys))])
        finally:
            self._photos = {}

    def _restore_in_store(self, keys: Iterable[Key]) -> None:
        """Rows under their own ids before the rows that they stood before; from the end, so that those are there."""
        back, before, run = set(keys), None, deque[Key]()
        for key in chain(reversed(self.order), (None,)):
            if key is not None and key in back:
                run.appendleft(key)
                continue
            if run:
                contents = [self._content(one) for one in run]
                self.store.batches.insert(
                    self.batch, contents, cast("str | None", before), [cast(str, one) for one in run]
                )
                run.clear()
            before = key

    def _follow(self, before: dict[Key, Texts], touched: Iterable[Key]) -> None:
        """What changed rows mean for the marks: they are to be checked, and those that share a number with them."""
        keys = list(touched)
        others: set[Key] = set()
        for key in keys:
            now, then = self.rows.get(key), before.get(key)
            if now is None or then is None or now[1] != then[1]:
                self.renumbered += 1
            if now is None or then is None or now[:FROZEN] != then[:FROZEN]:
                self._forget_answers(key, gone=now is None)
            if then is not None:
                others.update(self._part(key, self._row(then)))
            if now is None:
                self.changed.pop(key, None)
                self.wrong.discard(key)
                self.marks.pop(key, None)
                self._found.pop(key, None)
                self.due.pop(key, None)
                continue
            others.update(self._join(key))
            differs = {at for at, text in enumerate(now) if text != (then[at] if then else "")}
            self.changed.setdefault(key, set()).update(differs)
            self.due[key] = None
        self.mark({*keys, *others} & self.rows.keys())

    # --- what the province said ------------------------------------------------------------------------------------

    def _forget_answers(self, key: Key, *, gone: bool) -> None:
        """The store forgets what was said of another name or number, and the photo file of a row that is gone."""
        known = self.answers.pop(key, UNASKED)
        if gone:
            self.unasked.pop(key, None)
            return
        if known.photo:
            self.answers[key] = Answers(photo=known.photo)
        self.unasked[key] = None

    def answered(self, said: Mapping[str, Answers]) -> None:
        """Take what the province said of rows: they are to be checked with it."""
        here = {
            key: structs.replace(answers, photo=self.answers.get(key, UNASKED).photo)
            for key, answers in said.items()
            if key in self.rows and key not in self.unasked
        }
        self.answers.update(here)
        self.due.update(dict.fromkeys(here))

    # --- who has a number in common --------------------------------------------------------------------------------

    def _groups(self, row: RosterRow) -> Iterator[tuple[str, str]]:
        if row.number:
            yield "number", key_of(row, self.context)
        if row.old_card:
            yield "old_card", row.old_card

    def _join(self, key: Key) -> set[Key]:
        """Enter a row under its numbers; the rows that were alone with them until now."""
        others: set[Key] = set()
        for group in self._groups(self.row_of(key)):
            if group in self._several:
                self._several[group][key] = None
            elif (first := self._alone.setdefault(group, key)) != key:
                self._several[group] = {self._alone.pop(group): None, key: None}
                others.add(first)
        return others

    def _part(self, key: Key, row: RosterRow) -> set[Key]:
        """Take a row out from under the numbers that it had; the rows that are alone with them from now on."""
        others: set[Key] = set()
        for group in self._groups(row):
            several = self._several.get(group)
            if several is None:
                self._alone.pop(group, None)
                continue
            several.pop(key, None)
            if len(several) == 1:
                self._alone[group], _ = self._several.pop(group).popitem()
                others.add(self._alone[group])
        return others

    def _shared(self, key: Key) -> Cells:
        """The cells of a row that hold a number which another row has too."""
        return {
            IDS.index(column): State.WRONG
            for column, text in self._groups(self.row_of(key))
            if (column, text) in self._several and spoiled(column, text) is None
        }

    def _twice(self, key: Key, name: Callable[[Key], int | str]) -> tuple[Finding, ...]:
        """What is said of a row for the numbers it has in common; `name` is what another row is called."""
        row = self.row_of(key)
        others = {one: None for group in self._groups(row) for one in islice(self._several.get(group, ()), _NAMED)}
        others.pop(key, None)
        if not others:
            return ()
        called = {name(one): one for one in (*others, key)}
        return duplicates(((at, self.row_of(one)) for at, one in called.items()), self.context).get(name(key), ())

    # --- marks -----------------------------------------------------------------------------------------------------

    def checked(self, found: Iterable[Checked]) -> list[Key]:
        """Take what the checks found, for the rows that still say what was checked; those rows."""
        taken = [each for each in found if self.rows.get(each.key) == each.cells]
        self._found.update((each.key, each.states) for each in taken)
        keys = [each.key for each in taken]
        self.mark(keys)
        return keys

    def mark(self, keys: Iterable[Key]) -> None:
        """Colour rows by what is known of them."""
        for key in keys:
            if key in self.submitted:
                self.marks[key] = Marks(row=State.SUBMITTED, locked=True)
                self.wrong.discard(key)
                continue
            cells = dict.fromkeys(self.changed.get(key, ()), State.CHANGED)
            for states in (self._found.get(key, {}), self._shared(key)):
                for at, state in states.items():
                    cells[at] = max(cells.get(at, State.PLAIN), state)
            if cells:
                self.marks[key] = Marks(cells)
            else:
                self.marks.pop(key, None)
            (self.wrong.add if State.WRONG in cells.values() else self.wrong.discard)(key)

    def next_due(self, count: int) -> list[RowToCheck]:
        """The next rows to be checked; they are no longer due then."""
        keys = [key for key, _ in zip(self.due, range(count), strict=False)]
        for key in keys:
            del self.due[key]
        return [
            RowToCheck(key, self.rows[key], self.row_of(key), self.answers.get(key, UNASKED))
            for key in keys
            if key in self.rows and key not in self.submitted
        ]

    def wait_again(self, due: Iterable[Key], unasked: Iterable[Key]) -> None:
        """Rows that were taken out to be checked or asked about, and were not; those that are still there."""
        self.due.update((key, None) for key in due if key in self.rows)
        self.unasked.update((key, None) for key in unasked if key in self.rows and key not in self.submitted)

    def findings(self, key: Key, checker: Checker, column: int) -> tuple[Finding, ...]:
        """All that is said of a row, in words: first of this column, what is wrong before what is told."""
        if key in self.submitted or key not in self.rows:
            return ()
        check: RowCheck = checker.check(self.row_of(key), answers=self.answers.get(key, UNASKED))
        numbers = {one: at for at, one in enumerate(self.order, 1)} if self._shared(key) else {}
        said = (*(self._twice(key, numbers.__getitem__) if numbers else ()), *check.findings)
        return tuple(sorted(said, key=lambda one: (column_at(one) != column, one.level is not Level.STOP)))

    def next_wrong(self, row: int, column: int) -> tuple[Key, int] | None:
        """The next wrong cell after this one in the rows that are shown, from the top again after the last."""
        count = self.row_count
        for step in range(count + 1):
            key = self.shown[(row + step) % count]
            if key in self.wrong:
                cells = sorted(at for at, state in self.marks[key].cells.items() if state is State.WRONG)
                later = [at for at in cells if step or at > column]
                if later:
                    return key, later[0]
        return None

    def became_entries(self, keys: Iterable[Key]) -> None:
        """These rows stand in the ledger now."""
        new = set(keys) - self.submitted
        self.submitted |= new
        self.mark(new & self.rows.keys())


def _columns(*, locked: bool) -> tuple[Column, ...]:
    return tuple(
        Column(id, t(f"roster.column.{id}"), width, frozen=at < FROZEN, mask=_MASKS.get(id), locked=locked)
        for at, (id, width) in enumerate(_WIDTHS.items())
    )
