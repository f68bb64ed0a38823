"""How fast it is: each module is one measurement, run by ``python -m bench.name``; all of them by ``make bench``."""

OVER_ITS_GOAL = 3
"""A measurement's exit code where a figure is over its goal: it was measured, and is reported."""
