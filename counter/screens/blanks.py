"""The blank cards (空白卡) of this window, range by range: received, moved, used, spoilt, left. PIC-1."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from rich.text import Text
from textual.app import ComposeResult

from counter.desk.counted import blanks_problem
from counter.desk.desk import Desk
from counter.i18n import t
from counter.rules.blanks import ARRIVALS, BlankAct, BlankError, Lot, Serials, Stock
from counter.screens.dialogs.ask import MenuScreen
from counter.screens.dialogs.noting import NoteScreen
from counter.screens.dialogs.second import who_may
from counter.screens.list import Line, ListScreen
from counter.store.unlocked import Signatory
from counter.widgets.bound import bound
from counter.widgets.fields.choice import Option
from counter.widgets.prose import Prose

ACTS: Final = (BlankAct.RECEIVED, BlankAct.SPOILT, BlankAct.MOVED_OUT, BlankAct.MOVED_IN)
BY_WINDOW: Final = frozenset({BlankAct.MOVED_IN, BlankAct.MOVED_OUT})


class BlanksScreen(ListScreen[Lot]):
    """F2 notes cards that come, go or are spoilt, F10 how many were counted."""

    DEFAULT_CSS = "BlanksScreen #summary { margin: 1 2 0 2; }"
    BINDINGS = [bound("note", "note"), bound("count", "count")]

    catalog = "blanks"
    columns = {"range": 23, "act": 9, "came": 6, "moved": 6, "used": 6, "spoilt": 7, "left": 6, "next": 12}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.stock = Stock()
        self.problem = ""

    def compose_body(self) -> ComposeResult:
        yield Prose(id="summary")
        yield from super().compose_body()

    def read(self, text: str) -> Sequence[Lot]:
        """The ranges as they came in; what is left of all goes above them."""
        store = self.desk.store
        self.stock = store.blanks.stock()
        self.desk.blanks.read()
        self.problem = blanks_problem(store, self.stock, self.desk.today())
        return self.stock.lots

    def show_rows(self, rows: Sequence[Lot]) -> None:
        super().show_rows(rows)
        stock = self.stock
        lines = [t("blanks.summary", left=stock.left) if stock.kept else t("blanks.not_kept")]
        if stock.last_count is not None:
            lines.append(t("blanks.counted", counted=stock.last_count.counted, expected=stock.last_count.expected))
        lines += [t(f"blanks.{self.problem}")] if self.problem else []
        self.query_one("#summary", Prose).update("\n".join(lines))
        self.refresh_bindings()

    def line(self, row: Lot) -> Line:
        numbers = (len(row.came), row.moved, row.used, row.spoilt, row.remaining)
        first = row.left[0].name(row.left[0].first) if row.left else "-"
        return (
            str(row.came),
            t(f"blanks.act.{row.act}"),
            *(Text(str(number or "-"), justify="right") for number in numbers),
            first,
        )

    def open(self, row: Lot) -> None:
        """Enter: the numbers that are left of a range."""
        self.notify("  ".join(map(str, row.left)) or "-")

    def action_note(self) -> None:
        """F2: cards that come, go or are spoilt."""
        acts = ACTS if self.stock.kept else [act for act in ACTS if act in ARRIVALS]
        options = [Option(act.value, t(f"blanks.act.{act}")) for act in acts]
        self.app.push_screen(MenuScreen(t("blanks.title"), options), self._chosen)

    async def _chosen(self, chosen: str | None) -> None:
        if chosen is None:
            return
        act = BlankAct(chosen)
        lines = {"first": t("blanks.first"), "last": t("blanks.last")}
        lines |= {"window": t("blanks.window")} if act in BY_WINDOW else {}
        lines |= {"reason": t("blanks.reason")} if act is BlankAct.SPOILT else {}

        def work(typed: Mapping[str, str], second: Signatory | None) -> None:
            serials = Serials.of(typed["first"], typed["last"])
            window, reason = typed.get("window", ""), typed.get("reason", "")
            self.desk.store.blanks.note(act, serials, window=window, reason=reason, second=second)

        able = None if act in ARRIVALS else await asyncio.to_thread(who_may, self.desk.store)
        asked = NoteScreen(self.desk, t(f"blanks.act.{act}"), lines, work, able=able)
        self.once_seen(lambda: self.app.push_screen(asked))

    def action_count(self) -> None:
        """F10: how many there are, and why that differs."""

        def work(typed: Mapping[str, str], _second: Signatory | None) -> None:
            number = typed["pieces"]
            if not (number.isascii() and number.isdecimal() and len(number) < 8):
                raise BlankError("count")
            self.desk.store.blanks.count(int(number), typed["reason"])

        lines = {"pieces": t("blanks.pieces"), "reason": t("till.difference_reason")}
        expected = t("blanks.summary", left=self.stock.left)
        self.app.push_screen(NoteScreen(self.desk, t("blanks.act.count"), lines, work, sums=lambda _typed: expected))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to count where no stock is kept."""
        return (True if self.stock.kept else None) if action == "count" else True
