"""Made-up rosters: impossible people with right check digits, and files of every kind to carry them."""

import csv
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlwt
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from counter.reference.load import load_reference
from counter.roster.columns import RosterRow
from counter.roster.reader import RosterPerson, read_file
from counter.rules.numbers import check_character
from counter.rules.reference import Context, Place
from counter.rules.unit import Unit
from counter.store.records import Operator, Role

TODAY = date(2026, 11, 20)
ZIJIN = "441621"
REFERENCE = load_reference()
BRANCH = next(each for each in REFERENCE.branches.values() if each.bank == "abc" and each.city == ZIJIN)
WINDOW = Context(TODAY, REFERENCE, Place(city=ZIJIN, bank="abc", branch=BRANCH.id, counter="2"))
UNIT = Unit(
    name="虚构电子厂", uscc="91350100M000100Y43", contact="赵联系", mobile="13900000000", bank="abc", branch=BRANCH.id
)
CLERK = Operator("c01", "主管甲", Role.SUPERVISOR)
PASSPHRASE = "made-up passphrase"
HEAD = ["姓名", "身份证号码", "民族", "联系电话", "职业", "社保卡号", "备注"]
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")


def number(sequence: int = 1, birth: str = "19900101") -> str:
    """A citizen's number that nobody has, with the right check digit."""
    body = f"{ZIJIN}{birth}{sequence:03d}"
    return body + check_character(body)


def person(sequence: int = 1, /, **changes: str) -> list[str]:
    """A right row under `HEAD`; `changes` by title."""
    said = dict(zip(HEAD, ["王测试", number(sequence), "汉族", f"138{sequence:08d}", "工人", "", ""], strict=True))
    return list((said | changes).values())


PEOPLE = [person(each) for each in range(1, 6)]


def write_text(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]], title: str = "名单") -> Path:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value not in {None, ""}:
                sheet[f"{get_column_letter(column)}{at}"] = value
    workbook.save(path)
    return path


def write_xls(path: Path, rows: Sequence[Sequence[object]], title: str = "名单") -> Path:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet(title)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if value not in {None, ""}:
                sheet.write(at, column, value)
    workbook.save(str(path))
    return path


def lines_of(path: Path, sheet: str | None = None, columns: dict[str, str] | None = None) -> list[RosterPerson]:
    return read_file(path, REFERENCE, sheet, columns)[1]


def people_of(path: Path) -> list[RosterRow]:
    return [line.person for line in lines_of(path)]


def write_like_excel(path: Path, rows: Sequence[Sequence[str]], prefix: str = "") -> Path:
    """A workbook as Excel writes it: shared strings, some in runs with a phonetic hint; with a prefix as others do."""
    strings: dict[str, int] = {}
    sheet = []
    for at, row in enumerate(rows, start=1):
        cells = "".join(
            f'<{prefix}c r="{get_column_letter(column)}{at}" t="s"><{prefix}v>{strings.setdefault(text, len(strings))}'
            f"</{prefix}v></{prefix}c>"
            for column, text in enumerate(row, start=1)
            if text
        )
        sheet.append(f'<{prefix}row r="{at}">{cells}</{prefix}row>')
    items = []
    for text in strings:
        run = "".join(f"<{prefix}r><{prefix}t>{escape(half)}</{prefix}t></{prefix}r>" for half in (text[:1], text[1:]))
        hint = f'<{prefix}rPh sb="0" eb="1"><{prefix}t>ce</{prefix}t></{prefix}rPh>'
        items.append(f"<{prefix}si>{run}{hint}</{prefix}si>")
    namespace = "xmlns:x" if prefix else "xmlns"
    main = f'{namespace}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    linked = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    sheets = f'<{prefix}sheets><{prefix}sheet name="名单" sheetId="1" r:id="rId1"/></{prefix}sheets>'
    parts = {
        "xl/workbook.xml": f"<{prefix}workbook {main} {linked}>{sheets}</{prefix}workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/sharedStrings.xml": f"<{prefix}sst {main}>{''.join(items)}</{prefix}sst>",
        "xl/worksheets/sheet1.xml": f"<{prefix}worksheet {main}><{prefix}sheetData>{''.join(sheet)}</{prefix}sheetData>"
        f"</{prefix}worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path
