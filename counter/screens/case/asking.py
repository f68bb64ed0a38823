"""When a case's questions are put to the province, and where their answers belong."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from counter.desk.open_case import OpenCase
from counter.i18n import listed, t
from counter.province.questions import QUESTIONS
from counter.province.questions.question import Answer, Question
from counter.rules.case import Case
from counter.rules.service import StepId
from counter.screens.base import DeskScreen
from counter.screens.case.pane import StepPane, in_turn

Ask: TypeAlias = Callable[[Question[Answer], Case], Answer]
Answered: TypeAlias = Callable[[Case, Answer, StepId, tuple[str, ...]], Awaitable[None]]


class Asking:
    """The questions of one case that are under way. `notice` says which; '' when none is.

    `changed` is called when it has become another one, `answered` with the case that was asked about, the answer, the
    step that asked and the ids of the questions.
    """

    def __init__(
        self, screen: DeskScreen[None], opened: OpenCase, changed: Callable[[], None], answered: Answered
    ) -> None:
        self.notice = ""
        self._was_online = True
        self._screen = screen
        self._open = opened
        self._changed = changed
        self._answered = answered
        self._under_way: list[tuple[str, Case]] = []

    def what_is_due(self, pane: StepPane, *moments: str) -> None:
        """Put the step's questions that put themselves now, unless they are under way about the same person."""
        opened = self._open
        due = [each for moment in moments for each in pane.due(moment, opened.case)]
        wanted = tuple(each for each in due if opened.is_right(each.needs) and not self._is_under_way(each))
        self.put(pane, wanted)

    def _is_under_way(self, question: Question[Answer]) -> bool:
        return any(id == question.id and self._open.is_about(case) for id, case in self._under_way)

    def put(self, pane: StepPane, questions: tuple[Question[Answer], ...]) -> None:
        """Put the step's questions, one after the other."""
        self._put(self._open.step, questions, pane.ask)

    def put_all(self, pane: StepPane) -> None:
        """F5: the step's questions, and what is open at the other steps."""
        self.put(pane, pane.questions)
        self._put_open(pane, failed=False, but=pane.questions)

    def line_is(self, pane: StepPane, *, online: bool | None) -> None:
        """The province answers, or does not: as soon as it does again, what had no answer is asked by itself."""
        back, self._was_online = online and not self._was_online, online is not False
        if back:
            self._put_open(pane, failed=True)

    def has_some(self, pane: StepPane) -> bool:
        """Is there anything that F5 asks?"""
        return bool(pane.questions or self._still_open(failed=False))

    def _still_open(self, *, failed: bool) -> dict[StepId, tuple[Question[Answer], ...]]:
        """By step, as far as the clerk has been, what can be asked of the case alone and has no answer; with `failed`
        only what was asked."""
        opened = self._open
        ids = opened.unanswered if failed else opened.unanswered | set(opened.judgement.deferred)
        come_to = [step for step in opened.steps if step in opened.seen or step is opened.step]
        found = dict[StepId, tuple[Question[Answer], ...]]()
        for question in (each for each in QUESTIONS.values() if each.id in ids and each.of_case):
            at = next((step for step in question.steps if step in come_to), None)
            if at is not None and opened.is_right(question.needs):
                found[at] = (*found.get(at, ()), question)
        return found

    def _put_open(self, pane: StepPane, *, failed: bool, but: tuple[Question[Answer], ...] = ()) -> None:
        for step, questions in self._still_open(failed=failed).items():
            wanted = tuple(each for each in questions if each not in but and not self._is_under_way(each))
            self._put(step, wanted, pane.ask if step is self._open.step else self._screen.desk.ask)

    def _put(self, step: StepId, questions: tuple[Question[Answer], ...], ask: Ask) -> None:
        """The answer comes back to the step that asked."""
        if not questions:
            return
        asked, case = tuple(question.id for question in questions), self._open.case
        under_way = [(id, case) for id in asked]
        self._under_way += under_way
        self.notice = t("screen.asking", question=listed(t(f"screen.question.{id}") for id in asked))
        self._changed()

        def over() -> None:
            self._under_way = [each for each in self._under_way if each not in under_way]
            self.notice = ""

        async def answered(answer: Answer) -> None:
            over()
            await self._answered(case, answer, step, asked)

        def refused(reason: str) -> None:
            over()
            self._screen.say_refused(reason)
            self._changed()

        self._screen.in_background(lambda _: in_turn(ask, questions, case), answered, refused=refused, under=True)
