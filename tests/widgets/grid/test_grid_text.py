"""Blocks, texts that are cut, and the text that is being typed."""

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from counter.widgets.grid.block import format_block, parse_block
from counter.widgets.grid.editor import CellEditor
from counter.widgets.grid.paint import fit, safe

CELLS = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=6)
ANY = st.text(
    st.one_of(st.characters(), st.sampled_from("𠮷㛃\U0002ebf0·…“\u200d\ufe0f\U000e0100\x1b\t❤👩")), max_size=30
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_was_copied_is_pasted_as_it_was(rows: list[list[str]]) -> None:
    assert parse_block(format_block(rows)) == rows


def test_blocks_as_terminals_and_spreadsheets_send_them() -> None:
    assert parse_block("张三\t1\r李四\t2\r") == [["张三", "1"], ["李四", "2"]], "a terminal sends returns for lines"
    assert parse_block("a\tb\r\n\r\nc\r\n") == [["a", "b"], [""], ["c"]]
    assert parse_block('"two\nlines"\t"say ""hi"""') == [["two\nlines", 'say "hi"']]
    assert parse_block("") == []


def test_a_quotation_mark_that_nobody_closed_does_not_swallow_the_rest() -> None:
    assert parse_block('"a\tb\nc\td\n') == [['"a', "b"], ["c", "d"]]


@given(ANY, st.integers(0, 20))
@example("𠮷野家", 5)
@example("👩\u200d👩\u200d👧", 3)
@example("❤\ufe0f" * 9, 7)
def test_a_text_is_cut_to_exactly_the_width(text: str, width: int) -> None:
    drawn = fit(text, width)
    assert cell_len(drawn) == width
    assert sum(cell_len(char) for char in drawn) == width, "whatever a terminal makes of joined signs"
    assert safe(drawn) == drawn, "nothing that could disturb the terminal"


def test_a_cut_is_seen_and_never_halves_a_character() -> None:
    assert fit("生产制造及有关人员", 9) == "生产制.. "
    assert fit("𠮷㛃", 4) == "𠮷㛃"
    assert fit("𠮷㛃", 3) == "𠮷 "


@given(
    ANY, st.integers(1, 12), st.lists(st.sampled_from(["left", "right", "to_start", "to_end", "backspace", "delete"]))
)
def test_the_caret_is_seen_in_exactly_the_width(text: str, width: int, moves: list[str]) -> None:
    editor = CellEditor("k", 0, "", text, in_place=True)
    for move in ["", *moves]:
        if move:
            getattr(editor, move)()
        parts = editor.window(width)
        assert sum(cell_len(part) for part in parts) == width
        assert parts[1], "there is a caret"
        assert 0 <= editor.caret <= len(editor.text)


def test_a_sign_with_marks_on_it_is_one_step() -> None:
    editor = CellEditor("k", 0, "", "葛\U000e0100𠮷e\u0301", in_place=True)
    editor.backspace()
    assert editor.text == "葛\U000e0100𠮷"
    editor.left()
    editor.left()
    assert editor.caret == 0
    editor.delete()
    assert editor.text == "𠮷"
    editor.insert("王")
    assert editor.text == "王𠮷"
