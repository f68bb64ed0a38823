"""Leading through the practice: what is to be done now stands under the header, and what is seen leads on."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from textual.app import App
from textual.timer import Timer
from textual.widget import Widget

from counter.desk.desk import Desk
from counter.desk.open_case import concerns
from counter.i18n import t
from counter.rules.filling import value_at
from counter.rules.finding import Finding, Level
from counter.screens.case.screen import CaseScreen
from counter.screens.dialogs.dialog import Dialog
from counter.screens.dialogs.help import HelpScreen
from counter.screens.dialogs.lock import LockScreen
from counter.screens.practice import lessons
from counter.screens.practice.lessons import LESSONS, TASKS, SeenBranch, SeenLedger, Task
from counter.screens.roster.importing import ImportScreen
from counter.screens.roster.screen import RosterScreen
from counter.store.errors import StoreError
from counter.widgets.bound import bound, fixed
from counter.widgets.lines import FindingsStrip, GuideLine
from counter.widgets.prose import Prose

LOOK_SECONDS: Final = 0.3
"""So often is looked what has been done."""
ON: Final = "-practising"
"""The class of the app while somebody practises: its screens show their `GuideLine`."""


@dataclass
class Course:
    """How far somebody is, and what was seen on the way: by lesson the keys, the seconds, and what was left wrong."""

    at: int = 0
    """Index of the task; that of none once all are done."""
    keys: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    mistakes: dict[str, set[tuple[object, ...]]] = field(default_factory=dict)

    @property
    def task(self) -> Task | None:
        return TASKS[self.at] if self.at < len(TASKS) else None

    def go_on(self, seen: SeenBranch) -> bool:
        """Past all that is done; has anything been?"""
        before = self.at
        while self.task is not None and self.task.is_done(seen):
            self.at += 1
        return self.at > before


class Practice:
    """Watches what somebody does, for as long as they practise."""

    def __init__(self, app: App[Any], desk: Desk) -> None:
        self.course = Course()
        self.words = lessons.words(desk.store.home)
        self._app = app
        self._desk = desk
        self._looked_at = monotonic()
        self._timer: Timer | None = None

    @property
    def on(self) -> bool:
        """Is it neither over nor left?"""
        return self._timer is not None

    def start(self) -> None:
        """Begin: the screens show what is to be done."""
        self._app.add_class(ON)
        self._timer = self._app.set_interval(LOOK_SECONDS, self._look)
        self._show()

    def stop(self) -> None:
        """Leave it: the branch stays as it is."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._app.remove_class(ON)

    def pressed(self) -> None:
        """A key."""
        if self.on and self.course.task is not None:
            self.course.keys[self.course.task.lesson] += 1

    def told(self) -> None:
        """The task in full, and all the others."""
        self._app.push_screen(TaskScreen(self.course, self.words), lambda leave: self.stop() if leave else None)

    def _look(self) -> None:
        """Unless the screen is locked, or the last look is not over."""
        if isinstance(self._app.screen, LockScreen):
            return
        if not any(worker.group == "practice" and not worker.is_finished for worker in self._app.workers):
            self._app.run_worker(self._look_into_the_ledger(), group="practice")

    async def _look_into_the_ledger(self) -> None:
        with suppress(StoreError):  # a ledger that cannot be read now is looked at the next time
            ledger = await asyncio.to_thread(lessons.in_the_ledger, self._desk)
            if self.on:
                self._take(self._seen(ledger))

    def _take(self, seen: SeenBranch) -> None:
        course, task = self.course, self.course.task
        if task is None:
            return
        now = monotonic()
        course.seconds[task.lesson] += now - self._looked_at
        self._looked_at = now
        course.mistakes.setdefault(task.lesson, set()).update(self._left_wrong())
        course.go_on(seen)
        self._show()
        if course.task is None:
            self.stop()
            self._app.push_screen(EndScreen(course, seen.ledger))

    def _show(self) -> None:
        if (task := self.course.task) is not None:
            for screen in self._app.screen_stack:
                for line in screen.query(GuideLine):
                    line.head = t("practice.head", at=self.course.at + 1, count=len(TASKS))
                    line.text = t(f"practice.task.{task.id}", **self.words)

    # --- what is seen on the screens

    def _seen(self, ledger: SeenLedger) -> SeenBranch:
        case, top = self._case, self._app.screen
        read = top.finding.rule if isinstance(top, HelpScreen) and top.finding else ""
        roster = next((each for each in self._app.screen_stack if isinstance(each, RosterScreen)), None)
        counts = roster.counts(roster.table) if roster is not None and roster.table is not None else None
        return SeenBranch(
            ledger,
            case.open.case if case else None,
            case.open.step if case else None,
            frozenset(finding.code for finding in self._stops),
            read,
            any(isinstance(each, ImportScreen) for each in self._app.screen_stack),
            counts.right if counts else 0,
        )

    @property
    def _case(self) -> CaseScreen | None:
        return next((each for each in self._app.screen_stack if isinstance(each, CaseScreen)), None)

    @property
    def _stops(self) -> list[Finding]:
        """What the open case's screen says that stops it."""
        strips = self._case.query(FindingsStrip) if self._case else ()
        return [each for strip in strips for each in strip.findings if each.level is Level.STOP]

    def _left_wrong(self) -> Iterable[tuple[object, ...]]:
        """The values that the clerk has left although they are wrong: not those that are being typed."""
        if (case := self._case) is None:
            return ()
        given = [each for each in self._stops if each.field and value_at(case.open.case, each.field)]
        return [(case.open.id, each.code, each.field) for each in given if not concerns(each, case.at.path)]


class TaskScreen(Dialog[bool]):
    """F12: what is to be done in full, and how far it is; answers with True to leave the practice."""

    BINDINGS = [
        bound("back", "leave", "key.close"),
        bound("customers", "leave", "key.close", show=False),
        fixed("accept", "enter", "leave"),
        bound("leave-practice", "leave_practice"),
    ]
    only_read = True

    def __init__(self, course: Course, words: Mapping[str, str]) -> None:
        super().__init__(t("practice.title"), t("practice.task_hint"))
        self.course = course
        self.words = words

    def compose_body(self) -> Iterable[Widget]:
        task = self.course.task
        if task is None:
            return
        yield Prose(t(f"practice.task.{task.id}", **self.words))
        yield Prose("\n".join(["", *map(self._line, LESSONS)]))

    def _line(self, lesson: str) -> str:
        """A lesson with its mark, as a case's step has one."""
        here = self.course.task
        mark = ">" if here and here.lesson == lesson else "+" if self._is_past(lesson) else " "
        return f"{mark} {t(f'practice.lesson.{lesson}')}"

    def _is_past(self, lesson: str) -> bool:
        return all(task.lesson != lesson for task in TASKS[self.course.at :])

    def action_leave_practice(self) -> None:
        """F4: no more of it."""
        self.answer(True)  # noqa: FBT003 - the dialog's answer


class EndScreen(Dialog[None]):
    """What was seen: of each lesson what came of it, the keys, what was left wrong, and how long it took."""

    BINDINGS = [bound("back", "leave", "key.close"), fixed("accept", "enter", "leave")]
    only_read = True

    def __init__(self, course: Course, ledger: SeenLedger) -> None:
        super().__init__(t("practice.end_title"), t("practice.end_hint"))
        self.course = course
        self.ledger = ledger

    def compose_body(self) -> Iterable[Widget]:
        entries = t("practice.end_ledger", count=self.ledger.figures.done)
        total = t("practice.end_total", **_figures(self.course, LESSONS))
        yield Prose("\n".join([*map(self._line, LESSONS), "", total, entries]))

    def _line(self, lesson: str) -> str:
        return f"+ {t(f'practice.lesson.{lesson}')}\n  {t('practice.end_lesson', **_figures(self.course, [lesson]))}"


def _figures(course: Course, counted: Iterable[str]) -> dict[str, object]:
    names = list(counted)
    minutes, seconds = divmod(round(sum(course.seconds[name] for name in names)), 60)
    keys = sum(course.keys[name] for name in names)
    mistakes = sum(len(course.mistakes.get(name, ())) for name in names)
    return {"keys": keys, "mistakes": mistakes, "time": f"{minutes}:{seconds:02}"}
