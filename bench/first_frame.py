"""Time to the first frame of `counter`, against a bare Textual app in the same run: at most 1.5 times as long.

Each is started on a pseudo-terminal of 80 x 24 and timed from exec to the byte that completes its mark. Run
it on a quiet machine: ``make bench``.
"""

import os
import pty
import select
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from counter.i18n import t
from counter.rules.reference import Place
from counter.store.records import Operator, Role
from counter.store.store import Store

RUNS = 9
ALLOWED = 1.5
PATIENCE = 20.0
BARE = """
from textual.app import App, ComposeResult
from textual.widgets import Static
class Bare(App):
    def compose(self) -> ComposeResult:
        yield Static("BARE-FIRST-FRAME")
Bare().run()
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        Store.create(
            home, Place("441621", "abc", "", "1"), Operator("li", "李国强", Role.SUPERVISOR), "bench only 1"
        ).close()
        bare = [sys.executable, "-c", BARE], "BARE-FIRST-FRAME"
        ours = [sys.executable, "-m", "counter", "--home", str(home)], t("sign_in.passphrase")
        times: dict[str, list[float]] = {"bare": [], "counter": []}
        for _ in range(RUNS):  # in turns, so that both meet the same machine
            times["bare"].append(first_frame(*bare))
            times["counter"].append(first_frame(*ours))
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratio = medians["counter"] / medians["bare"]
    for name, median in medians.items():
        print(f"{name:<8} {median * 1000:4.0f} ms (median of {RUNS}, best {min(times[name]) * 1000:.0f})")
    print(f"ratio    {ratio:.2f} (allowed {ALLOWED})")
    return 0 if ratio <= ALLOWED else 1


def first_frame(command: list[str], mark: str) -> float:
    """Seconds from the start of a program to its mark on the terminal."""
    start = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", COLUMNS="80", LINES="24")
        os.execvp(command[0], command)
    seen = b""
    try:
        while mark.encode() not in seen:
            ready, _, _ = select.select([terminal], [], [], PATIENCE)
            if not ready:
                raise SystemExit(f"{command[-1]}: no {mark!r} within {PATIENCE} s")
            seen += os.read(terminal, 65536)
        return time.perf_counter() - start
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


if __name__ == "__main__":
    sys.exit(main())
