"""``python -m tests.devices.spoiling --seed S --frames N``: a card's frames spoilt on the line, by the ten thousand.

A reading is fed a card whose answers are cut, shifted, doubled, filled with noise or another card's bytes, with a check
that fits again: it may come to nothing, but never to another person.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice

from counter.devices import sam
from counter.devices.chip import write_text
from counter.devices.reader import CardReading, NoAnswerError, Pace, ReaderState, ask
from counter.devices.simulated import PHOTO
from counter.rules.case import Holder, ReadDocument
from tests.support.id_cards import CITIZEN, OTHER

QUICK = Pace(between=0.01, answer=0.2, card=1.0, again=0.1)


class Fed:
    """A line on which these pieces come, whatever is asked; then it is quiet."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def read(self) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""

    def write(self, data: bytes) -> None:
        """What is asked does not matter."""

    def close(self) -> None:
        """Nothing is open."""


class Answered(Fed):
    """One piece for each question, and no waiting for another; at the end the line is lost."""

    _has_come = False

    def read(self) -> bytes:
        if self._has_come:
            raise NoAnswerError(ReaderState.SILENT)
        if not self._pieces:
            raise ConnectionError
        self._has_come = True
        return super().read()

    def write(self, data: bytes) -> None:
        self._has_come = False


@lru_cache
def card(person: Holder) -> bytes:
    return sam.answer(sam.DONE, bytes.fromhex("01000400") + write_text(person) + PHOTO)


def spoilt_frames(chance: random.Random) -> Iterator[list[bytes]]:
    """What comes in answer to FIND, SELECT, READ, READ …: mostly spoilt, and in one of them the check fits again (one
    spoilt frame in 256 has it so; that two of a card are spoilt alike and both fit is for no line to do)."""
    right = [sam.answer(sam.FOUND, bytes(4)), sam.answer(sam.DONE, bytes(8)), card(CITIZEN), card(CITIZEN)]
    while True:
        fitting = chance.randrange(len(right))
        frames = [
            _spoilt(frame, chance, fits=at == fitting) if at > 1 or chance.random() < 0.2 else frame
            for at, frame in enumerate(right)
        ]
        yield [*frames, *right] if chance.random() < 0.2 else frames


def _spoilt(frame: bytes, chance: random.Random, *, fits: bool) -> bytes:
    data = bytearray(frame)
    at = chance.randrange(len(data))
    match chance.randrange(7):
        case 0:
            data[at] ^= 1 << chance.randrange(8)
        case 1:
            del data[at : at + chance.randint(1, 40)]
        case 2:
            data[at:at] = chance.randbytes(chance.randint(1, 40))
        case 3:
            data[at:] = data[:at]
        case 4:
            start = chance.randrange(11, 267) if len(data) > 300 else at
            data[start : start + 2] = chance.randbytes(2)
        case 5:
            start, other = chance.randrange(11, 200), card(OTHER)
            data[start : start + 60] = other[start : start + 60]
        case _:
            return bytes(data)
    if fits and len(data) > 10:
        data[5:7] = (len(data) - 7).to_bytes(2, "big")
        data[-1] = sam.check(bytes(data[5:-1]))
    return bytes(data)


def what_is_read(frames: list[bytes]) -> Holder | None:
    """Whom a reading makes of these answers."""
    reading, line = CardReading(), Answered(list(frames))
    with suppress(ConnectionError):
        while True:
            try:
                news = reading.answered(ask(line, reading.command, Pace()))
            except NoAnswerError:
                news = reading.lost()
            if isinstance(news, ReadDocument):
                return news.person
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--frames", type=int, default=10_000)
    options = parser.parse_args()
    right = 0
    for number, frames in enumerate(islice(spoilt_frames(random.Random(options.seed)), options.frames), 1):
        person = what_is_read(frames)
        assert person in (None, CITIZEN), f"seed {options.seed}: frame {number} became another person"
        right += person is not None
    sys.stdout.write(
        f"{options.frames} cards spoilt: {right} read right, {options.frames - right} to be laid again, 0 wrong\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
