"""A row of a roster in normal form, and the case that it makes with its unit."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from counter.roster.columns import COLUMNS, RosterColumn, RosterRow
from counter.roster.kinds import FILE
from counter.rules.case import (
    Booking,
    Case,
    Document,
    DocumentKind,
    Holder,
    IdentityAnswer,
    IdentityCheck,
    Mode,
    OldCard,
    OneCard,
    OneCardAnswer,
    Photo,
    PhotoSource,
    Pickup,
    PickupMethod,
)
from counter.rules.group import GroupUnit
from counter.rules.papers import OF_DOCUMENT
from counter.rules.reference import Context, Reference
from counter.rules.services.bank_change import BOOK_BANK_CHANGE
from counter.rules.services.exchange import EXCHANGE
from counter.rules.steps.one_card import cards_elsewhere
from counter.rules.unit import Delivery, Unit


class Answers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is known of a person beside the roster: the province's answers, and the digest of the photo file."""

    identity: IdentityCheck = IdentityCheck(answer=IdentityAnswer.DEFERRED)
    one_card: OneCard = OneCard(answer=OneCardAnswer.DEFERRED)
    booking: Booking | None = None
    photo: str = ""


UNASKED: Final = Answers()


class Normal:
    """The normal form of what a sheet says; knows the code lists, remembers what repeats."""

    def __init__(self, reference: Reference) -> None:
        self._forms = {column.id: column.kind.form(reference) for column in COLUMNS}

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
        holder=Holder(document=Document(**{**_values(row, _OF_DOCUMENT), "kind": kind}), **_values(row, _OF_HOLDER)),
        unit=GroupUnit(
            name=unit.name,
            uscc=unit.uscc,
            contact=unit.contact,
            contact_mobile=unit.mobile,
            by_holders=unit.delivery is Delivery.BRANCH,
        ),
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


def to_booking(
    row: RosterRow,
    unit: Unit,
    context: Context,
    answers: Answers = UNASKED,
    acknowledged: tuple[str, ...] = (),
) -> Case:
    """The booking of a change of bank (预约换行换卡) for one person of a unit, EXC-6, as it is judged and recorded.

    The old card, and with it the bank that reviews, is the one that the province holds here.
    """
    exchange = to_case(row, unit, context, answers, acknowledged)
    return Case(
        service=BOOK_BANK_CHANGE.id,
        city=exchange.city,
        holder=exchange.holder,
        unit=exchange.unit,
        papers=exchange.papers,
        identity_check=exchange.identity_check,
        one_card=exchange.one_card,
        old_card=exchange.old_card,
        booking=exchange.booking,
        bank=exchange.bank,
        branch=exchange.branch,
        acknowledged=exchange.acknowledged,
    )


_KINDS: Final = frozenset(DocumentKind)


def kind_of(row: RosterRow) -> DocumentKind:
    """The kind of document: as stated, else by the number's form, an identity card where that says nothing certain."""
    if row.document_kind in _KINDS:
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


def _filling(part: str) -> tuple[tuple[str, RosterColumn], ...]:
    """The columns that fill a part of a case, by the name of the field."""
    paths = ((column, *column.path.rpartition(".")) for column in COLUMNS)
    return tuple((name, column) for column, before, _, name in paths if before == part)


_OF_HOLDER: Final = _filling("holder")
_OF_DOCUMENT: Final = _filling("holder.document")


def _values(row: RosterRow, filling: Iterable[tuple[str, RosterColumn]]) -> dict[str, Any]:
    return {name: column.kind.value(getattr(row, column.id)) for name, column in filling}


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
