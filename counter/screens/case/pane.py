"""What a guided step is on the screen: fields that fill the case, written once and serving every service."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from counter.desk.desk import Desk
from counter.desk.intake import take_scan
from counter.desk.open_case import concerns
from counter.i18n import paper_name, sentence, t
from counter.province.questions import questions_at
from counter.province.questions.question import Answer, Question
from counter.rules.case import Case
from counter.rules.filling import value_at
from counter.rules.finding import Finding, Level
from counter.rules.judge import Judgement, refusals
from counter.rules.laid_card import is_from_card
from counter.rules.papers import name_of, of_step
from counter.rules.reading import is_read
from counter.rules.service import Service, StepId
from counter.screens.background import WorkingScreen
from counter.screens.dialogs.scan import ScanScreen
from counter.screens.options import choices
from counter.widgets.fields.area import FormArea
from counter.widgets.fields.choice import Option
from counter.widgets.fields.field import Field, is_empty
from counter.widgets.fields.papers import PapersField
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose

T = TypeVar("T")


def in_turn(
    ask: Callable[[Question[Answer], Case], Answer], questions: Iterable[Question[Answer]], case: Case
) -> Answer:
    """Have questions put one after the other, each about the case as the answers before it left it."""
    answer = Answer()
    for question in questions:
        answer = answer.and_then(ask(question, answer.put_into(case)))
    return answer


class StepPane(FormArea, can_focus=False):
    """The body of one step. A subclass gives its fields, and which of them apply.

    What it asks the province the questions declare.
    """

    DEFAULT_CSS = "StepPane { padding: 1 1 0 1; } StepPane .note { height: auto; }"

    class Ask(Message):
        """The step wants its questions put to the province."""

    class Answered(Message):
        """The province (or its silence) has answered about the case as it stood then."""

        def __init__(self, about: Case, answer: Answer) -> None:
            super().__init__()
            self.about = about
            self.answer = answer

    class Taken(Message):
        """The step takes up this case in place of the one that was open."""

        def __init__(self, case: Case) -> None:
            super().__init__()
            self.case = case

    step: ClassVar[StepId]

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__()
        self.desk = desk
        self.service = service
        self.case = case
        self.is_provided: Callable[[str], bool] = lambda _path: False
        """Did the province fill the field of this path, and nobody has changed it?"""

    def compose(self) -> ComposeResult:
        yield Prose(t(self.hint), classes="note")
        yield Static("")
        yield from self.body()

    @property
    def hint(self) -> str:
        """What stands above the step: a key of the catalog."""
        return f"screen.hint.{self.step}"

    def body(self) -> Iterable[Widget]:
        """The fields and what stands between them."""
        raise NotImplementedError

    def papers(self) -> PapersField:
        """The checklist of what is handed over at this step, APP-2."""
        return PapersField(self.paper_options)

    def paper_options(self) -> list[Option]:
        """The papers that the case requires at this step, original or copy, each with those that do as well; one whose
        image is there says so."""
        scanned = {scan.paper: f"  {t('steps.scanned')}" for scan in self.case.scans}
        options = dict[str, Option]()
        checklist = of_step(self.step, self.desk.judge(self.case).checklist)
        asked = {paper.id for paper in checklist}
        for paper in checklist:
            for id in paper.ids:
                name = paper_name(name_of(id, self.case), paper.form if id == paper.id else "original")
                label = name if id == paper.id else t("steps.paper_or", paper=name)
                instead_of = None if id in asked else paper.id
                options.setdefault(id, Option(id, label + scanned.get(id, ""), instead_of=instead_of))
        return list(options.values())

    def offered(self, path: str, kind: str, values: Iterable[str]) -> list[Option]:
        """The values of an enum for a field, ``choice.<kind>``; one that a rule refuses now says why."""
        return self.open_choices(path, choices(kind, values))

    def open_choices(self, path: str, options: Iterable[Option]) -> list[Option]:
        """The options of a field; one that a rule of this step refuses in this case says why."""
        offered = list(options)
        values = (option.value for option in offered)
        refused = refusals(self.case, self.step, path, values, self.desk.context())
        return [
            replace(option, reason=sentence(refused[option.value])) if option.value in refused else option
            for option in offered
        ]

    def applies(self, field: Field, case: Case) -> bool:
        """Does this field apply to this case?"""
        return True

    def value_of(self, field: Field, case: Case) -> object:
        """What the field shows; most show the case's value at their path."""
        return value_at(case, field.path)

    def do_behind(self, function: Callable[[], T], then: Callable[[T], None]) -> None:
        """Have a function done in a thread; its result comes back while the case is on the screen."""
        screen = self.screen
        assert isinstance(screen, WorkingScreen), "a pane stands on the case's screen"
        screen.in_background(lambda _: function(), then, under=True)

    @property
    def questions(self) -> tuple[Question[Answer], ...]:
        """What F5 asks here, one after the other."""
        return questions_at(self.step)

    def due(self, moment: str, case: Case) -> tuple[Question[Answer], ...]:
        """The questions that put themselves at a moment."""
        return tuple(question for question in self.questions if question.is_due(moment, case))

    def ask(self, question: Question[Answer], case: Case) -> Answer:
        """Put a question of this step to the province; runs in a thread."""
        return self.desk.ask(question, case)

    def on_papers_field_scan_wanted(self, event: PapersField.ScanWanted) -> None:
        """F2 on a paper: the clerk chooses its image, out of what the document camera saved or by its path."""
        event.stop()
        paper, screen = event.paper, self.screen

        def chosen(file: Path | None) -> None:
            case = self.case

            def taken(answer: Answer) -> None:
                screen.post_message(self.Answered(case, answer))  # the screen is there when the step no longer is

            if file is not None:
                self.do_behind(lambda: take_scan(self.desk, paper, file, case), taken)

        self.app.push_screen(ScanScreen(self.desk.scan_folder, t(name_of(paper, self.case))), chosen)

    def action_page_down(self) -> None:
        """A page at once: rolling there would send a page for every frame."""
        self.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Likewise."""
        self.scroll_page_up(animate=False)

    def reveal(self, *, whole: bool) -> None:
        """F6: show what is masked as it is, or masked again."""
        for box in self.query(FormInput):
            box.revealed = whole
            box.refresh()

    def begins_at(self, fields: Sequence[Field]) -> Field | None:
        """Of these fields the one that the clerk comes to first: what must be given and is not yet."""
        return next((field for field in fields if field.asks), fields[0] if fields else None)

    def come_back(self, step: StepId) -> None:
        """The clerk comes back from a detour to another step."""

    def look_up(self) -> None:
        """The clerk is led to a field: nothing else holds the view."""

    def answered(self, case: Case) -> None:
        """The province has answered, and the case is as it is now."""

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        """Show the case; `strict` marks what is missing as wrong, because the clerk wanted to go on."""
        self.case = case
        findings = judgement.by_step.get(self.step, ())
        for field in self.query(Field):
            field.display = self.applies(field, case)
            if field.display:
                value = self.value_of(field, case)
                field.show(value)
                source = self._source(field.path, case) if field.typed else ""
                mark = self._mark(field, value, findings, strict=strict)
                field.set_mark("=" if source and mark == " " else mark)
                field.say_from(t(source) if source else "")

    def _source(self, path: str, case: Case) -> str:
        """Where the value at a path comes from, as the catalog says it; '' where it was typed."""
        if self.is_provided(path):
            return "screen.from_province"
        if is_read(case, path):
            return "screen.from_document"
        return "screen.from_card" if is_from_card(case, path) else ""

    def fields(self) -> Iterator[Field]:
        """The fields that apply now."""
        return (field for field in self.query(Field) if field.display)

    @staticmethod
    def _mark(field: Field, value: object, findings: tuple[Finding, ...], *, strict: bool) -> str:
        wrong = any(concerns(finding, field.path) and finding.level is Level.STOP for finding in findings)
        if field.problem or (wrong and (value or strict)):
            return "!"
        if (wrong and not value) or (field.required and is_empty(value)):
            return "*"
        return " " if field.typed else "="
