"""The grid with 100, 10,000 and 100,000 rows on a pseudo-terminal of 80 x 24: what must not grow with the rows.

From exec to the rows on the screen, and from a key to the last byte it causes; bytes a key, and peak memory. The three
grids are asked in turns, so that all meet the same machine. Run it on a quiet one: ``make bench``.
"""

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import termios
import time
from dataclasses import dataclass, field

from bench import OVER_ITS_GOAL

SIZES = (100, 10_000, 100_000)
OPENINGS = 7
PRESSES = 30
QUIET = 0.08
PATIENCE = 60.0
LAST_ROW = b"remark-21"
KEYS = {"arrow": (b"\x1b[B", b"\x1b[A"), "page": (b"\x1b[6~", b"\x1b[5~")}
ALLOWED = {"open": 2.0, "arrow": 1.3, "page": 1.5}
ALLOWED_MEBIBYTES = 250


@dataclass
class Child:
    """A grid in a terminal of its own."""

    rows: int
    pid: int = 0
    terminal: int = -1
    opened: float = 0.0
    seconds: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in KEYS})
    bytes: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in KEYS})

    def open(self) -> None:
        """Start it; `opened` is then the time from exec to the last row of the first page."""
        start = time.perf_counter()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", COLUMNS="80", LINES="24")
            os.execv(sys.executable, [sys.executable, "-m", "bench.grid_latency", str(self.rows)])
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        seen = b""
        while LAST_ROW not in seen:
            if not select.select([self.terminal], [], [], PATIENCE)[0]:
                raise SystemExit(f"{self.rows} rows: nothing on the screen within {PATIENCE} s")
            seen += os.read(self.terminal, 65536)
        self.opened = time.perf_counter() - start
        self.drain()

    def drain(self) -> tuple[float, int]:
        """Read until nothing comes any more: when the last byte came, and how many there were."""
        last, count = time.perf_counter(), 0
        while select.select([self.terminal], [], [], QUIET)[0]:
            count += len(os.read(self.terminal, 65536))
            last = time.perf_counter()
        return last, count

    def press(self, name: str, at: int) -> None:
        """Press a key of a pair in turns, and remember what it took."""
        start = time.perf_counter()
        os.write(self.terminal, KEYS[name][at % 2])
        last, count = self.drain()
        self.seconds[name].append(last - start)
        self.bytes[name].append(count)

    def close(self) -> float:
        """End it; its peak memory in MiB."""
        os.kill(self.pid, signal.SIGKILL)
        peak = os.wait4(self.pid, 0)[2].ru_maxrss
        os.close(self.terminal)
        return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> int:
    opened: dict[int, list[float]] = {rows: [] for rows in SIZES}
    for turn in range(OPENINGS):
        children = [Child(rows) for rows in SIZES]
        for child in children:
            child.open()
            opened[child.rows].append(child.opened)
            if turn < OPENINGS - 1:
                child.close()
    for name in KEYS:
        for at in range(PRESSES):
            for child in children:
                child.press(name, at)
    peaks = {child.rows: child.close() for child in children}
    return report(opened, children, peaks)


def report(opened: dict[int, list[float]], children: list[Child], peaks: dict[int, float]) -> int:
    """Print the medians, and how they compare with those of the smallest grid; 1 when one is over what is allowed."""
    medians = {
        child.rows: {
            "open": statistics.median(opened[child.rows]),
            **{name: statistics.median(child.seconds[name]) for name in KEYS},
        }
        for child in children
    }
    print("   rows   open ms   arrow ms (bytes)    page ms (bytes)   peak MiB")
    for child in children:
        ms = {name: seconds * 1000 for name, seconds in medians[child.rows].items()}
        sent = {name: statistics.median(child.bytes[name]) for name in KEYS}
        print(
            f"{child.rows:>7}   {ms['open']:7.0f}   {ms['arrow']:8.1f} ({sent['arrow']:5.0f})"
            f"   {ms['page']:8.1f} ({sent['page']:5.0f})   {peaks[child.rows]:8.0f}"
        )
    good = peaks[SIZES[-1]] <= ALLOWED_MEBIBYTES
    for rows in SIZES[1:]:
        ratios = {name: medians[rows][name] / medians[SIZES[0]][name] for name in ALLOWED}
        said = "   ".join(f"{name} {ratio:.2f} (allowed {ALLOWED[name]})" for name, ratio in ratios.items())
        print(f"{rows:>7} against {SIZES[0]}: {said}")
        good = good and (rows != SIZES[1] or all(ratios[name] <= ALLOWED[name] for name in ALLOWED))
    return 0 if good else OVER_ITS_GOAL


def show(rows: int) -> None:
    """The grid itself, with rows of people who cannot be, and the application's own queue of keys."""
    from textual import events
    from textual.app import App, ComposeResult

    from counter.rules.masking import mask_mobile, mask_name, mask_number
    from counter.terminal.typeahead import Settled, TypeAhead
    from counter.widgets.grid import Column, Grid
    from counter.widgets.grid.table import Table

    columns = (
        Column("name", "姓名", 8, frozen=True, mask=mask_name),
        Column("number", "证件号码", 18, mask=mask_number),
        Column("mobile", "手机", 11, mask=mask_mobile),
        Column("occupation", "职业", 10),
        Column("photo", "照片", 4),
        Column("checked", "核查", 4, locked=True),
        Column("remarks", "备注", 12),
    )
    people = (
        (at, (f"欧阳{at}", f"9900001900010{at:05d}", f"1380{at:07d}", "生产制造人员", "沿用", "一致", f"remark-{at}"))
        for at in range(rows)
    )

    class Bench(App[None]):
        def __init__(self) -> None:
            super().__init__()
            self.typeahead = TypeAhead(self, super().on_event)

        def compose(self) -> ComposeResult:
            yield Grid(Table(columns, people))

        def on_mount(self) -> None:
            self.run_worker(self.typeahead.run())

        async def on_event(self, event: events.Event) -> None:
            if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
                self.typeahead.put(event)
            else:
                await super().on_event(event)

        def on_settled(self, event: Settled) -> None:
            event.arrived.set()

    Bench().run()


if __name__ == "__main__":
    if sys.argv[1:]:
        show(int(sys.argv[1]))
    else:
        sys.exit(main())
