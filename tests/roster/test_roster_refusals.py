"""Files that are dangerous, damaged or no rosters: a clear refusal, within bounded memory."""

import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook

from counter.i18n import has
from counter.roster.errors import refusal as refusal_of
from counter.sheets import limits
from counter.sheets.cells import number_cell
from counter.sheets.errors import SheetFileError
from counter.sheets.opening import open_book
from tests.support.rosters import (
    HEAD,
    PEOPLE,
    lines_of,
    write_like_excel,
    write_text,
    write_xls,
    write_xlsx,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEGABYTE = 1024 * 1024
HEADER = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)


def refusal(path: Path) -> str:
    with pytest.raises(SheetFileError) as error:
        lines_of(path)
    assert has(f"finding.{refusal_of(error.value).code}")
    return error.value.reason


def rebuilt(folder: Path, name: str, change: Callable[[str, bytes], bytes]) -> Path:
    """A right workbook with its parts changed."""
    made, path = write_like_excel(folder / "right.xlsx", [HEAD, *PEOPLE]), folder / name
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return path


def test_nothing_and_nonsense(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    for content, reason in (
        (b"", "empty"),
        (b"\n\n", "empty"),
        (os.urandom(100_000), "binary"),
        (b"\x00" * 1000, "binary"),
        (b"%PDF-1.7 ...", "foreign"),
        (b"<html><table><tr><td>\xe5\xa7\x93</td></tr></table>", "markup"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "markup"),
        ("姓名\n王测试\n".encode(), "one_column"),
        ("甲,乙\n一,二\n".encode(), "no_header"),
        (",".join(HEAD).encode(), "no_rows"),
        ((",".join(HEAD) + "\n王测试").encode()[:-1], "truncated"),
        ((",".join(HEAD) + '\n"王测试,1,2\n' + "王,1,2\n" * 50).encode(), "quotes"),
        (OLE + b"\x00" * 5000, "not_a_workbook"),
    ):
        path.write_bytes(content)
        assert refusal(path) == reason, content[:30]


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "no_file"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert refusal(tmp_path / "pipe") == "no_file"


def test_five_hundred_megabytes_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(500 * MEGABYTE)
    assert refusal(path) == "huge"
    with path.open("r+b") as file:
        file.write(b"PK\x03\x04")
    assert refusal(path.rename(tmp_path / "a.xlsx")) == "huge", "nor as a workbook"


def test_every_truncation_is_refused_or_whole(tmp_path: Path) -> None:
    """However little of a workbook arrived, it is refused, and never half of it read."""
    whole = write_xlsx(tmp_path / "a.xlsx", [HEAD, *PEOPLE]).read_bytes()
    old = write_xls(tmp_path / "a.xls", [HEAD, *PEOPLE]).read_bytes()
    path = tmp_path / "cut"
    for content in (whole, old):
        for size in range(9, len(content) - 1, len(content) // 40):
            path.write_bytes(content[:size])
            try:
                assert len(lines_of(path)) == len(PEOPLE)
            except SheetFileError:
                continue


def test_damaged_bytes_never_crash(tmp_path: Path) -> None:
    path = tmp_path / "spoiled"
    for made in (write_xlsx(tmp_path / "a.xlsx", [HEAD, *PEOPLE]), write_xls(tmp_path / "a.xls", [HEAD, *PEOPLE])):
        content = made.read_bytes()
        for at in range(8, len(content), len(content) // 60):
            path.write_bytes(content[:at] + b"\xff\x00\x7f" + content[at + 3 :])
            try:
                lines_of(path)
            except SheetFileError:
                continue


def test_password_protected(tmp_path: Path) -> None:
    protected = tmp_path / "a.xlsx"
    protected.write_bytes(OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600)
    assert refusal(protected) == "encrypted"
    # a FILEPASS record right behind the workbook's BOF
    old = write_xls(tmp_path / "a.xls", [HEAD, *PEOPLE])
    content = old.read_bytes()
    bof = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    after = bof + 20
    size = struct.unpack_from("<H", content, after + 2)[0]
    filepass = struct.pack("<HH", 0x2F, size) + struct.pack("<H", 1) + b"\x01" * (size - 2)
    old.write_bytes(content[:after] + filepass + content[after + 4 + size :])
    assert refusal(old) == "encrypted"
    with zipfile.ZipFile(write_xlsx(tmp_path / "z.xlsx", [HEAD, *PEOPLE])) as archive:
        offsets = [(part.header_offset, part) for part in archive.infolist()]
    marked = bytearray((tmp_path / "z.xlsx").read_bytes())
    central = marked.index(b"PK\x01\x02")
    marked[central + 8] |= 1
    assert offsets
    (tmp_path / "z.xlsx").write_bytes(marked)
    assert refusal(tmp_path / "z.xlsx") == "encrypted"


def test_other_zips(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    for names, kind in ((["readme.txt"], "ZIP"), (["mimetype", "content.xml"], "ODS"), (["xl/workbook.bin"], "XLSB")):
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        with pytest.raises(SheetFileError) as error:
            lines_of(path)
        assert error.value.params == {"format": kind}


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    path = rebuilt(tmp_path, "a.xlsx", lambda name, text: bomb if "sharedStrings" in name else text)
    assert refusal(path) == "bomb"


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counter.sheets.limits.ROWS", 3)
    assert refusal(write_text(tmp_path / "a.csv", [HEAD, *PEOPLE])) == "rows"


# --- bombs, in a process that may not take more than the limit -------------------------------------------------

BOUNDED = """
import resource, sys
from pathlib import Path
from counter.reference.load import load_reference
from counter.sheets import limits
from counter.sheets.opening import open_book
from counter.sheets.cells import number_cell
from counter.sheets.errors import SheetFileError
from counter.roster.reader import read_file
reference = load_reference()
import counter.sheets.xlsx, counter.sheets.xls, counter.sheets.delimited
taken = int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (taken + int(sys.argv[2]) * 1024 * 1024,) * 2)
try:
    print(len(read_file(Path(sys.argv[1]), reference)[1]))
except SheetFileError as error:
    print(error.reason)
"""
needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits the address space")


def bounded(path: Path, megabytes: int) -> str:
    """What reading the file says in a process that may take so much more memory than it has at the start."""
    command = [sys.executable, "-c", BOUNDED, str(path), str(megabytes)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@needs_linux
def test_a_part_that_unpacks_to_a_gigabyte(tmp_path: Path) -> None:
    path = rebuilt(
        tmp_path,
        "a.xlsx",
        lambda name, text: HEADER + b" " * (300 * MEGABYTE) if name.endswith("sheet1.xml") else text,
    )
    assert path.stat().st_size < MEGABYTE
    assert bounded(path, 60) == "bomb"
    # the directory lies: the part says that it is small, and is read no further than it says
    content = bytearray(path.read_bytes())
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<I", content, at + 24, 1000)
    path.write_bytes(content)
    assert bounded(path, 60) in {"truncated", "damaged"}


@needs_linux
def test_parts_below_the_ratio_are_still_bounded(tmp_path: Path) -> None:
    """A comment, an attribute and shared strings that would have to be kept whole."""
    noise = os.urandom(50_000).hex().encode() * 300  # 30 MB that pack 1:100 or so
    for name, text in (
        ("sheet1.xml", HEADER + b"<!--" + noise + b"--></sheetData></worksheet>"),
        ("sheet1.xml", HEADER + b'<row r="1" x="' + noise + b'"/></sheetData></worksheet>'),
        ("sharedStrings.xml", b"<sst><si><t>" + noise + b"</t></si></sst>"),
    ):

        def spoilt(file: str, old: bytes, name: str = name, text: bytes = text) -> bytes:
            return text if file.endswith(name) else old

        path = rebuilt(tmp_path, "a.xlsx", spoilt)
        assert bounded(path, 120) == "bomb", name


@needs_linux
def test_two_cells_in_the_corners(tmp_path: Path) -> None:
    """What makes others allocate the whole rectangle, half a terabyte."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in [HEAD, *PEOPLE]:
        sheet.append(row)
    sheet["XFD1048576"] = "x"
    workbook.save(tmp_path / "a.xlsx")
    assert bounded(tmp_path / "a.xlsx", 60) == "5"
    old = xlwt.Workbook()
    page = old.add_sheet("名单")
    for at, row in enumerate([HEAD, *PEOPLE]):
        for column, value in enumerate(row):
            page.write(at, column, value)
    page.write(65535, 255, "x")
    old.save(str(tmp_path / "a.xls"))
    assert bounded(tmp_path / "a.xls", 60) == "5"


@needs_linux
def test_a_directory_of_a_million_entries(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 400_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(directory), 4, 0)
    path.write_bytes(b"PK\x03\x04" + directory + end)
    assert bounded(path, 60) == "bomb"


@needs_linux
def test_a_line_of_fifty_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(",".join(HEAD).encode() + b"\n" + b"1" * (49 * MEGABYTE))
    assert bounded(path, 40) == "line"
    path.write_bytes(b"1" * (49 * MEGABYTE))
    assert bounded(path, 40) == "line"
    path.write_bytes(",".join(HEAD).encode() + b'\n"' + b"1\n" * (20 * MEGABYTE))
    assert bounded(path, 40) == "quotes"


@needs_linux
def test_a_hundred_thousand_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEAD) + "\n")
        for at in range(100_000):
            file.write(f"王测{chr(0x4E00 + at % 9000)},4416211990{at:07d}X,汉族,138{at:08d},工人,B{at:08d},备注{at}\n")
    assert bounded(path, 150) == "100000"


def test_a_shared_string_before_the_first_is_none(tmp_path: Path) -> None:
    cell = (
        b'<row r="9"><c r="A9" t="s"><v>-99</v></c><c r="B9" t="inlineStr"><is><t>441621199001010017</t></is></c></row>'
    )
    path = rebuilt(tmp_path, "a.xlsx", lambda name, data: _with_row(name, data, cell))
    assert lines_of(path)[-1].person.name == ""


def test_a_cell_of_any_number_of_pieces_is_kept_short(tmp_path: Path) -> None:
    pieces = (b"<t>" + b"a" * 30_000 + b"</t>") * 100
    cell = b'<row r="9"><c r="A9" t="inlineStr"><is>' + pieces + b"</is></c></row>"
    path = rebuilt(tmp_path, "a.xlsx", lambda name, data: _with_row(name, data, cell))
    with open_book(path) as book:
        *_, last = book.rows(book.sheets[0])
    assert len(last.cells[0]) < 2 * limits.CELL_CHARACTERS


def test_the_last_day_of_either_calendar(tmp_path: Path) -> None:
    assert number_cell(2_957_002, is_date=True, since_1904=True) == "9999-12-30"
    assert number_cell(2_958_464, is_date=True, since_1904=True) == "2958464", "no day of that calendar"
    assert number_cell(2_958_464, is_date=True) == "9999-12-30"


def _with_row(name: str, data: bytes, row: bytes) -> bytes:
    return data.replace(b"</sheetData>", row + b"</sheetData>") if "sheet1" in name else data
