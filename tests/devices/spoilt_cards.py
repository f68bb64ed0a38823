"""``python -m tests.devices.spoilt_cards --seed S --cards N``: a social security card whose answers are spoilt.

One reading of a card in which answers are cut, shifted, doubled, filled with noise or with another card's: it may come
to nothing, but never to another person. Only one of the two readings is spoilt in one place alike.
"""

import argparse
import random
import sys
from contextlib import suppress

from counter.devices.simulated_card import Spoil, VirtualCard
from counter.devices.social_card import UnknownCardError, UnreadableSocialCardError, read_card
from counter.rules.read_card import ReadCard
from tests.support.social_cards import OTHERS, THEIRS, Slot

COMMANDS = 50
"""So many are sent in two readings of a card."""


def spoil_one(chance: random.Random) -> Spoil:
    """A line on which some answers are spoilt, each in its own way."""
    places = set(chance.sample(range(COMMANDS), chance.randint(1, 3)))
    sent = iter(range(10_000))
    other = VirtualCard(OTHERS)

    def spoil(answer: bytes) -> bytes:
        if next(sent) not in places or not answer:
            return answer
        data = bytearray(answer)
        at = chance.randrange(len(data))
        match chance.randrange(6):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at : at + chance.randint(1, 20)]
            case 2:
                data[at:at] = chance.randbytes(chance.randint(1, 20))
            case 3:
                data[at:] = data[:at]
            case 4:
                data[at : at + 2] = chance.randbytes(2)
            case _:
                return other.answer(b"\x00\xb2\x01\x04\x14")
        return bytes(data)

    return spoil


def what_is_read(spoil: Spoil) -> ReadCard | None:
    """What a reading of a card makes of it, on such a line."""
    with suppress(UnknownCardError, UnreadableSocialCardError):
        return read_card(Slot(VirtualCard(THEIRS), spoil).transmit)
    return None


def is_nobody_else(read: ReadCard | None) -> bool:
    """Nothing, or the card: its number, and of the rest what it has; a file whose end came early twice says less."""
    if read is None:
        return True
    said = ((getattr(read, field), getattr(THEIRS, field)) for field in ReadCard.__struct_fields__)
    return read.number == THEIRS.number and all(value == theirs or not value for value, theirs in said)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cards", type=int, default=10_000)
    options = parser.parse_args()
    chance, right = random.Random(options.seed), 0
    for number in range(1, options.cards + 1):
        read = what_is_read(spoil_one(chance))
        assert is_nobody_else(read), f"seed {options.seed}: card {number} became another"
        right += read is not None
    sys.stdout.write(f"{options.cards} chip cards spoilt: {right} read right, the rest to be laid again, 0 wrong\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
