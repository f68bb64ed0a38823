"""What every part of the store works with."""

from dataclasses import dataclass

from counter.clock import Clock
from counter.rules.reference import Place
from counter.store.database import Database
from counter.store.records import Operator


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The open file, where the counter stands, who has signed in, and the clock."""

    database: Database
    place: Place
    operator: Operator
    clock: Clock
