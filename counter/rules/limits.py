"""What no entry can be, at either end: a date before there were such cards or still to come, a fee that nobody asks."""

from datetime import date, datetime, timedelta
from typing import Final

from counter.clock import business_date
from counter.rules.reference import Reference

EARLIEST: Final = date(2018, 1, 1)
"""Third-generation cards are issued since then."""
AHEAD: Final = timedelta(days=31)
"""A date that is further to come is nonsense. Clocks that are less apart are told by their requests' signatures."""
MAX_FEE: Final = 100_00
"""Fen: more than any city's tariff."""


def is_reasonable_date(on: date, recorded_at: datetime, today: date) -> bool:
    """Can an entry be of this business date, recorded at this moment, when `today` is today?"""
    try:
        recorded = business_date(recorded_at)
    except OverflowError:  # a moment at the calendar's end
        return False
    return EARLIEST <= on <= recorded + AHEAD and recorded <= today + AHEAD


def is_reasonable_fee(fee_fen: int, *, taken_back: bool = False) -> bool:
    """Can an entry have this fee? One that takes another back has it negated."""
    return 0 <= (-fee_fen if taken_back else fee_fen) <= MAX_FEE


def is_in_tariff(fee_fen: int, service: str, reference: Reference) -> bool:
    """Is it no more than the dearest city asks for the service (FEE-1)? What no city asks anything for is free."""
    return 0 <= fee_fen <= max((city.fees.get(service, 0) for city in reference.cities.values()), default=MAX_FEE)
