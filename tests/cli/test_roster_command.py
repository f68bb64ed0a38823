"""``counter roster``: template and check from the shell."""

import sys
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from counter.gateway.seeding import seed
from counter.gateway.seeding.portraits import portrait
from counter.i18n import notice
from counter.rules.numbers import check_character
from tests.cli.conftest import Counter
from tests.support.province_world import World
from tests.support.shell import enrolment

HEAD = "姓名,身份证号,联系电话,职业"


def number(sequence: int) -> str:
    body = f"44162119900101{sequence:03d}"
    return body + check_character(body)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    rows = [
        f"王测,{number(1)},13800000001,工人",
        "李测,4.40115E+17,13800000002,工人",
        f"张测,{number(3)},13800000003,工人",
    ]
    path.write_text("\n".join([HEAD, *rows, "合计,3"]), "gb18030")
    return path


def test_every_row_is_answered_under_its_number_in_the_sheet(counter: Counter, roster: Path) -> None:
    done = counter("roster", "check", roster, "--json")
    assert done.code == 1
    assert {name: done.json[name] for name in ("rows", "valid", "invalid")} == {"rows": 3, "valid": 2, "invalid": 1}
    assert [(each["row"], each["valid"]) for each in done.json["results"]] == [(2, True), (3, False), (4, True)]
    (finding,) = done.json["results"][1]["findings"]
    assert (finding["level"], finding["rule"], finding["field"]) == ("stop", "EXC-7", "number")
    assert "文本格式" in finding["message"]


def test_a_right_roster_is_a_yes(counter: Counter, roster: Path) -> None:
    roster.write_text(f"{HEAD}\n王测,{number(1)},13800000001,工人\n", "utf-8")
    done = counter("roster", "check", roster, "--json")
    assert (done.code, done.json["results"]) == (0, [{"row": 2, "valid": True, "findings": []}])


def test_in_a_counters_home_the_same(ledger: Counter, roster: Path) -> None:
    assert ledger("roster", "check", roster, "--json").json["valid"] == 2


def test_for_people_masked(counter: Counter, roster: Path) -> None:
    done = counter("roster", "check", roster)
    assert done.stdout.startswith("! 3  李*")
    assert "共 3 人，对 2，错 1" in done.stderr
    assert "第 5 行跳过" in done.stderr
    assert number(1) not in done.stdout + done.stderr


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 100, b"PK\x03\x04 cut", "姓名\n王\n".encode()])
def test_a_file_that_is_refused_is_row_zero(counter: Counter, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(content)
    done = counter("roster", "check", file, "--json")
    assert (done.code, done.json["rows"]) == (1, 0)
    (result,) = done.json["results"]
    assert (result["row"], result["valid"], len(result["findings"])) == (0, False, 1)
    assert counter("roster", "check", file).stdout.startswith("  ! ")


def test_two_sheets_and_a_column_by_hand(counter: Counter, tmp_path: Path) -> None:
    workbook = Workbook()
    for sheet, who in ((workbook.worksheets[0], 1), (workbook.create_sheet("二"), 2)):
        sheet.append(["姓名", "证件号", "手机", "另一手机"])
        sheet.append(["王测", number(who), "1", "13800000001"])
    workbook.worksheets[0].title = "一"
    workbook.save(tmp_path / "a.xlsx")
    asked = counter("roster", "check", tmp_path / "a.xlsx", "--json")
    assert (asked.code, asked.stdout) == (2, "")
    assert "一 | 二" in asked.stderr
    options = ("--sheet", "二", "--column", "mobile=另一手机", "--json")
    assert counter("roster", "check", tmp_path / "a.xlsx", *options).code == 0
    assert counter("roster", "check", tmp_path / "a.xlsx", "--column", "nonsense=x").code == 2


def test_the_hand_over_list_beside_the_check(counter: Counter, roster: Path, tmp_path: Path) -> None:
    for name, start in (("list.xlsx", b"PK"), ("list.pdf", b"%PDF")):
        assert counter("roster", "check", roster, "--hand-over", tmp_path / name).code == 1
        assert (tmp_path / name).read_bytes().startswith(start)
    assert counter("roster", "check", roster, "--hand-over", tmp_path / "list.pdf").code == 2
    assert counter("roster", "check", roster, "--hand-over", tmp_path / "list.doc").code == 2


def test_photos_of_a_folder(counter: Counter, roster: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / f"{number(3)}.jpg").write_bytes(b"no picture")
    done = counter("roster", "check", roster, "--photos", tmp_path / "photos", "--json")
    assert [each["valid"] for each in done.json["results"]] == [True, False, False]


def test_the_template_is_written_and_never_over_another(counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    done = counter("roster", "template", file, "--json")
    assert (done.code, done.json) == (0, {"file": str(file)})
    before = file.read_bytes()
    assert counter("roster", "template", file).code == 2
    assert file.read_bytes() == before
    assert counter("roster", "check", file, "--sheet", "示例", "--json").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no /dev")
def test_a_device_is_no_roster(counter: Counter) -> None:
    assert counter("roster", "check", "/dev/zero", "--json").code == 1


# --- batches in the ledger ---------------------------------------------------------------------------------------

UNIT = ("--name", "虚构电子厂", "--uscc", "91350100M000100Y43", "--contact", "赵联系", "--mobile", "13900000000")


def test_rows_that_are_right_are_recorded_and_the_others_stay(ledger: Counter, roster: Path) -> None:
    done = ledger("roster", "import", roster, *UNIT, "--json")
    assert (done.code, done.json["rows"], done.json["valid"]) == (0, 3, 2), done.stderr
    batch = done.json["batch"]
    submitted = ledger("roster", "submit", batch, "--json")
    counts = {name: submitted.json[name] for name in ("recorded", "wrong", "changed", "left", "findings")}
    assert (submitted.code, counts) == (1, {"recorded": 2, "wrong": 1, "changed": 0, "left": 1, "findings": []})
    assert ledger("roster", "submit", batch, "--json").json["recorded"] == 0, "nothing twice"
    assert ledger("ledger", "list", "--json").json["count"] == 2
    assert ledger("ledger", "verify", "--json").json["valid"]
    (listed,) = ledger("roster", "list", "--json").json["batches"]
    assert (listed["id"], listed["rows"], listed["submitted"], listed["state"]) == (batch, 3, 2, "open")
    assert listed["unit"]["name"] == "虚构电子厂"


def test_people_of_another_roster_and_of_todays_ledger_are_stopped(ledger: Counter, roster: Path) -> None:
    first = ledger("roster", "import", roster, *UNIT, "--json").json["batch"]
    again = ledger("roster", "import", roster, *UNIT, "--json").json
    assert (again["valid"], again["results"][0]["findings"][0]["code"]) == (0, "roster.in_other")
    assert ledger("roster", "submit", first, "--json").json["recorded"] == 0, "both rosters name them"


def test_a_units_fields_hold_all_its_rows_up(ledger: Counter, roster: Path) -> None:
    batch = ledger("roster", "import", roster, "--json").json["batch"]
    refused = ledger("roster", "submit", batch, "--json")
    assert (refused.code, refused.json["recorded"], refused.json["left"]) == (1, 0, 3)
    assert "unit.name" in {finding["field"] for finding in refused.json["findings"]}


def test_a_question_about_the_unit_is_answered_by_its_code(ledger: Counter, roster: Path) -> None:
    odd = [part if part != "91350100M000100Y43" else "91350100M000100Y44" for part in UNIT]
    batch = ledger("roster", "import", roster, *odd, "--json").json["batch"]
    assert ledger("roster", "submit", batch, "--json").json["recorded"] == 0
    assert ledger("roster", "submit", batch, "--acknowledge", "number.uscc_check", "--json").json["recorded"] == 2


def test_no_batch_and_a_refused_file(ledger: Counter, tmp_path: Path) -> None:
    assert ledger("roster", "submit", "7").code == 2
    (tmp_path / "a.csv").write_bytes(b"")
    assert ledger("roster", "import", tmp_path / "a.csv", "--json").code == 1
    assert ledger("roster", "list", "--json").json == {"batches": []}


def test_photos_go_in_with_their_rows(ledger: Counter, roster: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / f"{number(1)}.jpg").write_bytes(portrait(1))
    (folder / f"{number(3)}.jpg").write_bytes(b"no picture")
    done = ledger("roster", "import", roster, *UNIT, "--photos", folder, "--json").json
    assert [each["valid"] for each in done["results"]] == [True, False, False]
    assert [each["field"] for each in done["results"][2]["findings"]] == ["photo"], "said once"
    assert ledger("roster", "submit", done["batch"], "--json").json["recorded"] == 1, "the wrong photo is not forgotten"
    assert ledger("ledger", "show", "1", "--reveal", "--json").json["record"]["case"]["photo"]["source"] == "file"


def test_the_hand_over_list_of_a_batch(ledger: Counter, roster: Path, tmp_path: Path) -> None:
    batch = ledger("roster", "import", roster, *UNIT, "--json").json["batch"]
    before = ledger("roster", "handover", batch, "--out", tmp_path / "before.xlsx", "--json").json
    assert before == {"batch": batch, "file": str(tmp_path / "before.xlsx"), "taken": 0, "left": 3}
    waits = load_workbook(tmp_path / "before.xlsx")["未收"]
    assert "尚未提交" in str([cell.value for cell in waits["D"]])
    submitted = ledger("roster", "submit", batch, "--json").json
    assert submitted["fee_fen"] == 4000
    after = ledger("roster", "handover", batch, "--out", tmp_path / "after.pdf", "--json").json
    assert (after["taken"], after["left"]) == (2, 1)
    assert (tmp_path / "after.pdf").read_bytes().startswith(b"%PDF")
    assert ledger("roster", "handover", batch, "--out", tmp_path / "after.pdf").code == 2, "not written over"
    (listed,) = ledger("roster", "list", "--json").json["batches"]
    assert listed["fee_fen"] == 4000
    assert "40.00" in ledger("roster", "list").stdout


@pytest.mark.rule("TIM-1")
def test_tim_1_the_hand_over_list_says_when_the_cards_will_be_ready(
    ledger: Counter, roster: Path, tmp_path: Path
) -> None:
    batch = ledger("roster", "import", roster, *UNIT, "--json").json["batch"]
    ledger("roster", "handover", batch, "--out", tmp_path / "before.xlsx")
    assert "制成" not in said(tmp_path / "before.xlsx"), "nothing is being made yet"
    ledger("roster", "submit", batch)
    ledger("roster", "handover", batch, "--out", tmp_path / "after.xlsx")
    recorded = ledger("ledger", "show", "1", "--reveal", "--json").json["record"]["notices"][0]
    assert recorded.startswith("ready_estimated?")
    assert notice(recorded) in said(tmp_path / "after.xlsx")


def said(file: Path) -> str:
    return "\n".join(str(cell.value) for sheet in load_workbook(file) for row in sheet for cell in row)


def test_a_batch_is_given_up_or_finished(ledger: Counter, roster: Path) -> None:
    first = ledger("roster", "import", roster, *UNIT, "--json").json["batch"]
    assert ledger("roster", "discard", first, "--json").json == {"batch": first, "state": "discarded"}
    assert ledger("roster", "discard", first).code == 2
    batch = ledger("roster", "import", roster, *UNIT, "--json").json["batch"]
    ledger("roster", "submit", batch)
    assert ledger("roster", "discard", batch).code == 1, "an entry came of it"
    assert ledger("roster", "finish", batch, "--json").json == {"batch": batch, "state": "finished"}
    assert ledger("roster", "list", "--json").json["batches"][0]["state"] == "finished"


def test_the_province_is_asked_about_all_at_once(
    ledger: Counter,
    roster: Path,
    branch: str,
    world: World,
    tmp_path: Path,
    passphrase_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = "ROST-ERSC-2345"
    people = (seed.PersonRow(number=number(1), name="王测"), seed.PersonRow(number=number(3), name="章测"))
    cards = (
        seed.CardRow(number=number(each), card=f"B000000{each}", city="441621", bank="abc", expires=date(2040, 1, 1))
        for each in (1, 3)
    )
    world.plant(seed.CodeRow(code=code, branch=branch, counter="2"), *people, *cards)
    made = ledger("operator", "add", "zhang", "--name", "张敏", "--new-passphrase-file", passphrase_file)
    enrolled = ledger(*enrolment(world, code, "zhang", passphrase_file, tmp_path))
    assert (made.code, enrolled.code) == (0, 0), enrolled.stderr
    codes = {1: [], 2: ["roster.destroyed"], 3: ["identity.mismatch"]}
    checked = ledger("roster", "check", roster, "--ask", "--json")
    done = ledger("roster", "import", roster, *UNIT, "--json").json
    for results in (checked.json["results"], done["results"]):
        stops = ([each["code"] for each in one["findings"] if each["level"] == "stop"] for one in results)
        assert dict(enumerate(stops, 1)) == codes
    assert "已答复 2 人，缓查 1 人" in checked.stderr
    world.plant(seed.PersonRow(number=number(3), name="张测"))  # the police have corrected it
    assert ledger("roster", "submit", done["batch"], "--json").json["recorded"] == 2, "asked again"
    entry = ledger("ledger", "show", "2", "--reveal", "--json").json["record"]
    assert entry["case"]["identity_check"]["answer"] == "match"
    assert entry["case"]["old_card"]["number"] == "B0000003"
    monkeypatch.setenv("COUNTER_PROVINCE", "http://127.0.0.1:9")
    again = ledger("roster", "import", roster, *UNIT, "--json")
    assert (again.code, "已答复 0 人，缓查 3 人" in again.stderr) == (0, True)


def test_batches_for_people(ledger: Counter, roster: Path) -> None:
    assert "已成为第 1 批" in ledger("roster", "import", roster, *UNIT).stderr
    assert "虚构电子厂" in ledger("roster", "list").stdout
    assert "已记账 2 人，余 1 人" in ledger("roster", "submit", "1").stderr
