"""Nothing is confirmed unseen (APP-3): all that a case holds stands in its sections and on its slip, masked.

What a value is called and where it stands is written here again and not asked of the summary. A new field of a case
fails here until it is said, or named as one of which nothing is to be said.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import msgspec
import pytest
from msgspec import structs
from rich.cells import cell_len

from counter import i18n
from counter.paper.slip import WIDTH, slip_of
from counter.paper.summary import sections
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
    Insurance,
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
    ReadDocument,
    Scan,
    Sex,
)
from counter.rules.faces import FaceComparison
from counter.rules.group import GroupUnit
from counter.rules.judge import judge
from counter.rules.masking import mask_card, mask_mobile, mask_name, mask_number
from counter.rules.papers import name_of
from counter.rules.parcel import Parcel, ParcelCard
from counter.rules.part import Part
from counter.rules.payment import Payment
from counter.rules.read_card import ReadCard
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES
from tests.support.customers import PICKUPS, complete, everybody
from tests.support.made_up import EQUIPPED, REFERENCE, WINDOW, ZIJIN, number

assert WINDOW.place is not None
PLACE = WINDOW.place
LONG_NAME = "ALEXANDRINA MAXIMILIANA VON ZWEIBRUECKEN"
assert len(LONG_NAME) == 40

FULL = Case(
    city=ZIJIN,
    payment=Payment.ACCOUNT,
    holder=Holder(
        name=LONG_NAME,
        document=Document(
            kind=DocumentKind.PASSPORT, number="X0000000", valid_from=date(2020, 2, 1), valid_to=date(2030, 2, 1)
        ),
        birth=date(1991, 2, 3),
        sex=Sex.FEMALE,
        ethnicity="02",
        mobile="13800000001",
        mobile_verified=True,
        occupation=list(REFERENCE.occupations)[3],
        region="440300",
        address="测试路1号101房",
        insurance=Insurance.RESIDENT,
        incapable=True,
    ),
    guardian=Proxy(
        name="王监护",
        document=Document(number=number("19850101", "003"), valid_from=date(2019, 3, 1), valid_to="long_term"),
        birth=date(1985, 1, 1),
        relation="mother",
        mobile="13800000002",
        mobile_verified=True,
    ),
    agent=Proxy(
        name="李代办",
        document=Document(
            kind=DocumentKind.HK_MACAU_PERMIT,
            number="H00000001",
            valid_from=date(2018, 4, 1),
            valid_to=date(2028, 4, 1),
        ),
        birth=date(1984, 4, 4),
        mobile="13800000003",
        mobile_verified=True,
        reason="hospital",
    ),
    unit=GroupUnit(
        name="虚构电子厂", uscc="91440000000000000A", contact="赵联系", contact_mobile="13800000004", by_holders=True
    ),
    papers=("permit_front", "birth_certificate", "photo_receipt", "police_proof", "old_card"),
    scans=(Scan(paper="permit_front", digest="1" * 64),),
    consents=("terms", "guardian"),
    texts=("terms@default-2026-11",),
    identity_check=IdentityCheck(answer=IdentityAnswer.MATCH, asked_at=datetime(2026, 11, 20, tzinfo=UTC)),
    laid_card=ReadCard(
        "D00000016", "440308199001019999", "卡内名", date(1990, 1, 2), date(2020, 3, 4), date(2030, 5, 6)
    ),
    read=(ReadDocument(who=PresentedBy.GUARDIAN, person=Holder(name="王监护"), photo=b"raw"),),
    faces=FaceComparison(by="camera", same=True),
    one_card=OneCard(
        answer=OneCardAnswer.ELSEWHERE,
        cards=(KnownCard(city="440400", bank="cmb", number="C00000018", status="1"),),
        clean_up_confirmed=True,
        asked_at=datetime(2026, 11, 20, tzinfo=UTC),
    ),
    old_card=OldCard(
        number="B00000019",
        bank="icbc",
        kind="blue",
        generation=3,
        in_hand=True,
        expires=date(2031, 5, 1),
        has_photo=False,
        preference=True,
        status="3",
        account_active=True,
        loss_reported=True,
        bank_lock_failed=True,
        replacement_filed=True,
        issued=date(2017, 6, 1),
        tested_undamaged=True,
        at_branch=True,
        applied_by_agent=True,
        booked_online=True,
        pin_locked=True,
        branch=EQUIPPED.id,
        mailed=True,
    ),
    parcel=Parcel(
        number="PARCEL1",
        returned=True,
        counted=("B00000019", "C00000018"),
        known=(ParcelCard(number="C00000018"), ParcelCard(number="A00000010")),
        before=("B00000019",),
    ),
    mode=Mode.CHANGE_BANK,
    booking=Booking(
        id="BOOKED-1",
        status=BookingStatus.APPROVED,
        from_bank="icbc",
        to_bank="boc",
        booked_on=date(2026, 11, 2),
        approved_on=date(2026, 11, 6),
        decision=BookingStatus.REFUSED,
        reason="另有贷款",
    ),
    changes=Changes(name="钱更名", number=number("19920202", "004"), sex=Sex.MALE, ethnicity="03"),
    insured=False,
    medical_account_closed=True,
    waiver="elderly_tested",
    reason="卡片损坏",
    referral="employee",
    photo=Photo(source=PhotoSource.RECEIPT, receipt="RECEIPT1", digest="2" * 64, refused_before=True),
    bank="abc",
    branch=EQUIPPED.id,
    pickup=Pickup(
        method=PickupMethod.MAIL,
        recipient="孙收件",
        mobile="13800000005",
        mobile_verified=True,
        region="440500",
        address="收件路2号202房",
        blank_card="BLANK0001",
    ),
    acknowledged=("number.other_kind",),
)  # every value another than the default: a test holds that to be so

NOT_SAID = {
    "presented_by": "the label of who acts says it",
    "service": "the heading",
    "scans": "images of the papers that are named",
    "identity_check.asked_at": "when, not what",
    "one_card.asked_at": "when, not what",
    "acknowledged": "the clerk's word to the program",
    "parcel.known": "what follows from it is: how many are missing, of another branch, unknown",
    "texts": "the slip names those that are recorded",
    **{
        f"laid_card.{what}": "what it fills stands where it fills it"
        for what in ("social_number", "name", "birth", "issued", "expires")
    },
    "unit.by_holders": "what the holder is told says who collects",
}


def _choice(kind: str) -> Callable[[object], str]:
    return lambda value: i18n.t(f"choice.{kind}.{value}")


def _day(value: object) -> str:
    return i18n.dated(value) if isinstance(value, date) else i18n.t("choice.long_term")


def _words(namespace: str) -> Callable[[object], str]:
    return lambda ids: "  ".join(i18n.t(f"{namespace}.{id}") for id in ids)  # type: ignore[attr-defined]  # a tuple


def _bank(value: object) -> str:
    return i18n.named(REFERENCE.banks[str(value)])


def _short(value: object) -> str:
    return i18n.short_name(REFERENCE.banks[str(value)])


def _ethnicity(value: object) -> str:
    return i18n.named(REFERENCE.ethnicities[str(value)])


def _region(value: object) -> str:
    return i18n.written(REFERENCE.region_name(str(value)))


def _street(value: object) -> str:
    """An address up to its number, which paper hides."""
    return re.split("[0-9]", str(value))[0]


def _branch(value: object) -> str:
    branch = REFERENCE.branches[str(value)]
    return i18n.written("|".join((branch.name, branch.address, branch.hours, branch.phone)))


def _cards(value: object) -> str:
    assert isinstance(value, tuple)
    return "|".join(
        part
        for card in value
        for part in (
            i18n.named(REFERENCE.cities[card.city]),
            _short(card.bank),
            mask_card(card.number),
            card.status and i18n.t(f"choice.card_status.{card.status}"),
        )
    )


def _verified(_value: object) -> str:
    return i18n.t("slip.verified")


def _yes(value: object) -> str:
    return i18n.t("choice.yes" if value else "choice.no")


Words = Callable[[object], str]
NAME: Words = lambda value: mask_name(str(value))  # noqa: E731
NUMBER: Words = lambda value: mask_number(str(value))  # noqa: E731
MOBILE: Words = lambda value: mask_mobile(str(value))  # noqa: E731


def _proxy(who: str) -> dict[str, tuple[set[StepId], Words]]:
    here = {StepId.IDENTITY}
    return {
        f"{who}.name": (here, NAME),
        f"{who}.document.kind": (here, _choice("document")),
        f"{who}.document.number": (here, NUMBER),
        f"{who}.document.valid_from": (here, _day),
        f"{who}.document.valid_to": (here, _day),
        f"{who}.birth": (here, _day),
        f"{who}.relation": (here, _choice("relation")),
        f"{who}.mobile": (here, MOBILE),
        f"{who}.mobile_verified": (here, _verified),
        f"{who}.reason": ({StepId.IDENTITY, StepId.PICKUP}, _choice("reason")),
    }


CARD = {StepId.CARD, StepId.MODE}
BOOKED = {StepId.BOOKING, StepId.MODE}
SAID: dict[str, tuple[set[StepId], Words]] = {
    "city": ({StepId.BANK}, lambda value: i18n.named(REFERENCE.cities[str(value)])),
    "holder.name": ({StepId.IDENTITY}, NAME),
    "holder.document.kind": ({StepId.IDENTITY}, _choice("document")),
    "holder.document.number": ({StepId.IDENTITY}, NUMBER),
    "holder.document.valid_from": ({StepId.IDENTITY}, _day),
    "holder.document.valid_to": ({StepId.IDENTITY}, _day),
    "holder.birth": ({StepId.IDENTITY}, _day),
    "holder.sex": ({StepId.IDENTITY}, _choice("sex")),
    "holder.ethnicity": ({StepId.DETAILS}, _ethnicity),
    "holder.mobile": ({StepId.DETAILS}, MOBILE),
    "holder.mobile_verified": ({StepId.DETAILS}, _verified),
    "holder.occupation": ({StepId.DETAILS}, lambda value: i18n.named(REFERENCE.occupations[str(value)])),
    "holder.region": ({StepId.DETAILS}, _region),
    "holder.address": ({StepId.DETAILS}, _street),
    "holder.insurance": ({StepId.DETAILS}, _choice("insurance")),
    "holder.incapable": ({StepId.IDENTITY}, lambda _: i18n.t("field.holder.incapable")),
    **_proxy("guardian"),
    **_proxy("agent"),
    "unit.name": ({StepId.IDENTITY}, str),
    "unit.uscc": ({StepId.IDENTITY}, str),
    "unit.contact": ({StepId.IDENTITY}, NAME),
    "unit.contact_mobile": ({StepId.IDENTITY}, MOBILE),
    "papers": ({StepId.IDENTITY}, _words("paper")),
    "consents": ({StepId.CONFIRM}, _words("choice.consent")),
    "identity_check.answer": ({StepId.IDENTITY}, _choice("identity")),
    "laid_card.number": ({StepId.IDENTITY}, lambda value: mask_card(str(value))),
    "read": ({StepId.IDENTITY}, lambda _: i18n.t("choice.presented_by.guardian")),
    "faces.by": ({StepId.IDENTITY}, lambda _: i18n.t("choice.faces.camera", answer=i18n.t("choice.faces.same"))),
    "faces.same": ({StepId.IDENTITY}, lambda _: i18n.t("choice.faces.same")),
    "one_card.answer": ({StepId.ONE_CARD, StepId.ANSWER}, _choice("one_card")),
    "one_card.cards": ({StepId.ONE_CARD, StepId.ANSWER}, _cards),
    "one_card.clean_up_confirmed": (
        {StepId.ONE_CARD, StepId.ANSWER},
        lambda _: i18n.t("slip.cleaned_up", count=1),
    ),
    "old_card.number": (CARD, NUMBER),
    "old_card.bank": (CARD, _bank),
    "old_card.status": (CARD, _choice("card_status")),
    "old_card.kind": (CARD, _choice("card_kind")),
    "old_card.generation": ({StepId.MODE}, _choice("generation")),
    "old_card.expires": (CARD, _day),
    "old_card.issued": (CARD, _day),
    "old_card.has_photo": (CARD, lambda _: i18n.t("slip.no_photo")),
    "old_card.branch": (CARD, lambda id: i18n.written(REFERENCE.branches[str(id)].name)),
    "parcel.number": ({StepId.PARCEL}, str),
    "parcel.returned": ({StepId.PARCEL}, lambda _: i18n.t("choice.parcel.returned")),
    "parcel.counted": ({StepId.PARCEL}, lambda _: i18n.t("slip.cards", count=1)),
    "parcel.before": ({StepId.PARCEL}, lambda _: i18n.t("choice.parcel.before")),
    "mode": ({StepId.MODE}, _choice("mode")),
    "booking.id": (BOOKED, str),
    "booking.status": (BOOKED, _choice("booking")),
    "booking.from_bank": (BOOKED, _short),
    "booking.to_bank": (BOOKED, _short),
    "booking.booked_on": (BOOKED, _day),
    "booking.approved_on": (BOOKED, _day),
    "booking.reason": (BOOKED, str),
    "booking.decision": (BOOKED, _choice("booking")),
    "changes.name": ({StepId.CHANGES}, NAME),
    "changes.number": ({StepId.CHANGES}, NUMBER),
    "changes.sex": ({StepId.CHANGES}, _choice("sex")),
    "changes.ethnicity": ({StepId.CHANGES}, _ethnicity),
    "insured": ({StepId.CHANGES}, _yes),
    "medical_account_closed": (set(), _yes),
    "waiver": ({StepId.CONFIRM}, _choice("waiver")),
    "payment": (set(), _choice("payment")),  # beside the fee, on slip and confirmation
    "reason": ({StepId.BOOKING}, str),
    "referral": ({StepId.REFERRAL}, _choice("referral")),
    "photo.source": ({StepId.PHOTO}, _choice("photo")),
    "photo.receipt": ({StepId.PHOTO}, str),
    "photo.digest": ({StepId.PHOTO}, lambda _: i18n.t("steps.photo.taken")),
    "photo.refused_before": ({StepId.PHOTO}, lambda _: i18n.t("field.photo.refused_before")),
    "bank": ({StepId.BANK}, _bank),
    "branch": ({StepId.BANK}, _branch),
    "pickup.method": ({StepId.PICKUP}, _choice("pickup")),
    "pickup.recipient": ({StepId.PICKUP}, NAME),
    "pickup.mobile": ({StepId.PICKUP}, MOBILE),
    "pickup.mobile_verified": ({StepId.PICKUP}, _verified),
    "pickup.region": ({StepId.PICKUP}, _region),
    "pickup.address": ({StepId.PICKUP}, _street),
    "pickup.blank_card": ({StepId.PICKUP}, str),
}
"""By path: the steps that ask for it, and in which words it is said."""


def leaves(part: Part, prefix: str = "") -> Iterator[tuple[str, object, object]]:
    """Every value of a case by its path, and its default."""
    for field in structs.fields(type(part)):
        value = getattr(part, field.name)
        default = field.default if field.default is not msgspec.NODEFAULT else None
        if isinstance(value, Part):
            yield from leaves(value, f"{prefix}{field.name}.")
        else:
            yield f"{prefix}{field.name}", value, default


def expected(case: Case, service: Service) -> Iterator[tuple[StepId, str, str]]:
    """Where what of the case has to be said: step, path, words."""
    for path, value, default in leaves(case):
        if path in NOT_SAID or value == default or not _asked(path, case, service):
            continue
        if path == "papers":
            yield from _of_papers(case, service)
            continue
        steps, words = SAID[path] if path in SAID else (CARD, _ticked(path, service))
        if path in service.card_details:
            steps = steps | {StepId.CARD}
        if path == "agent.reason":
            steps = {StepId.PICKUP if StepId.PICKUP in service.steps else StepId.IDENTITY}
        if (
            path == "holder.name"
            or path.startswith("holder.document")
            or path in {"holder.birth", "holder.sex", "holder.incapable"}
        ):
            steps = steps | {service.steps[0]} if StepId.IDENTITY not in service.steps else steps
        for step in steps & set(service.steps):
            for word in words(value).split("|"):
                yield step, path, word


def _asked(path: str, case: Case, service: Service) -> bool:
    """What was typed for another way, or of somebody who does not act, is not confirmed."""
    head, _, name = path.partition(".")
    if head in {PresentedBy.GUARDIAN, PresentedBy.AGENT}:
        return head == case.presented_by and (name != "reason" or _takes(case, service))
    if head == "pickup" and name != "method":
        return case.pickup.method is (PickupMethod.INSTANT if name == "blank_card" else PickupMethod.MAIL)
    if path == "old_card.kind":
        return path in service.card_details or StepId.MODE in service.steps
    if path == "reason":
        return path in service.card_details or bool(case.booking and case.booking.decision)
    if path == "referral":
        return bool(service.referrals)
    return path != "photo.receipt" or case.photo.source is PhotoSource.RECEIPT


def _takes(case: Case, service: Service) -> bool:
    """AGT-4: is the card handed to the agent, and at which step?"""
    at_once = StepId.PICKUP not in service.steps or case.pickup.method is PickupMethod.INSTANT
    return bool(service.agent_reasons) and at_once


def _ticked(path: str, service: Service) -> Words:
    return lambda _: i18n.t(i18n.card_label(service, path))


def _of_papers(case: Case, service: Service) -> Iterator[tuple[StepId, str, str]]:
    """At the step that asks for it; a paper that the service does not ask for, with the others."""
    asked = {paper.id: paper.at for paper in judge(case, WINDOW).checklist}
    for paper in case.papers:
        step = asked.get(paper, StepId.IDENTITY)
        if step in service.steps:
            yield step, f"papers.{paper}", i18n.t(name_of(paper, case))


def squashed(text: str) -> str:
    return "".join(text.split())


def unseen(case: Case) -> list[str]:
    """The paths of what is confirmed, and stands neither in its section nor on the slip."""
    service = SERVICES[case.service]
    said = {step: squashed("".join(f"{line.label}{line.value}" for line in lines))
            for step, lines in sections(case, REFERENCE).items()}  # fmt: skip
    paper = squashed(slip_of(judge(case, WINDOW).record(case), REFERENCE, PLACE))
    return [
        path
        for step, path, words in expected(case, service)
        if squashed(words) not in said[step] or squashed(words) not in paper
    ]


def test_the_full_case_is_full() -> None:
    """But for what another test gives, the usual kind of document, and what the one or the other does not state."""
    usual = [path for path, value, default in leaves(FULL) if value == default]
    assert usual == [
        "service",
        "presented_by",
        "guardian.document.kind",
        "guardian.reason",
        "agent.relation",
        "corrects",
    ]


@pytest.mark.rule("APP-3")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("service", SERVICES)
def test_app_3_nothing_that_a_case_can_hold_is_confirmed_unseen(service: str, language: str) -> None:
    with i18n.speaking(language):
        for presented_by in PresentedBy:
            for unit in (None, FULL.unit):
                for method in PickupMethod:
                    pickup = structs.replace(FULL.pickup, method=method)
                    case = structs.replace(FULL, service=service, presented_by=presented_by, unit=unit, pickup=pickup)
                    kinds = SERVICES[service].referrals
                    case = structs.replace(case, referral=kinds[0] if kinds else FULL.referral)
                    assert unseen(case) == []


@pytest.mark.rule("APP-3")
@pytest.mark.parametrize("service", SERVICES)
def test_app_3_all_that_a_customer_brings_is_in_the_confirmation_and_on_the_slip(service: str) -> None:
    """For every customer, whoever asks, however the card is collected."""
    for each, customer, presented_by in everybody():
        if each.id != service:
            continue
        for method in each.pickup_methods or (PickupMethod.BRANCH,):
            case = complete(each, customer, presented_by, context=WINDOW, pickup=PICKUPS[method])
            if judge(case, WINDOW).allowed:
                assert unseen(case) == [], (customer, presented_by, method)
                lines = [line for said in sections(case, REFERENCE).values() for line in said]
                assert all(line.label.strip() and line.value.strip() for line in lines), "no empty labels"


@pytest.mark.rule("APP-1")
def test_app_1_what_the_number_says_is_confirmed_too() -> None:
    case = complete(SERVICES["apply"], "citizen", PresentedBy.HOLDER, context=WINDOW)
    assert case.holder.birth is None and case.holder.sex is None
    said = {line.label: line.value for line in sections(case, REFERENCE)[StepId.IDENTITY]}
    assert said["出生、性别"] == "1990-01-01  男"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("service", SERVICES)
def test_a_full_slip_keeps_to_its_columns_and_hides_the_people_on_it(service: str, language: str) -> None:
    with i18n.speaking(language):
        for presented_by in PresentedBy:
            case = structs.replace(FULL, service=service, presented_by=presented_by)
            text = slip_of(judge(case, WINDOW).record(case), REFERENCE, PLACE)
            assert max(map(cell_len, text.split("\n"))) <= WIDTH
            assert FULL.guardian and FULL.agent and FULL.unit and FULL.changes and FULL.old_card
            for secret in (
                LONG_NAME, "X0000000", "13800000001", FULL.guardian.name, FULL.guardian.document.number,
                FULL.guardian.mobile, FULL.agent.name, FULL.agent.document.number, FULL.agent.mobile,
                FULL.unit.contact, FULL.unit.contact_mobile, FULL.changes.name, FULL.changes.number,
                FULL.old_card.number, FULL.pickup.recipient, FULL.pickup.mobile,
            ):  # fmt: skip
                assert secret not in squashed(text)


@pytest.mark.rule("PIC-5")
@pytest.mark.parametrize("service", SERVICES)
def test_a_card_that_is_not_given_up_is_not_called_the_old_one(service: str) -> None:
    """In 领卡 it is the new card, where one is activated, locked or lost just the card; the old one is to be replaced."""
    declared = SERVICES[service]
    case = structs.replace(FULL, service=service, reason="")
    assert case.old_card is not None
    case = structs.replace(case, papers=(), old_card=structs.replace(case.old_card, in_hand=False, has_photo=True))
    called = {"old_card": "原卡", "new_card": "新卡", "card": "社保卡"}[declared.card]
    assert i18n.step_name(declared, StepId.CARD) == called
    lines = sections(case, REFERENCE).get(StepId.CARD, ())
    labels = [line.label for line in lines if line.label.startswith(("原", "新", "社保卡", "卡"))]
    if declared.card != "old_card":
        assert not [label for label in labels if label.startswith("原")]
    elif lines:
        assert {"原社保卡号", "原卡银行", "原卡状态"} <= set(labels)


@pytest.mark.rule("APP-3")
@pytest.mark.parametrize("service", SERVICES)
def test_app_3_what_nobody_asked_at_the_window_is_not_said_to_be_checked(service: str) -> None:
    """That the account is active the province says, and the clerk confirms no more than they have looked at."""
    declared, case = SERVICES[service], structs.replace(FULL, service=service)
    lines = [line for lines in sections(case, REFERENCE).values() for line in lines]
    checked = "".join(line.value for line in lines if line.label == i18n.t("field.line.checked"))
    for mark in ("account_active", "mailed", "pin_locked", "loss_reported", "in_hand"):
        asked = f"old_card.{mark}" in declared.card_details or (mark, StepId.MODE in declared.steps) == (
            "in_hand",
            True,
        )
        assert (i18n.t(i18n.card_label(declared, f"old_card.{mark}")) in checked) == (asked and bool(checked)), mark
