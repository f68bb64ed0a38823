"""Text in columns: nothing is lost, nothing too wide, no line begins with a closing mark."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from counter.terminal.wrapping import hang

PROSE = st.text(st.sampled_from("社保卡的一二三，。；（）abc DEF-1𠮷㛃 "), max_size=120)


@given(PROSE, st.integers(6, 60))
def test_no_line_is_wider_than_the_width(text: str, width: int) -> None:
    assert max(map(cell_len, hang("- ", text, width))) <= width


def test_a_word_that_no_line_has_room_for_is_cut() -> None:
    """A name of forty letters behind its label, masked, is all there."""
    lines = hang("Guardian: ", "A" + "*" * 38 + "Z", 30)
    assert max(map(cell_len, lines)) <= 30
    assert "".join("".join(lines).split()) == "Guardian:A" + "*" * 38 + "Z"


@given(PROSE, st.integers(6, 60))
def test_no_character_is_lost(text: str, width: int) -> None:
    joined = "".join("".join(hang("- ", text, width)).removeprefix("-").split())
    assert joined == "".join(text.split())


@given(
    st.lists(st.sampled_from(["社", "卡", "卡，", "保。", "（社）", "（卡。）", "「保」，"]), max_size=40),
    st.integers(12, 40),
)
def test_no_line_begins_with_a_closing_mark(words: list[str], width: int) -> None:
    """As people write them: one or two marks after a character, never a run that no line has room for."""
    for line in hang("- ", "".join(words), width)[1:]:
        assert line.strip()[:1] not in set("，。）」")


def test_a_day_written_in_characters_is_not_broken() -> None:
    assert hang("", "有效期至 2030年12月1日。", 12) == ["有效期至", "2030年12月1", "日。"], "no line has room for it"
    assert hang("", "有效期至 2030年12月1日。", 20) == ["有效期至", "2030年12月1日。"]


@given(st.text(max_size=200), st.integers(2, 80))
def test_any_text_is_wrapped(text: str, width: int) -> None:
    assert hang("", text, width)
