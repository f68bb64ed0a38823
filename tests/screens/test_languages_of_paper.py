"""The customer's language on paper, at the window: by their document, changed in the preview, kept for the print."""

from msgspec import structs

from counter import i18n
from counter.desk.desk import Desk
from counter.screens.case.result import ResultScreen
from counter.screens.dialogs.text import PreviewScreen
from counter.screens.paper import AcceptedTextScreen
from tests.support.made_up import EXCHANGE, HONG_KONG
from tests.support.screen_world import Clerk, Sitting, assert_whole, at, squashed

RESIDENT = structs.replace(EXCHANGE, holder=HONG_KONG.holder, papers=HONG_KONG.papers)
THEIRS, MAINLANDS, ENGLISH = "社會保障卡業務回執單", "社会保障卡业务回执单", "Social security card: customer's slip"


async def test_a_residents_slip_is_theirs_until_another_is_asked_for(clerk: Clerk) -> None:
    await at(clerk, "confirm", RESIDENT)
    await clerk.types("f3")
    assert isinstance(clerk.screen, PreviewScreen)
    assert "语言：繁體中文、简体中文（F3 更换）" in clerk.text and THEIRS in clerk.text
    assert clerk.screen.text.index(THEIRS) < clerk.screen.text.index(MAINLANDS)
    await clerk.types("f3")
    assert "语言：简体中文（F3 更换）" in clerk.text
    assert clerk.screen.text.startswith(MAINLANDS) and THEIRS not in clerk.screen.text
    await clerk.types("f3")
    assert clerk.screen.text.startswith(ENGLISH) and MAINLANDS in clerk.screen.text
    await clerk.types("escape", "f10")
    assert isinstance(clerk.screen, ResultScreen)
    assert clerk.screen.text.startswith(ENGLISH), "as it was left in the preview"
    await clerk.types("f3")
    assert clerk.screen.text.startswith(THEIRS) and THEIRS in clerk.text
    await clerk.types("f2")
    (kept,) = (clerk.desk().store.home / "slips").glob("*.txt")
    assert kept.read_text("utf-8") == clerk.screen.text
    assert_whole(clerk.app)


async def test_anybody_elses_is_the_clerks_and_comes_back_to_it(clerk: Clerk) -> None:
    await at(clerk, "confirm", EXCHANGE)
    await clerk.types("f2")
    assert isinstance(clerk.screen, PreviewScreen)
    first = clerk.screen.text
    assert first.startswith(MAINLANDS)
    await clerk.types("f3")
    assert clerk.screen.text.startswith(ENGLISH)
    await clerk.types("f3")
    assert clerk.screen.text.startswith(THEIRS)
    await clerk.types("f3")
    assert clerk.screen.text == first


async def test_what_a_resident_accepts_is_read_in_theirs(clerk: Clerk) -> None:
    await at(clerk, "confirm", structs.replace(HONG_KONG, consents=()))
    await clerk.types("f2")
    assert isinstance(clerk.screen, AcceptedTextScreen)
    assert "辦理須知" in clerk.text and "港澳台居民，都可以申領社會保障卡" in squashed(clerk.screen.text)


async def test_the_screen_in_traditional_speaks_the_mainlands_where_it_has_no_word(
    sitting: Sitting, desk: Desk
) -> None:
    i18n.use_language("zh_Hant")
    async with sitting(desk, size=(60, 15)) as clerk:
        assert "省平台" in clerk.text and "业务" in clerk.text, "nobody has written home in it"
        await at(clerk, "confirm", RESIDENT)
        assert "帮助" in clerk.text and "港澳居民來往內地通行證" in squashed(clerk.text)
        assert_whole(clerk.app, 15, 60)
        await clerk.types("f10")
        assert isinstance(clerk.screen, ResultScreen)
        assert THEIRS in clerk.text
