"""``counter branches`` and ``counter services``."""

from pathlib import Path

from openpyxl import Workbook

from tests.cli.conftest import Counter

HEADER = "name,bank,city,district,address,hours,phone,instant\n"
ROW = "测试支行,abc,441621,441621,紫城镇测试路 1 号,周一至周五 9:00-17:00,0762-7820000,1\n"


def test_found_by_bank_city_and_words(counter: Counter) -> None:
    everywhere = counter("branches", "list", "--json").json["branches"]
    here = counter("branches", "list", "--city", "441621", "--bank", "abc", "--json").json["branches"]
    assert 0 < len(here) < len(everywhere)
    assert {(branch["city"], branch["bank"]) for branch in here} == {("441621", "abc")}
    found = counter("branches", "search", here[0]["name"], "--city", "441621", "--json").json["branches"]
    assert here[0] in found
    assert counter("branches", "search", "没有这样的网点", "--json").json == {"branches": []}


def test_the_liwan_branches_of_the_manual_are_there(counter: Counter) -> None:
    found = counter("branches", "search", "站前路", "--city", "440100", "--json").json["branches"]
    assert any("荔湾区" in branch["address"] and branch["source"] != "sample" for branch in found)


def test_a_list_is_imported_whole_or_not_at_all(counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "branches.csv"
    file.write_text(HEADER + ROW + ROW.replace("abc", "no-such-bank"), "utf-8")
    refused = counter("branches", "import", file, "--json")
    assert refused.code == 1
    assert refused.json["imported"] == 0
    stops = {
        result["row"]
        for result in refused.json["results"]
        for finding in result["findings"]
        if finding["level"] == "stop"
    }
    assert stops == {3}

    file.write_text(HEADER + ROW, "utf-8")
    assert counter("branches", "import", file, "--json").json["imported"] == 1
    assert [branch["name"] for branch in counter("branches", "list", "--json").json["branches"]] == ["测试支行"]


def test_a_workbook_is_read_too_and_its_wrong_rows_are_named(counter: Counter, tmp_path: Path) -> None:
    workbook = Workbook()
    first, second = workbook.worksheets[0], workbook.create_sheet("二")
    first.title = "一"
    first.append(["虚构银行网点名单"])
    for sheet in (first, second):
        sheet.append(HEADER.strip().split(","))
        sheet.append(ROW.strip().split(","))
    first.append(["短"])
    workbook.save(tmp_path / "branches.xlsx")
    asked = counter("branches", "import", tmp_path / "branches.xlsx")
    assert (asked.code, "一 | 二" in asked.stderr) == (2, True)
    refused = counter("branches", "import", tmp_path / "branches.xlsx", "--sheet", "一")
    assert refused.code == 1
    assert "第 4 行：不认识的银行" in refused.stdout
    done = counter("branches", "import", tmp_path / "branches.xlsx", "--sheet", "二", "--json")
    assert (done.code, done.json["imported"]) == (0, 1)


def test_services(counter: Counter) -> None:
    catalogue = counter("services", "--city", "441621", "--json").json["services"]
    by_id = {service["id"]: service for service in catalogue}
    assert set(by_id) >= {"apply", "exchange"}
    assert by_id["exchange"]["fees_fen"] == {"441621": 2000}
    assert by_id["apply"]["fees_fen"] == {"441621": 0}
    assert by_id["exchange"]["modes"] == ["same_number", "new_number", "change_bank"]
    assert "换发三代卡" in counter("services").stdout
