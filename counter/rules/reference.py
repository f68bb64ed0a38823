"""The reference data that rules judge by: the shape of what `data/` holds. Loaded by `counter.reference.load`."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec


class Region(msgspec.Struct, frozen=True):
    """A GB/T 2260 region: six-digit code, Chinese name, parent's code (empty for a province), pinyin initials."""

    code: str
    name: str
    parent: str
    initials: str = ""


class Coded(msgspec.Struct, frozen=True):
    """An item of a code list (民族, 职业): code, names, pinyin initials."""

    code: str
    zh: str
    en: str
    initials: str


class Bank(msgspec.Struct, frozen=True):
    """A service bank (服务银行): id as in a case, names, short name (农行), pinyin initials, hotline.

    Here and below `initials` may hold several spellings, separated by a space.
    """

    id: str
    zh: str
    en: str
    short: str
    initials: str
    hotline: str


class Branch(msgspec.Struct, frozen=True):
    """A branch (网点), BNK-3. `instant`: equipped for cards at once; `source`: where the row comes from."""

    id: str
    bank: str
    city: str
    district: str
    name: str
    address: str
    hours: str
    phone: str
    instant: bool
    initials: str
    source: str


class PhotoSpec(msgspec.Struct, frozen=True):
    """The card photo, PHO-6: pixels, dots per inch, bytes."""

    width: int = 358
    height: int = 441
    dpi: int = 350
    min_bytes: int = 9 * 1024
    max_bytes: int = 40 * 1024


class CityPolicy(msgspec.Struct, frozen=True):
    """What a city decides for itself. Fees in fen by service id; banks by id; region code as key.

    `counter_banks` are those whose cardholders are advised to come to the counter (EXC-8); `copies` the papers of which
    a copy is enough; `exchange_by_agent`: an agent may exchange the card for the holder (AGT-5).
    """

    city: str
    zh: str
    en: str
    banks: tuple[str, ...]
    fees: Mapping[str, int]
    clean_up: Literal["counter", "refer"] = "counter"
    counter_banks: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    exchange_by_agent: bool = False
    review_days: tuple[int, int] = (3, 5)
    booking_days: int = 10
    booking_day_kind: Literal["calendar", "working"] = "calendar"
    receipt_pattern: str = "[A-Za-z0-9]{1,20}"
    photo: PhotoSpec = PhotoSpec()
    hotlines: tuple[str, ...] = ("12333", "12345")
    source: str = ""


class Reference(msgspec.Struct, frozen=True, eq=False):
    """All reference data; every mapping is keyed by code or id. One is like another only if it is the same."""

    regions: Mapping[str, Region]
    cities: Mapping[str, CityPolicy]
    banks: Mapping[str, Bank]
    branches: Mapping[str, Branch]
    ethnicities: Mapping[str, Coded]
    occupations: Mapping[str, Coded]
    holidays: Mapping[date, bool]

    def city_of(self, region: str) -> str:
        """The code of the city whose policy holds for a region: the county's own policy before its city's, or ''."""
        while region:
            if region in self.cities:
                return region
            known = self.regions.get(region)
            region = known.parent if known else ""
        return ""


class Place(msgspec.Struct, frozen=True):
    """Where the counter stands: city policy code, bank id, branch id, counter number (窗口)."""

    city: str
    bank: str
    branch: str
    counter: str


class Context(msgspec.Struct, frozen=True):
    """What a judgement depends on beside the case. Without a place (the shell, the province) BNK-2 is not asked."""

    today: date
    reference: Reference
    place: Place | None = None
