"""The memory of a process that has imported a roster of 100,000 people and has it open on the screen, all rows checked.

Of a process of its own, at its peak. ``make bench``.
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import OVER_ITS_GOAL
from bench.rosters import (
    REFERENCE,
    UNIT,
    a_roster,
    a_store,
)

COUNT = 100_000
ALLOWED_MEBIBYTES = 250


def main() -> int:
    done = subprocess.run(
        [sys.executable, "-m", "bench.roster_memory", "child"], check=True, capture_output=True, text=True
    )
    peaks = [int(word) for word in done.stdout.split()]
    for what, peak in zip(("started", "imported", "on the screen", "checked"), peaks, strict=True):
        print(f"{what:<14} {peak:4} MiB")
    print(f"allowed        {ALLOWED_MEBIBYTES:4} MiB")
    return 0 if peaks[-1] <= ALLOWED_MEBIBYTES else OVER_ITS_GOAL


def peak() -> None:
    """Say the peak so far, in MiB."""
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(taken // (1 << 20 if sys.platform == "darwin" else 1 << 10), flush=True)


async def child() -> None:
    from counter.app import CounterApp
    from counter.desk import rosters
    from counter.desk.desk import Desk
    from counter.roster.reader import read_file
    from counter.screens.roster.screen import RosterScreen
    from counter.settings import Settings

    peak()
    with tempfile.TemporaryDirectory() as folder, a_store() as store:
        lines = read_file(a_roster(Path(folder) / "roster.csv", COUNT), REFERENCE)[1]
        made = rosters.create(store, UNIT, lines).id
        del lines
        peak()
        app = CounterApp(Settings(home=store.home, operator="li"))
        async with app.run_test(size=(80, 24)) as pilot:
            screen = RosterScreen(Desk(store, REFERENCE), made)
            await app.push_screen(screen)
            while screen.table is None:
                await pilot.pause(0.1)
            peak()
            while screen.table.work.checking or screen.table.work.due:
                await pilot.pause(0.1)
            assert not screen.table.wrong
            peak()


if __name__ == "__main__":
    sys.exit(main() if len(sys.argv) == 1 else asyncio.run(child()))
