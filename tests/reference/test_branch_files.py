"""Branch lists as banks send them, in every kind of file; and files that would hurt the counter, in bounded memory."""

import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook

from counter.i18n import sentence, speaking
from counter.reference import branches
from counter.reference.branches import BranchImport, import_branches
from counter.reference.load import load_reference
from counter.rules.finding import Level
from counter.sheets.errors import ChooseSheetError
from tests.support.rosters import write_xls, write_xlsx

REFERENCE = load_reference()
HEAD = ["银行", "城市", "区县", "网点名称", "地址", "电话", "编号"]
MEGABYTE = 1024 * 1024
needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits the address space")


def row(number: int, **changes: str) -> list[str]:
    """A right row under `HEAD`; `changes` by title."""
    right = [
        "农业银行",
        "河源市",
        "紫金县",
        f"虚构支行{number}",
        f"紫城镇虚构路{number}号",
        "0762-7000001",
        f"x-{number}",
    ]
    return list((dict(zip(HEAD, right, strict=True)) | changes).values())


ROWS = [HEAD, row(1), row(2)]


def text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


def read(path: Path, sheet: str | None = None) -> BranchImport:
    return import_branches(path, REFERENCE, sheet)


def said(imported: BranchImport) -> dict[int, list[str]]:
    """The findings' codes by row, each of which has its sentence in both languages."""
    for found in imported.findings.values():
        for finding in found:
            for language in ("zh_CN", "en"):
                with speaking(language):
                    assert sentence(finding)
    return {row: [finding.code for finding in found] for row, found in imported.findings.items()}


def ids(imported: BranchImport) -> list[str]:
    return [branch.id for branch in imported.rows]


# --- every kind of file ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_every_encoding_under_any_name(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(text(ROWS, delimiter).encode(encoding))
    assert (said(read(path)), ids(read(path))) == ({}, ["x-1", "x-2"])


def test_a_list_in_big5_with_titles_as_hong_kong_writes_them(tmp_path: Path) -> None:
    head = ["服務銀行", "城市", "區縣", "網點名稱", "網點地址", "聯繫電話", "網點編號", "營業時間"]
    path = tmp_path / "list.csv"
    path.write_bytes(
        text([head, ["abc", "441621", "441621", "虛構支行", "紫城鎮虛構路1號", "81000001", "x-1", "9:00"]]).encode(
            "big5"
        )
    )
    (branch,) = read(path).rows
    assert (branch.name, branch.address, branch.hours) == ("虛構支行", "紫城鎮虛構路1號", "9:00")


@pytest.mark.parametrize("write", [write_xlsx, write_xls])
def test_workbooks_with_titles_above_the_header(tmp_path: Path, write: object) -> None:
    rows = [
        ["虚构农业银行网点名单"],
        ["联系电话", "0762-7000001"],
        [],
        ["序号", *HEAD],
        ["1", *row(1)],
        [],
        ["2", *row(2, 银行="某银行")],
    ]
    imported = read(write(tmp_path / "list", rows))  # type: ignore[operator]  # either of two
    assert said(imported) == {7: ["branches.bank_unknown"]}
    assert (ids(imported), imported.valid) == (["x-1"], False)


def test_numbers_that_a_spreadsheet_made_of_codes(tmp_path: Path) -> None:
    head = [*HEAD, "即时制卡"]
    path = write_xlsx(
        tmp_path / "list.xlsx", [head, ["abc", 441621, 441621.0, "虚构支行", "虚构路1号", 81000001, 12, True]]
    )
    (branch,) = read(path).rows
    assert (branch.id, branch.district, branch.phone, branch.instant) == ("12", "441621", "81000001", True)


def test_short_rows_lack_their_last_cells(tmp_path: Path) -> None:
    """Those in need of nothing more are good; the others say what lacks. None is lost without a word."""
    path = tmp_path / "list.csv"
    path.write_text(text([HEAD, row(1)[:5], row(2)[:4], row(3)[:1], row(4)]), "utf-8")
    imported = read(path)
    assert said(imported) == {
        2: ["branches.phone_empty"],
        3: ["branches.address_empty", "branches.phone_empty"],
        4: ["branches.city_unknown", "branches.name_empty", "branches.address_empty", "branches.phone_empty"],
    }
    assert [branch.name for branch in imported.rows] == ["虚构支行1", "虚构支行4"]


def test_a_merged_cell_holds_for_all_its_rows_and_hidden_rows_are_told(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for each in (HEAD, row(1), row(2, 银行=""), row(3, 银行="")):
        sheet.append(each)
    sheet.merge_cells("A2:A4")
    sheet.row_dimensions[3].hidden = True
    workbook.save(tmp_path / "list.xlsx")
    imported = read(tmp_path / "list.xlsx")
    assert (said(imported), imported.valid) == ({3: ["branches.hidden"]}, True)
    assert {branch.bank for branch in imported.rows} == {"abc"}


def test_spoiled_cells_and_ids_given_twice(tmp_path: Path) -> None:
    rows = [HEAD, row(1), row(2, 网点名称="#REF!"), row(3, 地址="=A1"), row(4, 电话="7.62701E+11"), row(5, 编号="x-1")]
    imported = read(write_xlsx(tmp_path / "list.xlsx", rows))
    assert said(imported) == {
        3: ["branches.error"],
        4: ["branches.formula"],
        5: ["branches.phone"],
        6: ["branches.duplicate"],
    }
    assert imported.findings[6][0].params == {"line": 2}


def test_hidden_sheets_do_not_count_and_of_several_one_is_named(tmp_path: Path) -> None:
    old = xlwt.Workbook()
    for name, visibility, number in (("旧名单", 1, 1), ("农行", 0, 2), ("工行", 0, 3)):
        sheet = old.add_sheet(name)
        sheet.visibility = visibility
        for at, cells in enumerate([HEAD, row(number)]):
            for column, value in enumerate(cells):
                sheet.write(at, column, value)
    old.save(str(tmp_path / "list.xls"))
    with pytest.raises(ChooseSheetError) as asked:
        read(tmp_path / "list.xls")
    assert asked.value.sheets == ("农行", "工行")
    assert ids(read(tmp_path / "list.xls", "工行")) == ["x-3"]
    assert ids(read(tmp_path / "list.xls", "旧名单")) == ["x-1"], "by its name also a hidden one"


def test_a_file_that_breaks_off_is_none(tmp_path: Path) -> None:
    """Not even its good rows: what lacks nobody knows."""
    path = tmp_path / "list.csv"
    path.write_text(text(ROWS) + '"农业银行,河源市\n', "utf-8")
    imported = read(path)
    assert (said(imported), imported.rows) == ({0: ["sheet.file.quotes"]}, ())


def test_more_rows_than_there_are_branches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branches, "_MOST", 2)
    (tmp_path / "list.csv").write_text(text([HEAD, row(1), row(2), row(3)]), "utf-8")
    imported = read(tmp_path / "list.csv")
    assert (said(imported), imported.rows) == ({0: ["branches.rows"]}, ())


def test_texts_without_end_are_refused(tmp_path: Path) -> None:
    head = [*HEAD, "首字母", "来源", "营业时间"]
    wrong = [row(1)] * 6
    for at, column in enumerate((3, 4, 5, 7, 8, 9)):
        wrong[at] = [*row(at), "", "", ""]
        wrong[at][column] = "95588/" * 1000 + "95588"
    (tmp_path / "list.csv").write_text(text([head, *wrong]), "utf-8")
    imported = read(tmp_path / "list.csv")
    assert said(imported) == {number: ["branches.phone" if number == 4 else "branches.long"] for number in range(2, 8)}
    assert all(each.level is Level.STOP for found in imported.findings.values() for each in found)


# --- in a process that may not take more than the limit ----------------------------------------------------------

BOUNDED = """
import resource, sys
from pathlib import Path
from counter.reference.load import load_reference
from counter.reference.branches import import_branches
reference = load_reference()
import counter.sheets.xlsx, counter.sheets.xls, pypinyin, charset_normalizer
pypinyin.lazy_pinyin("网点")
taken = int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (taken + int(sys.argv[2]) * 1024 * 1024,) * 2)
found = import_branches(Path(sys.argv[1]), reference)
print(len(found.rows), found.findings.get(0, ())[0].code if 0 in found.findings else len(found.findings))
"""


def bounded(path: Path, megabytes: int) -> str:
    """What reading the list says in a process that may take so much more memory than it has at the start."""
    command = [sys.executable, "-c", BOUNDED, str(path), str(megabytes)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@needs_linux
def test_a_zip_that_unpacks_to_much(tmp_path: Path) -> None:
    made = write_xlsx(tmp_path / "right.xlsx", ROWS)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(tmp_path / "list.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            is_sheet = part.filename.endswith("sheet1.xml")
            new.writestr(part.filename, b"<worksheet>" + b" " * (300 * MEGABYTE) if is_sheet else old.read(part))
    assert (tmp_path / "list.xlsx").stat().st_size < MEGABYTE
    assert bounded(tmp_path / "list.xlsx", 60) == "0 sheet.file.bomb"


@needs_linux
def test_a_line_of_fifty_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text(ROWS).encode() + b"1" * (49 * MEGABYTE))
    assert bounded(path, 40) == "0 sheet.file.line"
    path.write_bytes(text(ROWS).encode() + b'"' + b"1\n" * (20 * MEGABYTE))
    assert bounded(path, 40) == "0 sheet.file.quotes"


@needs_linux
@pytest.mark.parametrize(("bank", "said"), [("农业银行", "50000 0"), ("", "0 50000")])
def test_as_many_branches_as_may_be(tmp_path: Path, bank: str, said: str) -> None:
    """All right, or all wrong: a list takes no more than some hundred megabytes."""
    path = tmp_path / "list.csv"
    path.write_text(text([HEAD, *(row(number, 银行=bank) for number in range(50_000))]), "utf-8")
    assert bounded(path, 100) == said


@needs_linux
def test_two_cells_in_the_corners(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for each in ROWS:
        sheet.append(each)
    sheet["XFD1048576"] = "x"
    workbook.save(tmp_path / "list.xlsx")
    assert bounded(tmp_path / "list.xlsx", 60).startswith("2 ")
