"""How a gateway is set up to run, beside what it serves."""

import random
from dataclasses import dataclass
from typing import Final

from counter.gateway.tls import Certificate

Tls = Certificate | bool
"""A certificate from elsewhere; True for one by an authority of the gateway's own; False where a proxy stands in
front, on the same machine."""


@dataclass(frozen=True, slots=True)
class Setup:
    """`status_port` is the second listener's (`counter.gateway.status`), on this machine only: none without one.

    `connections` from counters at once, `at_once` requests being answered, more of either are told to come back (503,
    Retry-After); `pool` connections to the database, for which a request waits 5 s. So many are let in as the pool has
    done long before that.
    """

    tls: Tls = True
    status_port: int | None = None
    connections: int = 1000
    at_once: int = 128
    pool: int = 8


def come_back() -> int:
    """Seconds for Retry-After: not the same for all, so that they do not come back together."""
    return random.randint(1, 5)  # noqa: S311 - a pause


DEFAULT: Final = Setup()
