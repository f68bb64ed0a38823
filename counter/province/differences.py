"""Where counter and province count a business date otherwise (对账差异): entry by entry, both sides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from counter.province.wire import DayClosed, DayEntry
from counter.store.records import DayTotals, LedgerEntry, SendState


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry that only one side counts, or counts with another fee: fen, and None for the side that does not."""

    business_date: date
    id: str
    kind: str
    ours_fen: int | None
    theirs_fen: int | None


def kinds_that_differ(ours: DayTotals, closed: DayClosed) -> set[str]:
    """The kinds whose number or fees are not the same on both sides."""
    theirs = {total.kind: (total.count, total.fee_fen) for total in closed.totals}
    mine = {total.kind: (total.count, total.fee_fen) for total in ours.totals}
    return {kind for kind in theirs.keys() | mine.keys() if theirs.get(kind) != mine.get(kind)}


def differences(on: date, entries: Iterable[LedgerEntry], ours: DayTotals, closed: DayClosed) -> list[Difference]:
    """The entries, out of all of this date, that make the difference; in the order of their ids.

    Where the sums agree and the chains do not, it is what the province answered and holds no more: what comes after its
    last one.
    """
    kinds = kinds_that_differ(ours, closed)
    of_the_day = sorted(entries, key=lambda entry: entry.seq)
    if not kinds:
        return list(_behind(on, of_the_day, closed.differing))
    mine = {entry.id: entry for entry in of_the_day if entry.kind in kinds and is_accepted(entry)}
    theirs = {entry.id: entry for entry in closed.differing}
    return [
        difference
        for id in sorted(mine.keys() | theirs.keys())
        if (difference := _difference(on, id, mine.get(id), theirs.get(id))) is not None
    ]


def is_accepted(entry: LedgerEntry) -> bool:
    """Has the province taken it, as far as this counter knows?"""
    return entry.state in (SendState.CREATED, SendState.EXISTS)


def _difference(on: date, id: str, mine: LedgerEntry | None, theirs: DayEntry | None) -> Difference | None:
    ours_fen, theirs_fen = (None if side is None else side.fee_fen for side in (mine, theirs))
    kind = mine.kind if mine is not None else theirs.kind if theirs is not None else ""
    return None if ours_fen == theirs_fen else Difference(on, id, kind, ours_fen, theirs_fen)


def _behind(on: date, entries: list[LedgerEntry], last: tuple[DayEntry, ...]) -> Iterator[Difference]:
    known = {entry.id for entry in last}
    at = next((entry.seq for entry in entries if entry.id in known), 0)
    for entry in entries:
        if entry.seq > at and (is_accepted(entry) or entry.state is SendState.REJECTED):
            yield Difference(on, entry.id, entry.kind, entry.fee_fen, None)
