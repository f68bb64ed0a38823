"""What a file's columns are taken for before it is read, and what reading found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from counter.reference.load import load_reference
from counter.roster.errors import refusal
from counter.roster.mapping import preview, read_sheet
from counter.sheets.errors import SheetFileError

REFERENCE = load_reference()
TEXT = "某厂名单,,\n姓名,身份证号,家庭电话\n王测试,44162119900101001X,1\n\n李测试,4.4E+17,2\n合计,2人,\n"


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        (tmp_path / "a.csv").write_text(text, "utf-8")
        return tmp_path / "a.csv"

    return write


def test_a_preview_shows_what_stands_below_the_header(file: Callable[[str], Path]) -> None:
    looked_at = preview(file(TEXT))
    assert (looked_at.header.row, dict(looked_at.header.columns), looked_at.width) == (2, {"name": 0, "number": 1}, 3)
    assert [row[0] for row in looked_at.samples] == ["王测试", "李测试", "合计"]


def test_the_remarks_name_their_rows(file: Callable[[str], Path]) -> None:
    path = file(TEXT)
    read = read_sheet(path, preview(path), REFERENCE)
    assert read is not None
    lines, remarks = read
    assert [line.row for line in lines] == [3, 5]
    assert [(finding.code, rows) for finding, rows in remarks.spoiled.items()] == [("roster.destroyed", (5,))]
    assert (remarks.skipped, remarks.unread, remarks.hidden) == ({"total": (6,)}, ("家庭电话",), ())


def test_a_file_without_a_header_is_looked_at_as_it_stands(file: Callable[[str], Path]) -> None:
    looked_at = preview(file("王测试,44162119900101001X\n李测试,441621199001010020\n"))
    assert (looked_at.header.row, looked_at.header.columns, looked_at.width) == (0, {}, 2)


@pytest.mark.parametrize(("text", "why"), [("", "empty"), ("一列\n二\n", "one_column")])
def test_what_is_no_table_is_refused(file: Callable[[str], Path], text: str, why: str) -> None:
    with pytest.raises(SheetFileError) as refused:
        preview(file(text))
    assert refusal(refused.value).code == f"sheet.file.{why}"


def test_reading_can_be_stopped(file: Callable[[str], Path]) -> None:
    path = file("姓名,身份证号\n" + "王测试,44162119900101001X\n" * 1200)
    told: list[int] = []
    assert read_sheet(path, preview(path), REFERENCE, told.append, lambda: bool(told)) is None
    assert told == [500]
