"""Done (办结): the number to quote, what the customer must still do, and the slip to print or save."""

import asyncio
from collections.abc import Iterable

from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from counter.desk.alarms import alarm_of
from counter.desk.desk import Desk, Done
from counter.desk.following import followed_by, following
from counter.desk.retention import sweep_letters
from counter.i18n import sentence, t
from counter.paper.letter import file_name, has_letter, printed_letter
from counter.paper.slip import printed_slip
from counter.province.acts import Told
from counter.rules.case import Case
from counter.screens.alarms import AlarmScreen
from counter.screens.paper import PaperScreen
from counter.store.deeds import LETTER
from counter.widgets.bound import bound, fixed
from counter.widgets.prose import Prose


class ResultScreen(PaperScreen):
    """The entry's slip, masked, and what came of telling the province.

    F3 has the slip in other languages, F8 opens what the customer needs next, F9 the letter that goes with the slip,
    Enter goes on.
    """

    class FollowUp(Message):
        """The same customer needs another service: the application opens this case in the result's place."""

        def __init__(self, case: Case) -> None:
            super().__init__()
            self.case = case

    BINDINGS = [
        fixed("accept", "enter", "leave", "key.next_customer"),
        bound("follow-up", "follow_up"),
        bound("letter", "letter"),
    ]

    def __init__(self, desk: Desk, done: Done) -> None:
        self.entry = entry = done.as_told
        self.telling = done.telling
        self.refused = done.refused
        self.quote = self.number = desk.store.ledger.quote_number(entry)
        self.followed_by = followed_by(entry)
        printed = printed_slip(entry, self.quote, desk.reference, desk.place)
        super().__init__(desk, desk.wishes.heeded(printed, entry.record.case if entry.record else None), self.quote)

    def head(self) -> Iterable[Widget]:
        yield Prose(t("result.not_done" if self.refused else "result.done", seq=self.entry.seq), id="done")
        for finding in self.telling.findings:
            yield Prose(sentence(finding), classes="told")
        for service in self.followed_by:
            yield Prose(t("result.follow_up", service=t(f"service.{service}.name")), classes="told")
        yield Static("")

    async def on_mount(self) -> None:
        """LOS-1: while the customer is still here."""
        if self.telling.told is Told.BANK_FAILED:
            self.app.push_screen(AlarmScreen(self.desk, [alarm_of(self.entry, self.quote)]))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "follow_up":
            return bool(self.followed_by)
        return has_letter(self.entry) if action == "letter" else super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Enter: home, to the next customer."""
        self.dismiss(None)

    def action_follow_up(self) -> None:
        """F8: what the customer needs next, for the same customer (EXC-2, EXC-3)."""
        self.post_message(self.FollowUp(following(self.desk, self.entry, self.followed_by[0])))

    def action_letter(self) -> None:
        """F9: the transfer letter, whole; the audit remembers who saw it."""
        letter = printed_letter(self.entry, self.quote, self.desk.reference, self.desk.place)
        self.in_background(lambda _: self.desk.store.audit.note(LETTER, self.entry.id), lambda _: None)
        self.app.push_screen(LetterScreen(self.desk, letter, file_name(self.quote)))


class LetterScreen(PaperScreen):
    """转移个账接收函: another bank needs name and numbers whole, so that the PDF goes when the screen is left."""

    masked = False

    async def on_unmount(self) -> None:
        await asyncio.to_thread(sweep_letters, self.desk.store.home, self.file_name)

    def head(self) -> Iterable[Widget]:
        yield Prose(t("result.letter"), classes="note")
        yield Static("")
