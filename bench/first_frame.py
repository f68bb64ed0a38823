"""Time to the first frame of `counter`, against a bare Textual app in the same run: at most 1.5 times as long.
VisiData opening a small table stands beside them.

Each is started on a pseudo-terminal of 80 x 24 and timed from exec until its mark stands on the screen. Run it on a
quiet machine: ``make bench``.
"""

import os
import pty
import select
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pyte

from bench import OVER_ITS_GOAL, peers
from counter.i18n import t
from counter.rules.reference import Place
from counter.store.records import Operator, Role
from counter.store.store import Store

RUNS = 9
ALLOWED = 1.5
PATIENCE = 20.0
PASSPHRASE = "bench only 1"
BARE = """
from textual.app import App, ComposeResult
from textual.widgets import Static
class Bare(App):
    def compose(self) -> ComposeResult:
        yield Static("BARE-FIRST-FRAME")
Bare().run()
"""


def main() -> int:
    with a_home() as (home, _):
        bare = [sys.executable, "-c", BARE], "BARE-FIRST-FRAME"
        ours = [sys.executable, "-m", "counter", "--home", str(home)], t("sign_in.passphrase")
        table = home / "table.csv"
        table.write_text("visidata-first-frame\n1\n", "utf-8")
        visidata = [str(peers.install() / "vd"), "--nothing", str(table)], "visidata-first-frame"
        times: dict[str, list[float]] = {"bare": [], "counter": [], "visidata": []}
        for _ in range(RUNS):  # in turns, so that both meet the same machine
            times["bare"].append(first_frame(*bare))
            times["counter"].append(first_frame(*ours))
            times["visidata"].append(first_frame(*visidata))
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratio = medians["counter"] / medians["bare"]
    for name, median in medians.items():
        print(f"{name:<8} {median * 1000:4.0f} ms (median of {RUNS}, best {min(times[name]) * 1000:.0f})")
    print(f"ratio    {ratio:.2f} (allowed {ALLOWED})")
    return 0 if ratio <= ALLOWED else OVER_ITS_GOAL


@contextmanager
def a_home() -> Iterator[tuple[Path, str]]:
    """A counter's home with one operator, and their passphrase."""
    with tempfile.TemporaryDirectory() as folder:
        home, operator = Path(folder) / "home", Operator("li", "李国强", Role.SUPERVISOR)
        Store.create(home, Place("441621", "abc", "bench", "1"), operator, PASSPHRASE).close()
        yield home, PASSPHRASE


def first_frame(command: list[str], mark: str) -> float:
    """Seconds from the start of a program until its mark stands on the screen."""
    start = time.perf_counter()
    with Screen(command) as screen:
        screen.wait_for(mark)
        return time.perf_counter() - start


class Screen:
    """A program on a pseudo-terminal, and what stands on its screen."""

    def __init__(self, command: list[str]) -> None:
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._child, self.terminal = pty.fork()
        if self._child == 0:
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", COLUMNS="80", LINES="24")
            os.execvp(command[0], command)

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def sign_in(self, passphrase: str) -> None:
        """As the one operator there is, and be at home."""
        self.wait_for(t("sign_in.passphrase"))
        self.type(f"{passphrase}\r")
        self.wait_for(t("home.what"))

    def wait_for(self, mark: str) -> None:
        """Read until the mark stands on the screen; pyte draws only what may have brought it."""
        while True:
            if not select.select([self.terminal], [], [], PATIENCE)[0]:
                raise SystemExit(f"no {mark!r} within {PATIENCE} s")
            self._stream.feed(os.read(self.terminal, 65536))
            if mark in "".join(self._screen.buffer[y][x].data for y in range(24) for x in range(80)):
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        os.close(self.terminal)


if __name__ == "__main__":
    sys.exit(main())
