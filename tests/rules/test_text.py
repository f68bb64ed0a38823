"""Normal forms are idempotent and harmless; the checks say what is wrong."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.rules.finding import Level
from counter.rules.text import (
    check_address,
    check_mobile,
    check_name,
    mobile_text,
    name_text,
    number_text,
    plain,
)

NASTY = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\t\n\u200e\u202e\u2066\u200b\ufeff　Ａ１－·．•+-86")), max_size=80
)
FORMS = [plain, number_text, mobile_text, name_text]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  张\u200b三\u202e\ufeff ", "张三"),
        ("ＡＢＣ　１２３", "ABC 123"),
        ("a\t\r\nb\x00\x1b[31m", "a b[31m"),
        ("\u2066x\u2069\u200e\u200f", "x"),
        ("a\u2028b", "a b"),
        ("\ud83d", ""),
        ("𠮷㛃", "𠮷㛃"),
        ("", ""),
    ],
)
def test_plain(text: str, normal: str) -> None:
    assert plain(text) == normal


def test_a_pasted_book_is_cut() -> None:
    assert len(plain("字" * 10_000)) == 500
    assert plain("ab cd", limit=3) == "ab"


@pytest.mark.parametrize("form", FORMS)
@given(text=NASTY)
def test_normalising_is_idempotent_and_leaves_nothing_invisible(form: Callable[..., Any], text: str) -> None:
    once = form(text)
    assert form(once) == once
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in once)
    once.encode()


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("4403 0819-9901—10151x", "44030819990110151X"),
        ("４４０３０８", "440308"),
    ],
)
def test_number_text(text: str, normal: str) -> None:
    assert number_text(text) == normal


@pytest.mark.parametrize(
    "text",
    [
        "13800000000",
        "+86 138-0000-0000",
        "0086 13800000000",
        "8613800000000",
        "(+86)138 0000 0000",
        "１３８００００００００",
    ],
)
def test_mobile_text(text: str) -> None:
    assert mobile_text(text) == "13800000000"
    assert check_mobile("13800000000") == ()


@pytest.mark.parametrize(
    ("mobile", "code"),
    [
        ("", "text.mobile_empty"),
        ("138000", "text.mobile_unfinished"),
        ("138000000001", "text.mobile_long"),
        ("12800000000", "text.mobile_characters"),
        ("1380000000O", "text.mobile_characters"),
    ],
)
def test_wrong_mobiles(mobile: str, code: str) -> None:
    (finding,) = check_mobile(mobile, "holder.mobile")
    assert (finding.code, finding.level, finding.field) == (code, Level.STOP, "holder.mobile")


@pytest.mark.parametrize("dot", "·•‧∙⋅・･．.")
def test_every_middle_dot_becomes_one(dot: str) -> None:
    name = name_text(f"阿卜杜{dot}试验")
    assert name == "阿卜杜·试验"
    assert check_name(name) == ()


@pytest.mark.parametrize(
    ("text", "normal"),
    [("张 三", "张三"), ("JOHN  Q. SMITH", "JOHN Q. SMITH"), ("𠮷 㛃", "𠮷㛃"), ("\ue000某", "\ue000某")],
)
def test_names_keep_what_belongs_to_them(text: str, normal: str) -> None:
    assert name_text(text) == normal
    assert check_name(normal) == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "text.name_empty"),
        ("张" * 51, "text.name_long"),
        ("张3", "text.name_characters"),
        ("张😀", "text.name_characters"),
        ("张'; DROP TABLE", "text.name_characters"),
        ("<张>", "text.name_characters"),
        ("···", "text.name_characters"),
        ("张\ufe0f", "text.name_characters"),
    ],
)
def test_wrong_names(name: str, code: str) -> None:
    (finding,) = check_name(name)
    assert (finding.rule, finding.code, finding.level) == ("APP-1", code, Level.STOP)


@pytest.mark.parametrize("address", ["紫城镇金山大道1号", "沿江路8号3栋502房", "龙窝镇宝洞村二组", "A座 12-3"])
def test_addresses_to_the_door(address: str) -> None:
    assert check_address(address) == ()


@pytest.mark.parametrize(
    ("address", "code", "level"),
    [
        ("", "text.address_empty", Level.STOP),
        ("路" * 101, "text.address_long", Level.STOP),
        ("金山大道1号😀", "text.address_characters", Level.STOP),
        ("123456", "text.address_characters", Level.STOP),
        ("1号", "text.address_short", Level.ASK),
        ("紫城镇金山大道", "text.address_short", Level.ASK),
    ],
)
def test_doubtful_addresses(address: str, code: str, level: Level) -> None:
    (finding,) = check_address(address)
    assert (finding.code, finding.level) == (code, level)
