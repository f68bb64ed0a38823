"""A real list comes in whole, and every defect is refused by its line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from counter.i18n import sentence
from counter.reference.branches import (
    BranchImport,
    import_branches,
    save_branches,
)
from counter.reference.load import BRANCHES, load_reference
from counter.rules.finding import Level

REFERENCE = load_reference()
TITLES = "编号,银行,城市,区县,网点名称,地址,营业时间,电话,即时制卡"
GOOD = "x-1,农业银行,河源市,紫金县,秋江支行,紫城镇某路1号,,0762-7000001,是"


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., BranchImport]:
    def read(*lines: str, header: str = TITLES, encoding: str = "utf-8") -> BranchImport:
        path = tmp_path / "list.csv"
        path.write_bytes("\r\n".join([header, *lines, ""]).encode(encoding))
        return import_branches(path, REFERENCE)

    return read


def codes(imported: BranchImport) -> dict[int, list[str]]:
    return {line: [finding.code for finding in found] for line, found in imported.findings.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_in_any_usual_encoding(listed: Callable[..., BranchImport], encoding: str) -> None:
    imported = listed(GOOD, encoding=encoding)
    (branch,) = imported.rows
    assert imported.valid and not imported.findings
    assert (branch.id, branch.bank, branch.district) == ("x-1", "abc", "441621")
    assert branch.city == "441621", "the county has a policy of its own"
    assert (branch.instant, branch.initials, branch.source) == (True, "qjzx", "import")


def test_english_columns_in_any_order_and_unknown_ones(listed: Callable[..., BranchImport]) -> None:
    header = "remark,name,district,city,bank,address,phone"
    (branch,) = listed("x,某支行,440103,440100,icbc,某路1号,02081000001", header=header).rows
    assert (branch.bank, branch.city, branch.district, branch.instant) == ("icbc", "440100", "440103", False)


def test_a_city_without_districts(listed: Callable[..., BranchImport]) -> None:
    assert listed("x-1,工行,东莞,东莞市,某支行,某路1号,,95588,否").rows[0].district == "441900"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("农业银行", "某某银行", "branches.bank_unknown"),
        ("农业银行", "", "branches.bank_unknown"),
        ("河源市", "上海市", "branches.city_unknown"),
        ("河源市", "", "branches.city_unknown"),
        ("紫金县", "荔湾区", "branches.district_unknown"),
        ("紫金县", "", "branches.district_unknown"),
        ("紫金县", "999999", "branches.district_unknown"),
        ("秋江支行", "\u200b ", "branches.name_empty"),
        ("紫城镇某路1号", "", "branches.address_empty"),
        ("紫城镇某路1号", "路" * 400, "branches.long"),
        ("0762-7000001", "电话", "branches.phone"),
        ("0762-7000001", "123", "branches.phone"),
        ("0762-7000001", "2081241266", "branches.phone"),
        ("是", "也许", "branches.instant"),
        ("x-1", "x 1;", "branches.id"),
    ],
)
def test_a_bad_row_is_refused_and_the_others_are_not(
    listed: Callable[..., BranchImport], old: str, new: str, code: str
) -> None:
    other = GOOD.replace("秋江支行", "敬梓支行").replace("x-1", "x-2")
    imported = listed(other, GOOD.replace(old, new, 1))
    assert not imported.valid
    assert code in codes(imported)[3]
    assert set(codes(imported)) == {3}
    assert [row.id for row in imported.rows] == ["x-2"]
    assert all(sentence(finding) for finding in imported.findings[3])


@pytest.mark.parametrize(
    "phone", ["0762-7000001", "(0762)7000001", "81000001", "95599", "400-100-0001", "95599/0762-7000001"]
)
def test_phones_of_every_shape(listed: Callable[..., BranchImport], phone: str) -> None:
    assert listed(GOOD.replace("0762-7000001", phone)).valid


def test_the_same_branch_or_id_twice(listed: Callable[..., BranchImport]) -> None:
    imported = listed(GOOD, GOOD.replace("x-1", "x-2"), GOOD.replace("秋江", "敬梓"))
    assert codes(imported) == {3: ["branches.duplicate"], 4: ["branches.duplicate"]}
    assert imported.findings[3][0].params == {"line": 2}


def test_what_is_only_worth_a_word_does_not_refuse(listed: Callable[..., BranchImport]) -> None:
    imported = listed(GOOD.replace("农业银行", "招商银行").replace("0762-7000001", ""))
    assert imported.valid and len(imported.rows) == 1
    assert {finding.level for finding in imported.findings[2]} == {Level.TELL}


def test_a_branch_without_id_keeps_its_own_or_gets_the_next_free_one(listed: Callable[..., BranchImport]) -> None:
    kept, new, newer = listed(
        GOOD.replace("x-1", "").replace("秋江支行", "农业银行永安支行"),
        GOOD.replace("x-1", ""),
        GOOD.replace("x-1", "").replace("秋江", "敬梓"),
    ).rows
    assert (kept.id, new.id, newer.id) == ("441621-abc-02", "441621-abc-04", "441621-abc-05")


def test_rows_are_those_that_a_spreadsheet_shows(listed: Callable[..., BranchImport]) -> None:
    """A blank line is a row, a cell of two lines is still one."""
    bad = GOOD.replace("农业银行", "某银行")
    two_lines = GOOD.replace("紫城镇某路1号", '"紫城镇\n某路1号"')
    assert set(codes(listed("", two_lines, bad))) == {4}


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (b"", 0, "sheet.file.empty"),
        (f"{TITLES}\n".encode(), 0, "branches.empty"),
        ("网点名称,地址\n某支行,某路1号\n".encode(), 1, "branches.header"),
        ("网点,支行\n某支行,某路1号\n".encode(), 0, "branches.header"),
        (b"\x00\x01\x02\xff\xfe", 0, "sheet.file.binary"),
        (b'id,bank\n"x', 0, "sheet.file.quotes"),
        (b"%PDF-1.7", 0, "sheet.file.foreign"),
        (b"<html><table><tr><td>x</td></tr></table>", 0, "sheet.file.markup"),
    ],
)
def test_files_that_are_no_list(tmp_path: Path, content: bytes, line: int, code: str) -> None:
    """What a file is says its content, whatever its name."""
    for name in ("list.csv", "list.xlsx"):
        (tmp_path / name).write_bytes(content)
        imported = import_branches(tmp_path / name, REFERENCE)
        assert (codes(imported), imported.rows, imported.valid) == ({line: [code]}, (), False)
        assert all(sentence(finding) for finding in imported.findings[line])


def test_no_file_at_all(tmp_path: Path) -> None:
    assert codes(import_branches(tmp_path / "none.csv", REFERENCE)) == {0: ["sheet.file.unreadable"]}


def test_a_spreadsheet_whose_numbers_are_numbers(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(TITLES.split(","))
    sheet.append(["x-1", "工商银行", 440100, 440103.0, "某支行", "某路1号", None, 81000001, True])
    sheet.append([None] * 9)
    sheet.append(["x-2", "工商银行", 440100, 441621, "某支行", "某路1号", None, 81000001, 0])
    workbook.save(tmp_path / "list.xlsx")
    imported = import_branches(tmp_path / "list.xlsx", REFERENCE)
    assert codes(imported) == {4: ["branches.district_unknown"]}
    (branch,) = imported.rows
    assert (branch.district, branch.phone, branch.instant) == ("440103", "81000001", True)


def test_what_is_saved_is_what_the_counter_loads(listed: Callable[..., BranchImport], tmp_path: Path) -> None:
    home = tmp_path / "home"
    rows = listed(GOOD).rows
    assert save_branches(home, rows) == home / BRANCHES
    assert tuple(load_reference(home).branches.values()) == rows
    assert import_branches(home / BRANCHES, REFERENCE).rows == rows
    assert [path.name for path in home.iterdir()] == [BRANCHES]


def test_a_save_that_fails_leaves_the_old_list(listed: Callable[..., BranchImport], tmp_path: Path) -> None:
    home = tmp_path / "home"
    rows = listed(GOOD).rows
    save_branches(home, rows)
    with pytest.raises(TypeError):
        save_branches(home, [*rows, None])  # type: ignore[list-item]  # any failure half way
    assert tuple(load_reference(home).branches.values()) == rows
    assert [path.name for path in home.iterdir()] == [BRANCHES]
