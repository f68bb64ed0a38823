"""Made-up people as a card's chip has them, one of each layout."""

from datetime import date

from msgspec import structs

from counter.rules.case import Document, DocumentKind, Holder, Sex
from counter.rules.numbers import check_character


def whole(body: str) -> str:
    """A number with its check character."""
    return body + check_character(body)


CITIZEN = Holder(
    name="钟试一",
    document=Document(number=whole("44162119870312961"), valid_from=date(2018, 3, 1), valid_to=date(2038, 3, 1)),
    birth=date(1987, 3, 12),
    sex=Sex.MALE,
    ethnicity="08",
    address="广东省紫金县紫城镇测试路1号101房",
)
OTHER = structs.replace(
    CITIZEN,
    name="𠮷试二",
    document=Document(number=whole("44162119920725962"), valid_from=date(2020, 1, 2), valid_to="long_term"),
    birth=date(1992, 7, 25),
    sex=Sex.FEMALE,
)
HONG_KONG = structs.replace(
    CITIZEN,
    name="陈试八",
    document=structs.replace(CITIZEN.document, kind=DocumentKind.HK_MACAU_RESIDENCE, number=whole("81000019870312961")),
    ethnicity="",
)
TAIWAN = structs.replace(
    HONG_KONG,
    name="林试台",
    document=structs.replace(CITIZEN.document, kind=DocumentKind.TAIWAN_RESIDENCE, number=whole("83000019870312961")),
)
FOREIGNER = structs.replace(
    HONG_KONG,
    name="TEST PERSON",
    document=structs.replace(
        CITIZEN.document, kind=DocumentKind.PERMANENT_RESIDENCE, number=whole("91115619870312961")
    ),
    address="",
)
FOREIGNER_BEFORE = structs.replace(FOREIGNER, document=structs.replace(FOREIGNER.document, number="TES110087031201"))
PEOPLE = (CITIZEN, OTHER, HONG_KONG, TAIWAN, FOREIGNER, FOREIGNER_BEFORE)
