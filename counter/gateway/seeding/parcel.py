"""A parcel for the demonstration (网点签收): on its way to the branch, and not quite as the province's list has it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from counter.gateway.seeding import seed
from counter.province.wire import Milestones
from counter.rules.numbers import check_character, social_card_check
from counter.rules.reference import Place

PARCEL: Final = "ZJ20260001"
_OTHER_PARCEL: Final = "ZJ20260002"
_NAMES: Final = ("苏试包一", "蒋试包二", "贺试包三", "易试包四", "龙试包五", "段试包六")
_LOST: Final = 1
"""The person of the list whose card is not in the parcel."""
_STRAY: Final = 5
"""The one whose card is, although another branch's."""


def cards() -> tuple[str, ...]:
    """The numbers of the cards that lie in the parcel when it is opened: one of the list is not there, one is not of
    the list."""
    return tuple(_card(at) for at in range(len(_NAMES)) if at != _LOST)


def parcel_rows(place: Place, other_branch: str, today: date) -> Iterator[seed.SeedRow]:
    """What the province knows of it: five cards sent to this place's branch, one to another."""
    yield seed.ParcelRow(parcel=PARCEL, branch=place.branch, packed_on=today - timedelta(days=2))
    yield seed.ParcelRow(parcel=_OTHER_PARCEL, branch=other_branch, packed_on=today - timedelta(days=2))
    for at, name in enumerate(_NAMES):
        number = _citizen(at)
        yield seed.PersonRow(number=number, name=name)
        yield seed.ApplicationRow(
            number=number,
            entry=f"demo-parcel-{at}",
            city=place.city,
            bank=place.bank,
            card=_card(at),
            pickup_branch=other_branch if at == _STRAY else place.branch,
            parcel=_OTHER_PARCEL if at == _STRAY else PARCEL,
            mobile=f"1380000010{at}",
            milestones=Milestones(
                applied_on=today - timedelta(days=12),
                bank_opened_on=today - timedelta(days=11),
                bank_done_on=today - timedelta(days=10),
                insurer_on=today - timedelta(days=8),
                province_on=today - timedelta(days=6),
                city_on=today - timedelta(days=3),
            ),
        )


def _citizen(at: int) -> str:
    body = f"4416211980010182{at}"
    return body + check_character(body)


def _card(at: int) -> str:
    body = f"H000010{at}"
    return body + social_card_check(body)
