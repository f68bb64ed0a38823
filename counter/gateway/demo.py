"""Made-up customers for a demonstration: one for every way a case can go. Their purposes stand in `gateway.toml`."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import msgspec

from counter.gateway import seed
from counter.rules.case import BookingStatus, DocumentKind
from counter.rules.numbers import check_character

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
    values = (int(character, 36) for character in body)
    rest = sum(weight * value for weight, value in zip((3, 7, 9, 10, 5, 8, 4, 2), values, strict=True)) % 11
    return body + {0: "0", 1: "X"}.get(rest, str(11 - rest))


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
)
NOBODY_PHOTO: Final = frozenset({"first_application", "hong_kong"})
"""Of these the province holds no photo."""

BOOKINGS: Final = {"change_bank": BookingStatus.APPROVED, "booking_review": BookingStatus.REVIEW}


def demo_people() -> tuple[DemoPerson, ...]:
    """The customers of the demonstration."""
    return PEOPLE


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
    if person.card:
        rows.append(seed.CardRow(number=number, kind=kind, card=person.card, city=person.card_city, bank=person.bank))
    if person.receipt:
        days = -1 if person.purpose == "receipt_expired" else 180
        expires = today + timedelta(days=days)
        rows.append(
            seed.ReceiptRow(number=number, kind=kind, receipt=person.receipt, expires_on=expires, drawn=100 + drawn)
        )
    if person.purpose == "pending":
        rows.append(seed.ApplicationRow(number=number, kind=kind))
    rows.extend(_booking(person, today))
    return rows


def _booking(person: DemoPerson, today: date) -> list[seed.SeedRow]:
    status = BOOKINGS.get(person.purpose)
    if status is None:
        return []
    return [
        seed.BookingRow(
            number=person.number,
            kind=person.kind,
            id=f"YY-{person.number[-4:]}",
            to_bank="abc",
            status=status,
            approved_on=today - timedelta(days=2) if status is BookingStatus.APPROVED else None,
        )
    ]
