"""When a case's questions are put to the province, and where their answers belong."""

from typing import TYPE_CHECKING

from counter.i18n import listed, t
from counter.province.questions.question import Answer, Question
from counter.rules.case import Case

if TYPE_CHECKING:
    from counter.screens.case.screen import CaseScreen


class Asking:
    """The questions of one case that are under way. `notice` says which; '' when none is."""

    def __init__(self, screen: "CaseScreen") -> None:
        self.notice = ""
        self._screen = screen
        self._under_way: list[tuple[str, Case]] = []

    def what_is_due(self, moment: str) -> None:
        """Put the step's questions that put themselves now, unless they are under way about the same person."""
        opened = self._screen.open
        due = (each for each in self._screen.step_pane.questions if each.is_due(moment, opened.case))
        self.put(tuple(each for each in due if opened.is_right(each.needs) and not self._is_under_way(each)))

    def _is_under_way(self, question: Question[Answer]) -> bool:
        return any(id == question.id and self._screen.open.is_about(case) for id, case in self._under_way)

    def put(self, questions: tuple[Question[Answer], ...]) -> None:
        """Put these, one after the other; the answer comes back to the step that asked."""
        if not questions:
            return
        screen, asked = self._screen, tuple(question.id for question in questions)
        case, pane, step = screen.open.case, screen.step_pane, screen.open.step
        under_way = [(id, case) for id in asked]
        self._under_way += under_way
        self.notice = t("screen.asking", question=listed(t(f"screen.question.{id}") for id in asked))
        screen.show_findings()

        def over() -> None:
            self._under_way = [each for each in self._under_way if each not in under_way]
            self.notice = ""

        def answered(answer: Answer) -> None:
            over()
            screen.answered(case, answer, step, asked)

        def refused(reason: str) -> None:
            over()
            screen.say_refused(reason)

        screen.in_background(lambda _: pane.ask_in_turn(questions, case), answered, refused=refused, under=True)
