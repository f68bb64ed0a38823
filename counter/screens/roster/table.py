"""A roster as the screen has it open: rows in a table, every change in the ledger, what the checks say. No Textual.

The table shows names where the store keeps codes; `Normal` reads both, so a text is its own value.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, cast

from msgspec import structs

from counter.desk import rosters
from counter.desk.bookings import HAS_ONE, on_their_way
from counter.desk.roster_work import RosterWork
from counter.desk.rosters import KeptPerson, unanswered
from counter.roster.booked import in_words, standing
from counter.roster.checks import BOOKING, Checker, RowCheck, duplicates
from counter.roster.columns import BY_ID, RosterRow
from counter.roster.row import UNASKED, Answers, Normal
from counter.rules.case import BookingStatus
from counter.rules.finding import Finding, Level
from counter.rules.reference import Context
from counter.rules.unit import Unit
from counter.screens.roster.checking import Checked, RowToCheck
from counter.screens.roster.columns import FROZEN, CellStates, column_at, columns, ids_of
from counter.screens.roster.shared import SharedNumbers
from counter.store.records import RowContent
from counter.store.store import Store
from counter.widgets.grid.edits import Edit, Insert, Remove, Restore, Show, Write
from counter.widgets.grid.model import Key, State
from counter.widgets.grid.table import Marks, Table, Texts

SAME_NUMBER: Final = Unit()
"""A unit that changes nothing but its people's cards."""


class RosterTable(Table):
    """The rows of one batch, and in `work` what is still to be done for them.

    Where its unit changes the bank it has a column for the bookings, which only the province fills.
    """

    def __init__(
        self,
        store: Store,
        batch: int,
        context: Context,
        rows: Iterable[KeptPerson],
        unit: Unit = SAME_NUMBER,
        *,
        locked: bool = False,
    ) -> None:
        self.store = store
        self.batch = batch
        self.context = context
        self.unit = unit
        self.ids = ids_of(unit)
        self.with_bookings = BOOKING in self.ids
        self.on_their_way: dict[str, str] = {}
        """Bookings that are recorded and not sent yet, by row."""
        self.normal = Normal(context.reference)
        self.answers: dict[Key, Answers] = {}
        self.submitted: set[Key] = set()
        self.changed: dict[Key, set[int]] = {}
        self.wrong: set[Key] = set()
        self.work = RosterWork()
        self._states: dict[Key, CellStates] = {}
        """What the checks found."""
        self._shared = SharedNumbers()
        self._given: deque[str] = deque()
        self._photos: Mapping[Key, str] = {}
        self._number_at, self._photo_at = self.ids.index("number"), self.ids.index("photo")
        super().__init__(columns(self.ids, locked=locked), self._taken_in(rows), new_key=self._given.popleft)
        for key in self.order:
            self._shared.join(key, self.row_of(key))
        self._show_bookings(self.order)
        self.work.due = dict.fromkeys(filter(self.is_open, self.order))
        if locked:
            self.work.unasked.clear()
        self.mark({*self.submitted, *self._shared.everybody()})

    def _taken_in(self, rows: Iterable[KeptPerson]) -> Iterator[tuple[Key, Texts]]:
        unbooked: list[KeptPerson] = []
        for person in rows:
            if person.submitted:
                self.submitted.add(person.id)
            if person.answers != UNASKED:
                self.answers[person.id] = person.answers
            # what became of a booking differs from day to day: whoever opens the roster asks again
            if any(unanswered((person,), self.unit, self.context, again=self.with_bookings)):
                self.work.unasked[person.id] = None
            if self.with_bookings and standing(person.answers.booking, self.context) not in HAS_ONE:
                unbooked.append(person)
            yield person.id, tuple(self._shown(column, getattr(person.row, column, "")) for column in self.ids)
        self.on_their_way = on_their_way(self.store, unbooked)

    def is_there(self, key: Key) -> bool:
        """Is there such a row?"""
        return key in self.rows

    def is_open(self, key: Key) -> bool:
        """Is there such a row, and can it still be submitted?"""
        return key in self.rows and key not in self.submitted

    # --- what a row says -----------------------------------------------------------------------------------------

    def row_of(self, key: Key) -> RosterRow:
        """A row in the form in which it is kept and judged."""
        return self._row(self.rows[key])

    def _content(self, key: Key) -> RowContent:
        """A row as the store keeps it, with the photo file that it has."""
        return rosters.content_of(self.row_of(key), self.answers.get(key, UNASKED).photo)

    def _row(self, cells: Sequence[str]) -> RosterRow:
        return self.normal.row(
            {column: text for column, text in zip(self.ids, cells, strict=True) if text and column != BOOKING}
        )

    def _shown(self, column: str, value: str) -> str:
        """A value as the clerk reads it: a code by its name, where the name is read back as the code."""
        if not value:
            return ""
        name = BY_ID[column].kind.name(value, self.context.reference)
        return name if name and self.normal.value(column, name) == value else value

    def _in_form(self, texts: Iterable[str], columns: Iterable[int]) -> tuple[str, ...]:
        ids = (self.ids[column] for column in columns)
        return tuple(
            "" if id == BOOKING else self._shown(id, self.normal.value(id, text))
            for id, text in zip(ids, texts, strict=True)
        )

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
                edit = Insert(place, tuple(self._in_form(row, range(len(self.ids))) for row in rows))
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
        answers = self.answers.get(key, UNASKED)
        number, photo = self._number_at, self._photo_at
        if given or (answers.photo and (now[number], now[photo]) != (then[number], then[photo])):
            self.answers[key] = structs.replace(answers, photo=given)

    def take_photos(self, digests: Mapping[Key, str]) -> tuple[Edit, ...]:
        """Give people the photos that were kept for them; undone, the rows keep the old card's again.

        A photo that was undone is no longer kept: redone, the row says that it lacks.
        """
        keys = tuple(key for key in digests if key in self.rows and key not in self.submitted)
        if not keys:
            return ()
        self._photos = digests
        try:
            return self.log.do([Write(keys, (self._photo_at,), ("file",) * len(keys))])
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
                contents = [self._content(row) for row in run]
                ids = [cast(str, row) for row in run]
                self.store.batches.insert(self.batch, contents, cast("str | None", before), ids)
                run.clear()
            before = key

    def _follow(self, before: dict[Key, Texts], touched: Iterable[Key]) -> None:
        """What changed rows mean for the marks: they are to be checked, and those that share a number with them."""
        keys = list(touched)
        others: set[Key] = set()
        for key in keys:
            now, then = self.rows.get(key), before.get(key)
            if then is not None:
                others.update(self._shared.part(key, self._row(then)))
            if now is None:
                self._forget(key)
                continue
            others.update(self._shared.join(key, self._row(now)))
            differs = {at for at, text in enumerate(now) if text != (then[at] if then else "")}
            self.changed.setdefault(key, set()).update(differs)
            somebody_else = then is None or now[:FROZEN] != then[:FROZEN]
            if somebody_else:
                self._forget_answers(key)
            renumbered = then is None or now[self._number_at] != then[self._number_at]
            self.work.changed(key, renumbered=renumbered, somebody_else=somebody_else)
        self._show_bookings(keys)
        self.mark({*keys, *others} & self.rows.keys())

    def _forget(self, key: Key) -> None:
        """A row is gone."""
        self.work.gone(key)
        self.wrong.discard(key)
        for kept in (self.answers, self.changed, self.marks, self._states):
            kept.pop(key, None)

    def _forget_answers(self, key: Key) -> None:
        """What was said of another name or number; the row's photo file stays."""
        self.on_their_way.pop(cast(str, key), None)
        former = self.answers.pop(key, UNASKED)
        if former.photo:
            self.answers[key] = Answers(photo=former.photo)

    def answered(self, answers: Mapping[str, Answers]) -> None:
        """Take what the province said of rows: they are to be checked with it."""
        for key in self.work.answered(answers, self.is_there):
            photo = self.answers.get(key, UNASKED).photo
            self.answers[key] = structs.replace(answers[cast(str, key)], photo=photo)
        self._show_bookings(answers)

    def _show_bookings(self, keys: Iterable[Key]) -> None:
        """Write how bookings stand into their cells; who is submitted has no more use for one."""
        if not self.with_bookings:
            return
        at = self.ids.index(BOOKING)
        for key in keys:
            if key in self.rows:
                booking, waits = self.answers.get(key, UNASKED).booking, self.on_their_way.get(cast(str, key), "")
                said = "" if key in self.submitted else in_words(booking, self.context, waits)
                cells = self.rows[key]
                self.rows[key] = (*cells[:at], said, *cells[at + 1 :])

    def is_approved(self, key: Key) -> bool:
        """Has the original bank approved this person's change, and does that still hold?"""
        return standing(self.answers.get(key, UNASKED).booking, self.context) is BookingStatus.APPROVED

    # --- who has a number in common --------------------------------------------------------------------------------

    def _shared_cells(self, key: Key) -> CellStates:
        """The cells of a row that hold a number which another row has too."""
        return {self.ids.index(column): State.WRONG for column in self._shared.columns(self.row_of(key))}

    def _twice(self, key: Key, name: Callable[[Key], int | str]) -> tuple[Finding, ...]:
        """What is said of a row for the numbers it has in common; `name` is what another row is called."""
        others = self._shared.others(key, self.row_of(key))
        if not others:
            return ()
        called = {name(row): row for row in (*others, key)}
        rows = ((called_so, self.row_of(row)) for called_so, row in called.items())
        return duplicates(rows).get(name(key), ())

    # --- marks -----------------------------------------------------------------------------------------------------

    def to_check(self, keys: Iterable[Key]) -> list[RowToCheck]:
        """Rows as they stand now."""
        return [RowToCheck(key, self.rows[key], self.row_of(key), self.answers.get(key, UNASKED)) for key in keys]

    def checked(self, rows: Iterable[Checked]) -> list[Key]:
        """Take what the checks found, for the rows that still say what was checked; those rows."""
        taken = {row.key: row.states for row in rows if self.rows.get(row.key) == row.cells}
        self._states.update(taken)
        self.mark(taken)
        return list(taken)

    def mark(self, keys: Iterable[Key]) -> None:
        """Colour rows by what is known of them."""
        for key in keys:
            if key in self.submitted:
                self.marks[key] = Marks(row=State.SUBMITTED, locked=True)
                self.wrong.discard(key)
                continue
            cells = dict.fromkeys(self.changed.get(key, ()), State.CHANGED)
            for states in (self._states.get(key, {}), self._shared_cells(key)):
                for at, state in states.items():
                    cells[at] = max(cells.get(at, State.PLAIN), state)
            if cells:
                self.marks[key] = Marks(cells)
            else:
                self.marks.pop(key, None)
            (self.wrong.add if State.WRONG in cells.values() else self.wrong.discard)(key)

    def findings(self, key: Key, checker: Checker, column: int) -> tuple[Finding, ...]:
        """All that is said of a row, in words: first of this column, what is wrong before what is told."""
        if key in self.submitted or key not in self.rows:
            return ()
        check: RowCheck = checker.check(self.row_of(key), answers=self.answers.get(key, UNASKED))
        twice: tuple[Finding, ...] = ()
        if self._shared_cells(key):
            places = {row: place for place, row in enumerate(self.order, 1)}
            twice = self._twice(key, places.__getitem__)
        return tuple(
            sorted(
                (*twice, *check.findings),
                key=lambda finding: (column_at(finding, self.ids) != column, finding.level is not Level.STOP),
            )
        )

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
        self._show_bookings(new)
        self.mark(new & self.rows.keys())
