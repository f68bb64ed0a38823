"""Small drawings in text, to be looked at rather than read: the days of something, its way, how much of each kind.

ASCII, because every other sign of that sort is two columns wide on some consoles. What is done is ``+`` or ``#``, where
one stands ``>``, as in the line of steps; words and numbers say the same beside it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rich.cells import cell_len

DAYS = 40
"""Cells of a line of days at most."""
SHARE = 20
"""Cells of the longest bar."""


def line_of_days(first: date, last: date, today: date, marked: Collection[date] = (), *, width: int = DAYS) -> str:
    """The days from `first` to `last`: ``#`` passed, ``>`` today, ``-`` to come, ``+`` the marked ones.

    A cell is a day or, where there are more days than cells, several. Of a last day before the first nothing is drawn.
    """
    count = (last - first).days + 1
    if count < 1:
        return ""
    step = -(-count // width)
    cells = [_cell(first + timedelta(days=at), min(step, count - at), today, marked) for at in range(0, count, step)]
    return f"[{''.join(cells)}]"


def _cell(day: date, days: int, today: date, marked: Collection[date]) -> str:
    end = day + timedelta(days=days)
    if day <= today < end:
        return ">"
    if any(day <= mark < end for mark in marked):
        return "+"
    return "#" if end <= today else "-"


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A stage of a way: its name, and when it was reached; None where it is still to come."""

    name: str
    day: date | None = None


def way(stages: Sequence[Waypoint], width: int) -> list[str]:
    """The stages of a way in lines of that width, each with its day; ``>`` where it stands, ``+`` what lies behind."""
    reached = [at for at, stage in enumerate(stages) if stage.day is not None]
    here = reached[-1] if reached else -1
    lines = [""]
    for at, stage in enumerate(stages):
        mark = ">" if at == here and here < len(stages) - 1 else "+" if stage.day else " "
        said = f"{mark}{stage.name}" + (f" {stage.day:%m-%d}" if stage.day else "")
        joined = f"{lines[-1]}  {said}" if lines[-1] else said
        if cell_len(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(said)
    return lines


def share(count: int, most: int, *, width: int = SHARE) -> str:
    """A bar as long as a count is of the largest one; something is never nothing."""
    return "#" * max(round(width * count / most), 1) if count > 0 and most > 0 else ""
