"""How a day's fees were paid (收费方式), as a table: by kind, in cash, from an account, waived, given back."""

from typing import Final

from rich.table import Table

from counter.i18n import t
from counter.store.balance import Sum
from counter.store.payments import DayPayments, KindPayments

WAYS: Final = ("cash", "account", "waived", "returned")


def table_of_payments(payments: DayPayments) -> Table:
    """A row for each kind that costs something, and one for all; of what was waived only the number is known."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="quiet")
    table.add_column(t("day.paid"), min_width=12, max_width=24)
    for way in WAYS:
        table.add_column(t(f"day.paid_{way}"), justify="right", no_wrap=True)
    for kind, paid in payments.by_kind.items():
        table.add_row(t(f"service.{kind}.name"), *map(_cell, WAYS, [paid] * len(WAYS)))
    table.add_row(t("day.total"), *map(_cell, WAYS, [payments.total] * len(WAYS)), style="bold")
    return table


def _cell(way: str, paid: KindPayments) -> str:
    found: Sum = getattr(paid, way)
    if not found.count:
        return "-"
    return str(found.count) if way == "waived" else f"{found.fee_fen / 100:.2f} / {found.count}"
