"""All measurements one after the other, to the end: what is over its goal is reported, and stops nothing.

``make bench`` writes what they say into docs/performance.md, with the machine and the versions; ``make bench-quick``
takes those that need seconds and writes nothing. The exit code says whether all could be measured.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

from bench import OVER_ITS_GOAL
from counter.clock import today

MEASURED: Final = re.compile(r"(?<=<!-- measured -->\n).*(?=<!-- end -->)", re.S)
QUICK: Final = ("first_frame", "key_latency", "commit")
ALL: Final = (
    "keystrokes",
    *QUICK,
    "find_latency",
    "grid_latency",
    "roster_import",
    "roster_submit",
    "roster_memory",
)
SAID: Final = {0: "within its goal", OVER_ITS_GOAL: "over its goal"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="those that need seconds")
    parser.add_argument("--to", type=Path, help="a page with a place for what was measured")
    chosen = parser.parse_args()
    parts, whole = [f"{machine()}\n"], True
    for name in QUICK if chosen.quick else ALL:
        code, said = measure(name)
        whole &= code in SAID
        parts.append(f"`python -m bench.{name}`: {SAID.get(code, 'could not be measured')}\n\n```text\n{said}```\n")
    if chosen.to is not None:
        chosen.to.write_text(with_measured(chosen.to.read_text("utf-8"), "\n".join(parts)), "utf-8")
    return int(not whole)


def measure(name: str) -> tuple[int, str]:
    """Run one in a process of its own, showing what it says as it says it; its exit code and its lines."""
    print(f"--- {name}", flush=True)
    lines = list[str]()
    with subprocess.Popen(
        [sys.executable, "-m", f"bench.{name}"], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return running.returncode, "".join(lines)


def machine() -> str:
    """Where and when, and with what."""
    with_what = ", ".join(f"{name} {version(name)}" for name in ("textual", "sqlcipher3", "psycopg"))
    on = f"{platform.system()} {platform.release()}, {os.cpu_count()} cores"
    return f"{today():%Y-%m-%d}, {on}, Python {platform.python_version()}, {with_what}."


def with_measured(page: str, measured: str) -> str:
    """The page with this in the place for what was measured."""
    assert MEASURED.search(page), "the page has no place for what was measured"
    return MEASURED.sub(lambda _: f"\n{measured}\n", page)


if __name__ == "__main__":
    sys.exit(main())
