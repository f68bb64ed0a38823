"""Authorisation (授权): the second person, at once by passphrase, or later from the supervisor's own list."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Input

from counter.desk.desk import Desk, Done
from counter.i18n import t
from counter.paper.slip import fee_text, slip_of
from counter.paper.summary import sections
from counter.rules.masking import MASKED, WHOLE
from counter.rules.service import StepId
from counter.screens.background import WorkingScreen
from counter.screens.base import DeskScreen
from counter.screens.case.result import ResultScreen
from counter.screens.dialogs.second import SecondPersonDialog, who_may
from counter.store.deeds import REVEAL
from counter.store.records import AwaitingCase, Operator, Role
from counter.widgets.bound import bound, fixed
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose


async def ask_supervisor(screen: DeskScreen[Any], awaiting: AwaitingCase, then: Callable[[Done | None], None]) -> None:
    """Have a second person come to the window; `then` is given what was done, or None while the case still waits.

    Keys wait until it is known who may come: the passphrase is typed next.
    """
    able = await asyncio.to_thread(who_may, screen.desk.store, awaiting.maker)

    def come() -> None:
        screen.app.push_screen(AuthoriseScreen(screen.desk, awaiting, able), then)

    screen.once_seen(come)


def note_revealed(screen: WorkingScreen[Any], desk: Desk, id: str) -> None:
    """The audit remembers who looked at a case."""
    screen.in_background(lambda _: desk.store.audit.note(REVEAL, id), lambda _: None, under=True)


class AuthoriseScreen(SecondPersonDialog[Done]):
    """The supervisor, one of `able`, comes to the window and types their passphrase; Esc leaves it for their own list.

    Answers with what was done, or None while the case still waits.
    """

    DEFAULT_CSS = """
    AuthoriseScreen > VerticalScroll { padding: 0 1; max-height: 100%; }
    AuthoriseScreen .heading { margin: 0; }
    AuthoriseScreen .hint { padding: 0; }
    AuthoriseScreen #whole { height: auto; max-height: 40vh; border: none; padding: 0; }
    """
    BINDINGS = [
        bound("reveal", "reveal"),
        bound("back", "leave", "key.later"),
        fixed("walk", "pageup", "page(-1)"),
        fixed("walk", "pagedown", "page(1)"),
    ]

    warns = True
    reads = "#whole"

    def __init__(self, desk: Desk, awaiting: AwaitingCase, able: Sequence[Operator]) -> None:
        reason = t(f"choice.authorised.{awaiting.reason}")
        super().__init__(t("authorise.why", reason=reason), t("authorise.hint"), able)
        self.seen = MASKED
        self.desk = desk
        self.awaiting = awaiting

    def compose_body(self) -> Iterable[Widget]:
        with VerticalScroll(id="whole", can_focus=False):
            yield Prose(self._case(), id="case")
        yield from self.compose_second(t("authorise.nobody"))
        yield Prose(id="problem", classes="problem")

    def _case(self) -> str:
        """Who, what, for how much, and what changes: a person's details whole, for they are to be compared."""
        awaiting, record = self.awaiting, self.awaiting.record
        case, seen = record.case, self.seen
        reference = self.desk.reference
        who = (seen.name(case.holder.name), seen.number(case.holder.document.number))
        changes = sections(case, reference, seen, compared=WHOLE).get(StepId.CHANGES, ()) if case.changes else ()
        return "\n".join(
            [
                t("authorise.asked", maker=awaiting.maker, service=t(f"service.{awaiting.kind}.name")),
                t("authorise.for", who="  ".join(part for part in who if part)),
                t("authorise.fee", fee=fee_text(case, record.fee_fen, case.waiver, reference)),
                *(f"{line.label}  {line.value}" for line in changes),
                *(
                    (t("authorise.because", reason=record.reason or case.reason),)
                    if record.reason or case.reason
                    else ()
                ),
            ]
        )

    def action_reveal(self) -> None:
        """F6: who it is, whole."""
        self.seen = WHOLE if self.seen is MASKED else MASKED
        self.query_one("#case", Prose).update(self._case())
        note_revealed(self, self.desk, self.awaiting.id)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value and self.reading.read_on():
            return  # the passphrase stands, until all that it authorises has been on the screen
        checker, passphrase = self.second()
        if passphrase:
            self.do(lambda: self.desk.authorise(self.awaiting.id, checker, passphrase))

    def action_page(self, by: int) -> None:
        """PgUp, PgDn: what is authorised, while the passphrase keeps the focus."""
        whole = self.query_one("#whole")
        whole.scroll_relative(y=by * max(1, whole.size.height - 1), animate=False)


class AwaitingScreen(DeskScreen[None]):
    """What waits, as its slip will say it; the supervisor authorises or gives it back with a note."""

    DEFAULT_CSS = "AwaitingScreen VerticalScroll { padding: 1 3; } AwaitingScreen FormInput { margin: 0 1; }"
    BINDINGS = [
        bound("authorise", "authorise"),
        bound("reveal", "reveal"),
        bound("give-back", "refuse"),
        bound("back", "dismiss"),
    ]

    def __init__(self, desk: Desk, awaiting: AwaitingCase) -> None:
        super().__init__(desk)
        self.awaiting = awaiting
        self.done: Done | None = None
        self.seen = MASKED

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Prose(self._case(), id="case")
        yield Prose(t("authorise.note"))
        yield FormInput(limit=100, id="note")

    def _case(self) -> str:
        awaiting, desk = self.awaiting, self.desk
        head = [
            t("authorise.why", reason=t(f"choice.authorised.{awaiting.reason}")),
            t("authorise.asked", maker=awaiting.maker, service=t(f"service.{awaiting.kind}.name")),
            "",
        ]
        return "\n".join([*head, slip_of(awaiting.record, desk.reference, desk.place, self.seen, compared=WHOLE)])

    def action_reveal(self) -> None:
        """F6: who it is, whole."""
        self.seen = WHOLE if self.seen is MASKED else MASKED
        self.query_one("#case", Prose).update(self._case())
        note_revealed(self, self.desk, self.awaiting.id)

    async def on_mount(self) -> None:
        self.query_one(FormInput).focus()

    async def action_authorise(self) -> None:
        """F10: the supervisor who has signed in authorises; anybody else calls one."""
        operator = self.desk.store.operator
        if operator.role is Role.SUPERVISOR and operator.id != self.awaiting.maker:
            self.in_background(
                lambda _: self.desk.authorise_own(self.awaiting.id), self._authorised, group="authorise", once=True
            )
        else:
            await ask_supervisor(self, self.awaiting, self._came_back)

    def _came_back(self, done: Done | None) -> None:
        """Home; over what came of telling the province, which is to be read and not flashed."""
        if done is None:
            return
        if done.telling.told:
            self.app.switch_screen(ResultScreen(self.desk, done))
        else:
            self.dismiss(None)

    def _authorised(self, done: Done) -> None:
        self.notify(t("authorise.done", seq=done.entry.seq))
        self._came_back(done)

    def action_refuse(self) -> None:
        """F7: back to who made it, with a note."""
        note = self.query_one(FormInput).value.strip()
        if note:
            self.in_background(
                lambda _: self.desk.refuse(self.awaiting.id, note),
                self._given_back,
                group="refuse",
                once=True,
            )
        else:
            self.notify(t("authorise.note_missing"), severity="warning")

    def _given_back(self, _done: None) -> None:
        self.dismiss(None)
