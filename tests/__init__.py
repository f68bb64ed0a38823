"""The tests; what several of them share stands in `tests.support`.

They judge by reference data of their own, a frozen copy of `data/`: a city that raises its fee fails none of them, and
a new bank changes no picture. That `data/` itself agrees is the question of `tests.reference`.
"""

from pathlib import Path

from counter.reference import load

load.DATA = Path(__file__).parent / "support" / "frozen"  # type: ignore[misc]
