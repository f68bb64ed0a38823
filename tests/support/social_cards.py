"""Made-up social security cards, and a slot that is a card in this process."""

from dataclasses import dataclass, field
from datetime import date

from counter.devices.simulated_card import ATR, Spoil, VirtualCard
from counter.rules.numbers import social_card_check
from counter.rules.read_card import ReadCard
from tests.support.id_cards import CITIZEN, OTHER


def card_number(body: str) -> str:
    """A card's number with its check."""
    return body + social_card_check(body)


THEIRS = ReadCard(
    number=card_number("B0000016"),
    social_number=CITIZEN.document.number,
    name=CITIZEN.name,
    birth=CITIZEN.birth,
    issued=date(2021, 5, 1),
    expires=date(2031, 5, 1),
)
"""The card of `CITIZEN`."""
OTHERS = ReadCard(card_number("B0000024"), OTHER.document.number, OTHER.name, OTHER.birth, date(2020, 6, 2))
"""The card of `OTHER`, with a name whose character is beyond the two bytes of GBK."""


@dataclass
class Slot:
    """A slot in this process: what lies in it, and what is done to its answers."""

    card: VirtualCard | None
    spoil: Spoil = lambda sent: sent
    commands: list[bytes] = field(default_factory=list)

    def look(self) -> bytes:
        return ATR if self.card else b""

    def transmit(self, command: bytes) -> bytes:
        if self.card is None:
            raise ConnectionResetError
        self.commands.append(command)
        return self.spoil(self.card.answer(command))

    def close(self) -> None:
        """Nothing is open."""
