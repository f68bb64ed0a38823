"""Whoever sends slowly, or without an end, is not waited for."""

import socket
import ssl
from urllib.parse import urlsplit

import pytest

from counter.gateway import patience, signed
from tests.support.province_world import World

SECONDS = 20.0
"""So long a test waits for the gateway to give up; without its limits it would not."""


def connected(world: World) -> ssl.SSLSocket:
    """A connection, below HTTP."""
    address = urlsplit(world.url)
    context = ssl.create_default_context(cadata=world.way.ca)
    raw = socket.create_connection((address.hostname, address.port), SECONDS)
    return context.wrap_socket(raw, server_hostname=address.hostname)


def all_of(line: ssl.SSLSocket) -> bytes:
    """What comes until the other side closes. Raises TimeoutError where it does not."""
    answer = b""
    try:
        while part := line.recv(65536):
            answer += part
    except (ConnectionResetError, ssl.SSLEOFError):
        pass
    return answer


@pytest.mark.parametrize("sent", [b"", b"POST /v1/entries HT", b"GET /v1/health HTTP/1.1\r\nhost: x\r\n"])
def test_a_head_that_does_not_come(world: World, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.2)
    with connected(world) as line:
        line.sendall(sent)
        assert all_of(line) == b""


def test_a_body_that_does_not_come(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed, "READ_SECONDS", 0.2)
    with connected(world) as line:
        line.sendall(b"POST /v1/entries HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        assert b" 408 " in all_of(line).partition(b"\r\n")[0]


def test_a_body_without_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed, "MAX_READ", 100_000)
    chunk = b"2710\r\n" + b"x" * 10_000 + b"\r\n"
    with connected(world) as line:
        line.sendall(b"POST /v1/entries HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        with pytest.raises(OSError):
            for _ in range(20_000):
                line.sendall(chunk)
