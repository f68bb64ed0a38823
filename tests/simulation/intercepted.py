"""``python -m tests.simulation.intercepted --seed 1 --exchanges 1000``, or ``make intercepted SEED=1 ROUNDS=1000``: a man
in the middle, then a day that is sent again."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.simulation.again import send_a_day_again
from tests.simulation.middle import a_world_between, stand_between
from tests.support.province_world import postgresql_server


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--exchanges", type=int, default=1000)
    chosen = parser.parse_args()
    with postgresql_server() as postgresql, tempfile.TemporaryDirectory() as name:
        with a_world_between(postgresql, Path(name) / "between") as world:
            figures = stand_between(world, chosen.seed, chosen.exchanges)
        replayed = send_a_day_again(postgresql, Path(name) / "again")
    print(f"{figures.exchanges} exchanges, {len(figures.believed)} believed: {figures.believed[:3]}")  # noqa: T201
    print(dict(figures.attacks))  # noqa: T201 - a command
    print(replayed)  # noqa: T201
    return 1 if figures.believed or replayed.changed or replayed.sms else 0


if __name__ == "__main__":
    sys.exit(main())
