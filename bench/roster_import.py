"""A roster file into the ledger, checked by the rules, against the same file read by the same reader and written with
one raw executemany into an encrypted file; and against `sqlite-utils insert` of it.

Ten times the rows may take ten times as long: the medians of five turns. ``make bench``.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from msgspec import structs

from bench import OVER_ITS_GOAL, peers
from bench.rosters import (
    REFERENCE,
    UNIT,
    WINDOW,
    a_raw_file,
    a_roster,
    a_store,
    report,
    seconds,
)
from counter.desk import rosters
from counter.roster.checks import Checker, check_roster
from counter.roster.columns import RosterRow
from counter.roster.reader import read_file

FEW, MANY = 10_000, 100_000
GROWTH = 10.5
TURNS = 5
OTHER = """
import sys, time
from sqlite_utils.cli import cli
start = time.perf_counter()
cli(["insert", sys.argv[2], "roster", sys.argv[1], "--csv"], standalone_mode=False)
print(time.perf_counter() - start, file=sys.stderr)
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        few, many = (a_roster(Path(folder) / f"{count}.csv", count) for count in (FEW, MANY))
        ours: list[float] = []
        raw: list[float] = []
        other: list[float] = []
        for turn in range(TURNS):  # in turns, so that all meet the same machine
            raw.append(raw_import(few, FEW))
            ours.append(our_import(few, FEW))
            other.append(sqlite_utils(few, Path(folder) / f"{turn}.db"))
        good = report(f"import {FEW}", ours, raw)
        good &= report(f"import {FEW}", ours, other, "sqlite-utils", 1.0)
        growth = median(our_import(many, MANY) for _ in range(TURNS)) / median(ours)
        print(f"ten times the rows: {growth:.1f} times as long (allowed {GROWTH:g})")
    return 0 if good and growth <= GROWTH else OVER_ITS_GOAL


def our_import(path: Path, count: int) -> float:
    """What `counter roster import` does, from the file to the findings."""
    with a_store() as store:

        def work() -> None:
            _, lines, _ = read_file(path, REFERENCE)
            made = rosters.create(store, UNIT, lines)
            checker = Checker(UNIT, WINDOW, rosters.known_elsewhere(store, made.id))
            valid = sum(each.valid for each in check_roster(lines, checker))
            assert valid == made.rows == count

        return seconds(work)


def raw_import(path: Path, count: int) -> float:
    columns = RosterRow.__struct_fields__
    with a_raw_file() as raw:
        raw.execute(f"CREATE TABLE roster (row INTEGER PRIMARY KEY, {', '.join(columns)})")

        def work() -> None:
            _, lines, _ = read_file(path, REFERENCE)
            raw.execute("BEGIN IMMEDIATE")
            values = ((line.row, *structs.astuple(line.person)) for line in lines)
            raw.executemany(f"INSERT INTO roster VALUES (?{', ?' * len(columns)})", values)
            raw.execute("COMMIT")
            assert len(lines) == count

        return seconds(work)


def sqlite_utils(path: Path, database: Path) -> float:
    """The command's own time without the start of its process, which ours does not count either."""
    command = [str(part) for part in (peers.install() / "python", "-c", OTHER, path, database)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stderr.split()[-1])


if __name__ == "__main__":
    sys.exit(main())
