"""A line to a device: serial, or a socket that stands in for one (``socket://host:port``, ``rfc2217://…``)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, Protocol

BAUD: Final = 115_200
PIECE: Final = 2048
"""So much is read at once."""
LOOK_SECONDS: Final = 0.02
"""So long is waited for a piece."""
WRITE_SECONDS: Final = 2.0


class Port(Protocol):
    """What a device is talked to over. Every method raises OSError where the line is lost."""

    def read(self) -> bytes:
        """What has come, after a moment; b"" for nothing."""

    def write(self, data: bytes) -> None:
        """Send, whole."""

    def close(self) -> None:
        """No more."""


@contextmanager
def _line_lost() -> Iterator[None]:
    """What pyserial lets through of the system's own (`termios.error` is no OSError) is a lost line too."""
    try:
        yield
    except (OSError, ValueError):
        raise
    except Exception as error:
        raise OSError(str(error)) from error


class SerialLine:
    """A line by pyserial. Raises OSError, and ValueError for an address that is none."""

    def __init__(self, address: str) -> None:
        from serial import serial_for_url  # noqa: PLC0415 - only where a device is set

        with _line_lost():
            self._line = serial_for_url(address, baudrate=BAUD, timeout=LOOK_SECONDS, write_timeout=WRITE_SECONDS)

    def read(self) -> bytes:
        with _line_lost():
            return bytes(self._line.read(PIECE))

    def write(self, data: bytes) -> None:
        with _line_lost():
            self._line.write(data)

    def close(self) -> None:
        with suppress(Exception):  # the device is gone already
            self._line.close()
