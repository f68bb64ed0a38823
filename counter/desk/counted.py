"""Till and blank cards at the end of the day (日终): who notes what, and what is still to be counted."""

from datetime import date
from typing import Final

from counter.rules.blanks import BlankAct, Stock
from counter.store.movements import BLANKS
from counter.store.store import Store

TILL_NOT_COUNTED: Final = "till.not_counted"
TILL_STALE: Final = "till.stale"
BLANKS_NOT_COUNTED: Final = "blanks.not_counted"
BLANKS_STALE: Final = "blanks.stale"


def uncounted(store: Store, on: date) -> tuple[str, ...]:
    """What of this business date is still open before it can be closed, as keys of the catalogs: the till or the blank
    cards not counted, or changed since. A count that differs has its reason, or is none. Nothing is asked of a till
    that no money was in, nor where no stock of blank cards is kept."""
    till = store.till.of(on).problem
    blanks = blanks_problem(store, store.blanks.stock(), on)
    return tuple(f"{book}.{problem}" for book, problem in (("till", till), ("blanks", blanks)) if problem)


def blanks_problem(store: Store, stock: Stock, on: date) -> str:
    """``not_counted`` or ``stale``, '' for nothing. The stock is today's: of a date before, that it was counted is all
    that can be said."""
    if not stock.kept:
        return ""
    today = store.movements.list(BLANKS, on)
    if not any(each.move.act is BlankAct.COUNT for each in today):
        first = next((each.business_date for each in store.movements.list(BLANKS)), on)
        return "not_counted" if first <= on else ""
    last = stock.last_count
    return "stale" if on == store.ledger.today() and last is not None and last.expected != stock.left else ""
