"""Text from Guangdong, Hong Kong, Macau and Taiwan: the titles that the reader knows say in which encoding it is."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from counter.sheets.book import no_titles
from counter.sheets.errors import SheetFileError
from counter.sheets.opening import open_book

SIMPLIFIED = "姓名,证件号码,手机\n王测试,44162119900101001X,13800000001\n欧阳虚构,441621199001010020,13800000002\n"
TRADITIONAL = "姓名,證件號碼,手機號碼\n陳測試,H12345678,13800000001\n歐陽虛構,M12345679,13800000002\n"
WITHOUT_HEADER = {
    "simplified": "王测试,44162119900101001X,工人\n李小红,441621199001010020,农民\n欧阳天明,441621199001010038,专业技术人员\n",
    "traditional": "王測試,H12345678,工人\n李曉紅,H12345679,農民\n歐陽天明,H12345680,專業技術人員\n陳國強,M12345680,職員\n",
}
TITLES = {"姓名", "证件号码", "證件號碼", "手机", "手機號碼"}


def titles(cells: Sequence[str]) -> int:
    return len(TITLES & set(cells))


def read(path: Path, known: bool = True) -> list[list[str]]:
    with open_book(path, titles if known else no_titles) as book:
        return [list(row.cells) for row in book.rows(book.sheets[0])]


def expected(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5", "big5hkscs", "cp950"]
)
def test_traditional_characters_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TRADITIONAL.encode(encoding))
    assert read(path) == expected(TRADITIONAL)


def test_the_characters_of_hong_kong(tmp_path: Path) -> None:
    text = TRADITIONAL + "鄧小邨,H12345680,13800000003\n冼嚟喺,H12345681,13800000004\n"
    (tmp_path / "a.csv").write_bytes(text.encode("big5hkscs"))
    assert read(tmp_path / "a.csv") == expected(text)


def test_what_is_text_in_both_is_read_by_its_header(tmp_path: Path) -> None:
    """Nothing but the titles tells GB18030 and Big5 apart here: each file is text in the other encoding too."""
    for text, encoding, other in ((TRADITIONAL, "big5", "gb18030"), (SIMPLIFIED, "gb18030", "big5hkscs")):
        path = tmp_path / "a.csv"
        path.write_bytes(text.encode(encoding))
        assert path.read_bytes().decode(other)
        assert read(path) == expected(text)


@pytest.mark.parametrize("times", [1, 3000])
@pytest.mark.parametrize(
    ("script", "encoding"),
    [("simplified", "gb18030"), ("traditional", "big5"), ("traditional", "gb18030"), ("traditional", "utf-32")],
)
def test_without_a_header_a_detector_says(tmp_path: Path, script: str, encoding: str, times: int) -> None:
    """Also where the file is longer than what the detector is shown."""
    path = tmp_path / "a.csv"
    bare = WITHOUT_HEADER[script] * times
    path.write_bytes(bare.encode(encoding))
    assert read(path, known=False) == expected(bare)


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-8", "utf-16"])
def test_the_detector_is_not_asked_where_a_header_is_known(
    tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "charset_normalizer", None)  # to ask it would raise
    path = tmp_path / "a.csv"
    path.write_bytes(TRADITIONAL.encode(encoding))
    assert read(path) == expected(TRADITIONAL)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_half_a_character_at_the_end_is_a_file_that_lacks_its_end(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((TRADITIONAL + "王").encode(encoding)[:-1])
    with pytest.raises(SheetFileError) as refused:
        read(path)
    assert refused.value.reason == "truncated"


def test_bytes_that_are_no_text_in_any_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\x81\xff\xfe\x00\x01" * 500)
    with pytest.raises(SheetFileError) as refused:
        read(path)
    assert refused.value.reason == "binary"
