"""What goes to the unit: the template, which can be read back, and the hand-over list; photos from the unit."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image, ImageDraw
from rich.cells import cell_len

from counter.i18n import t, use_language
from counter.paper.fonts import find_fonts
from counter.roster.checks import Checker, check_roster
from counter.roster.columns import COLUMNS
from counter.roster.errors import RosterFileError, refusal
from counter.roster.handover import HandOver, Listed, hand_over, printed
from counter.roster.lists import as_pdf, as_xlsx, lines
from counter.roster.photos import check_files, match_photos
from counter.roster.reader import read_file
from counter.roster.row import Normal
from counter.roster.template import template
from counter.rules.case import DocumentKind, Sex
from counter.rules.finding import Level
from counter.rules.reference import PhotoSpec
from tests.support.readback import text_of
from tests.support.rosters import (
    HEAD,
    PEOPLE,
    REFERENCE,
    TODAY,
    UNIT,
    WINDOW,
    ZIJIN,
    lines_of,
    number,
    person,
    write_text,
)


@pytest.fixture(autouse=True, params=["zh_CN", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    use_language(request.param)
    yield request.param
    use_language("zh_CN")


# --- the template ----------------------------------------------------------------------------------------------


def test_the_example_of_the_template_is_right(tmp_path: Path, language: str) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(REFERENCE, ZIJIN))
    with pytest.raises(RosterFileError) as error:  # the roster's own sheet is chosen, and still empty
        lines_of(path)
    assert refusal(error.value).code == "roster.file.no_rows"
    example = {"zh_CN": "示例", "en": "Example"}[language]
    header, lines, _ = read_file(path, REFERENCE, example)
    assert len(lines) == 3
    assert set(header.columns) == {column.id for column in COLUMNS}
    checks = list(check_roster(lines, Checker(UNIT, WINDOW)))
    assert [(check.valid, check.findings) for check in checks] == [(True, ())] * 3


def test_every_word_of_the_lists_is_understood() -> None:
    normal = Normal(REFERENCE)
    for kind in DocumentKind:
        assert normal.value("document_kind", t(f"choice.document.{kind}")) == kind
    for sex in Sex:
        assert normal.value("sex", t(f"choice.sex.{sex}")) == sex
    assert (normal.value("photo", t("choice.photo.keep")), normal.value("photo", t("choice.photo.file"))) == (
        "",
        "file",
    )


def test_the_template_filled_in_is_read(tmp_path: Path) -> None:
    workbook = load_workbook(BytesIO(template(REFERENCE, ZIJIN)))
    sheet = workbook.worksheets[0]
    for column, value in enumerate(["王测试", None, number(), None, "13800000001"], start=1):
        sheet.cell(3, column).value = value
    workbook.save(tmp_path / "a.xlsx")
    (line,) = lines_of(tmp_path / "a.xlsx")
    assert (line.row, line.person.number) == (3, number())


def test_lists_to_choose_from_and_numbers_as_text() -> None:
    workbook = load_workbook(BytesIO(template(REFERENCE, ZIJIN)))
    roster, unit, _, lists = workbook.worksheets
    assert lists.sheet_state == "hidden"
    assert len(roster.data_validations.dataValidation) == 5
    assert len(unit.data_validations.dataValidation) == 3
    columns = [[cell.value for cell in column if cell.value] for column in lists.columns]
    assert [len(column) for column in columns] == [9, 58, 18, 2, 2, 7, 2, 2]
    assert roster.column_dimensions["C"].number_format == "@"


# --- the hand-over list ----------------------------------------------------------------------------------------


@pytest.fixture
def made(tmp_path: Path) -> HandOver:
    wrong = [person(6, 姓名="=cmd|' /C calc'!A1"), person(7, 联系电话="138"), person(8, 姓名="𠮷测㛃")]
    _, lines, _ = read_file(write_text(tmp_path / "a.csv", [HEAD, *PEOPLE, *wrong]), REFERENCE)
    checks = check_roster(lines, Checker(UNIT, WINDOW))
    return hand_over(UNIT, WINDOW, zip(lines, checks, strict=True))


def test_who_is_in_and_who_is_not_masked(made: HandOver) -> None:
    assert [each.row for each in made.taken] == [2, 3, 4, 5, 6, 9]
    assert [each.row for each in made.left] == [7, 8]
    assert made.taken[0].name == "王*试"
    assert made.taken[0].number == f"441621*********{number()[-3:]}"
    assert all(each.reasons for each in made.left)
    assert not any(each.reasons for each in made.taken)


def test_the_list_as_a_workbook_holds_no_formula(made: HandOver) -> None:
    workbook = load_workbook(BytesIO(as_xlsx(printed(made))))
    taken, left, told = workbook.worksheets
    assert [taken.max_row, left.max_row] == [10, 6]
    assert {cell.data_type for sheet in (taken, left, told) for row in sheet.rows for cell in row if cell.value} == {
        "s"
    }
    assert left["B5"].value.startswith("=*")
    assert "𠮷*㛃" in [cell.value for cell in taken["B"]]


def test_the_list_as_pages(made: HandOver) -> None:
    content = as_pdf(printed(made), find_fonts())
    assert content.startswith(b"%PDF-")
    assert "𠮷*㛃" in text_of(content)
    many = HandOver(UNIT.name, TODAY, made.taken * 40, made.left)
    assert as_pdf(printed(many), find_fonts()).count(b"/Type /Page\n") > content.count(b"/Type /Page\n") == 1


# --- photos ----------------------------------------------------------------------------------------------------


def portrait(path: Path) -> None:
    image = Image.new("RGB", (716, 882), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((258, 90, 458, 380), fill=(200, 150, 120))
    draw.rectangle((120, 480, 596, 882), fill=(40, 60, 90))
    draw.rectangle((300, 360, 416, 500), fill=(200, 150, 120))
    image.save(path)


def test_photos_are_matched_by_number_and_checked(tmp_path: Path) -> None:
    portrait(tmp_path / f"王测试_{number(1)}.png")
    portrait(tmp_path / f"{number(2).lower()}.JPG")
    portrait(tmp_path / f"{number(2)}-2.jpg")
    (tmp_path / f"{number(3)}.jpg").write_bytes(b"no picture")
    portrait(tmp_path / "someone.jpg")
    (tmp_path / "notes.txt").write_text("x")
    matched = match_photos(tmp_path, [number(each) for each in range(1, 6)])
    assert set(matched.files) == {number(1), number(2), number(3)}
    assert {path.name for path in matched.left_over} == {f"{number(2)}-2.jpg", "someone.jpg"}
    checked = check_files(matched.files, PhotoSpec(min_bytes=1))
    assert len(checked[number(1)].digest) == 64
    assert not [each for each in checked[number(1)].findings if each.level is Level.STOP]
    assert [(each.code, each.field) for each in checked[number(3)].findings] == [("photo.unreadable", "photo")]

    _, lines, _ = read_file(write_text(tmp_path / "a.csv", [HEAD, *PEOPLE]), REFERENCE)
    checks = list(check_roster(lines, Checker(UNIT, WINDOW), checked))
    assert [check.valid for check in checks] == [True, True, False, True, True]


def test_what_is_drawn_keeps_to_its_columns() -> None:
    """By the columns that a character takes: a Latin name is not cut where a Chinese one of as many letters ends."""
    long = "虚构的很长的单位名称" * 12
    latin, chinese = Listed(3, "ALEXANDR* T*****", "E*******1"), Listed(4, "买买提*吐尔逊*江", "441621*********015")
    drawn = list(lines(printed(HandOver(long, TODAY, (latin, chinese), ()))))
    texts = [text for line in drawn for _, text in line]
    assert "ALEXANDR* T**" in texts
    assert "买买提*吐尔逊" in texts
    heads = [text for line in drawn[: drawn.index(())] for _, text in line]
    assert long in "".join(heads)
    assert max(map(cell_len, heads)) <= 92
