"""The customer's slip and the letter to the old bank: masked or whole, in the right language, in its columns."""

from collections.abc import Iterator
from datetime import date

import pytest
from msgspec import structs
from rich.cells import cell_len

from counter import i18n
from counter.paper.fonts import find_fonts
from counter.paper.languages import BREAK
from counter.paper.letter import has_letter, printed_letter
from counter.paper.pdf import pdf
from counter.paper.slip import RULE, WIDTH, slip, slip_of, yuan
from counter.rules.case import Case, OldCard
from counter.rules.judge import judge
from counter.store.records import LedgerEntry
from tests.support.ledger_entry import entry_of
from tests.support.made_up import EXCHANGE, REFERENCE, WINDOW

assert WINDOW.place is not None
PLACE = WINDOW.place
RARE = "欧阳\U00020b9f锦"
LETTER = structs.replace(
    EXCHANGE, service="transfer_letter", mode=None, old_card=OldCard(number="B00000019", bank="icbc")
)


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    i18n.use_language(i18n.DEFAULT)
    yield
    i18n.use_language(i18n.DEFAULT)


def entry(case: Case, *, erased: bool = False) -> LedgerEntry:
    """The case as the ledger holds it."""
    return entry_of(case, None if erased else judge(case, WINDOW).record(case))


def the_slip(case: Case = EXCHANGE) -> str:
    return slip(entry(case), "Q-7", REFERENCE, PLACE)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_slip_is_masked_and_in_its_columns(language: str) -> None:
    case = structs.replace(EXCHANGE, holder=structs.replace(EXCHANGE.holder, name=RARE))
    with i18n.speaking(language):
        text, day = the_slip(case), i18n.dated(date(2026, 11, 20))
    assert max(map(cell_len, text.split("\n"))) <= WIDTH == len(RULE)
    assert "Q-7" in text and f"{day}  09:30" in text, "the time at the window, not UTC"
    for secret in (RARE, case.holder.document.number, case.holder.mobile, "B00000019"):
        assert secret not in text


def test_a_slip_without_its_body_says_so() -> None:
    text = slip(entry(EXCHANGE, erased=True), "Q-7", REFERENCE, PLACE)
    assert text.split("\n")[-1] == i18n.t("slip.erased")
    assert "Q-7" in text


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_is_deferred_is_listed_as_the_language_lists(language: str) -> None:
    record = structs.replace(judge(EXCHANGE, WINDOW).record(EXCHANGE), deferred=("identity", "one_card"))
    with i18n.speaking(language):
        asked = i18n.t("screen.question.identity") + i18n.traits().separator + i18n.t("screen.question.one_card")
        assert "".join(asked.split()) in "".join(slip_of(record, REFERENCE, PLACE).split())


def test_a_letter_is_in_the_trades_language_whatever_the_clerks_is() -> None:
    made = entry(LETTER)
    assert has_letter(made)
    assert not has_letter(entry(EXCHANGE))
    chinese = printed_letter(made, "Q-7", REFERENCE, PLACE).text
    with i18n.speaking("en"):
        assert printed_letter(made, "Q-7", REFERENCE, PLACE).text == chinese
    for whole in ("王测试", EXCHANGE.holder.document.number, "B00000019", "工商银行", "农业银行"):
        assert whole in chinese


def test_a_long_slip_goes_over_pages() -> None:
    one, more = (pdf("\n".join(["一行"] * lines), "Q-7", find_fonts()) for lines in (10, 100))
    assert one.startswith(b"%PDF")
    assert b"/Count 1" in one
    assert b"/Count 3" in more
    assert b"/Count 2" in pdf(f"一行{BREAK}one line", "Q-7", find_fonts()), "each language has its own"


def test_amounts_as_people_read_them() -> None:
    assert yuan(2000) == "20.00 元"
    assert yuan(5) == "0.05 元"


def test_the_slip_says_where_in_the_chain_its_entry_is() -> None:
    for made in (entry(EXCHANGE), structs.replace(entry(EXCHANGE), record=None)):
        chained = structs.replace(made, hash="0123456789abcdef" * 4)
        assert "台账校验码: 0123456789abcdef 0123456789abcdef" in slip(chained, "Q-7", REFERENCE, PLACE)
