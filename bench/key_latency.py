"""Time from a key to the last byte that it makes the screen write, on the number field of the identity step.

A clerk's keys are answered within a frame (1/60 s); over SSH the bytes of a key count as well. Measured on a
pseudo-terminal of 80 x 24, without a province, each key after the one before has been answered.
"""

import os
import select
import statistics
import sys
import time
from itertools import cycle, islice

from bench.first_frame import Screen, a_home
from counter.i18n import t

KEYS = 60
QUIET = 0.08
"""Seconds without a byte after which a key has been answered in full."""
FRAME_MS = 1000 / 60


def main() -> int:
    with a_home() as (home, passphrase), Screen([sys.executable, "-m", "counter", "--home", str(home)]) as screen:
        screen.sign_in(passphrase)
        screen.type("2\r")
        screen.wait_for(t("screen.hint.identity"))
        answered(screen.terminal, "")
        keys = islice(cycle("44162119\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f"), KEYS)
        found = [answered(screen.terminal, key) for key in keys]
    times, sizes = sorted(ms for ms, _ in found), [size for _, size in found]
    median, late = statistics.median(times), times[int(KEYS * 0.95)]
    print(f"key to last byte  {median:.1f} ms (median of {KEYS}, 95 % within {late:.1f}, a frame is {FRAME_MS:.1f})")
    print(f"bytes a key       {statistics.median(sizes):.0f}")
    return 0


def answered(terminal: int, key: str) -> tuple[float, int]:
    """Type a key; milliseconds to the last byte of the answer, and its bytes."""
    start = last = time.perf_counter()
    os.write(terminal, key.encode())
    size, wait = 0, 1.0
    while select.select([terminal], [], [], wait)[0]:
        size += len(os.read(terminal, 65536))
        last, wait = time.perf_counter(), QUIET
    return (last - start) * 1000, size


if __name__ == "__main__":
    sys.exit(main())
