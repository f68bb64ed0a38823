"""What is in a parcel (清点): what was counted, held against what the province says was sent here. PIC-7, PIC-8."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from counter.rules.numbers import social_card_check
from counter.rules.parcel import Parcel, ParcelCard

MAX_CARDS: Final = 500
"""Of a parcel, so that with all holders' names it stays an entry that the province takes; what is more is two."""

_CARD: Final = re.compile(r"[A-Z][0-9]{7}[0-9X]")


@dataclass(frozen=True, slots=True)
class Count:
    """The outcome of a count, card numbers by what is to be done with them.

    `right` are signed for; `missing` were sent here and are not there; `strays` belong to another branch and are passed
    on to it; of the `unknown` the province knows nothing that is on its way; `before` were signed for already,
    `doubled` counted more than once.
    """

    right: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    strays: tuple[ParcelCard, ...] = ()
    unknown: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Is anything otherwise than the province says? That a card was counted twice changes nothing."""
        return bool(self.missing or self.strays or self.unknown)


def count(parcel: Parcel) -> Count:
    """Hold what was counted against what is known. Where the province has not answered, every number that can be one
    is right: whose it is shows at sync."""
    times = Counter(parcel.counted)
    fresh = [number for number in times if number not in parcel.before]
    told = {card.number: card for card in parcel.known or ()}
    asked = parcel.known is not None

    def is_right(number: str) -> bool:
        return not told[number].branch if number in told else not asked and is_card_number(number)

    return Count(
        right=tuple(filter(is_right, fresh)),
        missing=tuple(card.number for card in told.values() if _lacks(card, parcel, times)),
        strays=tuple(told[number] for number in fresh if number in told and told[number].branch),
        unknown=tuple(number for number in fresh if number not in told and not is_right(number)),
        before=tuple(number for number in times if number in parcel.before),
        doubled=tuple(number for number, often in times.items() if often > 1),
    )


def is_card_number(number: str) -> bool:
    """Can this be a social security card's number (社保卡号)?"""
    return _CARD.fullmatch(number) is not None and social_card_check(number[:8]) == number[8]


def _lacks(card: ParcelCard, parcel: Parcel, counted: Counter[str]) -> bool:
    return not (card.branch or card.signed or card.number in counted or card.number in parcel.before)
