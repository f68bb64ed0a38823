"""F10 on the confirmation: nothing is recorded that has not been seen, and what comes of it is shown."""

from collections.abc import Awaitable, Callable

from rich.text import Text
from textual.message import Message

from counter.desk.desk import CaseRefusedError, Done
from counter.desk.open_case import OpenCase
from counter.i18n import t
from counter.rules.judge import Judgement
from counter.rules.service import StepId
from counter.screens import standstill
from counter.screens.base import DeskScreen
from counter.screens.case.authorise import ask_supervisor
from counter.screens.case.pane import StepPane
from counter.screens.case.result import ResultScreen
from counter.screens.standstill import Standstill
from counter.store.records import AwaitingCase
from counter.widgets.lines import Line
from counter.widgets.reading import ReadSoFar


class Recording:
    """Records one screen's case. `came_at` is when its step was opened, `pressed` when the clerk's last key was
    pressed, `notice` why that came too early.

    `changed` is called when the notice has become another one, `refused` with the judgement that refuses the case.
    """

    def __init__(
        self,
        screen: DeskScreen[None],
        opened: OpenCase,
        changed: Callable[[], None],
        refused: Callable[[Judgement], Awaitable[None]],
    ) -> None:
        self.still = Standstill(screen, self._stands)
        self.reading = ReadSoFar(self.show)
        self.came_at = self.pressed = 0.0
        self.notice = ""
        self._screen = screen
        self._open = opened
        self._changed = changed
        self._refused = refused

    def begin(self, pane: StepPane) -> None:
        """Another step is shown; a confirmation is read from its top."""
        self.came_at = Message().time
        self.reading = ReadSoFar(self.show)
        if pane.step is StepId.CONFIRM:
            self.reading.follow(pane)

    @property
    def was_on_its_way(self) -> bool:
        """Was the key pressed before anybody could look at the step? Then it was for the step before."""
        return self.pressed - self.came_at < standstill.STILL_SECONDS

    def show(self) -> None:
        """The case stands on the screen as it is now: a change of it or of what is said must be seen first. How
        much of it is below the edge is said."""
        opened = self._open
        here = opened.step is StepId.CONFIRM
        self.still.show((opened.case, opened.findings(), opened.elsewhere()) if here else None)
        self._say_below()

    def _stands(self) -> None:
        """What stands there may be recorded now, or no more."""
        self._screen.refresh_bindings()
        self._say_below()

    def _say_below(self) -> None:
        """How much is below; where nothing is, that F10 records, as soon as it does."""
        below = self.reading.said
        said = below or (t("screen.all_seen") if self.still.stands else "")
        for line in self._screen.query("#below").results(Line):  # none where the screen has gone meanwhile
            line.display = self._open.step is StepId.CONFIRM
            line.text = Text(f" {said}", "accent" if below else "quiet")

    def key(self, pressed: float) -> None:
        """The clerk presses a key, and what was said of the one before is over."""
        self.pressed = pressed
        if self.notice:
            self.notice = ""
            self._changed()

    def is_unseen(self) -> bool:
        """Was the key pressed before the confirmation had stood still? Then that is said."""
        if self._open.step is not StepId.CONFIRM or self.still.was_seen_by(self.pressed):
            return False
        self.notice = t("screen.too_early")
        self._changed()
        return True

    def start(self) -> None:
        """Record the case; once, however often the key is pressed."""
        opened = self._open
        case = opened.case
        self._screen.in_background(lambda _: opened.submit(case), self._submitted, group="confirm", once=True)

    async def _submitted(self, submitted: Done | AwaitingCase | CaseRefusedError) -> None:
        """Its result; the supervisor, or Esc: then it waits in their list; or at its step why it is refused (APP-4)."""
        if isinstance(submitted, Done):
            self._finished(submitted)
        elif isinstance(submitted, AwaitingCase):
            await ask_supervisor(self._screen, submitted, self._finished)
        else:
            await self._refused(submitted.judgement)

    def _finished(self, done: Done | None) -> None:
        screen = self._screen
        if done is not None:
            screen.app.switch_screen(ResultScreen(screen.desk, done))
        else:
            screen.notify(t("authorise.waits"))
            screen.dismiss(None)
