"""Closing a business date (关账): what is still open, and the act by which clerk and supervisor close it all the same.

What may be open is a list of providers: who adds something that a day must end with (a till, a stock of blank cards)
adds one. Each says by id what is open on a date; a day with something open is closed only with a reason for each kind.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from counter.clock import business_date
from counter.desk.counted import blanks_problem
from counter.desk.desk import Desk
from counter.i18n import listed, t
from counter.rules.decision import Decision, LeftOpen
from counter.store.errors import StoreError
from counter.store.records import LedgerEntry, SendState

Provider = Callable[[Desk, date], Iterable[str]]
"""The ids of what is open on a date, of that date or of one before; runs in a thread."""
EVERY: Final = 100_000
"""More entries than a counter has to send."""


@dataclass(frozen=True, slots=True)
class Open:
    """Something that is open: ``day.left.<kind>`` in the catalogs, and the ids of what it is."""

    kind: str
    ids: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.ids)


class StillOpenError(StoreError):
    """The day is not closed: these kinds are open, and have no reason."""

    def __init__(self, lacking: Iterable[Open]) -> None:
        super().__init__("something is open without a reason")
        self.lacking = tuple(lacking)
        kinds = listed(t(f"day.left.{each.kind}", count=each.count) for each in self.lacking)
        self.said = {"kinds": kinds}


def what_is_open(desk: Desk, on: date) -> list[Open]:
    """What keeps a date from being closed without a word, in the order of `PROVIDERS`."""
    found = (Open(kind, tuple(provider(desk, on))) for kind, provider in PROVIDERS.items())
    return [each for each in found if each.ids]


def close(desk: Desk, on: date, reasons: Mapping[str, str], checker: str, passphrase: str) -> Decision:
    """Close a date: who has signed in and a supervisor, by kind of what is open a reason.

    Raises `StillOpenError` where one lacks, and as `Decisions.close` and `Operators.verify` do.
    """
    verified = desk.store.operators.verify(checker, passphrase)
    found = what_is_open(desk, on)
    if lacking := [each for each in found if not reasons.get(each.kind, "").strip()]:
        raise StillOpenError(lacking)
    left = [
        LeftOpen(kind=each.kind, count=each.count, ids=each.ids, reason=reasons[each.kind].strip()) for each in found
    ]
    return desk.store.decisions.close(on, verified, left)


def reopen(desk: Desk, on: date, reason: str, checker: str, passphrase: str) -> Decision:
    """Open a closed date again, by two. Raises as `Decisions.reopen` and `Operators.verify` do."""
    verified = desk.store.operators.verify(checker, passphrase)
    return desk.store.decisions.reopen(on, reason, verified)


def to_close(desk: Desk) -> date:
    """The date that is closed next: the oldest that is open, else today."""
    return next(iter(desk.store.decisions.open_dates()), desk.today())


def _awaiting(desk: Desk, on: date) -> Iterable[str]:
    return (each.id for each in desk.awaiting() if each.business_date <= on)


def _held(desk: Desk, on: date) -> Iterable[str]:
    held = (each for each in desk.held() if each.case.parcel is None)
    return (each.id for each in held if business_date(each.updated_at) <= on)


def _parcels(desk: Desk, on: date) -> Iterable[str]:
    """A parcel that somebody began to count, or of which the province has not said what should be in it."""
    begun = (each for each in desk.held() if each.case.parcel is not None)
    yield from (each.id for each in begun if business_date(each.updated_at) <= on)
    unasked = desk.store.ledger.of_ids(each.entry for each in desk.store.parcels.unasked())
    yield from (entry.id for entry in unasked.values() if entry.business_date <= on)


def _deferred(desk: Desk, on: date) -> Iterable[str]:
    return (each.id for each in _unsent(desk, on) if each.record and each.record.deferred)


def _to_send(desk: Desk, on: date) -> Iterable[str]:
    return (each.id for each in _unsent(desk, on) if not (each.record and each.record.deferred))


def _unsent(desk: Desk, on: date) -> list[LedgerEntry]:
    waiting = desk.store.ledger.search(state=SendState.PENDING, limit=EVERY)
    return [each for each in waiting if each.business_date <= on]


def _returned(desk: Desk, on: date) -> Iterable[str]:
    return (each.id for each in _back(desk, on) if each.state is SendState.REJECTED)


def _conflicting(desk: Desk, on: date) -> Iterable[str]:
    return (each.id for each in _back(desk, on) if each.state is SendState.CONFLICT)


def _back(desk: Desk, on: date) -> Iterable[LedgerEntry]:
    return (each for each in desk.store.outbox.rejected() if each.business_date <= on)


def _till(desk: Desk, on: date) -> Iterable[str]:
    return filter(None, (desk.store.till.of(on).problem,))


def _blanks(desk: Desk, on: date) -> Iterable[str]:
    return filter(None, (blanks_problem(desk.store, desk.store.blanks.stock(), on),))


def _unmatched(desk: Desk, on: date) -> Iterable[str]:
    return [on.isoformat()] if on in desk.store.days.unmatched() else []


PROVIDERS: Final[dict[str, Provider]] = {
    "awaiting": _awaiting,
    "held": _held,
    "parcels": _parcels,
    "deferred": _deferred,
    "pending": _to_send,
    "returned": _returned,
    "conflict": _conflicting,
    "till": _till,
    "blanks": _blanks,
    "unmatched": _unmatched,
}
