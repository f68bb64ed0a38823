"""Reading rosters: every kind of file and encoding, headers wherever they stand, and what spreadsheets do to people."""

from datetime import date, datetime
from pathlib import Path

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from counter.roster.columns import RosterRow, ranked_column_of
from counter.roster.errors import RosterFileError, refusal
from counter.roster.header import find_header
from counter.roster.reader import choose, headers, read_file
from counter.roster.row import Normal
from counter.sheets.cells import (
    date_text,
    is_destroyed,
    number_cell,
)
from counter.sheets.errors import ChooseSheetError
from counter.sheets.opening import open_book
from tests.support.rosters import (
    ENCODINGS,
    HEAD,
    PEOPLE,
    REFERENCE,
    lines_of,
    number,
    people_of,
    person,
    write_like_excel,
    write_text,
    write_xls,
    write_xlsx,
)

FIRST = RosterRow(name="王测试", number=number(1), ethnicity="01", mobile="13800000001", occupation="24")


# --- kinds of files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_every_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = write_text(tmp_path / "roster.csv", [HEAD, *PEOPLE], encoding, delimiter)
    lines = lines_of(path)
    assert lines[0].person == FIRST
    assert [line.row for line in lines] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("name", ["roster.xlsx", "roster.csv", "roster.xls", "roster"])
def test_content_decides_and_not_the_name(tmp_path: Path, name: str) -> None:
    for write in (write_text, write_xlsx, write_xls):
        path = write(tmp_path / "made", [HEAD, *PEOPLE]).rename(tmp_path / name)
        assert people_of(path)[0] == FIRST


names = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
made_up = st.builds(
    lambda name, sequence, year, mobile, remark: [
        name, number(sequence, f"{year}0228"), "壮族", f"13{mobile:09d}", "农民", "", remark
    ],
    names | st.just("𠮷㛃"),
    st.integers(1, 999),
    st.integers(1900, 2009),
    st.integers(0, 999_999_999),
    st.sampled_from(["", "夜班, 三线", '他说"好"', "两\n行", "; | \t"]),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(made_up, min_size=1, max_size=8), encoding=st.sampled_from(ENCODINGS))
def test_what_was_written_is_read(tmp_path: Path, rows: list[list[str]], encoding: str) -> None:
    normal = Normal(REFERENCE)
    columns = ["name", "number", "ethnicity", "mobile", "occupation", "old_card", "remarks"]
    expected = [normal.row(dict(zip(columns, row, strict=True))) for row in rows]
    assert people_of(write_xlsx(tmp_path / "a.xlsx", [HEAD, *rows])) == expected
    assert people_of(write_xls(tmp_path / "a.xls", [HEAD, *rows])) == expected
    for delimiter in ",\t;":
        assert people_of(write_text(tmp_path / "a.csv", [HEAD, *rows], encoding, delimiter)) == expected


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_shared_strings_in_runs_with_phonetic_hints(tmp_path: Path, prefix: str) -> None:
    assert people_of(write_like_excel(tmp_path / "a.xlsx", [HEAD, *PEOPLE], prefix))[0] == FIRST


def test_a_normal_value_stays_as_it_is() -> None:
    normal = Normal(REFERENCE)
    row = normal.row(dict(zip(["name", "number", "ethnicity"], ["欧阳·测", "Ｈ12345678 ", "1"], strict=True)))
    assert (row.name, row.number, row.ethnicity) == ("欧阳·测", "H12345678", "01")
    assert all(
        normal.value(column, value) == value for column in row.__struct_fields__ if (value := getattr(row, column))
    )


# --- headers and sheets ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("姓名", "name"), ("名字", "name"), ("Name", "name"), ("* 姓 名 (必填)", "name"), ("员工姓名：", "name"),
        ("身份证号", "number"), ("证件号码", "number"), ("公民身份号码", "number"), ("ID", "number"),
        ("ＩＤ No.", "number"),
        ("手机", "mobile"), ("联系电话", "mobile"), ("Mobile", "mobile"), ("职工手机号", "mobile"),
        ("民族", "ethnicity"), ("工种", "occupation"), ("证件类型", "document_kind"), ("原社保卡号", "old_card"),
        ("照片", "photo"), ("备注", "remarks"), ("序号", ""), ("监护人姓名", ""), ("", ""), ("姓名" * 100, ""),
    ],
)  # fmt: skip
def test_titles(title: str, column: str) -> None:
    assert ranked_column_of(title)[0] == column


def test_the_header_stands_under_title_rows_and_comes_again(tmp_path: Path) -> None:
    rows = [["虚构电子厂换卡名单"], ["联系人：赵联系", "联系电话：13900000000"], [], ["序号", *HEAD]]
    rows += [["1", *PEOPLE[0]], ["2", *PEOPLE[1]], ["序号", *HEAD], [], ["3", *PEOPLE[2]], ["4"]]
    rows += [["合 计", "3人"], ["", "总计"], ["填表人：某", "", "", "日期：2026-11-20"]]
    header, lines, skipped = read_file(write_xlsx(tmp_path / "a.xlsx", rows), REFERENCE)
    assert header.row == 4
    assert header.unknown == ("序号",)
    assert [line.row for line in lines] == [5, 6, 9]
    assert skipped == [(7, "header"), (11, "total"), (12, "total"), (13, "note")]


def test_of_two_titles_for_one_column_the_better_one_counts(tmp_path: Path) -> None:
    """A unit's own list often has a landline (联系电话) before the mobile."""
    rows = [["姓名", "身份证号", "联系电话", "手机号"], ["王测试", number(), "0762-7822000", "13800000001"]]
    (line,) = lines_of(write_text(tmp_path / "a.csv", rows))
    assert line.person.mobile == "13800000001"


def test_a_person_without_number_is_not_lost_as_a_total(tmp_path: Path) -> None:
    lines = lines_of(write_text(tmp_path / "a.csv", [HEAD, ["合意", "", "", "13800000001"], ["共工", number()]]))
    assert [line.person.name for line in lines] == ["合意", "共工"]


def test_the_mapping_can_be_corrected(tmp_path: Path) -> None:
    path = write_text(
        tmp_path / "a.csv", [["姓名", "号", "联系电话", "手机"], ["王测试", number(), "0762-1", "13800000001"]]
    )
    (line,) = lines_of(path, columns={"number": "号", "mobile": "手机"})
    assert (line.person.number, line.person.mobile) == (number(), "13800000001")
    (line,) = lines_of(path, columns={"mobile": ""})
    assert line.person.mobile == ""
    with pytest.raises(RosterFileError) as error:
        lines_of(path, columns={"mobile": "无此列"})
    assert refusal(error.value).code == "roster.file.no_column"


def test_no_column_is_read_twice_after_a_correction(tmp_path: Path) -> None:
    with open_book(write_text(tmp_path / "a.csv", [HEAD, *PEOPLE])) as book:
        header = find_header(book.rows(book.sheets[0]))
        assert header
        assert "number" not in header.corrected({"old_card": 1}).columns


def test_several_sheets_and_the_caller_chooses(tmp_path: Path) -> None:
    workbook = Workbook()
    first, second, third = workbook.worksheets[0], workbook.create_sheet("二车间"), workbook.create_sheet("说明")
    first.title = "一车间"
    for sheet, who in ((first, PEOPLE[0]), (second, PEOPLE[1])):
        sheet.append(HEAD)
        sheet.append(who)
    third.append(["随便写写"])
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    with pytest.raises(ChooseSheetError) as error:
        lines_of(path)
    assert error.value.sheets == ("一车间", "二车间")
    assert [line.person.number for line in lines_of(path, sheet="二车间")] == [number(2)]
    with pytest.raises(ChooseSheetError):
        lines_of(path, sheet="三车间")
    second.sheet_state = "hidden"
    workbook.save(path)
    assert [line.person.number for line in lines_of(path)] == [number(1)]


def test_an_old_workbook_with_a_hidden_sheet(tmp_path: Path) -> None:
    workbook = xlwt.Workbook()
    for name, visibility in (("名单", 0), ("旧名单", 1)):
        sheet = workbook.add_sheet(name)
        sheet.visibility = visibility
        for at, row in enumerate([HEAD, PEOPLE[0]]):
            for column, value in enumerate(row):
                sheet.write(at, column, value)
    workbook.save(str(tmp_path / "a.xls"))
    with open_book(tmp_path / "a.xls") as book:
        assert [sheet.hidden for sheet in book.sheets] == [False, True]
        chosen = choose(headers(book))
        assert chosen
        assert chosen[0].name == "名单"


# --- cells -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [write_xlsx, write_xls])
def test_numbers_that_lost_digits_are_recognised(tmp_path: Path, write: object) -> None:
    rows = [HEAD, ["王测试", int(number()), "", 13800000001], ["王测试", float(number()), "", 13800000001.0]]
    path = write(tmp_path / "a", rows)  # type: ignore[operator]
    for line in lines_of(path):
        assert is_destroyed(line.person.number)
        assert line.person.mobile == "13800000001"


def test_a_fifteen_digit_number_survives_as_a_number() -> None:
    assert number_cell(441621900101001.0) == "441621900101001"
    assert number_cell(4.4162119900101e17) == "4.41621E+17"
    assert number_cell(float("nan")) == "#NUM!"
    assert number_cell(0.1 + 0.2) == "0.3"
    assert not is_destroyed("B00000019")
    assert is_destroyed("4.40115E+17")


@pytest.mark.parametrize(
    "written",
    [" ４４1621 19900101 001{c} ", "'{n}", "‘{n}’", "{n}\u200b", "\ufeff{n}", "441621-19900101-001{c}", "{n}.0"],
)
def test_numbers_are_normalised(tmp_path: Path, written: str) -> None:
    said = written.format(n=number(), c=number()[-1])
    assert people_of(write_text(tmp_path / "a.csv", [HEAD, person(**{"身份证号码": said})]))[0].number == number()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("32874", "1990-01-01"), ("1990/1/1", "1990-01-01"), ("1990.01.01", "1990-01-01"), ("19900101", "1990-01-01"),
        ("1990年1月1日", "1990-01-01"), ("长期", "long_term"), ("1990-02-30", "1990-02-30"), ("明天", "明天"),
        ("1990-01-01 00:00:00", "1990-01-01"),
    ],
)  # fmt: skip
def test_dates(written: str, said: str) -> None:
    assert date_text(written) == said


def test_dates_as_serials_in_workbooks(tmp_path: Path) -> None:
    head = [*HEAD, "出生日期", "有效期至"]
    xlsx = write_xlsx(
        tmp_path / "a.xlsx", [head, [*PEOPLE[0], date(1990, 1, 1), datetime(2035, 1, 1, 12)], [*PEOPLE[1], 32874]]
    )
    first, second = people_of(xlsx)
    assert (first.birth, first.valid_to, second.birth) == ("1990-01-01", "2035-01-01", "1990-01-01")
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("名单")
    for column, (title, value) in enumerate(zip(head, [*PEOPLE[0], date(1990, 1, 1)], strict=False)):
        sheet.write(0, column, title)
        sheet.write(1, column, value, xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    workbook.save(str(tmp_path / "a.xls"))
    assert people_of(tmp_path / "a.xls")[0].birth == "1990-01-01"


def test_formulas(tmp_path: Path) -> None:
    """A stored value counts; openpyxl stores none. In a text file nothing that begins with = is believed."""
    path = write_xlsx(tmp_path / "a.xlsx", [HEAD, person(**{"姓名": "=A9&A10", "备注": "#N/A"})])
    (row,) = people_of(path)
    assert row.name == "=A9&A10"
    (row,) = people_of(write_text(tmp_path / "a.csv", [HEAD, person(**{"身份证号码": f'="{number()}"'})]))
    assert row.number.startswith("=")


def test_the_stored_value_of_a_formula(tmp_path: Path) -> None:
    import zipfile

    made = write_xlsx(tmp_path / "a.xlsx", [HEAD, person(**{"姓名": "=A9&A10"})])
    stored = tmp_path / "b.xlsx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(stored, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                assert b"<f>A9&amp;A10</f><v" in text
                text = text.replace(b'<c r="A2">', b'<c r="A2" t="str">').replace(
                    b"</f><v />", b"</f><v>\xe7\x8e\x8b\xe6\xb5\x8b</v>"
                )
                text = text.replace(b"</f><v></v>", b"</f><v>\xe7\x8e\x8b\xe6\xb5\x8b</v>")
            new.writestr(part, text)
    assert people_of(stored)[0].name == "王测"


def test_merged_cells_hold_for_all_their_rows_and_hidden_rows_are_read(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in [HEAD, PEOPLE[0], person(2, 职业=""), person(3, 职业=""), PEOPLE[3]]:
        sheet.append(row)
    sheet.merge_cells("E2:E4")
    sheet.row_dimensions[3].hidden = True
    workbook.save(tmp_path / "a.xlsx")
    lines = lines_of(tmp_path / "a.xlsx")
    assert [line.person.occupation for line in lines] == ["24", "24", "24", "24"]
    assert [line.hidden for line in lines] == [False, True, False, False]


def test_merged_and_hidden_in_an_old_workbook(tmp_path: Path) -> None:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("名单")
    for at, row in enumerate([HEAD, PEOPLE[0], person(2, 职业="")]):
        for column, value in enumerate(row):
            if column != 4:
                sheet.write(at, column, value)
    sheet.write(0, 4, "职业")
    sheet.write_merge(1, 2, 4, 4, "工人")
    sheet.row(2).hidden = True
    workbook.save(str(tmp_path / "a.xls"))
    lines = lines_of(tmp_path / "a.xls")
    assert [(line.person.occupation, line.hidden) for line in lines] == [("24", False), ("24", True)]


def test_codes_that_lost_their_zeros_and_unknown_words(tmp_path: Path) -> None:
    (row,) = people_of(write_xlsx(tmp_path / "a.xlsx", [HEAD, ["王测试", number(), 1, 13800000001, 24]]))
    assert (row.ethnicity, row.occupation) == ("01", "24")
    (row,) = people_of(write_text(tmp_path / "a.csv", [HEAD, person(民族="火星族")]))
    assert row.ethnicity == "火星族"


def test_titles_in_traditional_characters() -> None:
    """As units of Hong Kong, Macau and Taiwan write them, in Big5 or in anything else."""
    titles = ["姓名", "證件種類", "證件號碼", "職業", "聯繫電話", "社會保障卡號", "照片來源", "員工手機號碼", "備註", "有效期開始日期"]  # fmt: skip
    columns = [ranked_column_of(title)[0] for title in titles]
    assert columns == ["name", "document_kind", "number", "occupation", "mobile", "old_card", "photo", "mobile", "remarks", "valid_from"]  # fmt: skip


def test_a_roster_in_big5(tmp_path: Path) -> None:
    rows = [
        ["姓名", "證件號碼", "手機號碼"],
        ["歐陽測", "H12345678", "13800000001"],
        ["陳試", "M12345679", "13800000002"],
    ]
    lines = lines_of(write_text(tmp_path / "a.csv", rows, "big5"))
    assert [(line.person.name, line.person.number) for line in lines] == [
        ("歐陽測", "H12345678"),
        ("陳試", "M12345679"),
    ]
