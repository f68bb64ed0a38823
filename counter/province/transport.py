"""One HTTP request, and all of its answer: within a total time, of a bounded size, over TLS or on this machine."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx2

from counter.province import wire
from counter.province.errors import InsecureAddressError, OutOfReachError

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
CONNECT: Final = 5.0
"""Seconds for a connection, however long the answer may take."""
MAX_ANSWER: Final = 4 * max(wire.MAX_BYTES, wire.MAX_PHOTO)
"""Bytes of the longest answer that is read: a photo in base64, or the answers about a whole group, fit in easily."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; `path` never has a person in it."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """An answer, whoever gave it."""

    status: int
    headers: httpx2.Headers
    content: bytes


def open_client(url: str) -> httpx2.Client:
    """A client that follows no redirection; a province on this machine is not asked through a proxy."""
    # Connections are given up before the other side does, so that no question is put into a closed one.
    limits = httpx2.Limits(keepalive_expiry=2.0)
    try:
        parts = urlsplit(url)
        local = parts.hostname in LOOPBACK
        if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and local)):
            return httpx2.Client(base_url=url, trust_env=not local, follow_redirects=False, limits=limits)
    except (ValueError, httpx2.InvalidURL):
        pass
    raise InsecureAddressError("the province's address must begin with https://")


def send(client: httpx2.Client, request: Request, headers: dict[str, str], timeout: float) -> Received:
    """Ask, and read the whole answer within `timeout` seconds. Raises `OutOfReachError` where that does not come about.

    The client's own limits are for each read: an answer that drips in would be waited for without end.
    """
    end = time.monotonic() + timeout
    limits = httpx2.Timeout(timeout, connect=min(timeout, CONNECT))
    with (
        _out_of_reach(),
        client.stream(request.method, request.path, content=request.body, headers=headers, timeout=limits) as answer,
    ):
        content = bytearray()
        for part in answer.iter_bytes():
            content += part
            if len(content) > MAX_ANSWER:
                raise OutOfReachError("malformed")
            if time.monotonic() > end:
                raise OutOfReachError("timeout")
        return Received(answer.status_code, answer.headers, bytes(content))


@contextmanager
def _out_of_reach() -> Iterator[None]:
    """Whatever can go wrong on the way becomes one error, without the request in its chain: that has a person in it."""
    try:
        yield
    except httpx2.TimeoutException:
        raise OutOfReachError("timeout") from None
    except httpx2.HTTPError:
        raise OutOfReachError("network") from None


def retry_after(answer: Received) -> float | None:
    """Seconds, where the header says seconds; a date is left to the jitter."""
    text = answer.headers.get("retry-after", "")
    return float(text) if re.fullmatch(r"[0-9]{1,5}", text) else None
