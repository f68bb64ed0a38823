"""The till (钱箱) of today: what was noted, what should lie in it, and the count by denomination."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from rich.text import Text
from textual.app import ComposeResult

from counter.clock import SHANGHAI
from counter.desk.counted import till_lines, yuan
from counter.desk.desk import Desk
from counter.i18n import t
from counter.rules.till import DENOMINATIONS, Till, TillAct, TillError, TillMove, fen_of, total, yuan_of
from counter.screens.dialogs.ask import MenuScreen
from counter.screens.dialogs.noting import NoteScreen
from counter.screens.dialogs.second import who_may
from counter.screens.list import Line, ListScreen
from counter.store.movements import TILL, Noted
from counter.store.unlocked import Signatory
from counter.widgets.bound import bound
from counter.widgets.fields.choice import Option
from counter.widgets.prose import Prose

ACTS: Final = (TillAct.OPENING, TillAct.IN, TillAct.OUT)


class TillScreen(ListScreen[Noted]):
    """F2 notes cash that comes in or goes out, F10 a count; a difference has its reason."""

    DEFAULT_CSS = "TillScreen #summary { margin: 1 2 0 2; }"
    BINDINGS = [bound("note", "note"), bound("count", "count")]

    catalog = "till"
    columns = {"at": 7, "act": 16, "amount": 12, "reason": 20, "maker": 10, "checker": 10}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.till = Till()

    def compose_body(self) -> ComposeResult:
        yield Prose(id="summary")
        yield from super().compose_body()

    def read(self, text: str) -> Sequence[Noted]:
        """The moves of today; what they come to goes above them."""
        today = self.desk.today()
        self.till = self.desk.store.till.of(today)
        return self.desk.store.movements.list(TILL, today)

    def show_rows(self, rows: Sequence[Noted]) -> None:
        super().show_rows(rows)
        self.query_one("#summary", Prose).update("\n".join(till_lines(self.till)))

    def line(self, row: Noted) -> Line:
        return (
            f"{row.at.astimezone(SHANGHAI):%H:%M}",
            t(f"till.act.{row.move.act}"),
            Text(yuan(row.move.fen if isinstance(row.move, TillMove) else 0), justify="right"),
            Text(row.move.reason),
            Text(row.maker),
            Text(row.checker or ""),
        )

    def open(self, row: Noted) -> None:
        """Enter: how many of each denomination were counted."""
        if isinstance(row.move, TillMove) and row.move.counted:
            pieces = zip(DENOMINATIONS, row.move.counted, strict=True)
            self.notify("  ".join(f"{yuan_of(fen)}x{number}" for fen, number in pieces if number))

    def action_note(self) -> None:
        """F2: the opening float, cash taken in or handed over."""
        acts = [act for act in ACTS if not (act is TillAct.OPENING and self.till.opened)]
        options = [Option(act.value, t(f"till.act.{act}")) for act in acts]
        self.app.push_screen(MenuScreen(t("till.title"), options), self._chosen)

    async def _chosen(self, act: str | None) -> None:
        if act is None:
            return
        lines = {"amount": t("till.amount")} | ({} if act == TillAct.OPENING else {"reason": t("till.reason")})

        def work(typed: Mapping[str, str], second: Signatory | None) -> None:
            self.desk.store.till.note(TillAct(act), fen_of(typed["amount"]), typed.get("reason", ""), second)

        able = await asyncio.to_thread(who_may, self.desk.store) if act == TillAct.OUT else None
        asked = NoteScreen(self.desk, t(f"till.act.{act}"), lines, work, able=able)
        self.once_seen(lambda: self.app.push_screen(asked))

    def action_count(self) -> None:
        """F10: how many notes and coins of each, and why it differs."""
        pieces = {f"of-{fen}": t("till.pieces", value=yuan_of(fen)) for fen in DENOMINATIONS}

        def work(typed: Mapping[str, str], _second: Signatory | None) -> None:
            self.desk.store.till.count(counted(typed), typed["reason"])

        lines = {**pieces, "reason": t("till.difference_reason")}
        self.app.push_screen(NoteScreen(self.desk, t("till.act.count"), lines, work, sums=self._sums))

    def _sums(self, typed: Mapping[str, str]) -> str:
        """What was typed so far beside what the ledger expects."""
        try:
            fen = total(counted(typed))
        except TillError as error:
            return t(f"till.problem.{error.code}")
        expected = self.till.expected_fen
        return t("till.sum", sum=yuan(fen), expected=yuan(expected), difference=yuan(fen - expected))


def counted(typed: Mapping[str, str]) -> tuple[int, ...]:
    """How many of each denomination were typed; an empty line is none. Raises `TillError`."""
    numbers = [typed.get(f"of-{fen}", "") or "0" for fen in DENOMINATIONS]
    if not all(number.isascii() and number.isdecimal() and len(number) < 8 for number in numbers):
        raise TillError("count")
    return tuple(map(int, numbers))
