"""What two decide (双人决定): the supervisor comes to the window, reads what it is about and types their passphrase."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from counter.i18n import t
from counter.rules.decision import Decision
from counter.screens.base import DeskScreen
from counter.screens.dialogs.second import SecondPersonDialog, who_may
from counter.store.records import Operator
from counter.widgets.prose import Prose

Decide = Callable[[str, str], Decision]
"""Given who authorises and their passphrase; runs in a thread."""


async def ask_two(
    screen: DeskScreen[Any], heading: str, what: str, decide: Decide, then: Callable[[Decision], None]
) -> None:
    """Have a supervisor other than who has signed in decide beside them; keys wait until it is known who may."""
    able = await asyncio.to_thread(who_may, screen.desk.store)

    def came(decision: Decision | None) -> None:
        if decision is not None:
            then(decision)

    screen.once_seen(lambda: screen.app.push_screen(TwoScreen(heading, what, able, decide), came) and None)


class TwoScreen(SecondPersonDialog[Decision]):
    """One of `able` types their passphrase; Esc leaves all as it was. Answers with what was decided."""

    DEFAULT_CSS = """
    TwoScreen > VerticalScroll { padding: 0 1; max-height: 100%; }
    TwoScreen .heading { margin: 0; }
    TwoScreen .hint { padding: 0; }
    """
    warns = True

    def __init__(self, heading: str, what: str, able: Sequence[Operator], decide: Decide) -> None:
        super().__init__(heading, t("authorise.hint_two"), able)
        self.what = what
        self.decide = decide

    def compose_body(self) -> Iterable[Widget]:
        yield Prose(self.what)
        yield from self.compose_second(t("authorise.nobody_two"))
        yield Prose(id="problem", classes="problem")

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        checker, passphrase = self.second()
        if passphrase and self.able:
            self.do(lambda: self.decide(checker, passphrase))
