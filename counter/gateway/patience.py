"""Connections whose request does not come: whoever sends its head byte by byte is not waited for without end."""

import asyncio
from typing import Final

import h11
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from counter.gateway.call import encode
from counter.gateway.setup import come_back
from counter.province.wire import Problem

HEAD_SECONDS: Final = 10.0
"""So long the head of a request may take to arrive, from the connection's or its own first byte on."""
BUSY: Final = Response(encode(Problem(code="busy")), 503, {"connection": "close"}, media_type="application/json")


async def busy(scope: Scope, receive: Receive, send: Send) -> None:
    """What a connection too many is answered, whatever it asks."""
    BUSY.headers["retry-after"] = str(come_back())
    await BUSY(scope, receive, send)


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection when a head is not whole in `HEAD_SECONDS`; connections beyond
    `limit_concurrency` are told to come back, and when (uvicorn's own no says no time)."""

    _giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        most, self.limit_concurrency = self.limit_concurrency, None
        if most is not None and len(self.connections) > most:
            self.app = busy
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait()
        else:
            self._arrived()

    def _wait(self) -> None:
        if self._giving_up is None:
            self._giving_up = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _arrived(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    def _give_up(self) -> None:
        self._giving_up = None
        if not self.transport.is_closing():
            self.transport.close()
