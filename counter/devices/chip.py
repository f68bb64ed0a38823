"""The text on an identity card's chip: 256 bytes of UTF-16LE, space padded, in one of three layouts (FORMATS).

A field that is not as the trade has it makes the card unreadable: a spoilt frame may pass one byte of check, and must
not become another person. What reads, writes: the made-up cards of a demonstration are encoded here too.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from counter.clock import today
from counter.rules.case import Document, DocumentKind, Holder, LongTerm, Sex
from counter.rules.numbers import identify
from counter.rules.text import check_name, name_text, plain

SIZE: Final = 256
_TYPE_AT: Final = slice(248, 250)
_CITIZEN: Final = (
    *(("name", 30), ("sex", 2), ("ethnicity", 4), ("birth", 16), ("address", 70), ("number", 36), ("issuer", 30)),
    *(("valid_from", 16), ("valid_to", 16), ("pass", 18), ("issues", 4), ("reserved", 6), ("type", 2), ("rest", 6)),
)
"""居民身份证, and 港澳台居民居住证 (type J)."""
_RESIDENCE_1: Final = (
    *(("name", 120), ("sex", 2), ("number", 30), ("country", 6), ("chinese", 30), ("valid_from", 16)),
    *(("valid_to", 16), ("birth", 16), ("version", 4), ("authority", 8), ("type", 2), ("rest", 6)),
)
"""外国人永久居留身份证, the older form (type I)."""
_RESIDENCE_2: Final = (
    *(("chinese", 30), ("sex", 2), ("renewals", 4), ("birth", 16), ("name", 70), ("number", 36), ("reserved", 30)),
    *(("valid_from", 16), ("valid_to", 16), ("name_2", 22), ("country", 6), ("type", 2), ("old_number", 6)),
)
"""外国人永久居留身份证 of 2023 (type Y)."""
LAYOUTS: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    " ": _CITIZEN,
    "J": _CITIZEN,
    "I": _RESIDENCE_1,
    "Y": _RESIDENCE_2,
}
_UNUSED: Final = frozenset(
    {"reserved", "rest", "pass", "issues", "issuer", "country", "chinese", "version", "authority"}
)
"""Nothing is asked of these, and what stands in some of them is no text."""
_DAY: Final = re.compile("[0-9]{8}")
_SEXES: Final = {"1": Sex.MALE, "2": Sex.FEMALE}
_ETHNICITIES: Final = frozenset({*(f"{code:02}" for code in range(1, 57)), "97", "98"})
_LONG_TERM: Final = "长期"
_REGIONS: Final = {"81": DocumentKind.HK_MACAU_RESIDENCE, "82": DocumentKind.HK_MACAU_RESIDENCE}


class UnreadableCardError(Exception):
    """What is on the chip is no identity card as the trade knows them. Never says what it is: it may be a person's."""


def read_text(text: bytes) -> Holder:
    """The person of a card's 256 bytes, as far as the chip knows them. Raises `UnreadableCardError`."""
    fields = _fields(text)
    kind = _kind(fields["type"], fields["number"])
    number = identify(fields["number"], kind, today(), ())
    born, sex = _day(fields["birth"]), _SEXES.get(fields["sex"])
    begins, ends = _day(fields["valid_from"]), _end(fields["valid_to"])
    name = name_text(" ".join(filter(None, (fields["name"], fields.get("name_2", "")))))
    ethnicity = fields.get("ethnicity", "").strip() if kind is DocumentKind.ID_CARD else ""
    told = ((number.birth, born), (number.sex, sex))
    agrees = number.valid and sex is not None and all(said in (None, read) for said, read in told)
    ordered = isinstance(ends, str) or begins <= ends
    of_a_people = ethnicity in _ETHNICITIES or kind is not DocumentKind.ID_CARD
    if not (agrees and ordered and of_a_people) or check_name(name):
        raise UnreadableCardError
    return Holder(
        name=name,
        document=Document(kind=kind, number=number.number, valid_from=begins, valid_to=ends),
        birth=born,
        sex=sex,
        ethnicity=ethnicity,
        address=plain(fields.get("address", "")),
    )


def write_text(person: Holder) -> bytes:
    """The 256 bytes of a made-up person's card."""
    document, mark = person.document, _mark(person.document)
    sex = next(code for code, sex in _SEXES.items() if sex is person.sex)
    values = {
        "name": person.name,
        "sex": sex,
        "ethnicity": person.ethnicity,
        "birth": f"{person.birth:%Y%m%d}",
        "address": person.address,
        "number": document.number,
        "valid_from": f"{document.valid_from:%Y%m%d}",
        "valid_to": f"{document.valid_to:%Y%m%d}" if isinstance(document.valid_to, date) else _LONG_TERM,
        "type": mark,
    }
    return b"".join(_padded(values.get(name, ""), size) for name, size in LAYOUTS[mark])


def _fields(text: bytes) -> dict[str, str]:
    try:
        mark = text[_TYPE_AT].decode("utf-16-le")
        if len(text) != SIZE or mark not in LAYOUTS:
            raise UnreadableCardError
        return dict(_cut(text, LAYOUTS[mark])) | {"type": mark}
    except UnicodeDecodeError:
        raise UnreadableCardError from None


def _cut(text: bytes, layout: tuple[tuple[str, int], ...]) -> Iterator[tuple[str, str]]:
    at = 0
    for name, size in layout:
        if name not in _UNUSED:
            value = text[at : at + size].decode("utf-16-le")
            if any(unicodedata.category(char) in {"Cc", "Cf"} for char in value):
                raise UnreadableCardError
            yield name, value.rstrip(" ")
        at += size


def _kind(mark: str, number: str) -> DocumentKind:
    if mark == " ":
        return DocumentKind.ID_CARD
    if mark == "J":
        return _REGIONS.get(number[:2], DocumentKind.TAIWAN_RESIDENCE)
    return DocumentKind.PERMANENT_RESIDENCE


def _mark(document: Document) -> str:
    if document.kind is DocumentKind.ID_CARD:
        return " "
    if document.kind is not DocumentKind.PERMANENT_RESIDENCE:
        return "J"
    return "Y" if len(document.number) == 18 else "I"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise UnreadableCardError from None


def _end(text: str) -> date | LongTerm:
    return "long_term" if text == _LONG_TERM else _day(text)


def _padded(text: str, size: int) -> bytes:
    """Space padded; what is longer is cut between two characters."""
    while len(text.encode("utf-16-le")) > size:
        text = text[:-1]
    encoded = text.encode("utf-16-le")
    return encoded + " ".encode("utf-16-le") * ((size - len(encoded)) // 2)
