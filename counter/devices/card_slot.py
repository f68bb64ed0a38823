"""A slot for chip cards: PC/SC (`pcsc`, `pcsc:part of its name`), or a socket that stands in for one.

PC/SC is there where the extra `card` is installed (`pyscard`). The socket (``socket://host:port``) speaks what vpcd and
its virtual cards speak: two bytes of length, then a command for the card, or one byte for the slot.
"""

import re
import socket
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any, Final, Protocol

PCSC: Final = "pcsc"
ANSWER_SECONDS: Final = 4.0
"""So long may a card take over one command."""
POWER_OFF, POWER_ON, RESET, GIVE_ATR = (bytes([code]) for code in (0, 1, 2, 4))
_LONGEST: Final = 258 + 2
"""No answer of a short command is longer, with room for its status."""


class NoDriverError(Exception):
    """PC/SC is not there: `pyscard` is not installed, or the service does not run."""


class CardSlot(Protocol):
    """Where a card is laid. Every method raises OSError where the slot, or the card under way, is lost."""

    def look(self) -> bytes:
        """What the card that lies there says of itself when it is powered (ATR); b"" for no card."""

    def transmit(self, command: bytes) -> bytes:
        """The card's answer to a command: data, and two bytes of status."""

    def close(self) -> None:
        """No more."""


def slot_at(setting: str) -> CardSlot:
    """The slot that a setting names. Raises `NoDriverError`, OSError, and ValueError for one that names none."""
    if place := re.fullmatch(r"socket://([^:/]+):(\d{1,5})", setting):
        return SocketSlot(place[1], int(place[2]))
    kind, _, name = setting.partition(":")
    if kind != PCSC:
        raise ValueError(setting)
    return PcscSlot(name)


class SocketSlot:
    """A virtual card's socket; it is powered when it is looked at."""

    def __init__(self, host: str, port: int) -> None:
        self._line = socket.create_connection((host, port), timeout=ANSWER_SECONDS)

    def look(self) -> bytes:
        send(self._line, GIVE_ATR)
        return receive(self._line)

    def transmit(self, command: bytes) -> bytes:
        send(self._line, command)
        return receive(self._line)

    def close(self) -> None:
        self._line.close()


def send(line: socket.socket, data: bytes) -> None:
    """One message of vpcd's protocol."""
    line.sendall(len(data).to_bytes(2, "big") + data)


def receive(line: socket.socket) -> bytes:
    """One message. Raises OSError where the line ends, is silent, or says what is none."""
    size = int.from_bytes(_exactly(line, 2))
    if size > _LONGEST:
        raise ConnectionAbortedError
    return _exactly(line, size)


def _exactly(line: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = line.recv(size - len(data))
        if not piece:
            raise ConnectionResetError
        data += piece
    return data


class PcscSlot:
    """The first slot whose name has `name` in it."""

    def __init__(self, name: str = "") -> None:
        self._scard = _scard()
        self._context = _done(self._scard.SCardEstablishContext(self._scard.SCARD_SCOPE_USER), NoDriverError)[0]
        self._card: tuple[Any, int] | None = None
        try:
            self.name = self._named(name.casefold())
        except OSError:
            self.close()
            raise

    def look(self) -> bytes:
        """Without touching the card."""
        scard = self._scard
        ((_, event, atr),) = _done(
            scard.SCardGetStatusChange(self._context, 0, [(self.name, scard.SCARD_STATE_UNAWARE)])
        )[0]
        if event & (scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_UNKNOWN):
            raise OSError(self.name)
        there = event & scard.SCARD_STATE_PRESENT and not event & scard.SCARD_STATE_MUTE
        if not there:
            self._let_go()
        return bytes(atr) if there else b""

    def transmit(self, command: bytes) -> bytes:
        card, protocol = self._connected()
        try:
            return bytes(_done(self._scard.SCardTransmit(card, protocol, list(command)))[0])
        except OSError:
            self._let_go()  # a card that was pulled out; the next one is connected anew
            raise

    def close(self) -> None:
        self._let_go()
        with suppress(Exception):
            self._scard.SCardReleaseContext(self._context)

    def _named(self, name: str) -> str:
        for known in _done(self._scard.SCardListReaders(self._context, []))[0]:
            if name in known.casefold():
                return str(known)
        raise OSError(name)

    def _connected(self) -> tuple[Any, int]:
        if self._card is None:
            scard = self._scard
            protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
            card, protocol = _done(scard.SCardConnect(self._context, self.name, scard.SCARD_SHARE_SHARED, protocols))
            request = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
            self._card = card, request
        return self._card

    def _let_go(self) -> None:
        if self._card is not None:
            with suppress(Exception):
                self._scard.SCardDisconnect(self._card[0], self._scard.SCARD_LEAVE_CARD)
            self._card = None


def found() -> list[str]:
    """The settings of the PC/SC slots of this machine; none where PC/SC is not there."""
    try:
        scard = _scard()
        context = _done(scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))[0]
    except (NoDriverError, OSError):
        return []
    try:
        return [f"{PCSC}:{name}" for name in _done(scard.SCardListReaders(context, []))[0]]
    except OSError:
        return []
    finally:
        scard.SCardReleaseContext(context)


def _scard() -> ModuleType:
    """What pyscard makes of the system's own library, imported only where a slot is looked for."""
    try:
        return import_module("smartcard.scard")
    except ImportError:
        raise NoDriverError from None


def _done(answer: Any, error: type[Exception] = OSError) -> list[Any]:
    """What PC/SC gives behind its code, which must be that of success."""
    code, *given = answer if isinstance(answer, (list, tuple)) else (answer,)
    if code != 0:
        raise error(f"0x{code & 0xFFFFFFFF:08X}")
    return given
