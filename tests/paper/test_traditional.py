"""繁體 on paper: whatever a Hong Kong, Macau or Taiwan resident takes home has no sentence of the mainland's in it, no
character that is simplified only, and none that is another one there."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, product
from typing import Final

import pytest
from msgspec import structs
from rich.cells import cell_len

from counter import i18n
from counter.paper.accepted import text_page
from counter.paper.languages import BREAK
from counter.paper.letter import has_letter, printed_letter, transfer_letter
from counter.paper.slip import WIDTH, preview, printed_slip, slip
from counter.rules.case import Case, Pickup, PickupMethod, PresentedBy
from counter.rules.finding import Named
from counter.rules.judge import judge
from counter.rules.reference import Context, Place
from counter.rules.service import Service
from counter.rules.services import SERVICES
from counter.store.records import LedgerEntry
from tests.support.customers import CITIES, CUSTOMERS, GUANGZHOU, MAIL, complete
from tests.support.ledger_entry import entry_of
from tests.support.made_up import HONG_KONG, REFERENCE, TODAY, WINDOW, ZIJIN
from tests.test_catalogs import catalog, whole

assert WINDOW.place is not None
PLACE = WINDOW.place
CATALOG: Final = i18n._catalog
HANT = "zh_Hant"
RESIDENTS = [name for name in CUSTOMERS if name.startswith(("Hong Kong", "Taiwan"))]
TYPED = "陳大文"
"""What a person typed stays as they typed it; of these people it is in their own script."""
PICKUPS = (
    Pickup(method=PickupMethod.BRANCH),
    Pickup(method=PickupMethod.INSTANT),
    structs.replace(MAIL, recipient=TYPED, address="X 1"),
)
PAPER = ("slip", "letter", "notice", "paper", "referral")
"""The namespaces of which every sentence may stand on paper."""


@pytest.fixture(autouse=True)
def _traditional() -> Iterator[None]:
    i18n.use_language(HANT)
    yield
    i18n.use_language(i18n.DEFAULT)


RARE: Final = set("仫傈勐坂畲藁")
"""Of names of peoples and places, the same in both scripts, for which Taiwan's old encoding had no room."""


def only_simplified(text: str) -> set[str]:
    """The characters that the mainland's old encoding has and Taiwan's has not."""
    return {char for char in text if _has("gb2312", char) and not _has("big5", char)}


def _has(encoding: str, char: str) -> bool:
    try:
        return bool(char.encode(encoding))
    except UnicodeEncodeError:
        return False


def test_what_is_simplified_only_is_found() -> None:
    assert only_simplified("社会保障卡，掛失") == {"会"}
    assert i18n.written("批准制卡") == "批准製卡"


class Watched(dict[str, str]):
    """A catalog that remembers which sentences were said that are not its own."""

    def __init__(self, language: str, namespace: str, lacking: set[str]) -> None:
        super().__init__(CATALOG(language, namespace))
        self.own = catalog(language, namespace)
        self.lacking = lacking

    def __getitem__(self, key: str) -> str:
        if key not in self.own:
            self.lacking.add(key)
        return super().__getitem__(key)


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The keys for which the mainland's sentence stood in."""
    said: set[str] = set()
    monkeypatch.setattr(i18n, "_catalog", cache(lambda language, namespace: Watched(language, namespace, said)))
    return said


def squashed(text: str) -> str:
    """Without where its lines break."""
    return " ".join(text.split())


def cases(service: Service, city: str) -> Iterator[Case]:
    """What each resident may have done, whoever comes; and one of them in each way of it."""
    for who, by in product(RESIDENTS, PresentedBy):
        yield typed(complete(service, who, by, at(city), city))
    ways = product(
        service.modes or [None], service.referrals or [""], PICKUPS if service.pickup_methods else [Pickup()]
    )
    for mode, referral, pickup in ways:
        chosen = {"mode": mode, "referral": referral, "pickup": pickup}
        yield typed(complete(service, RESIDENTS[0], PresentedBy.HOLDER, at(city), city, **chosen))


def typed(case: Case) -> Case:
    """With what people typed in their own script."""
    return structs.replace(
        case,
        holder=structs.replace(case.holder, name=TYPED, address="X 1"),
        guardian=case.guardian and structs.replace(case.guardian, name=TYPED),
        agent=case.agent and structs.replace(case.agent, name=TYPED),
        changes=case.changes and structs.replace(case.changes, name=TYPED),
        texts=tuple(text.name for text in REFERENCE.cities[case.city].texts.values()),
    )


def at(city: str) -> Context:
    return Context(TODAY, REFERENCE, Place(city=city, bank="abc", branch=CITIES[city].id, counter="2"))


def entry(case: Case) -> LedgerEntry:
    """The case as the ledger holds it; deferred as it would be offline."""
    record = structs.replace(judge(case, at(case.city)).record(case), deferred=("identity", "one_card", "clean_up"))
    return entry_of(case, record, id="7")


def all_paper(case: Case) -> str:
    """All that such a customer is given: slip and preview, the letter, the texts that they accept."""
    context, made = at(case.city), entry(case)
    assert context.place is not None
    given = [slip(made, "Q-7", REFERENCE, context.place)]
    if has_letter(made):
        given.append(transfer_letter(made, "Q-7", REFERENCE, context.place))
    return "\n".join(given)


@pytest.mark.parametrize("city", [ZIJIN, GUANGZHOU])
@pytest.mark.parametrize("service", sorted(SERVICES))
def test_nothing_on_a_residents_paper_is_the_mainlands(service: str, city: str, lacking: set[str]) -> None:
    printed = 0
    for case in cases(SERVICES[service], city):
        paper, printed = all_paper(case), printed + 1
        assert not only_simplified(paper), paper
        assert i18n.written(paper) == paper, "a character that both have, and is another one here"
        assert max(map(cell_len, paper.split("\n"))) <= WIDTH
    assert not lacking
    assert printed >= len(RESIDENTS) * len(PresentedBy)


@pytest.mark.parametrize("namespace", PAPER)
def test_what_is_only_said_on_paper_is_all_there(namespace: str) -> None:
    assert set(catalog(HANT, namespace)) == set(catalog(i18n.DEFAULT, namespace))


def test_every_sentence_is_in_its_own_characters() -> None:
    said = whole(HANT)
    assert not {key: only_simplified(text) for key, text in said.items() if only_simplified(text)}
    assert not {key: text for key, text in said.items() if i18n.written(text) != text}


MAINLANDS = re.compile(
    "信息(?!登記表)|短信|打印|視頻|質量|默認|屏幕|鏈接|設置|聯繫|諮詢|數據|點擊|賬號密碼|文件夾|在線|“|”|裏|著(?!作)"
)
"""Words that are said otherwise there, and marks that are other marks. The registration form (信息登記表) is called so."""


def test_every_sentence_is_in_the_words_of_those_who_read_it() -> None:
    assert not {key: found[0] for key, text in whole(HANT).items() if (found := MAINLANDS.search(text))}


def test_names_of_the_data_are_written_in_the_script() -> None:
    reference = REFERENCE
    named: list[Named] = [*reference.banks.values(), *reference.ethnicities.values(), *reference.cities.values()]
    names = [i18n.named(each) for each in (*named, *reference.occupations.values())]
    names += [i18n.short_name(bank) for bank in reference.banks.values()]
    texts = [text for city in reference.cities.values() for text in city.texts.values()]
    names += [text_page(text) for text in texts]
    for policy in reference.cities.values():
        names += [i18n.written(each.zh) for each in chain(policy.offices.values(), policy.referrals.values())]
    for branch in reference.branches.values():
        names += [i18n.written(each) for each in (branch.name, branch.address, branch.hours)]
    names += [i18n.written(region.name) for region in reference.regions.values()]
    assert set().union(*map(only_simplified, names)) <= RARE


@pytest.mark.parametrize(
    ("trades", "theirs"),
    [
        ("农业银行紫金支行", "農業銀行紫金支行"),
        ("云浮市 郁南县", "雲浮市 鬱南縣"),
        ("珠海市 斗门区", "珠海市 斗門區"),
        ("荔湾区 冲口 大涌路", "荔灣區 沖口 大涌路"),
        ("余杭区 里水镇 皇后大道 后街", "餘杭區 里水鎮 皇后大道 後街"),
        ("沈阳市 海淀区 黄岩区", "瀋陽市 海淀區 黃岩區"),
        ("批准后制卡，复印件、恢复", "批准後製卡，影印本、恢復"),
        ("带“材料”原件，到小程序设置", "帶「材料」正本，到小程式設定"),
        ("CHAN 陳大文 12333", "CHAN 陳大文 12333"),
    ],
)
def test_a_character_that_became_several_is_the_right_one(trades: str, theirs: str) -> None:
    assert i18n.written(trades) == theirs
    assert i18n.written(theirs) == theirs
    with i18n.speaking("en"):
        assert i18n.written(trades) == trades


def test_days_and_money_are_as_they_are_written_there() -> None:
    case = typed(HONG_KONG)
    text = slip(entry(structs.replace(case, service="replace")), "Q-7", REFERENCE, PLACE)
    assert "辦理時間: 2026年11月20日  09:30" in text
    assert "工本費: 人民幣 20.00 元" in text
    assert "2015年1月1日 至 2035年1月1日" in squashed(text)
    assert "新卡約在 2026年12月18日 製成" in text, "in a notice too"
    assert not re.search(r"20\d\d-\d\d-", text)


def test_a_resident_has_theirs_above_the_mainlands_whatever_the_clerk_reads() -> None:
    made = entry(typed(HONG_KONG))
    with i18n.speaking("en"):
        printed = printed_slip(made, "Q-7", REFERENCE, PLACE)
        shown = preview(typed(HONG_KONG), judge(HONG_KONG, at(ZIJIN)), REFERENCE, PLACE, TODAY)
    for above, below in (printed.text.split(BREAK), shown.text.split(BREAK)):
        assert above.startswith("社會保障卡業務回執單") and below.startswith("社会保障卡业务回执单")


def test_the_letter_is_the_banks_first_and_theirs_below() -> None:
    case = typed(complete(SERVICES["transfer_letter"], "Taiwan, travel permit", PresentedBy.HOLDER))
    bank, own = printed_letter(entry(case), "Q-7", REFERENCE, PLACE).text.split(BREAK)
    assert "转移个账接收函" in bank and "工商银行" in bank
    assert "轉移個賬接收函" in own and "工商銀行" in own and "台灣居民來往大陸通行證" in own
