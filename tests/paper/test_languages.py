"""In which languages a paper is: by the document of who reads it, as they ask for it, and never as the clerk reads."""

from collections.abc import Iterator

import pytest
from msgspec import structs

from counter import i18n
from counter.paper.languages import BREAK, Languages, Wishes, for_bank, for_customer
from counter.rules.case import Case, DocumentKind, PresentedBy
from tests.support.customers import GUARDIAN
from tests.support.made_up import EXCHANGE, HONG_KONG

TAIWANS = structs.replace(GUARDIAN, document=structs.replace(GUARDIAN.document, kind=DocumentKind.TAIWAN_PERMIT))


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    i18n.use_language(i18n.DEFAULT)
    yield
    i18n.use_language(i18n.DEFAULT)


def title() -> str:
    return i18n.t("slip.title")


def with_document(kind: str) -> Case:
    holder = structs.replace(
        EXCHANGE.holder, document=structs.replace(EXCHANGE.holder.document, kind=DocumentKind(kind))
    )
    return structs.replace(EXCHANGE, holder=holder)


@pytest.mark.parametrize("clerks", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("hk_macau_permit", "zh_Hant"),
        ("hk_macau_residence", "zh_Hant"),
        ("taiwan_permit", "zh_Hant"),
        ("taiwan_residence", "zh_Hant"),
        ("passport", "en"),
        ("permanent_residence", "en"),
        ("id_card", ""),
        ("hukou", ""),
        ("chinese_passport", ""),
    ],
)
def test_a_customers_paper_is_in_their_language_above_the_trades(kind: str, own: str, clerks: str) -> None:
    with i18n.speaking(clerks):
        printed = for_customer(title, with_document(kind))
        letter = for_bank(title, with_document(kind))
    assert printed.languages == ((own, "zh_CN") if own else (clerks,))
    assert letter.languages == (("zh_CN", own) if own else ("zh_CN",)), "the bank's first, whatever the clerk reads"


def test_of_a_child_it_is_the_guardians() -> None:
    child = structs.replace(EXCHANGE, presented_by=PresentedBy.GUARDIAN, guardian=TAIWANS)
    assert for_customer(title, child).languages == ("zh_Hant", "zh_CN")
    local = structs.replace(HONG_KONG, presented_by=PresentedBy.GUARDIAN, guardian=GUARDIAN)
    assert for_customer(title, local).languages == ("zh_CN",)
    by_agent = structs.replace(HONG_KONG, presented_by=PresentedBy.AGENT, agent=GUARDIAN)
    assert for_customer(title, by_agent).languages == ("zh_Hant", "zh_CN"), "an agent takes it home to the holder"


def test_of_an_erased_entry_nobody_knows_the_customer() -> None:
    assert for_customer(title, None).text == title()


def test_each_language_stands_under_the_one_before() -> None:
    printed = for_customer(title, HONG_KONG)
    assert printed.text.split(BREAK) == ["社會保障卡業務回執單", "社会保障卡业务回执单"]
    assert i18n.language() == i18n.DEFAULT, "the clerk's language is as it was"


def test_f3_goes_through_all_and_comes_back() -> None:
    first = for_customer(title, EXCHANGE)
    printed, gone_through = first.turned(), [first.languages]
    while printed.languages != first.languages:
        gone_through.append(printed.languages)
        printed = printed.turned()
    assert gone_through == [("zh_CN",), ("en", "zh_CN"), ("zh_Hant", "zh_CN")]
    assert printed == first


@pytest.mark.parametrize(
    ("wanted", "had"),
    [
        (("en", "zh_CN"), ("en", "zh_CN")),
        (("zh_CN",), ("zh_CN",)),
        (("fr",), ("zh_Hant", "zh_CN")),
        ((), ("zh_Hant", "zh_CN")),
    ],
)
def test_what_was_asked_for_before_comes_first_where_it_can_be_had(wanted: Languages, had: Languages) -> None:
    printed = for_customer(title, HONG_KONG)
    assert printed.beginning(wanted).languages == had
    assert set(printed.beginning(wanted).choices) == set(printed.choices)


def test_what_a_customer_wants_holds_for_their_next_paper() -> None:
    wishes, printed = Wishes(), for_customer(title, HONG_KONG)
    wishes.note(("en", "zh_CN"), HONG_KONG)
    assert wishes.heeded(printed, structs.replace(HONG_KONG, service="replace")).languages == ("en", "zh_CN")
    assert wishes.heeded(for_customer(title, EXCHANGE), EXCHANGE).languages == ("zh_CN",), "not for somebody else's"
    wishes.note(("en", "zh_CN"), Case(service="query"))
    assert wishes.heeded(printed, Case(service="query")).languages == ("zh_Hant", "zh_CN"), "nobody's is everybody's"
    assert wishes.heeded(printed, None) == printed


def test_a_language_that_is_not_for_slips_is_not_on_them(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = {language: structs.replace(i18n.traits(language), on_slips=language == "en") for language in i18n.LANGUAGES}
    monkeypatch.setattr(i18n, "_traits", quiet.__getitem__)
    assert for_customer(title, EXCHANGE).choices == (("zh_CN",), ("en", "zh_CN"))
