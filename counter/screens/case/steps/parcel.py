"""清点: the cards of a parcel, scanned one after the other or read from its list, against the province's. PIC-7."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from counter.desk.parcel_list import read_list
from counter.i18n import sentence, t
from counter.rules.case import Case
from counter.rules.counting import Count, count
from counter.rules.judge import Judgement
from counter.rules.parcel import Parcel
from counter.rules.reference import Branch
from counter.rules.service import StepId
from counter.rules.text import number_text
from counter.screens.case.pane import StepPane
from counter.screens.dialogs.ask import MenuScreen
from counter.screens.dialogs.path import AskPathScreen
from counter.sheets.errors import ChooseSheetError, SheetFileError
from counter.sheets.opening import BOOKS
from counter.widgets.bound import bound
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.text import FormInput, TextField
from counter.widgets.prose import Prose

NUMBERS = "parcel.counted"
LATEST = 6
"""So many of the cards that are right are shown, the latest first."""


class ScanField(Field):
    """Takes one card after the other; Enter on an empty line goes on. The field's value are all that were taken."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.numbers: tuple[str, ...] = ()

    def make_control(self) -> FormInput:
        return FormInput(limit=30)

    def show(self, value: object) -> None:
        """The line stays empty for the next card."""
        self.numbers = tuple(value) if isinstance(value, tuple) else ()

    def put(self, numbers: Sequence[str], *, more: bool = True) -> None:
        """These are the cards now; with `more` the next one is waited for."""
        if tuple(numbers) != self.numbers:
            self.numbers = tuple(numbers)
            self.post_message(self.Changed(self, self.numbers))
        self.post_message(self.Accepted(self, more=more))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()

    @on(Input.Submitted)
    def _scanned(self, event: Input.Submitted) -> None:
        event.stop()
        number = number_text(event.value)
        self.query_one(FormInput).value = ""
        self.put((*self.numbers, number) if number else self.numbers, more=bool(number))


class ParcelPane(StepPane):
    """F3 reads the parcel's list, F9 takes the last card off again, F5 asks the province what was sent."""

    step = StepId.PARCEL
    BINDINGS = [
        bound("read-list", "read_list"),
        bound("take-off", "take_off"),
    ]

    def body(self) -> Iterable[Widget]:
        yield ChoiceField("parcel.returned", _kinds)
        yield TextField("parcel.number", clean=number_text, limit=40)
        yield ScanField(NUMBERS)
        yield Prose(id="counted")

    def applies(self, field: Field, case: Case) -> bool:
        return field.path != "parcel.number" or not (case.parcel and case.parcel.returned)

    def begins_at(self, fields: Sequence[Field]) -> Field | None:
        """Once cards are counted a scanner is at work: its digits must not reach the choice or the parcel's number."""
        return self._scans if self._scans.numbers else super().begins_at(fields)

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        parcel = case.parcel or Parcel()
        self.query_one("#counted", Prose).update(_in_words(parcel, self.desk.reference.branches.get))

    @property
    def _scans(self) -> ScanField:
        return self.query_one(ScanField)

    def action_take_off(self) -> None:
        """F9: the card that was counted last was none."""
        self._scans.put(self._scans.numbers[:-1])

    def action_read_list(self) -> None:
        """F3: the list that came with the parcel."""

        def named(file: Path | None) -> None:
            if file is not None:
                self._read(file, None)

        self.app.push_screen(AskPathScreen(t("steps.parcel.file"), BOOKS), named)

    def _read(self, file: Path, sheet: str | None) -> None:
        def read() -> tuple[str, tuple[str, ...]] | ChooseSheetError | SheetFileError:
            try:
                return read_list(file, sheet)
            except (ChooseSheetError, SheetFileError) as error:
                return error
            except OSError:
                return SheetFileError("unreadable")

        self.do_behind(read, lambda result: self._have_read(file, result))

    def _have_read(self, file: Path, result: tuple[str, tuple[str, ...]] | ChooseSheetError | SheetFileError) -> None:
        if isinstance(result, SheetFileError):
            self.notify(sentence(result.finding("PIC-7")), severity="error", timeout=10)
        elif isinstance(result, ChooseSheetError):
            sheets = MenuScreen(t("steps.parcel.sheet"), [Option(name, name) for name in result.sheets])
            self.app.push_screen(sheets, lambda sheet: self._read(file, sheet) if sheet else None)
        else:
            self._take_list(*result)

    def _take_list(self, number: str, cards: tuple[str, ...]) -> None:
        """What the list says comes to what was counted; then the province is asked."""
        if number and not (self.case.parcel and self.case.parcel.number):
            field = next(each for each in self.query(TextField) if each.path == "parcel.number")
            self.post_message(Field.Changed(field, number))
        self._scans.put((*self._scans.numbers, *cards))
        self.post_message(self.Ask())


def _kinds() -> list[Option]:
    return [
        Option(value=False, label=t("choice.parcel.parcel")),
        Option(value=True, label=t("choice.parcel.returned")),
    ]


def _in_words(parcel: Parcel, branch_of: Callable[[str], Branch | None]) -> str:
    """What was counted, first the cards with which something is to be done."""
    found = count(parcel)
    head = t("steps.parcel.counted", counted=len(dict.fromkeys(parcel.counted)), right=len(found.right))
    sent = "" if parcel.known is None else t("steps.parcel.sent", missing=len(found.missing))
    lines = [f"{head}  {sent}".rstrip(), *_others(found, branch_of)]
    lines += [f"  {number}" for number in found.right[: -LATEST - 1 : -1]]
    return "\n".join(["", *lines])


def _others(found: Count, branch_of: Callable[[str], Branch | None]) -> Iterable[str]:
    for card in found.strays:
        where = branch_of(card.branch)
        yield f"! {card.number}  {t('choice.parcel.strays')}  {where.name if where else card.branch}"
    named = (("unknown", found.unknown), ("missing", found.missing), ("before", found.before))
    for what, numbers in (*named, ("doubled", found.doubled)):
        yield from (f"! {number}  {t(f'choice.parcel.{what}')}" for number in numbers)
