"""What a guided step is on the screen: rows that fill the case, written once and serving every service."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from counter.desk.desk import Answer, Desk
from counter.desk.open_case import concerns
from counter.i18n import t
from counter.rules.case import Case, value_at
from counter.rules.finding import Finding, Level
from counter.rules.judge import Judgement
from counter.rules.papers import of_step
from counter.rules.service import Service, StepId
from counter.widgets.fields.choice import Option
from counter.widgets.fields.field import Row
from counter.widgets.fields.papers import PapersRow
from counter.widgets.prose import Prose


class StepPane(VerticalScroll, can_focus=False):
    """The body of one step. A subclass gives its rows, which of them apply, and the question it asks the province."""

    DEFAULT_CSS = "StepPane { padding: 1 1 0 1; } StepPane .note { color: $text-muted; height: auto; }"

    class Ask(Message):
        """The step wants its question put to the province."""

    class Answered(Message):
        """The province (or its silence) answered a question about the case as it stood then."""

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
    question: ClassVar[str] = ""
    """What F5 asks here, as ``screen.question.<question>``; empty when there is nothing to ask."""

    asked_after: ClassVar[str] = ""
    """The path of the row after which the question is put by itself, when `asks_by_itself` then says so."""

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__()
        self.desk = desk
        self.service = service
        self.case = case

    def compose(self) -> ComposeResult:
        yield Prose(t(f"screen.hint.{self.step}"), classes="note")
        yield Static("")
        yield from self.body()

    def body(self) -> Iterable[Widget]:
        """The rows and what stands between them."""
        raise NotImplementedError

    def papers(self) -> PapersRow:
        """The checklist of what is handed over at this step, APP-2."""
        return PapersRow(self.paper_options)

    def paper_options(self) -> list[Option]:
        """The papers that the case requires at this step; one whose image is there says so."""
        required = of_step(self.step, self.desk.judge(self.case).checklist)
        scanned = {scan.paper for scan in self.case.scans}
        return [
            Option(paper.id, t(f"paper.{paper.id}") + (f"  {t('steps.scanned')}" if paper.id in scanned else ""))
            for paper in required
        ]

    def applies(self, row: Row, case: Case) -> bool:
        """Does this row apply to this case?"""
        return True

    def value_of(self, row: Row, case: Case) -> object:
        """What the row shows; most show the case's value at their path."""
        return value_at(case, row.path)

    def asks_by_itself(self, case: Case) -> bool:
        """Should the province be asked as soon as the step is entered?"""
        return False

    def ask(self, case: Case) -> Answer:
        """Put the step's question to the province; runs in a thread."""
        raise NotImplementedError

    def answered(self, case: Case) -> None:
        """The province has answered, and the case is as it is now."""

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        """Show the case; `strict` marks what is missing as wrong, because the clerk wanted to go on."""
        self.case = case
        findings = judgement.by_step.get(self.step, ())
        for row in self.query(Row):
            row.display = self.applies(row, case)
            if row.display:
                value = self.value_of(row, case)
                row.show(value)
                row.set_mark(self._mark(row, value, findings, strict=strict))

    def rows(self) -> Iterator[Row]:
        """The rows that apply now."""
        return (row for row in self.query(Row) if row.display)

    @staticmethod
    def _mark(row: Row, value: object, findings: tuple[Finding, ...], *, strict: bool) -> str:
        wrong = any(concerns(finding, row.path) and finding.level is Level.STOP for finding in findings)
        if row.problem or (wrong and (value or strict)):
            return "!"
        if not value and (wrong or row.required):
            return "*"
        return " " if row.typed else "="
