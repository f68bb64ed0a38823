"""Made-up customers for a demonstration: one for every way a case can go. Their purposes stand in `gateway.toml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from msgspec import structs

from counter.gateway.seeding import seed
from counter.province.wire import Milestones
from counter.rules.case import BookingStatus, Document, DocumentKind, Holder
from counter.rules.numbers import check_character, identify, social_card_check
from counter.rules.read_card import ReadCard
from counter.rules.services.holding import ACTIVATE, CANCEL, COLLECT
from counter.rules.services.loss import REPORT_LOSS
from counter.rules.services.replacement import CHANGE_DETAILS, REPLACE

ZIJIN: Final = "441621"
GUANGZHOU: Final = "440100"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A made-up customer: what to type, and what to type it for (``gateway.demo.<purpose>`` in the catalogs).

    `card` is the old card that they hand over, `receipt` the photo receipt number that they bring.
    """

    purpose: str
    name: str
    number: str
    kind: DocumentKind = DocumentKind.ID_CARD
    known_name: str = ""
    card: str = ""
    bank: str = "abc"
    card_city: str = ZIJIN
    receipt: str = ""


def _citizen(body: str) -> str:
    return body + check_character(body)


def _card(body: str) -> str:
    """A social security card number (社保卡号): letter, seven digits and their check (GB 11714)."""
    return body + social_card_check(body)


PEOPLE: Final = (
    DemoPerson("same_number", "钟试一", _citizen("44162119870312961"), card=_card("B0000016")),
    DemoPerson("new_number", "叶试二娘", _citizen("44162119920725962"), card=_card("B0000024")),
    DemoPerson("change_bank", "温试三", _citizen("44162119790918963"), card=_card("B0000032"), bank="icbc"),
    DemoPerson("first_application", "黄试四妹", _citizen("44162120050506964"), receipt="ZJ20260001"),
    DemoPerson("elsewhere", "刘试五", _citizen("44162119880214965"), card=_card("B0000057"), card_city=GUANGZHOU),
    DemoPerson("pending", "曾试六花", _citizen("44162119961030966")),
    DemoPerson("mismatch", "赖试七", _citizen("44162119830611967"), known_name="赖式七"),
    DemoPerson("hong_kong", "陈试八", "H00000088", DocumentKind.HK_MACAU_PERMIT),
    DemoPerson("rare_name", "𠮷试九", _citizen("44162119740123969"), card=_card("B0000099")),
    DemoPerson("receipt", "何试十芳", _citizen("44162119900815980"), card=_card("B0000107"), receipt="ZJ20260010"),
    DemoPerson("receipt_expired", "罗试甲", _citizen("44162119860404971"), receipt="ZJ20250011"),
    DemoPerson("booking_review", "邱试乙", _citizen("44162119810927973"), card=_card("B0000123"), bank="ccb"),
    DemoPerson(COLLECT.id, "张试丙", _citizen("44162119930318991"), card=_card("G0000131")),
    DemoPerson("being_made", "李试丁", _citizen("44162119910822992"), card=_card("G0000149")),
    DemoPerson("collect_in_person", "邓试戊", _citizen("44162119520605993"), card=_card("G0000157")),
    DemoPerson(ACTIVATE.id, "彭试己", _citizen("44162119950129994"), card=_card("G0000165")),
    DemoPerson(REPORT_LOSS.id, "谢试庚", _citizen("44162119890711995"), card=_card("B0000173")),
    DemoPerson("loss_bank_fails", "范试辛", _citizen("44162119840303996"), card=_card("B0000181")),
    DemoPerson("lost", "巫试壬", _citizen("44162119770416997"), card=_card("B0000199")),
    DemoPerson("lost_replaced", "江试癸", _citizen("44162119820909998"), card=_card("B0000203")),
    DemoPerson("pin_locked", "丘试子", _citizen("44162119861212891"), card=_card("G0000211")),
    DemoPerson("blue_card", "古试丑", _citizen("44162119680507892"), card=_card("B0000229")),
    DemoPerson("no_photo", "廖试寅", _citizen("44162119940614893"), card=_card("B0000237"), receipt="ZJ20260012"),
    DemoPerson("preference", "戴试卯", _citizen("44162119480220894"), card=_card("B0000245")),
    DemoPerson(CHANGE_DETAILS.id, "甘试辰", _citizen("44162119990926895"), card=_card("G0000253")),
    DemoPerson(CANCEL.id, "凌试巳", _citizen("44162119730801896"), card=_card("B0000261")),
    DemoPerson("book", "龚试午", _citizen("44162119880808897"), card=_card("B0000279"), bank="icbc"),
    DemoPerson("to_review", "骆试未", _citizen("44162119850505898"), card=_card("B0000287")),
    DemoPerson("booking_last_day", "侯试申", _citizen("44162119900909791"), card=_card("B0000295"), bank="icbc"),
    DemoPerson("booking_lapsed", "欧试酉", _citizen("44162119920202792"), card=_card("B0000309"), bank="icbc"),
    DemoPerson("elsewhere_two", "缪试戌", _citizen("44162119870707793"), card=_card("B0000317"), card_city=GUANGZHOU),
    DemoPerson("minor", "钟试亥", _citizen("44162120180601794"), DocumentKind.HUKOU),
    DemoPerson("taiwan", "林试台", "00000088", DocumentKind.TAIWAN_PERMIT),
    DemoPerson("foreigner", "TEST PERSON", "X00000088", DocumentKind.PASSPORT),
    DemoPerson("overseas_chinese", "侨试海", "E00000088", DocumentKind.CHINESE_PASSPORT),
    DemoPerson("minor_card", "钟试小", _citizen("44162120150505795"), DocumentKind.HUKOU, card=_card("B0000333")),
    DemoPerson("incapable", "黎试安", _citizen("44162119850303796"), card=_card("B0000341")),
)
NOBODY_PHOTO: Final = frozenset({"first_application", "hong_kong", "minor", "taiwan", "foreigner", "overseas_chinese"})
"""Of these the province holds no photo."""

BRANCH: Final = "441621-abc-01"
"""The branch where cards wait."""


@dataclass(frozen=True, slots=True)
class _Booking:
    """A booking of the demonstration: to which bank, where it stands, how many days ago it was approved."""

    status: BookingStatus
    days: int = 2
    to_bank: str = "abc"


BOOKINGS: Final = {
    "change_bank": _Booking(BookingStatus.APPROVED),
    "booking_review": _Booking(BookingStatus.REVIEW),
    "to_review": _Booking(BookingStatus.REVIEW, to_bank="icbc"),
    "booking_last_day": _Booking(BookingStatus.APPROVED, days=10),
    "booking_lapsed": _Booking(BookingStatus.APPROVED, days=11),
}
CARDS: Final[Mapping[str, Mapping[str, Any]]] = {
    ACTIVATE.id: {"generation": 3, "account_active": False},
    "loss_bank_fails": {"bank_fails": True},
    "lost": {"status": "2"},
    "lost_replaced": {"status": "2", "replacement_filed": True},
    "pin_locked": {"status": "3", "generation": 3},
    "blue_card": {"form": "blue"},
    "no_photo": {"has_photo": False},
    "preference": {"preference": True},
    CHANGE_DETAILS.id: {"generation": 3},
}
"""What is particular about their cards; others are ordinary ones."""

UNDER_WAY: Final[Mapping[str, Mapping[str, Any]]] = {
    "pending": {},
    COLLECT.id: {"days": 12, "sent": True},
    "being_made": {"days": 6},
    "collect_in_person": {"days": 12, "sent": True, "applied_by_agent": True},
    "lost_replaced": {"days": 3, "service": REPLACE.id},
}
"""Whose card is being made: since how many days, whether it is at the branch."""


def demo_people() -> tuple[DemoPerson, ...]:
    """The customers of the demonstration."""
    return PEOPLE


def identity_cards(today: date) -> list[Holder]:
    """The identity cards (居民身份证) of those who have one, as their chips have them."""
    return [_identity_card(person, today) for person in PEOPLE if person.kind is DocumentKind.ID_CARD]


def social_cards(today: date) -> list[ReadCard]:
    """The social security cards of those who have an identity card, as the cards have them; an empty one for none."""
    return [_social_card(person, today) for person in PEOPLE if person.kind is DocumentKind.ID_CARD]


def _social_card(person: DemoPerson, today: date) -> ReadCard:
    if not person.card:
        return ReadCard()
    born = identify(person.number, person.kind, today, ()).birth
    return ReadCard(person.card, person.number, person.name, born, issued=date(2021, 5, 1), expires=date(2031, 5, 1))


def _identity_card(person: DemoPerson, today: date) -> Holder:
    told = identify(person.number, person.kind, today, ())
    return Holder(
        name=person.name,
        document=Document(number=person.number, valid_from=date(2018, 3, 1), valid_to=date(2038, 3, 1)),
        birth=told.birth,
        sex=told.sex,
        ethnicity="01",
        address="广东省紫金县紫城镇测试路1号302房",
    )


def demo_rows(today: date) -> list[seed.SeedRow]:
    """What the province knows of them, as seed rows."""
    return [row for drawn, person in enumerate(PEOPLE, 1) for row in _rows(person, drawn, today)]


def demo_lines(today: date) -> list[str]:
    """The same as JSON lines."""
    return [msgspec.json.encode(row).decode() for row in demo_rows(today)]


def _rows(person: DemoPerson, drawn: int, today: date) -> list[seed.SeedRow]:
    number, kind = person.number, person.kind
    rows: list[seed.SeedRow] = [seed.PersonRow(number=number, kind=kind, name=person.known_name or person.name)]
    if person.purpose not in NOBODY_PHOTO:
        rows.append(seed.PhotoRow(number=number, kind=kind, drawn=drawn))
    if person.receipt:
        days = -1 if person.purpose == "receipt_expired" else 180
        expires = today + timedelta(days=days)
        rows.append(
            seed.ReceiptRow(number=number, kind=kind, receipt=person.receipt, expires_on=expires, drawn=100 + drawn)
        )
    return [*rows, *_cards(person, today), *_booking(person, today)]


def _cards(person: DemoPerson, today: date) -> Iterator[seed.SeedRow]:
    """The card in the person's hands, and the one that is being made."""
    under_way = UNDER_WAY.get(person.purpose)
    if person.card and (under_way is None or person.purpose in CARDS):
        yield _card_row(person, person.card, person.card_city, **CARDS.get(person.purpose, {}))
    if person.purpose == "elsewhere_two":
        yield _card_row(person, _card("B0000325"), "440300", bank="boc")
    if under_way is not None:
        yield _application(person, today, **under_way)


def _card_row(person: DemoPerson, card: str, city: str, bank: str = "", **particular: Any) -> seed.CardRow:
    bank = bank or person.bank
    return seed.CardRow(number=person.number, kind=person.kind, card=card, city=city, bank=bank, **particular)


def _application(
    person: DemoPerson, today: date, days: int = 1, *, sent: bool = False, **particular: Any
) -> seed.ApplicationRow:
    """A card that is being made since some days ago; one that is sent is at the branch."""
    day = [today - timedelta(days=days) + timedelta(days=passed) for passed in range(days + 1)]
    milestones = Milestones(applied_on=day[0])
    if days > 1:
        milestones = structs.replace(milestones, bank_opened_on=day[1], bank_done_on=day[2])
    if sent:
        later = {name: day[at] for name, at in (("insurer_on", 4), ("province_on", 5), ("city_on", 8), ("sent_on", 10))}
        milestones = structs.replace(milestones, **later, sent_to=BRANCH)
    return seed.ApplicationRow(
        number=person.number,
        kind=person.kind,
        entry=f"demo-{person.purpose}",
        city=person.card_city,
        bank=person.bank,
        card=person.card if person.purpose not in CARDS else "",
        replaces=person.card if person.purpose in CARDS else "",
        pickup_branch=BRANCH,
        milestones=milestones,
        **particular,
    )


def _booking(person: DemoPerson, today: date) -> list[seed.SeedRow]:
    booking = BOOKINGS.get(person.purpose)
    if booking is None:
        return []
    approved = today - timedelta(days=booking.days)
    return [
        seed.BookingRow(
            number=person.number,
            kind=person.kind,
            id=f"YY-{person.card[-4:]}",
            to_bank=booking.to_bank,
            status=booking.status,
            from_bank=person.bank,
            city=person.card_city,
            name=person.name,
            card=person.card,
            booked_on=approved - timedelta(days=4) if booking.status is BookingStatus.APPROVED else approved,
            approved_on=approved if booking.status is BookingStatus.APPROVED else None,
        )
    ]
