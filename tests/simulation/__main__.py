"""Simulate rounds: ``python -m tests.simulation --seed 1 --rounds 100``, or ``make simulate SEED=1 ROUNDS=100``.

A round that fails names its seed; ``make simulate SEED=n ROUNDS=1`` plays it again.
"""

import argparse
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from tests.simulation.round import Simulation
from tests.support.province_world import postgresql_server


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=100)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # told to end, it stops its PostgreSQL
    with (
        postgresql_server() as database,
        tempfile.TemporaryDirectory() as folder,
        Simulation(database, Path(folder)).open() as simulation,
    ):
        for seed in range(chosen.seed, chosen.seed + chosen.rounds):
            try:
                simulation.round(seed)
            except Exception:
                traceback.print_exc()
                print(f"seed {seed} fails: make simulate SEED={seed} ROUNDS=1")  # noqa: T201 - a command
                return 1
            if seed % 50 == 0:
                print(simulation.figures, flush=True)  # noqa: T201
        print(simulation.figures)  # noqa: T201
        print(dict(simulation.figures.acts), dict(simulation.figures.said))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
