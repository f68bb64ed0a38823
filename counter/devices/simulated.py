"""A reader of identity cards without hardware: a SAM module on a socket, and a hand that lays cards on it.

What it sends can be spoilt on its way by `spoil`, which is given a whole answer and makes the pieces that are sent.
"""

import socket
from collections.abc import Callable, Iterable
from typing import Final

from counter.devices import sam
from counter.devices.chip import SIZE, write_text
from counter.devices.sam import SamCommand
from counter.devices.standing import StandingDevice
from counter.rules.case import Holder

PHOTO: Final = bytes(1024)
"""Where a real card has its photo, in a codec that is closed."""
_COMMAND: Final = len(sam.HEAD) + 2 + 2 + 1
"""The bytes of a command: head, length, body, check."""

Spoil = Callable[[bytes], Iterable[bytes]]


class SimulatedReader(StandingDevice):
    """The module."""

    def __init__(self, port: int = 0, *, spoil: Spoil = lambda sent: [sent]) -> None:
        self.spoil = spoil
        self.asked: list[SamCommand] = []
        self._text = b""
        self._selected = self._given = False
        super().__init__("simulated-reader", port)

    def lay(self, person: Holder) -> None:
        """Lay somebody's card on the reader, in place of one that lies there."""
        self.lay_raw(write_text(person))

    def lay_raw(self, text: bytes) -> None:
        """Lay a card with this text."""
        self._text, self._selected, self._given = text, False, False

    def lift(self) -> None:
        """Take the card away."""
        self.lay_raw(b"")

    def unplug(self) -> None:
        """Pull the plug for a moment: whoever talks to it is cut off, and can come back; it knows of nothing then."""
        self._selected = self._given = False
        super().unplug()

    def talk(self, line: socket.socket) -> None:
        """Answer each command, until whoever asks has gone."""
        arrived = b""
        while piece := line.recv(4096):
            arrived += piece
            while len(arrived) >= _COMMAND:
                command, arrived = arrived[7:9], arrived[_COMMAND:]
                for sent in self.spoil(self._answer(SamCommand(command))):
                    line.sendall(sent)

    def _answer(self, command: SamCommand) -> bytes:
        """As a module does: a card that was read is not found again before it has been lifted."""
        self.asked.append(command)
        lies = bool(self._text)
        if command is SamCommand.STATUS:
            return sam.answer(sam.DONE)
        if command is SamCommand.FIND:
            return sam.answer(sam.FOUND, bytes(4)) if lies and not self._given else sam.answer(sam.NO_CARD)
        if command is SamCommand.SELECT:
            self._selected = lies
            return sam.answer(sam.DONE, bytes(8)) if lies else sam.answer(sam.NOT_SELECTED)
        if not self._selected:
            return sam.answer(sam.NOT_READ)
        self._given = True
        sizes = SIZE.to_bytes(2, "big") + len(PHOTO).to_bytes(2, "big")
        return sam.answer(sam.DONE, sizes + self._text + PHOTO)
