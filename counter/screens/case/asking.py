"""When a case's questions are put to the province, and where their answers belong."""

from collections.abc import Callable
from typing import TypeAlias

from counter.desk.open_case import OpenCase
from counter.i18n import listed, t
from counter.province.questions.question import Answer, Question
from counter.rules.case import Case
from counter.rules.service import StepId
from counter.screens.background import WorkingScreen
from counter.screens.case.pane import StepPane

Answered: TypeAlias = Callable[[Case, Answer, StepId, tuple[str, ...]], None]


class Asking:
    """The questions of one case that are under way. `notice` says which; '' when none is.

    `changed` is called when it has become another one, `answered` with the case that was asked about, the answer, the
    step that asked and the ids of the questions.
    """

    def __init__(
        self, screen: WorkingScreen[None], opened: OpenCase, changed: Callable[[], None], answered: Answered
    ) -> None:
        self.notice = ""
        self._screen = screen
        self._open = opened
        self._changed = changed
        self._answered = answered
        self._under_way: list[tuple[str, Case]] = []

    def what_is_due(self, pane: StepPane, moment: str) -> None:
        """Put the step's questions that put themselves now, unless they are under way about the same person."""
        opened = self._open
        due = (each for each in pane.questions if each.is_due(moment, opened.case))
        wanted = tuple(each for each in due if opened.is_right(each.needs) and not self._is_under_way(each))
        self.put(pane, wanted)

    def _is_under_way(self, question: Question[Answer]) -> bool:
        return any(id == question.id and self._open.is_about(case) for id, case in self._under_way)

    def put(self, pane: StepPane, questions: tuple[Question[Answer], ...]) -> None:
        """Put these, one after the other; the answer comes back to the step that asked."""
        if not questions:
            return
        asked, case, step = tuple(question.id for question in questions), self._open.case, self._open.step
        under_way = [(id, case) for id in asked]
        self._under_way += under_way
        self.notice = t("screen.asking", question=listed(t(f"screen.question.{id}") for id in asked))
        self._changed()

        def over() -> None:
            self._under_way = [each for each in self._under_way if each not in under_way]
            self.notice = ""

        def answered(answer: Answer) -> None:
            over()
            self._answered(case, answer, step, asked)

        def refused(reason: str) -> None:
            over()
            self._screen.say_refused(reason)
            self._changed()

        self._screen.in_background(lambda _: pane.ask_in_turn(questions, case), answered, refused=refused, under=True)
