"""Connections whose request does not come: whoever sends its head byte by byte is not waited for without end."""

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 10.0
"""So long the head of a request may take to arrive, from the connection's or its own first byte on."""
CONNECTIONS: Final = 1000
"""At once; more are told to come back."""


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection when a head is not whole in `HEAD_SECONDS`."""

    _giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
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
