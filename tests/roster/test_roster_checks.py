"""Judging rosters: the same rules as for a single case, and what only a roster can have wrong."""

from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from openpyxl import Workbook

from counter.desk import rosters
from counter.i18n import sentence
from counter.roster.checks import Checker, Known, RowCheck, check_roster, duplicates, key_of
from counter.roster.columns import RosterRow
from counter.roster.reader import read_file
from counter.roster.row import Answers, Normal, kind_of, to_case
from counter.rules.case import (
    DocumentKind,
    IdentityAnswer,
    IdentityCheck,
    KnownCard,
    Mode,
    OneCard,
    OneCardAnswer,
    PhotoSource,
)
from counter.rules.finding import Level
from counter.rules.judge import judge
from counter.rules.unit import Unit
from counter.store.store import Store
from tests.support.rosters import (
    HEAD,
    PEOPLE,
    REFERENCE,
    UNIT,
    WINDOW,
    number,
    person,
    write_xlsx,
)

ROW = RosterRow(name="王测试", number=number(), ethnicity="01", mobile="13800000001", occupation="24")


def checked(unit: Unit = UNIT, answers: Answers | None = None, /, **changes: str) -> RowCheck:
    row = structs.replace(ROW, **changes)
    return Checker(unit, WINDOW).check(row, 2, answers or Answers())


def said(check: RowCheck) -> set[tuple[str, str, str]]:
    return {(finding.level.value, finding.code, finding.field) for finding in check.findings}


def test_a_right_row_of_a_right_unit_becomes_a_case_that_is_allowed() -> None:
    """EXC-7: what submit records is allowed by the rules as it stands, what the province is asked deferred."""
    judgement = judge(to_case(ROW, UNIT, WINDOW), WINDOW)
    assert judgement.allowed
    assert judgement.deferred == ("identity", "one_card")
    assert judgement.fee_fen == 2000
    assert checked() == RowCheck(2, (), ("identity", "one_card"))
    assert [finding.code for finding in Checker(UNIT, WINDOW).of_unit] == ["mode.integrated_system"]


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"name": ""}, ("stop", "text.name_empty", "name")),
        ({"name": "王1"}, ("stop", "text.name_characters", "name")),
        ({"number": ""}, ("stop", "number.empty", "number")),
        ({"number": number()[:-1]}, ("stop", "number.unfinished", "number")),
        ({"number": number()[:-1] + ("1" if number()[-1] != "1" else "2")}, ("stop", "number.check_digit", "number")),
        ({"number": number(birth="20111231")}, ("stop", "identity.minor", "number")),
        ({"number": "4.41621E+17"}, ("stop", "roster.destroyed", "number")),
        ({"number": number()[:15] + "000"}, ("stop", "roster.destroyed", "number")),
        ({"number": "=A1"}, ("stop", "roster.formula", "number")),
        ({"name": "#REF!"}, ("stop", "roster.error", "name")),
        ({"mobile": ""}, ("stop", "text.mobile_empty", "mobile")),
        ({"mobile": "13800"}, ("stop", "text.mobile_unfinished", "mobile")),
        ({"mobile": "1.38E+10"}, ("stop", "roster.destroyed", "mobile")),
        ({"ethnicity": "火星族"}, ("stop", "details.unknown_code", "ethnicity")),
        ({"occupation": "炼丹"}, ("stop", "details.unknown_code", "occupation")),
        ({"occupation": ""}, ("tell", "roster.occupation_empty", "occupation")),
        ({"document_kind": "驾驶证"}, ("stop", "roster.unknown_word", "document_kind")),
        ({"sex": "F"}, ("stop", "identity.sex_differs", "sex")),
        ({"birth": "1990-01-02"}, ("stop", "identity.birth_differs", "birth")),
        ({"birth": "1990-02-30"}, ("stop", "roster.no_date", "birth")),
        ({"valid_to": "2020-01-01"}, ("stop", "identity.expired", "valid_to")),
        ({"old_card": "Z1"}, ("tell", "number.social_card", "old_card")),
        ({"photo": "file"}, ("stop", "missing", "photo")),
        ({"photo": "回执-1"}, ("stop", "card_photo.receipt_form", "photo")),
    ],
)
def test_each_defect_by_itself(changes: dict[str, str], finding: tuple[str, str, str]) -> None:
    check = checked(**changes)
    assert said(check) == {finding}
    assert check.valid == (finding[0] != "stop")
    assert all(sentence(each) for each in check.findings)


def test_the_same_findings_as_a_single_case() -> None:
    """What the rules find in the case is found in the row, level, rule and code; only the field is a column's."""
    for changes in ({"name": ""}, {"mobile": "1"}, {"number": "H1234567"}, {"ethnicity": "99", "occupation": "x"}):
        row = structs.replace(ROW, **changes)
        single = [
            (each.level, each.rule, each.code)
            for each in judge(to_case(row, UNIT, WINDOW), WINDOW).findings
            if each.level is Level.STOP
        ]
        assert [(each.level, each.rule, each.code) for each in checked(**changes).findings] == single


def test_what_the_unit_lacks_is_said_once_and_not_at_every_row() -> None:
    checker = Checker(Unit(bank="icbc", branch="nowhere", mode=Mode.NEW_NUMBER), WINDOW)
    codes = {finding.code for finding in checker.of_unit}
    assert {"bank.other_counter", "branch.unknown", "unit.mode", "missing", "number.uscc_empty"} <= codes
    assert checker.check(ROW, 2).findings == ()


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("H12345678", DocumentKind.HK_MACAU_PERMIT), ("810000199001010009", DocumentKind.HK_MACAU_RESIDENCE),
        ("830000199001010009", DocumentKind.TAIWAN_RESIDENCE), ("944156199001010009", DocumentKind.PERMANENT_RESIDENCE),
        ("12345678", DocumentKind.ID_CARD), ("", DocumentKind.ID_CARD),
    ],
)  # fmt: skip
def test_the_kind_of_document_follows_from_the_number(written: str, kind: DocumentKind) -> None:
    assert kind_of(RosterRow(number=written)) is kind
    assert kind_of(RosterRow(number=written, document_kind="passport")) is DocumentKind.PASSPORT


def test_hong_kong_passes_without_what_the_province_holds() -> None:
    assert checked(number="H12345678", ethnicity="").valid


def test_answers_of_the_province_count() -> None:
    mismatch = Answers(identity=IdentityCheck(answer=IdentityAnswer.MISMATCH))
    assert said(checked(UNIT, mismatch)) == {("stop", "identity.mismatch", "number")}
    none = Answers(one_card=OneCard(answer=OneCardAnswer.NONE))
    assert said(checked(UNIT, none)) == {("stop", "one_card.none", "number")}
    here = OneCard(answer=OneCardAnswer.HERE, cards=(KnownCard(city="441600", bank="icbc", number="B00000019"),))
    case = to_case(ROW, UNIT, WINDOW, Answers(one_card=here))
    assert case.old_card
    assert (case.old_card.number, case.old_card.bank) == ("B00000019", "icbc")
    assert said(checked(UNIT, Answers(one_card=here))) == {("stop", "bank.not_the_old", "old_card")}


def test_a_change_of_bank_waits_for_the_bookings() -> None:
    unit = structs.replace(UNIT, mode=Mode.CHANGE_BANK)
    check = checked(unit)
    assert check.valid
    assert "booking" in check.deferred


def test_photos_of_files_count_only_in_a_group() -> None:
    case = to_case(structs.replace(ROW, photo="file"), UNIT, WINDOW, Answers(photo="0" * 64))
    assert case.photo.source is PhotoSource.FILE
    assert judge(case, WINDOW).allowed
    assert not judge(structs.replace(case, unit=None), WINDOW).allowed


def test_duplicates_name_each_other() -> None:
    again = structs.replace(ROW, name="王测", number="441621900101001")  # the 15-digit number of the first
    other = structs.replace(ROW, number=number(2), old_card="B00000019")
    card = structs.replace(ROW, number=number(3), old_card="B00000019")
    assert key_of(again) == number()
    found = duplicates([(2, ROW), (5, again), (7, other), (9, card), (10, RosterRow()), (11, RosterRow())])
    assert {row: [(each.code, each.params["rows"]) for each in findings] for row, findings in found.items()} == {
        2: [("roster.twice_number", "5")],
        5: [("roster.twice_number", "2")],
        7: [("roster.twice_old_card", "9")],
        9: [("roster.twice_old_card", "7")],
    }


def test_duplicates_elsewhere() -> None:
    known = Known({number(): "另一家厂"}, frozenset({number(2)}))
    checker = Checker(UNIT, WINDOW, known)
    assert said(checker.check(ROW)) == {("stop", "roster.in_other", "number")}
    assert said(checker.check(structs.replace(ROW, number=number(2)))) == {("stop", "roster.in_ledger", "number")}


CELLS = {
    "name": ["欧阳·测", "王1", "", "=A1"],
    "document_kind": ["id_card", "hukou", "passport", "驾驶证"],
    "number": [
        number(2), number(3, "19500228"), number(4, "20111231"), number(5, "20101120"), "441621900101001",
        number()[:-1] + "?", number()[:15] + "000", "H12345678", "4.4E+17", "", "11010119900101001X",
        "000000199001010014", "944156199001010009",
    ],
    "ethnicity": ["02", "", "火星族"],
    "mobile": ["13800000002", "138", ""],
    "occupation": ["", "炼丹"],
    "old_card": ["B00000019", "B0000003", "Z1"],
    "photo": ["file", "ZJ20260001"],
    "sex": ["M", "F", "?"],
    "birth": ["1990-01-01", "1990-02-30"],
    "valid_from": ["2020-01-01"],
    "valid_to": ["long_term", "2020-01-01", "2040-01-01"],
}  # fmt: skip
CHANGES = [{column: value} for column, values in CELLS.items() for value in values]
CARDS = [
    KnownCard(city=city, bank=bank, number=card, status=status)
    for city, bank, card, status in (
        ("441600", "abc", "B00000019", "1"), ("441600", "abc", "B00000027", "1"), ("441600", "abc", "Z1", "1"),
        ("441600", "abc", "", "1"), ("441600", "icbc", "B00000019", "1"), ("440100", "abc", "B00000019", "1"),
        ("441600", "abc", "B00000019", "2"),
    )
]  # fmt: skip
SAID = [
    Answers(),
    Answers(photo="0" * 64),
    *(Answers(identity=IdentityCheck(answer=each)) for each in IdentityAnswer),
    *(Answers(one_card=OneCard(answer=each, cards=(card,))) for each in OneCardAnswer for card in CARDS),
]


def test_rows_that_are_alike_are_answered_as_each_by_itself() -> None:
    """Each pair of cells and each answer, one after the other in a roster, as in a roster of one row."""
    elsewhere = Known({number(2): "另一家厂"}, frozenset({number(3, "19500228")}))
    together = Checker(UNIT, WINDOW, elsewhere)
    two = [(structs.replace(ROW, **one | other), SAID[0]) for one, other in combinations(CHANGES, 2)]
    said = [
        (structs.replace(ROW, **one), answers) for answers in SAID for one in ({}, *CHANGES[-12:], {"photo": "file"})
    ]
    for row, answers in ((ROW, SAID[0]), *two, *said):
        alone = Checker(UNIT, WINDOW, elsewhere)
        assert together.check(row, 2, answers) == alone.check(row, 2, answers), (row, answers)
        assert together.record(row, answers) == alone.record(row, answers)


def test_every_defect_at_once(tmp_path: Path, store: Store) -> None:
    """One file with everything that spreadsheets do: each is said with its row and what to do, the good rows go in."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    wrong = number(9)[:-1] + ("1" if number(9)[-1] != "1" else "2")
    rows: list[list[Any]] = [
        ["虚构电子厂名单"],  # 1
        [],
        [*HEAD, "出生日期"],  # 3
        PEOPLE[0],  # 4 right
        person(2, 姓名=" 欧 阳 测 ", 身份证号码=f"'{number(2)}", 联系电话="+86 138-0000-0002"),  # 5 right
        ["王测", int(number(3)), "汉族", 13800000003, "工人"],  # 6 destroyed
        person(4, 身份证号码="4.40115E+17"),  # 7 destroyed
        person(5, 身份证号码=number(5)[:15] + "000"),  # 8 destroyed
        person(6, 姓名="=A1&A2"),  # 9 formula
        [*HEAD, "出生日期"],  # 10 header again
        person(7, 职业=""),  # 11 occupation: merged with the next
        person(8, 职业=""),  # 12 hidden
        person(9, 身份证号码=wrong),  # 13 check digit
        person(1),  # 14 as row 4
        [],
        person(10, 联系电话="13800"),  # 16
        [*person(11), date(1990, 1, 1)],  # 17 right
        person(12, 备注="#N/A", 身份证号码="#REF!"),  # 18 error
        [*person(13, 民族="1", 社保卡号="'B00000019"), "32874"],  # 19 right: a code without its zero, a serial date
        person(14, 民族="火星族", 姓名="Ｗｕ　王"),  # 20 unknown word
        ["合计", "11人"],  # 21
        ["制表人：某"],  # 22
    ]
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            sheet.cell(at, column).value = value or None
    sheet["E11"] = "工人"
    sheet.merge_cells("E11:E12")
    sheet.row_dimensions[12].hidden = True
    workbook.save(tmp_path / "a.xlsx")
    _, lines, skipped = read_file(tmp_path / "a.xlsx", REFERENCE)
    checks = list(check_roster(lines, Checker(UNIT, WINDOW)))
    assert {check.row: {finding.code for finding in check.findings} for check in checks} == {
        4: {"roster.twice_number"},
        5: set(),
        6: {"roster.destroyed"},
        7: {"roster.destroyed"},
        8: {"roster.destroyed"},
        9: {"roster.formula"},
        11: set(),
        12: {"roster.hidden"},
        13: {"number.check_digit"},
        14: {"roster.twice_number"},
        16: {"text.mobile_unfinished"},
        17: set(),
        18: {"roster.error"},
        19: set(),
        20: {"details.unknown_code"},
    }
    assert all(sentence(finding) for check in checks for finding in check.findings)
    good = [check.row for check in checks if check.valid]
    assert good == [5, 11, 12, 17, 19]
    assert skipped == [(10, "header"), (21, "total"), (22, "note")]
    made = rosters.create(store, UNIT, lines)
    done = rosters.submit(store, made.id, WINDOW)
    assert (done.recorded, done.wrong) == (len(good), len(lines) - len(good))
    recorded = {entry.record.case.holder.document.number for entry in store.ledger.search() if entry.record}
    assert recorded == {line.person.number for line in lines if line.row in good}


def test_a_row_takes_little_memory() -> None:
    """100,000 rows in 250 MB: no dictionary, no garbage collector's bookkeeping."""
    import gc

    assert not gc.is_tracked(ROW)
    assert not hasattr(ROW, "__dict__")


def test_normal_form_and_case_agree_on_every_kind() -> None:
    normal = Normal(REFERENCE)
    for kind in DocumentKind:
        assert kind_of(normal.row({"document_kind": kind.value, "number": "1"})) is kind
    assert normal.value("document_kind", "港澳居民来往内地通行证") == "hk_macau_permit"


def test_written_rosters_are_judged_as_rows(tmp_path: Path) -> None:
    _, lines, _ = read_file(write_xlsx(tmp_path / "a.xlsx", [HEAD, *PEOPLE]), REFERENCE)
    assert all(check.valid for check in check_roster(lines, Checker(UNIT, WINDOW)))


def test_a_word_for_no_card_is_no_number() -> None:
    normal = Normal(REFERENCE)
    assert [normal.value("old_card", text) for text in ("无", " / ", "-", "None", "a1234567-8")] == [
        *[""] * 4,
        "A12345678",
    ]
