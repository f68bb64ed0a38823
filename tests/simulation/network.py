"""The network of a simulated counter: what `FaultyNetwork` breaks, and messages that come twice, late or changed."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from random import Random
from typing import Self

from tests.support.faults import FaultyNetwork


class Twist(StrEnum):
    """What can happen to a request on the way to the province, or to its answer on the way back."""

    NONE = "none"
    TWICE = "twice"  # the request arrives twice
    LATE = "late"  # the counter has given up when it arrives, after the next one
    CHANGED = "changed"  # one byte of the request is another
    FORGED = "forged"  # one byte of the answer is another
    DOWN = "down"  # the province's database breaks every connection


class SeededNetwork(FaultyNetwork):
    """A network that the seed controls; `rate` is how much of it breaks, `twisted` how much arrives as it was not sent.

    `down` is called where the province's database is to break.
    """

    def __init__(self, target: str, seed: int, rate: float, twisted: float, down: Callable[[], None]) -> None:
        super().__init__(target, seed, rate)
        self._fate = Random(f"fate {seed}")
        self._twisted = twisted
        self._down = down
        self._late: list[bytes] = []
        self.twists: Counter[Twist] = Counter()

    def __enter__(self) -> Self:
        return self

    def heal(self) -> None:
        super().heal()
        self._twisted = 0.0
        self._late.clear()

    def _ask(self, request: bytes) -> bytes:
        twist = self._fate.choice(list(Twist)[1:]) if self._fate.random() < self._twisted else Twist.NONE
        self.twists[twist] += 1
        late, self._late = self._late, []
        if twist is Twist.LATE:
            self._late = [request]
            return b""
        if twist is Twist.DOWN:
            self._down()
        answer = super()._ask(self._changed(request) if twist is Twist.CHANGED else request)
        for again in [*late, *([request] if twist is Twist.TWICE else ())]:
            with suppress(OSError):
                super()._ask(again)
        return self._changed(answer) if twist is Twist.FORGED and answer else answer

    def _changed(self, message: bytes) -> bytes:
        """With one byte that is another, behind the first line: that says which request it is."""
        start = message.find(b"\r\n") + 2
        at = self._fate.randrange(start, len(message)) if start < len(message) else 0
        return message[:at] + bytes([message[at] ^ self._fate.randrange(1, 256)]) + message[at + 1 :]
