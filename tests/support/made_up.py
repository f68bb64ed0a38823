"""Made-up customers: impossible people with right check digits, and what the rules say of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import structs

from counter.reference.load import load_reference
from counter.rules.case import (
    Case,
    Document,
    DocumentKind,
    Holder,
    Insurance,
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
from counter.rules.filling import with_value
from counter.rules.finding import Level
from counter.rules.judge import Judgement, judge
from counter.rules.numbers import check_character
from counter.rules.reference import CityPolicy, Context, Place

TODAY = date(2026, 11, 20)
ZIJIN = "441621"
REFERENCE = load_reference()
EQUIPPED = next(
    each for each in REFERENCE.branches.values() if each.bank == "abc" and each.city == ZIJIN and each.instant
)
PLAIN = next(
    each for each in REFERENCE.branches.values() if each.bank == "abc" and each.city == ZIJIN and not each.instant
)
OF_ICBC = next(each for each in REFERENCE.branches.values() if each.bank == "icbc" and each.city == ZIJIN)
IN_GUANGZHOU = next(each for each in REFERENCE.branches.values() if each.bank == "abc" and each.city == "440100")
SHELL = Context(TODAY, REFERENCE)
WINDOW = Context(TODAY, REFERENCE, Place(city=ZIJIN, bank="abc", branch=EQUIPPED.id, counter="2"))


def number(birth: str, sequence: str = "001", region: str = ZIJIN) -> str:
    """A citizen's number that nobody has, with the right check digit."""
    body = f"{region}{birth}{sequence}"
    return body + check_character(body)


EXCHANGE = Case(
    service="exchange",
    city=ZIJIN,
    holder=Holder(
        name="王测试",
        document=Document(number=number("19900101"), valid_from=date(2015, 1, 1), valid_to=date(2035, 1, 1)),
        ethnicity="01",
        mobile="13800000000",
        occupation=next(iter(REFERENCE.occupations)),
        region=ZIJIN,
        address="紫城镇测试路1号101房",
        insurance=Insurance.EMPLOYEE,
    ),
    papers=("id_card_front", "id_card_back"),
    one_card=OneCard(answer=OneCardAnswer.HERE),
    old_card=OldCard(number="B00000019", bank="abc", in_hand=True, expires=date(2027, 5, 1)),
    mode=Mode.SAME_NUMBER,
    photo=Photo(source=PhotoSource.KEEP),
    bank="abc",
    branch=EQUIPPED.id,
    pickup=Pickup(method=PickupMethod.BRANCH),
)
APPLY = structs.replace(
    EXCHANGE,
    service="apply",
    one_card=OneCard(answer=OneCardAnswer.NONE),
    old_card=None,
    mode=None,
    photo=Photo(source=PhotoSource.ID_CARD),
    consents=("terms", "e_card", "id_photo"),
)
HONG_KONG = structs.replace(
    APPLY,
    holder=structs.replace(
        APPLY.holder,
        document=structs.replace(APPLY.holder.document, kind=DocumentKind.HK_MACAU_PERMIT, number="H00000000"),
        birth=date(1990, 1, 1),
        sex=Sex.FEMALE,
    ),
    papers=("permit_front", "permit_back"),
    photo=Photo(source=PhotoSource.FILE, digest="0" * 64),
)


def with_values(case: Case, values: Mapping[str, object]) -> Case:
    """The case with other values, by dotted path (a double underscore stands for the dot)."""
    for path, value in values.items():
        case = with_value(case, path.replace("__", "."), value)
    return case


def judged(case: Case, context: Context = SHELL, /, **values: Any) -> Judgement:
    """What the rules say of the case with other values."""
    return judge(with_values(case, values), context)


def stops(judgement: Judgement) -> set[tuple[str, str, str]]:
    """What refuses, as rule, code and field."""
    return {
        (finding.rule, finding.code, finding.field) for finding in judgement.findings if finding.level is Level.STOP
    }


def told(judgement: Judgement) -> set[tuple[str, str]]:
    """What informs, as rule and code."""
    return {(finding.rule, finding.code) for finding in judgement.findings if finding.level is Level.TELL}


def policy(**values: object) -> Context:
    """A context in which Zijin decided otherwise."""
    changed: CityPolicy = structs.replace(REFERENCE.cities[ZIJIN], **values)
    return Context(TODAY, structs.replace(REFERENCE, cities={**REFERENCE.cities, ZIJIN: changed}))
