"""A seeded, faulty network between a counter and its province: a TCP proxy that breaks what it is told to break."""

import random
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from urllib.parse import urlsplit


class Fault(StrEnum):
    """What can happen to one request."""

    NONE = "none"
    REFUSED = "refused"  # the connection breaks before the request arrives
    LOST = "lost"  # the province has done it, the answer is lost
    TRUNCATED = "truncated"  # half of the answer arrives
    PORTAL = "portal"  # a captive portal answers 200 with its own page
    BUSY = "busy"  # 503 with Retry-After, from something on the way
    SILENT = "silent"  # no answer until the counter gives up
    DRIPPING = "dripping"  # an answer that comes byte by byte and never ends
    ENDLESS = "endless"  # one that never ends and comes fast


PAGE = b"<html><body>Please sign in to the network</body></html>"
PORTAL = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (
    len(PAGE),
    PAGE,
)
BUSY = b"HTTP/1.1 503 Busy\r\nretry-after: 0\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
ENDLESS = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"


class FaultyNetwork:
    """Listens on loopback, one request a connection; `script` comes first, then faults drawn with the seed."""

    def __init__(self, target: str, seed: int = 0, rate: float = 0.0, script: tuple[Fault, ...] = ()) -> None:
        parts = urlsplit(target)
        assert parts.hostname is not None and parts.port is not None
        self._target = (parts.hostname, parts.port)
        self._tls = parts.scheme == "https"
        self._dice = random.Random(seed)
        self._rate = rate
        self._script = list(script)
        self._closing = threading.Event()
        self.seen: Counter[Fault] = Counter()
        self.requests: list[str] = []
        self.before_answer: Callable[[str], None] = lambda _line: None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "FaultyNetwork":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def heal(self) -> None:
        self._rate, self._script = 0.0, []

    def _next(self) -> Fault:
        if self._script:
            return self._script.pop(0)
        if self._dice.random() >= self._rate:
            return Fault.NONE
        return self._dice.choice([fault for fault in Fault if fault not in {Fault.NONE, Fault.DRIPPING, Fault.ENDLESS}])

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                counter, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(counter,), daemon=True).start()

    def _serve(self, counter: socket.socket) -> None:
        with counter, suppress(OSError):
            request = _message(counter)
            if not request:
                return
            fault = self._next()
            self.seen[fault] += 1
            line = request.split(b"\r\n", 1)[0].decode()
            self.requests.append(line)
            self._break(counter, request, fault, line)

    def _break(self, counter: socket.socket, request: bytes, fault: Fault, line: str) -> None:
        if fault is Fault.PORTAL:
            counter.sendall(PORTAL)
        elif fault is Fault.BUSY:
            counter.sendall(BUSY)
        elif fault is Fault.SILENT:
            counter.recv(1)  # returns when the counter gives up
        elif fault in (Fault.DRIPPING, Fault.ENDLESS):
            counter.sendall(ENDLESS)
            while not self._closing.is_set():
                counter.sendall(b" " if fault is Fault.DRIPPING else bytes(65536))
                self._closing.wait(0.01 if fault is Fault.DRIPPING else 0)
        elif fault is not Fault.REFUSED:
            answer = self._ask(request)
            self.before_answer(line)
            sizes = {Fault.LOST: 0, Fault.TRUNCATED: len(answer) // 2}
            counter.sendall(answer[: sizes.get(fault, len(answer))])

    def _connected(self) -> socket.socket:
        plain = socket.create_connection(self._target)
        return _believing().wrap_socket(plain) if self._tls else plain

    def _ask(self, request: bytes) -> bytes:
        with self._connected() as province:
            province.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            answer = b""
            while part := province.recv(65536):
                answer += part
            return answer


def _believing() -> ssl.SSLContext:
    """Whoever stands in the way believes whom they ask."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _message(connection: socket.socket) -> bytes:
    """One HTTP request with a content-length, or without a body."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    headers = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    missing = int(headers.get(b"content-length", b"0")) - len(body)
    while missing > 0:
        part = connection.recv(65536)
        if not part:
            return b""
        data, missing = data + part, missing - len(part)
    return data
