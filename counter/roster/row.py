"""A row of a roster in normal form, and the case that it makes with its unit."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import msgspec

from counter.rules.case import (
    Booking,
    Case,
    Document,
    DocumentKind,
    GroupUnit,
    Holder,
    IdentityAnswer,
    IdentityCheck,
    LongTerm,
    Mode,
    OldCard,
    OneCard,
    OneCardAnswer,
    Photo,
    PhotoSource,
    Pickup,
    PickupMethod,
    Sex,
)
from counter.rules.papers import OF_DOCUMENT
from counter.rules.reference import Coded, Context, Reference
from counter.rules.services.exchange import EXCHANGE
from counter.rules.steps.one_card import cards_elsewhere
from counter.rules.text import mobile_text, name_text, number_text, plain
from counter.rules.unit import Unit
from counter.sheets.cells import date_text, digits_text

FILE: Final = "file"
"""`RosterRow.photo` of a person whose photo is a file."""
OTHER_OCCUPATION: Final = "90"
"""其他人员: reported for somebody whose occupation the roster leaves out."""


class RosterRow(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a roster says of one person, by column (`columns.COLUMNS`), in normal form; '' where it says nothing.

    Kinds, ethnicities, occupations and sexes are codes as in a case, dates YYYY-MM-DD or ``long_term``. What cannot be
    understood stays as written, and the checks say so. `photo` is '' (keep the old one), ``file`` or a receipt number.
    """

    name: str = ""
    document_kind: str = ""
    number: str = ""
    ethnicity: str = ""
    mobile: str = ""
    occupation: str = ""
    old_card: str = ""
    photo: str = ""
    sex: str = ""
    birth: str = ""
    valid_from: str = ""
    valid_to: str = ""
    remarks: str = ""


class Answers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is known of a person beside the roster: the province's answers, and the digest of the photo file."""

    identity: IdentityCheck = IdentityCheck(answer=IdentityAnswer.DEFERRED)
    one_card: OneCard = OneCard(answer=OneCardAnswer.DEFERRED)
    booking: Booking | None = None
    photo: str = ""


UNASKED: Final = Answers()

_KIND_WORDS: Final[Mapping[DocumentKind, str]] = {
    DocumentKind.ID_CARD: "居民身份证|身份证|二代身份证|公民身份证|resident identity card|identity card|id card",
    DocumentKind.HUKOU: "居民户口簿|户口簿|户口本|hukou book",
    DocumentKind.HK_MACAU_PERMIT: "港澳居民来往内地通行证|港澳居民通行证|港澳通行证|回乡证|hk/macau travel permit",
    DocumentKind.HK_MACAU_RESIDENCE: "港澳居民居住证|港澳居住证|hk/macau residence permit",
    DocumentKind.TAIWAN_PERMIT: "台湾居民来往大陆通行证|台湾通行证|台胞证|taiwan travel permit",
    DocumentKind.TAIWAN_RESIDENCE: "台湾居民居住证|台湾居住证|taiwan residence permit",
    DocumentKind.PASSPORT: "外国护照|护照|foreign passport|passport",
    DocumentKind.PERMANENT_RESIDENCE: "外国人永久居留身份证|外国人永久居留证|永居证|permanent residence card",
}
_KINDS: Final = {word: str(kind) for kind, words in _KIND_WORDS.items() for word in (kind, *words.split("|"))}
_SEXES: Final = dict.fromkeys(("男", "男性", "m", "male", "1"), str(Sex.MALE)) | dict.fromkeys(
    ("女", "女性", "f", "female", "2"), str(Sex.FEMALE)
)
_KEEP: Final = frozenset(
    [
        "",
        "沿用",
        "沿用原卡照片",
        "沿用原照片",
        "原照片",
        "原相片",
        "原卡照片",
        "无",
        "否",
        "keep",
        "keep the old card's photo",
    ]
)
_NO_CARD: Final = frozenset(["无", "没有", "/", "none"])
_FILE: Final = frozenset(["文件", "相片文件", "照片文件", "电子照片", "相片文件或扫描", "file", "photo file or scan"])
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")


class Normal:
    """The normal form of what a sheet says; knows the code lists, remembers what repeats."""

    def __init__(self, reference: Reference) -> None:
        ethnicities, occupations = _names(reference.ethnicities), _names(reference.occupations)
        for name, code in list(ethnicities.items()):
            ethnicities.setdefault(name.removesuffix("族"), code)
        self._forms: Mapping[str, Callable[[str], str]] = {
            "name": name_text,
            "document_kind": _coded(_KINDS),
            "number": lambda text: number_text(digits_text(text)),
            "ethnicity": _coded(ethnicities, width=2),
            "mobile": lambda text: mobile_text(digits_text(text)),
            "occupation": _coded(occupations),
            "old_card": _card,
            "photo": _photo,
            "sex": _coded(_SEXES),
            "birth": date_text,
            "valid_from": date_text,
            "valid_to": date_text,
            "remarks": plain,
        }

    def value(self, column: str, text: str) -> str:
        """What was written into a column, in normal form; the same again for what is normal."""
        return self._forms[column](text)

    def row(self, values: Mapping[str, str]) -> RosterRow:
        """A row of what was written, by column id."""
        return RosterRow(**{column: self._forms[column](text) for column, text in values.items()})


def to_case(
    row: RosterRow,
    unit: Unit,
    context: Context,
    answers: Answers = UNASKED,
    acknowledged: tuple[str, ...] = (),
) -> Case:
    """The exchange of one person of a unit, EXC-7, as it is judged and recorded.

    The bank has collected the materials: papers and old card are there. What the roster does not say and the materials
    answer stays empty (`counter.rules.service.Group`). An empty old card is the one that the province holds here.
    `acknowledged` are the codes of findings about the unit that the clerk has given their word on.
    """
    kind = kind_of(row)
    photo = _photo_of(row, answers)
    receipt = ("photo_receipt",) if photo.source is PhotoSource.RECEIPT else ()
    case = Case(
        service=EXCHANGE.id,
        city=context.place.city if context.place else _city(unit, context),
        holder=Holder(
            name=row.name,
            document=Document(
                kind=kind, number=row.number, valid_from=_day(row.valid_from), valid_to=_until(row.valid_to)
            ),
            birth=_day(row.birth),
            sex=Sex(row.sex) if row.sex in CODES_OF_SEX else None,
            ethnicity=row.ethnicity,
            mobile=row.mobile,
            occupation=row.occupation or OTHER_OCCUPATION,
        ),
        unit=GroupUnit(name=unit.name, uscc=unit.uscc, contact=unit.contact, contact_mobile=unit.mobile),
        papers=(*OF_DOCUMENT[kind], *receipt),
        identity_check=answers.identity,
        one_card=answers.one_card,
        mode=unit.mode,
        booking=answers.booking,
        photo=photo,
        bank=unit.bank,
        branch=unit.branch,
        pickup=Pickup(method=PickupMethod.BRANCH),
        # a kind that the unit states is its word for a number that looks like another kind's
        acknowledged=(*acknowledged, *(("number.other_kind",) if row.document_kind else ())),
    )
    return msgspec.structs.replace(case, old_card=_old_card(row, unit, case, context))


def kind_of(row: RosterRow) -> DocumentKind:
    """The kind of document: as stated, else by the number's form, an identity card where that says nothing certain."""
    if row.document_kind in CODES_OF_KIND:
        return DocumentKind(row.document_kind)
    number = row.number
    if len(number) == 18 and number[:17].isdecimal():
        if number.startswith(("810000", "820000")):
            return DocumentKind.HK_MACAU_RESIDENCE
        if number.startswith("830000"):
            return DocumentKind.TAIWAN_RESIDENCE
        if number.startswith("9"):
            return DocumentKind.PERMANENT_RESIDENCE
    if number[:1] in {"H", "M"} and number[1:].isdecimal() and len(number) in {9, 11}:
        return DocumentKind.HK_MACAU_PERMIT
    return DocumentKind.ID_CARD


CODES_OF_KIND: Final = frozenset(str(kind) for kind in DocumentKind)
CODES_OF_SEX: Final = frozenset(str(sex) for sex in Sex)


def _names(items: Mapping[str, Coded]) -> dict[str, str]:
    return {name.casefold(): each.code for each in items.values() for name in (each.code, each.zh, each.en)}


def _coded(codes: Mapping[str, str], width: int = 0) -> Callable[[str], str]:
    """A form that knows names and codes; a spreadsheet may have taken a code's leading zeros."""

    def form(text: str) -> str:
        if found := codes.get(text):
            return found
        bare = digits_text(text)
        folded = bare.casefold()
        return codes.get(folded) or codes.get(folded.zfill(width)) or bare

    return form


def _card(text: str) -> str:
    """A card's number; a word that says that there is none is none."""
    bare = digits_text(text)
    return "" if bare.casefold() in _NO_CARD else number_text(bare)


def _photo(text: str) -> str:
    bare = plain(text)
    folded = bare.casefold()
    if folded in _KEEP:
        return ""
    return FILE if folded in _FILE or folded.endswith(_PICTURES) else digits_text(bare)


def _photo_of(row: RosterRow, answers: Answers) -> Photo:
    if row.photo == FILE:
        return Photo(source=PhotoSource.FILE, digest=answers.photo)
    if row.photo:
        return Photo(source=PhotoSource.RECEIPT, receipt=row.photo, digest=answers.photo)
    return Photo(source=PhotoSource.KEEP)


def _old_card(row: RosterRow, unit: Unit, case: Case, context: Context) -> OldCard:
    elsewhere = cards_elsewhere(case, context) if case.one_card.cards else ()
    here = next((card for card in case.one_card.cards if card not in elsewhere), None)
    bank = here.bank if here else "" if unit.mode is Mode.CHANGE_BANK else unit.bank
    return OldCard(number=row.old_card or (here.number if here else ""), bank=bank, in_hand=True)


def _city(unit: Unit, context: Context) -> str:
    branch = context.reference.branches.get(unit.branch)
    return branch.city if branch else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _until(text: str) -> date | LongTerm | None:
    return "long_term" if text == "long_term" else _day(text)
