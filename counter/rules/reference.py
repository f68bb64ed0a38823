"""The reference data that rules judge by: the shape of what `data/` holds. Loaded by `counter.reference.load`."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal

import msgspec

SAMPLE: Final = "sample"
"""The `source` of what is made up and waits for the city's own."""


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


class AcceptedText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that a customer accepts (办理须知, 同步申领告知书), TXT-1: whole, in both languages.

    `id` is the consent that is given to it, `city` who says so (a region code, or ``default``), `version` a date.
    """

    id: str
    city: str
    version: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    zh: str
    en: str
    source: str

    @property
    def name(self) -> str:
        """What a case and its record call it: ``terms@440100-2026-11``."""
        return f"{self.id}@{self.city}-{self.version}"


class Making(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a card takes to be made, TIM-1: working days, by the way in which it reaches the holder; None where
    nobody has said. At once is today. `source`: who published it, ``sample`` for an estimate of ours."""

    branch: int | None = None
    mail: int | None = None
    source: str = SAMPLE

    @property
    def published(self) -> bool:
        """Has the city published it?"""
        return self.source != SAMPLE


class Waiver(msgspec.Struct, frozen=True):
    """A waiver of the fee (工本费减免) that a city grants, FEE-1: for which services, and on which conditions.

    `under_years`: so many years have not passed since the issue on the card's face, 0 for any age; `undamaged`: tested,
    and not damaged by anybody; `run_out`: the validity on its face has passed; `preference`: only a card with the
    preference function. `source` says which published guide grants it.
    """

    services: tuple[str, ...]
    source: str
    under_years: int = 0
    undamaged: bool = False
    run_out: bool = False
    preference: bool = False


class Wording(msgspec.Struct, frozen=True):
    """Words that are a city's own, in both languages: an office's name, a sentence that is true only there."""

    zh: str
    en: str


class CityPolicy(msgspec.Struct, frozen=True):
    """What a city decides for itself. Fees in fen by service id; waivers and banks by id; region code as key.

    `counter_banks` are those whose cardholders are advised to come to the counter (EXC-8); `copies` the papers of which
    a copy is enough; `exchange_by_agent`: an agent may exchange the card for the holder (AGT-5); after `fetch_days` a
    card that lies at its branch is overdue (PIC-7); `hotlines` the numbers to call, the first one first; `offices` who
    does what a bank counter does not; `referrals` what is true of a referral here only, by subject and part
    (``elderly_card.who``), REF-1; `texts` what a customer accepts, by the consent (TXT-1); `blank_stock`: a card is
    made at once from a blank that the counter has received, ``always``, or once it has received any (PIC-1).
    """

    city: str
    zh: str
    en: str
    banks: tuple[str, ...]
    fees: Mapping[str, int]
    waivers: Mapping[str, Waiver] = {}
    clean_up: Literal["counter", "refer"] = "counter"
    counter_banks: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    exchange_by_agent: bool = False
    review_days: tuple[int, int] = (3, 5)
    booking_days: int = 10
    booking_day_kind: Literal["calendar", "working"] = "calendar"
    receipt_pattern: str = "[A-Za-z0-9]{1,20}"
    photo: PhotoSpec = PhotoSpec()
    fetch_days: int = 60
    hotlines: tuple[str, ...] = ()
    offices: Mapping[str, Wording] = {}
    referrals: Mapping[str, Wording] = {}
    making: Making = Making()
    texts: Mapping[str, AcceptedText] = {}
    blank_stock: Literal["when_kept", "always"] = "when_kept"
    source: str = ""


class Reference(msgspec.Struct, frozen=True, eq=False):
    """All reference data; every mapping is keyed by code or id. One is like another only if it is the same.

    `general` is what holds where no city is named.
    """

    regions: Mapping[str, Region]
    cities: Mapping[str, CityPolicy]
    general: CityPolicy
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

    def region_name(self, code: str) -> str:
        """A region with those above it: 广东省 河源市 紫金县; '' for none that is known."""
        names: list[str] = []
        while region := self.regions.get(code):
            names.append(region.name)
            code = region.parent
        return " ".join(reversed(names))


class Place(msgspec.Struct, frozen=True):
    """Where the counter stands: city policy code, bank id, branch id, counter number (窗口)."""

    city: str
    bank: str
    branch: str
    counter: str


class Context(msgspec.Struct, frozen=True):
    """What a judgement depends on beside the case. Without a place (the shell, the province) nothing is asked of the
    counter itself: its bank (BNK-2), its stock of blank cards (PIC-1)."""

    today: date
    reference: Reference
    place: Place | None = None
