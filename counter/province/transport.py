"""One HTTP request, and all of its answer: within a total time, of a bounded size, over TLS or on this machine."""

import re
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore2

from counter.province import wire
from counter.province.errors import InsecureAddressError, OutOfReachError

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
CONNECT: Final = 5.0
"""Seconds for a connection, however long the answer may take."""
IDLE: Final = 2.0
"""Seconds that a connection is kept: it is given up before the other side does, so that no question is put into a
closed one."""
MAX_ANSWER: Final = 4 * max(wire.MAX_BYTES, wire.MAX_PHOTO)
"""Bytes of the longest answer that is read: a photo in base64, or the answers about a whole group, fit in easily."""
ENVIRONMENT: Final = "environment"
"""The proxy is the one that the environment names (HTTPS_PROXY, NO_PROXY)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; `path` never has a person in it."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """An answer, whoever gave it; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Way:
    """How an address is reached: `ca` is the certificate (PEM) by which the province's TLS is known, in place of those
    that the machine trusts; `proxy` an address, `ENVIRONMENT`, or none, whatever the environment says."""

    ca: str = ""
    proxy: str = ""


DIRECT: Final = Way()


class Client:
    """Asks at one address, and follows no redirection.

    Raises `InsecureAddressError` for an address that is neither TLS nor this machine.
    """

    def __init__(self, url: str, way: Way = DIRECT) -> None:
        self._url, secure = _checked(url)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_trust(way.ca) if secure else None,
            proxy=_proxy(url, way.proxy) if secure else None,
            keepalive_expiry=IDLE,
            network_backend=_Backend(),
        )

    def close(self) -> None:
        self._pool.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def send(self, request: Request, headers: Mapping[str, str], timeout: float) -> Received:
        """Ask, and read the whole answer within `timeout` seconds. Raises `OutOfReachError` where that does not come
        about."""
        _deadline.end = time.monotonic() + timeout
        limits = dict.fromkeys(("read", "write", "pool"), timeout) | {"connect": min(timeout, CONNECT)}
        said = [*headers.items(), ("user-agent", "counter"), ("content-length", str(len(request.body)))]
        with (
            _out_of_reach(),
            self._pool.stream(
                request.method,
                self._url + request.path,
                headers=[("host", urlsplit(self._url).netloc), *said],
                content=request.body,
                extensions={"timeout": limits},
            ) as answer,
        ):
            content = bytearray()
            for part in answer.iter_stream():
                content += part
                if len(content) > MAX_ANSWER:
                    raise OutOfReachError("malformed")
            return Received(answer.status, _joined(answer.headers), bytes(content))


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers by name; one that is said twice has both values, which is none that is expected."""
    joined: dict[str, str] = {}
    for raw, value in headers:
        name = raw.decode("latin-1").lower()
        joined[name] = ", ".join(filter(None, (joined.get(name), value.decode("latin-1"))))
    return joined


def _checked(url: str) -> tuple[str, bool]:
    """The address without a slash at its end, and whether it is TLS."""
    try:
        parts = urlsplit(url)
        local = parts.scheme == "http" and parts.hostname in LOOPBACK
        if parts.hostname and (parts.scheme == "https" or local) and (parts.port or 1) > 0:
            httpcore2.URL(url)
            return url.rstrip("/"), not local
    except ValueError:
        pass
    raise InsecureAddressError("the province's address must begin with https://")


def _trust(ca: str) -> ssl.SSLContext:
    """Who may say that they are the address: the one certificate, else whom the machine trusts."""
    context = ssl.create_default_context(cadata=ca or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _proxy(url: str, proxy: str) -> httpcore2.Proxy | None:
    if proxy == ENVIRONMENT:
        host = urlsplit(url).hostname or ""
        proxy = "" if host in LOOPBACK or proxy_bypass(host) else getproxies().get("https", "")
    return httpcore2.Proxy(proxy) if proxy else None


@contextmanager
def _out_of_reach() -> Iterator[None]:
    """Whatever can go wrong on the way becomes one error, without the request in its chain: that has a person in it."""
    try:
        yield
    except httpcore2.TimeoutException:
        raise OutOfReachError("timeout") from None
    except (
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.ProxyError,
        httpcore2.UnsupportedProtocol,
        httpcore2.ConnectionNotAvailable,
        ssl.SSLError,
    ) as error:
        raise OutOfReachError("certificate" if "CERTIFICATE_VERIFY_FAILED" in str(error) else "network") from None


def retry_after(answer: Received) -> float | None:
    """Seconds, where the header says seconds; a date is left to the jitter."""
    text = answer.headers.get("retry-after", "")
    return float(text) if re.fullmatch(r"[0-9]{1,5}", text) else None


class _Deadline(threading.local):
    """When the request of this thread has to be over; the client's own limits are for each read, which every byte of
    an answer that drips in keeps."""

    end = 0.0

    def left(self, timeout: float | None) -> float:
        """Seconds that a wait may take, 0.001 at least."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return max(0.001, left if timeout is None else min(left, timeout))


_deadline = _Deadline()


class _Stream(httpcore2.NetworkStream):
    """A connection none of whose waits goes beyond the request's end."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _deadline.left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore2.SyncBackend):
    """Connections of this kind."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        return _Stream(super().connect_tcp(host, port, _deadline.left(timeout), local_address, socket_options))
