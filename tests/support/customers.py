"""Every kind of made-up customer, and what each would bring if they knew all the rules: for the walk over all services.

The walk goes through three cities: Guangzhou and Zijin, of which the sources speak, and one that decided on nothing.
`complete` fills a case from the declaration itself: whatever is then still stopped is what the rules refuse.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import structs

from counter.rules.case import (
    Booking,
    BookingStatus,
    Case,
    Changes,
    Document,
    DocumentKind,
    Holder,
    IdentityAnswer,
    IdentityCheck,
    KnownCard,
    Mode,
    OldCard,
    OneCard,
    OneCardAnswer,
    Photo,
    PhotoSource,
    Pickup,
    PickupMethod,
    PresentedBy,
    Proxy,
    Sex,
)
from counter.rules.judge import judge
from counter.rules.numbers import check_character
from counter.rules.parcel import Parcel, ParcelCard
from counter.rules.reference import Branch, Context
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES
from tests.support.made_up import EQUIPPED, EXCHANGE, REFERENCE, SHELL, ZIJIN, number

GUANGZHOU, SHENZHEN = "440100", "440300"
ADULT_BIRTH, TEEN_BIRTH, CHILD_BIRTH = "19900101", "20110301", "20160301"


def _equipped_in(city: str) -> Branch:
    banks = (each for each in REFERENCE.branches.values() if (each.bank, each.city) == ("abc", city))
    return next(each for each in banks if each.instant)


def _permanent(birth: str) -> str:
    body = f"944840{birth}001"
    return body + check_character(body)


def _holder(kind: DocumentKind, number: str, birth: str = ADULT_BIRTH) -> Holder:
    hukou = kind is DocumentKind.HUKOU
    born = date(int(birth[:4]), int(birth[4:6]), int(birth[6:]))
    document = Document(
        kind=kind,
        number=number,
        valid_from=born if hukou else date(2020, 1, 1),
        valid_to=born.replace(year=born.year + 16) if hukou else date(2030, 1, 1),
    )
    citizen = kind in {DocumentKind.ID_CARD, DocumentKind.HUKOU}
    stated = {} if citizen else {"birth": born, "sex": Sex.MALE}
    return structs.replace(EXCHANGE.holder, document=document, mobile_verified=True, **stated)


CUSTOMERS = {
    "citizen": _holder(DocumentKind.ID_CARD, number(ADULT_BIRTH)),
    "citizen under 16, hukou book": _holder(DocumentKind.HUKOU, number(TEEN_BIRTH), TEEN_BIRTH),
    "citizen under 16, identity card": _holder(DocumentKind.ID_CARD, number(TEEN_BIRTH), TEEN_BIRTH),
    "child under 14, hukou book": _holder(DocumentKind.HUKOU, number(CHILD_BIRTH), CHILD_BIRTH),
    "child under 14, identity card": _holder(DocumentKind.ID_CARD, number(CHILD_BIRTH), CHILD_BIRTH),
    "Hong Kong or Macau, travel permit": _holder(DocumentKind.HK_MACAU_PERMIT, "H00000000"),
    "Hong Kong or Macau, residence permit": _holder(
        DocumentKind.HK_MACAU_RESIDENCE, number(ADULT_BIRTH, region="810000")
    ),
    "Hong Kong or Macau under 16, travel permit": _holder(DocumentKind.HK_MACAU_PERMIT, "M00000000", TEEN_BIRTH),
    "Taiwan, travel permit": _holder(DocumentKind.TAIWAN_PERMIT, "00000000"),
    "Taiwan, residence permit": _holder(DocumentKind.TAIWAN_RESIDENCE, number(ADULT_BIRTH, region="830000")),
    "foreigner, passport": _holder(DocumentKind.PASSPORT, "X0000000"),
    "foreigner, permanent residence": _holder(DocumentKind.PERMANENT_RESIDENCE, _permanent(ADULT_BIRTH)),
    "foreigner, permanent residence (old number)": _holder(DocumentKind.PERMANENT_RESIDENCE, "XXX000000000000"),
    "foreigner under 16, passport": _holder(DocumentKind.PASSPORT, "X1111111", TEEN_BIRTH),
    "overseas Chinese, Chinese passport": _holder(DocumentKind.CHINESE_PASSPORT, "E00000000"),
    "overseas Chinese under 16, Chinese passport": _holder(DocumentKind.CHINESE_PASSPORT, "EA0000000", TEEN_BIRTH),
    "adult without capacity": structs.replace(_holder(DocumentKind.ID_CARD, number(ADULT_BIRTH)), incapable=True),
}
MINORS = {name for name in CUSTOMERS if "under" in name}
CHILDREN = {name for name in CUSTOMERS if "under 14" in name}
GUARDED = MINORS | {"adult without capacity"}
"""For whom a guardian acts and nobody else."""

SECOND = Document(number=number("19660101", "004"), valid_from=date(2020, 1, 1), valid_to="long_term")
GUARDIAN = Proxy(name="王监护", document=SECOND, relation="mother", mobile="13900000000", mobile_verified=True)
AGENT = Proxy(name="李代办", document=SECOND, mobile="13900000000", reason="hospital")


def _of_another_kind(kind: DocumentKind, number: str) -> Proxy:
    document = structs.replace(SECOND, kind=kind, number=number)
    return structs.replace(GUARDIAN, document=document, birth=date(1980, 1, 1))


GUARDIANS = {
    "Hong Kong or Macau under 16, travel permit": _of_another_kind(DocumentKind.HK_MACAU_PERMIT, "H11111111"),
    "foreigner under 16, passport": _of_another_kind(DocumentKind.PASSPORT, "X2222222"),
    "overseas Chinese under 16, Chinese passport": _of_another_kind(DocumentKind.CHINESE_PASSPORT, "E11111111"),
}
"""Whose guardian has no identity card."""

CITIES = {
    ZIJIN: EQUIPPED,
    GUANGZHOU: _equipped_in(GUANGZHOU),
    SHENZHEN: _equipped_in(SHENZHEN),
}
"""Where the walk goes, each with a branch of the bank that makes cards at once."""

CARD = OldCard(number="B00000019", bank="abc", in_hand=True, status="1", expires=date(2030, 1, 1))
CARDS = {
    "exchange": structs.replace(CARD, status=""),
    "collect": structs.replace(CARD, status="0", in_hand=False, at_branch=True),
    "withdraw_loss": structs.replace(CARD, status="2", loss_reported=True),
    "unlock": structs.replace(CARD, pin_locked=True),
    "book_bank_change": structs.replace(CARD, bank="icbc"),
    "transfer_letter": structs.replace(CARD, bank="icbc"),
}
UNDER_REVIEW = Booking(
    id="1", status=BookingStatus.REVIEW, from_bank="abc", to_bank="icbc", booked_on=date(2026, 11, 18),
    decision=BookingStatus.APPROVED,
)  # fmt: skip
APPROVED = Booking(
    id="1", status=BookingStatus.APPROVED, from_bank="icbc", to_bank="abc", approved_on=date(2026, 11, 18)
)


ARRIVED = Parcel(
    number="ZJ20260001", counted=("H00001007",), known=(ParcelCard(number="H00001007", name="苏试包一"),)
)  # fmt: skip


def complete(
    service: Service,
    customer: str,
    presented_by: PresentedBy,
    context: Context = SHELL,
    city: str = ZIJIN,
    **values: Any,
) -> Case:
    """The case of a customer who brings all that the service asks; `values` go before what is filled in."""
    answer = {"apply": OneCardAnswer.NONE, "clean_up": OneCardAnswer.ELSEWHERE}.get(service.id, OneCardAnswer.HERE)
    case = Case(
        service=service.id,
        city=city,
        presented_by=presented_by,
        holder=CUSTOMERS[customer],
        guardian=GUARDIANS.get(customer, GUARDIAN) if presented_by is PresentedBy.GUARDIAN else None,
        agent=AGENT if presented_by is PresentedBy.AGENT else None,
        identity_check=IdentityCheck(answer=IdentityAnswer.MATCH),
        one_card=OneCard(
            answer=answer, cards=(KnownCard(city="440600", bank="abc"),), clean_up_confirmed=service.id == "clean_up"
        ),
        old_card=CARDS.get(service.id, CARD) if service.needs_card else None,
        mode=Mode.NEW_NUMBER if service.modes else None,
        booking=_booking(service),
        parcel=ARRIVED if StepId.PARCEL in service.steps else None,
        changes=Changes(name="王更名") if StepId.CHANGES in service.steps else None,
        insured=True,
        medical_account_closed=True,
        referral=next(iter(service.referrals), ""),
        photo=_photo(service, customer),
        bank="abc",
        branch=CITIES[city].id,
        pickup=Pickup(method=PickupMethod.BRANCH),
    )
    case = structs.replace(case, **values)
    judgement = judge(case, context)
    return structs.replace(case, papers=judgement.papers, consents=judgement.consents)


def _booking(service: Service) -> Booking | None:
    if service.id == "review_bank_change":
        return UNDER_REVIEW
    if service.id == "transfer_letter":
        return APPROVED
    return Booking(status=BookingStatus.NONE) if service.id == "book_bank_change" else None


def _photo(service: Service, customer: str) -> Photo:
    sources = [
        source
        for source in service.photo_sources
        if source is not PhotoSource.ID_CARD or CUSTOMERS[customer].document.kind is DocumentKind.ID_CARD
    ]
    return Photo(source=sources[0], digest="0" * 64) if sources else Photo()


def everybody() -> Iterator[tuple[Service, str, PresentedBy]]:
    """Every service, for every kind of customer, asked for by everybody."""
    return (
        (service, customer, presented_by)
        for service in SERVICES.values()
        for customer in CUSTOMERS
        for presented_by in PresentedBy
    )


MAIL = Pickup(
    method=PickupMethod.MAIL, recipient="王测试", mobile="13800000000", mobile_verified=True, region=ZIJIN,
    address="紫城镇测试路1号101房",
)  # fmt: skip
PICKUPS = {PickupMethod.BRANCH: Pickup(method=PickupMethod.BRANCH), PickupMethod.MAIL: MAIL,
           PickupMethod.INSTANT: Pickup(method=PickupMethod.INSTANT, blank_card="000231")}  # fmt: skip
assert REFERENCE.branches[EQUIPPED.id].instant
