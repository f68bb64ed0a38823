"""Key slots that cost nothing, for what opens ledgers by the hundred."""

from collections.abc import Iterator
from contextlib import contextmanager

from counter.store import slots
from counter.store.keys import Cost


@contextmanager
def cheap_slots() -> Iterator[None]:
    """What a slot costs stands in the slot; so cheap is never one outside the tests."""
    dear, slots.COST = slots.COST, Cost(passes=1, memory_kib=8, lanes=1)
    try:
        yield
    finally:
        slots.COST = dear
