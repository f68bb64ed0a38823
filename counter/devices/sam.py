"""What an ID-card reader's security module (SAM) is told and answers: frames on a line of 115,200 baud, 8N1.

A frame is ``AA AA AA 96 69``, a length of two bytes that counts all after it, a body, and the XOR of length and body.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

HEAD: Final = b"\xaa\xaa\xaa\x96\x69"
_SHORTEST: Final = 4
"""Three bytes of status, and the check."""
_LONGEST: Final = 3 + 4 + 256 + 1024 + 1
"""A card: status, the two lengths, the text, the photo, and the check."""
FOUND: Final = 0x9F
DONE: Final = 0x90
NO_CARD: Final = 0x80
NOT_SELECTED: Final = 0x81
NOT_READ: Final = 0x41


class SamCommand(bytes, Enum):
    """What the module is told."""

    STATUS = b"\x11\xff"
    FIND = b"\x20\x01"
    SELECT = b"\x20\x02"
    READ = b"\x30\x01"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole and right answer: its status byte, and what comes with it."""

    status: int
    data: bytes = b""


def frame(body: bytes) -> bytes:
    """A body as it goes over the line."""
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return HEAD + counted + bytes([check(counted)])


def answer(status: int, data: bytes = b"") -> bytes:
    """An answer as the module gives it."""
    return frame(bytes([0, 0, status]) + data)


def check(data: bytes) -> int:
    """All bytes of a text XORed into one, folded in halves: a flood of spoilt frames must cost nothing."""
    size, folded = len(data), int.from_bytes(data)
    while size > 1:
        half = (size + 1) // 2
        folded = (folded >> (8 * half)) ^ (folded & ((1 << (8 * half)) - 1))
        size = half
    return folded


class Frames:
    """The frames in what arrives in pieces, and between garbage; what is spoilt is passed over, byte by byte."""

    def __init__(self) -> None:
        self._arrived = b""

    @property
    def waiting(self) -> int:
        """So many bytes have come that are no frame yet: at most one frame's."""
        return len(self._arrived)

    def feed(self, data: bytes) -> Iterator[Reply]:
        """What is whole with these bytes. A length that lies swallows no frame behind it."""
        self._arrived += data
        while True:
            start = self._arrived.find(HEAD)
            if start < 0:
                self._arrived = self._arrived[-len(HEAD) + 1 :]
                return
            self._arrived = self._arrived[start:]
            size = int.from_bytes(self._arrived[5:7]) if len(self._arrived) >= 7 else _SHORTEST
            whole = self._arrived[: 7 + size]
            if _SHORTEST <= size <= _LONGEST and len(whole) < 7 + size:
                return
            if _SHORTEST <= size <= _LONGEST and check(whole[5:-1]) == whole[-1]:
                self._arrived = self._arrived[7 + size :]
                yield Reply(whole[9], whole[10:-1])
            else:
                self._arrived = self._arrived[1:]
