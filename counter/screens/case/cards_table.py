"""The cards of a person, as the province knows them: a small table of cities."""

from collections.abc import Iterable

from rich.table import Table

from counter.i18n import named, t
from counter.rules.masking import mask_card
from counter.rules.reference import Reference

Row = tuple[str, str, str, *tuple[str, ...]]
"""City and bank by their codes, the card's number, then what is said of it."""


def cards_table(reference: Reference, columns: Iterable[str], rows: Iterable[Row]) -> Table:
    """A table of cards; `columns` are keys of ``steps.one_card.column``, city, bank and number the first three."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for column in columns:
        table.add_column(t(f"steps.one_card.column.{column}"), no_wrap=True, overflow="crop")
    for city, bank_id, number, *said in rows:
        place, bank = reference.region_name(city).removeprefix("广东省 "), reference.banks.get(bank_id)
        table.add_row(place, named(bank) if bank else bank_id, mask_card(number), *said)
    return table
