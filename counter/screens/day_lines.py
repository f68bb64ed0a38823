"""The lines of F9: the day's kinds with both sides, what is open, and the dates that nobody has closed; each opens what
it counts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from textual.screen import Screen

from counter.desk.closing import EVERY, Open, what_is_open
from counter.desk.day import clock_back
from counter.desk.desk import Desk
from counter.desk.lapsing import lapsing
from counter.i18n import t
from counter.screens.blanks import BlanksScreen
from counter.screens.case.authorise import AwaitingScreen
from counter.screens.held import resume
from counter.screens.ledger import EntriesScreen, EntryScreen
from counter.screens.list import Line, ListScreen
from counter.screens.parcels import ParcelsScreen
from counter.screens.till import TillScreen
from counter.screens.waiting import Item, waiting_pick
from counter.store.balance import DayBalance, KindBalance, Sum
from counter.store.payments import DayPayments
from counter.store.records import AwaitingCase, Draft, LedgerEntry
from counter.widgets.charts import SHARE, share

COLUMNS: Final = ("done", "accepted", "returned", "cleared", "unsent", "conflict", "reversed")
ALWAYS: Final = ("done", "accepted", "returned", "reversed")
"""The others only where there is something in them; where it is narrow, of these too the last ones."""
NARROW: Final = 70
COUNTS: Final = 76
WITH_FEES: Final = 116
"""How many cells the numbers take, without and with the fees of each kind."""

Opens = Callable[[], Screen[Any] | date]
"""What a line opens: a screen, or another date on this one."""


@dataclass(frozen=True, slots=True)
class DayShown:
    """What the screen shows of a date: read in one go."""

    on: date
    balance: DayBalance
    open: Sequence[Open]
    lapsing: Sequence[LedgerEntry]
    open_dates: Sequence[date]
    unmatched: Sequence[date]
    closed: bool
    payments: DayPayments
    clock_back: str = ""


def read_day(desk: Desk, on: date) -> DayShown:
    """Read a date; blocks."""
    store = desk.store
    return DayShown(
        on=on,
        balance=store.days.balance(on),
        open=what_is_open(desk, on),
        lapsing=lapsing(desk, on),
        open_dates=store.decisions.open_dates(),
        unmatched=store.days.unmatched(),
        closed=store.decisions.is_closed(on),
        payments=store.payments.of(on),
        clock_back=clock_back(desk),
    )


@dataclass(frozen=True, slots=True)
class DayLine:
    """A line: its cells, the name first, and what it opens."""

    cells: tuple[str, ...]
    opens: Opens
    bold: bool = False


class DayLines:
    """The columns that there is room for in `width` cells, and the lines."""

    def __init__(self, desk: Desk, shown: DayShown, width: int) -> None:
        self.desk = desk
        self.shown = shown
        total = shown.balance.total
        self.fees = width >= WITH_FEES
        self.bars = width >= (WITH_FEES if self.fees else COUNTS) + SHARE and bool(shown.balance.by_kind)
        always = ALWAYS if width >= NARROW else ALWAYS[:2]
        self.names = [name for name in COLUMNS if name in always or getattr(total, name).count]

    def columns(self) -> Iterator[str]:
        """The titles of the columns."""
        yield t("day.service")
        for name in self.names:
            yield t(f"day.{name}")
            if self.fees:
                yield t("day.yuan")
        if self.bars:
            yield ""

    def lines(self) -> Iterator[DayLine]:
        """What is open first, then the kinds with their sum; the dates that are open stand last, the oldest first."""
        yield from map(self._of_open, self.shown.open)
        if self.shown.lapsing:
            entries = list(self.shown.lapsing)
            name = t("day.lapsing", count=len(entries))
            yield DayLine((f"! {name}",), lambda: EntriesScreen(self.desk, lambda: entries))
        most = max((row.done.count for row in self.shown.balance.by_kind.values()), default=0)
        for kind, row in self.shown.balance.by_kind.items():
            bar = (share(row.done.count, most),) if self.bars else ()
            cells = (t(f"service.{kind}.name"), *self._cells(row), *bar)
            yield DayLine(cells, lambda kind=kind: self._entries(kind))  # type: ignore[misc]  # bound in the loop
        total = self.shown.balance.total
        yield DayLine((t("day.total"), *self._cells(total)), self._entries, bold=True)
        if not self.fees:
            fees = (_amount(getattr(total, name)) for name in self.names)
            yield DayLine((t("day.fee"), *fees), self._entries, bold=True)
        for on in self.shown.open_dates:
            yield DayLine((t("day.open_date", date=on),), lambda on=on: on)  # type: ignore[misc]  # bound in the loop

    def _cells(self, row: KindBalance) -> Iterator[str]:
        for name in self.names:
            found: Sum = getattr(row, name)
            yield str(found.count or "-")
            if self.fees:
                yield _amount(found)

    def _entries(self, kind: str = "") -> Screen[Any]:
        ledger, on = self.desk.store.ledger, self.shown.on
        return EntriesScreen(
            self.desk, lambda: [each for each in ledger.search(on=on, limit=EVERY) if kind in ("", each.kind)]
        )

    def _of_open(self, found: Open) -> DayLine:
        name = f"! {t(f'day.left.{found.kind}', count=found.count)}"
        return DayLine((name,), lambda: opened(self.desk, self.shown.on, found))


def opened(desk: Desk, on: date, found: Open) -> Screen[Any] | date:
    """What is open, to be looked at: cases that are held or wait, parcels, or entries."""
    match found.kind:
        case "unmatched":
            return on
        case "held" | "awaiting":
            return WaitingScreen(desk, found)
        case "parcels":
            return ParcelsScreen(desk)
        case "till":
            return TillScreen(desk)
        case "blanks":
            return BlanksScreen(desk)
    return EntriesScreen(desk, lambda: list(desk.store.ledger.of_ids(found.ids).values()))


class WaitingScreen(ListScreen[Item]):
    """What is held or waits for authorisation; Enter opens one."""

    catalog = "day.waits"
    columns = {"what": 9, "name": 14, "service": 18, "why": 28, "since": 7}

    def __init__(self, desk: Desk, found: Open) -> None:
        super().__init__(desk)
        self.found = found

    def read(self, text: str) -> Sequence[Item]:
        items: Sequence[Item] = self.desk.held() if self.found.kind == "held" else self.desk.awaiting()
        return [item for item in items if item.id in self.found.ids]

    def line(self, row: Item) -> Line:
        pick = waiting_pick(row, self.desk.today())
        return (*pick.cells, pick.about, pick.right)

    def open(self, row: Item) -> None:
        match row:
            case Draft():
                self.run_worker(resume(self, self.desk, row.id))
            case AwaitingCase():
                self.app.push_screen(AwaitingScreen(self.desk, row))
            case LedgerEntry():
                self.app.push_screen(EntryScreen(self.desk, row))


def _amount(found: Sum) -> str:
    return f"{found.fee_fen / 100:.2f}" if found.count else "-"
