"""Till and blank cards at the end of the day (日终): who notes what, and what is still to be counted."""

from datetime import date

from counter.i18n import t
from counter.rules.blanks import BlankAct, Stock
from counter.rules.till import Till
from counter.store.movements import BLANKS
from counter.store.store import Store


def blanks_problem(store: Store, stock: Stock, on: date) -> str:
    """What keeps the blank cards from being closed on a date: ``not_counted``, or ``stale`` where the stock has changed
    since; '' for nothing, and where none is kept. The stock is today's: of a date before, that it was counted is all
    that can be said."""
    if not stock.kept:
        return ""
    today = store.movements.list(BLANKS, on)
    if not any(each.move.act is BlankAct.COUNT for each in today):
        first = next((each.business_date for each in store.movements.list(BLANKS)), on)
        return "not_counted" if first <= on else ""
    last = stock.last_count
    return "stale" if on == store.ledger.today() and last is not None and last.expected != stock.left else ""


def till_lines(till: Till) -> list[str]:
    """What should be in it, and what was counted."""
    amounts = {"opening": till.opening_fen, "fees": till.fees_fen, "in": till.in_fen, "out": till.out_fen}
    lines = [t("till.summary", expected=yuan(till.expected_fen), **{name: yuan(fen) for name, fen in amounts.items()})]
    if till.count is not None:
        difference = till.count.difference_fen
        key = "till.counted" if difference else "till.counted_right"
        lines.append(t(key, counted=yuan(till.count.fen), difference=yuan(difference)))
    if till.problem:
        lines.append(t(f"till.{till.problem}"))
    return lines


def yuan(fen: int) -> str:
    """An amount in yuan, from fen."""
    return f"{fen / 100:.2f}"
