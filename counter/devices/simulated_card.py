"""A social security card without hardware: a card that answers as one, and a slot on a socket in which a hand lays it.

The slot speaks vpcd's protocol (`counter.devices.card_slot`), so that the same card can be plugged into vpcd itself.
"""

import socket
from collections.abc import Callable
from datetime import date
from typing import Final

from counter.devices import social_card
from counter.devices.card_slot import GIVE_ATR, receive, send
from counter.devices.standing import StandingDevice
from counter.rules.read_card import ReadCard

ATR: Final = bytes.fromhex("3B6D000000814D22860A4E46434A4F5921")
"""Of a card of protocol T=0; the historical bytes are made up."""
_NAME: Final = 30
"""So many bytes of a name stand in its first record."""
_NO_FILE, _NO_RECORD, _NO_COMMAND = b"\x6a\x82", b"\x6a\x83", b"\x6d\x00"

Spoil = Callable[[bytes], bytes]


class VirtualCard:
    """What a card answers to commands. With `hidden` its holder is behind a PIN, as on some of the third generation;
    `unknown`: a card of another kind."""

    def __init__(self, card: ReadCard, *, hidden: bool = False, unknown: bool = False) -> None:
        self.asked: list[bytes] = []
        self._files = {social_card.CARD_FILE: _of_card(card), social_card.HOLDER_FILE: _of_holder(card)}
        self._hidden, self._unknown = hidden, unknown
        self._file = 0
        self._held_back = b""

    def answer(self, command: bytes) -> bytes:
        """The answer as protocol T=0 gives it: what is long is fetched by a command of its own."""
        self.asked.append(command)
        match command[:4], command[5:]:
            case b"\x00\xa4\x04\x00", name if name == social_card.APPLICATION and not self._unknown:
                self._held_back = bytes([0x6F, len(name) + 2, 0x84, len(name)]) + name + social_card.DONE
                return bytes([0x61, len(self._held_back) - 2])
            case b"\x00\xc0\x00\x00", _:
                return self._held_back
            case b"\x00\xa4\x02\x00", name if int.from_bytes(name) in self._files and not self._unknown:
                self._file = int.from_bytes(name)
                return social_card.DONE
            case ((b"\x00\xa4\x04\x00" | b"\x00\xa4\x02\x00"), _):
                return _NO_FILE
        return self._record(command) if command[:2] == b"\x00\xb2" and len(command) == 5 else _NO_COMMAND

    def _record(self, command: bytes) -> bytes:
        records = self._files.get(self._file, [])
        if self._hidden and self._file == social_card.HOLDER_FILE:
            return social_card.PIN_ASKED
        if not 1 <= command[2] <= len(records):
            return _NO_RECORD
        record = records[command[2] - 1]
        return record + social_card.DONE if command[4] == len(record) else bytes([0x6C, len(record)])


def _of_card(card: ReadCard) -> list[bytes]:
    return [
        _record(0x01, bytes(16)),
        _record(0x02, b"1"),
        _record(0x03, b"2.00"),
        _record(0x04, bytes(12)),
        _record(social_card.ISSUED, _day(card.issued)),
        _record(social_card.EXPIRES, _day(card.expires)),
        _record(social_card.NUMBER, card.number.encode()),
    ]


def _of_holder(card: ReadCard) -> list[bytes]:
    name = card.name.encode("gb18030")
    return [
        _record(social_card.SOCIAL_NUMBER, card.social_number.encode().ljust(18, b"\x00")),
        _record(social_card.NAME, name[:_NAME].ljust(_NAME, b"\x00")),
        _record(social_card.NAME_GOES_ON, name[_NAME:].ljust(20, b"\x00")),
        _record(0x0A, b"1"),
        _record(social_card.BIRTH, _day(card.birth)),
    ]


def _record(tag: int, value: bytes) -> bytes:
    return bytes([tag, len(value)]) + value


def _day(day: date | None) -> bytes:
    return bytes.fromhex(f"{day:%Y%m%d}") if day else b"\xff" * 4


def serve(line: socket.socket, lies: Callable[[bytes], VirtualCard | None], spoil: Spoil = lambda sent: sent) -> None:
    """Answer what a slot asks of the card that then lies there, until it hangs up (OSError); no card has no ATR."""
    while True:
        asked = receive(line)
        lying = lies(asked)
        if asked == GIVE_ATR:
            send(line, ATR if lying else b"")
        elif len(asked) > 1:
            if lying is None:
                raise ConnectionResetError
            send(line, spoil(lying.answer(asked)))


class SimulatedSlot(StandingDevice):
    """The slot."""

    def __init__(self, port: int = 0, *, spoil: Spoil = lambda sent: sent) -> None:
        self.spoil = spoil
        self.card: VirtualCard | None = None
        self._is_new = False
        super().__init__("simulated-slot", port)

    def lay(self, card: VirtualCard | None) -> None:
        """Lay a card, in place of one that lies there, which is seen to go; None takes it away."""
        self.card, self._is_new = card, True

    def talk(self, line: socket.socket) -> None:
        """Answer whoever asks of the card that lies in the slot."""
        serve(line, self._lies, self._sent)

    def _lies(self, asked: bytes) -> VirtualCard | None:
        if asked == GIVE_ATR and self._is_new:
            self._is_new = False
            return None
        return self.card

    def _sent(self, answer: bytes) -> bytes:
        return self.spoil(answer)
