"""The ways to a printer: TCP, a serial line, a file, a command, a printer of Windows. Each is opened for a slip."""

import errno
import os
import select
import shutil
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final, Protocol

CONNECT_SECONDS = 3.0
SECONDS = 20.0
"""How long the printer may take to accept what is sent."""
LATE_SECONDS = 0.5


class OpenChannel(Protocol):
    """An open way to a printer. All raise OSError."""

    def write(self, content: bytes) -> None: ...

    def read(self, seconds: float) -> bytes:
        """One byte that the printer answers; empty where none has come in that time, or this way has no answers."""

    def close(self) -> None:
        """The end of a slip; raises where only now it is known that it failed."""


class Channel(Protocol):
    """A way to a printer."""

    @property
    def answers(self) -> bool:
        """May a printer answer on this way?"""

    @property
    def must_answer(self) -> bool:
        """Does nothing but an answer tell that a printer is there?"""

    def open(self) -> OpenChannel:
        """Raises OSError where there is no printer."""


@dataclass(frozen=True, slots=True)
class Tcp:
    """A network printer's port, 9100 as a rule."""

    answers: ClassVar[bool] = True
    must_answer: ClassVar[bool] = False
    host: str
    port: int

    def open(self) -> "OpenChannel":
        return _Socket(socket.create_connection((self.host, self.port), CONNECT_SECONDS))


class _Socket:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def write(self, content: bytes) -> None:
        self._connection.settimeout(SECONDS)
        self._connection.sendall(content)

    def read(self, seconds: float) -> bytes:
        self._connection.settimeout(seconds)
        try:
            return self._connection.recv(1)
        except TimeoutError:
            return b""

    def close(self) -> None:
        """Answers that came late are read first: a connection that is closed over them is torn down, with whatever the
        printer has not taken yet."""
        with self._connection, suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
            self._connection.settimeout(LATE_SECONDS)
            while self._connection.recv(64):
                pass


@dataclass(frozen=True, slots=True)
class Serial:
    """A serial line, 8N1; `port` as the system calls it, or an address of pyserial's.

    The line takes everything, with a printer at its end or without: one that `answers` must.
    """

    port: str
    baud: int = 9600
    answers: bool = True

    @property
    def must_answer(self) -> bool:
        return self.answers

    def open(self) -> "OpenChannel":
        import serial  # noqa: PLC0415 - only where the printer is on a serial line

        try:
            return _Serial(serial.serial_for_url(self.port, self.baud, timeout=SECONDS, write_timeout=SECONDS))
        except ValueError as error:  # an address of a kind that pyserial does not know, or an impossible speed
            raise OSError(errno.ENODEV, str(error)) from error


class _Serial:
    def __init__(self, port: "SerialPort") -> None:
        self._port = port

    def write(self, content: bytes) -> None:
        self._port.write(content)
        self._port.flush()

    def read(self, seconds: float) -> bytes:
        self._port.timeout = seconds
        return bytes(self._port.read(1))

    def close(self) -> None:
        self._port.close()


class SerialPort(Protocol):
    """What is used of pyserial."""

    timeout: float | None

    def write(self, data: bytes, /) -> int | None: ...
    def flush(self) -> None: ...
    def read(self, size: int = 1, /) -> bytes: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """A device (`/dev/usb/lp0`), which must be there; another file is begun or added to."""

    answers: ClassVar[bool] = False
    must_answer: ClassVar[bool] = False
    path: Path

    def open(self) -> "OpenChannel":
        made = 0 if self.path.is_relative_to("/dev") else os.O_CREAT
        plain = getattr(os, "O_BINARY", 0) | _AT_ONCE
        return _File(os.open(self.path, os.O_WRONLY | os.O_APPEND | made | plain, 0o600))


_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0)
"""Linux waits for ever for a printer on USB that has stopped; where there is no such flag (Windows), neither can we."""


class _File:
    def __init__(self, number: int) -> None:
        self._number = number

    def write(self, content: bytes) -> None:
        while content:
            content = content[os.write(self._number, content) :]
            # a device that is closed before it took a piece forgets it
            if _AT_ONCE and not select.select([], [self._number], [], SECONDS)[1]:
                raise TimeoutError

    def read(self, seconds: float) -> bytes:  # noqa: ARG002 - this way has no answers
        return b""

    def close(self) -> None:
        os.close(self._number)


@dataclass(frozen=True, slots=True)
class PrintCommand:
    """A command that prints what it is given on its standard input, run without a shell once all is written."""

    answers: ClassVar[bool] = False
    must_answer: ClassVar[bool] = False
    words: Sequence[str]

    def open(self) -> "OpenChannel":
        if shutil.which(self.words[0]) is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.words[0])
        return _Collected(self.words)


@dataclass(slots=True)
class _Collected:
    words: Sequence[str]
    content: bytes = field(default=b"")

    def write(self, content: bytes) -> None:
        self.content += content

    def read(self, seconds: float) -> bytes:  # noqa: ARG002 - see above
        return b""

    def close(self) -> None:
        if self.content:
            try:
                subprocess.run(  # noqa: S603 - the command is the operator's own setting, run without a shell
                    self.words, input=self.content, check=True, timeout=SECONDS, capture_output=True
                )
            except subprocess.SubprocessError as error:
                raise OSError(str(error)) from error


@dataclass(frozen=True, slots=True)
class WindowsPrinter:
    """A printer of Windows by its name: what is sent goes to it as it is (RAW)."""

    answers: ClassVar[bool] = False
    must_answer: ClassVar[bool] = False
    name: str

    def open(self) -> "OpenChannel":
        from counter.devices.spooler import SpooledSlip  # noqa: PLC0415 - Windows alone has it

        return SpooledSlip(self.name)


def end(line: OpenChannel) -> None:
    """Close a way of which it is known already that it failed."""
    with suppress(OSError):
        line.close()
