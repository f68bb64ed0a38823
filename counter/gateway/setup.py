"""How a gateway is set up to run, beside what it serves."""

from dataclasses import dataclass
from typing import Final

from counter.gateway.tls import Certificate

Tls = Certificate | bool
"""A certificate from elsewhere; True for one by an authority of the gateway's own; False where a proxy stands in
front, on the same machine."""


@dataclass(frozen=True, slots=True)
class Setup:
    """`status_port` is the second listener's (`counter.gateway.status`), on this machine only: none without one."""

    tls: Tls = True
    status_port: int | None = None


DEFAULT: Final = Setup()
