"""``counter case``: the guided steps without the screen, and what is recorded."""

import json
from pathlib import Path
from typing import Any

import pytest

from counter.gateway.seeding.portraits import portrait
from counter.rules.numbers import check_character
from tests.cli.conftest import Counter

BODY = "44162119800115991"
NUMBER = BODY + check_character(BODY)


def a_case(branch: str, **changes: Any) -> dict[str, Any]:
    """The example of the design, filled in: an exchange that keeps bank and number."""
    return {
        "service": "exchange",
        "city": "441621",
        "presented_by": "holder",
        "holder": {
            "name": "王晓明",
            "document": {"kind": "id_card", "number": NUMBER, "valid_from": "2015-01-01", "valid_to": "2035-01-01"},
            "ethnicity": "01",
            "mobile": "13800138000",
            "mobile_verified": True,
            "occupation": "30000",
            "region": "441621",
            "address": "紫城镇东风路 1 号 302 房",
            "insurance": "employee",
        },
        "papers": ["id_card_front", "id_card_back", "old_card"],
        "one_card": {"answer": "here", "cards": []},
        "old_card": {
            "number": "A10000227",
            "bank": "abc",
            "kind": "financial",
            "generation": 2,
            "in_hand": True,
            "expires": "2027-05-01",
        },
        "mode": "same_number",
        "photo": {"source": "keep"},
        "bank": "abc",
        "branch": branch,
        "pickup": {"method": "branch"},
        **changes,
    }


@pytest.fixture
def case_file(tmp_path: Path, branch: str) -> Path:
    return write(tmp_path, a_case(branch))


def write(folder: Path, case: dict[str, Any]) -> Path:
    file = folder / "case.json"
    file.write_text(json.dumps(case), "utf-8")
    return file


def test_a_case_that_is_allowed(counter: Counter, case_file: Path) -> None:
    done = counter("case", "check", case_file, "--json")
    assert done.code == 0, done.json["findings"]
    found = done.json
    assert (found["service"], found["allowed"], found["fee_fen"]) == ("exchange", True, 2000)
    assert found["steps"][0] == "identity"
    assert found["notices"]
    assert all(isinstance(notice, str) for notice in found["notices"])
    assert done.stderr == ""


def test_standard_input_is_the_same(counter: Counter, case_file: Path) -> None:
    assert counter("case", "check", "-", "--json", input=case_file.read_bytes()).json == (
        counter("case", "check", case_file, "--json").json
    )


def test_what_is_missing_is_a_finding(counter: Counter, tmp_path: Path) -> None:
    done = counter("case", "check", write(tmp_path, {"service": "exchange"}), "--json")
    assert done.code == 1
    assert not done.json["allowed"]
    assert {finding["level"] for finding in done.json["findings"]} >= {"stop"}
    assert all(set(finding) >= {"level", "rule", "message"} for finding in done.json["findings"])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"one_card": {"answer": "elsewhere", "cards": [{"city": "440300", "bank": "cmb"}]}}, "ONE-1"),
        ({"one_card": {"answer": "pending"}}, "ONE-1"),
        ({"bank": "cmb", "mode": "change_bank"}, "BNK-1"),
    ],
)
def test_a_rule_that_stops(counter: Counter, tmp_path: Path, branch: str, change: Any, rule: str) -> None:
    done = counter("case", "check", write(tmp_path, a_case(branch, **change)), "--json")
    assert done.code == 1
    assert rule in {finding["rule"] for finding in done.json["findings"] if finding["level"] == "stop"}


def test_what_is_no_case_names_its_place_and_no_value(counter: Counter, tmp_path: Path, branch: str) -> None:
    case = a_case(branch)
    case["holder"]["document"]["kind"] = "secret-value"
    done = counter("case", "check", write(tmp_path, case), "--json")
    assert done.code == 2
    assert done.stdout == ""
    assert "$.holder.document.kind" in done.stderr
    assert "secret-value" not in done.stderr


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{", b"[" * 100_000, b'{"service": 1}'])
def test_nonsense_is_usage(counter: Counter, content: bytes) -> None:
    done = counter("case", "check", "-", input=content)
    assert done.code == 2
    assert "case schema" in done.stderr


def test_an_unknown_service_is_usage(counter: Counter) -> None:
    done = counter("case", "check", "-", input=b'{"service": "haircut"}')
    assert (done.code, "counter services" in done.stderr) == (2, True)


def test_a_file_that_is_not_there(counter: Counter, tmp_path: Path) -> None:
    done = counter("case", "check", tmp_path / "none.json")
    assert done.code == 2
    assert "none.json" in done.stderr


def test_the_schema_knows_the_fields(counter: Counter) -> None:
    schema = counter("case", "schema", "--json").json
    assert "holder" in schema["$defs"]["Case"]["properties"]


def test_submitted_listed_shown_and_verified(ledger: Counter, case_file: Path) -> None:
    sent = ledger("case", "submit", case_file, "--json")
    assert sent.code == 0, sent.stderr + sent.stdout
    assert sent.json["allowed"]
    assert sent.json["seq"] == 1

    listed = ledger("ledger", "list", "--json").json
    assert listed["count"] == 1
    (entry,) = listed["entries"]
    assert entry["quote_number"] == sent.json["quote_number"]
    assert (entry["maker"], entry["fee_fen"], entry["state"]) == ("li", 2000, "pending")
    assert (entry["holder"], entry["document"]) == ("王*明", f"441621{'*' * 9}{NUMBER[-3:]}")

    assert ledger("ledger", "verify", "--json").json == {
        "entries": 1,
        "valid": True,
        "first_bad_seq": None,
        "flaws": [],
    }
    assert NUMBER not in ledger("ledger", "show", "1").stdout
    revealed = ledger("ledger", "show", sent.json["id"], "--reveal", "--json").json
    assert revealed["record"]["case"]["holder"]["document"]["number"] == NUMBER


def test_the_same_id_is_recorded_once(ledger: Counter, case_file: Path) -> None:
    again = ("case", "submit", case_file, "--id", "01990000-0000-7000-8000-000000000001", "--json")
    assert ledger(*again).json["seq"] == ledger(*again).json["seq"]
    assert ledger("ledger", "list", "--json").json["count"] == 1


@pytest.mark.rule("APP-4")
def test_what_is_not_allowed_is_not_recorded_until_it_is_corrected(
    ledger: Counter, tmp_path: Path, branch: str
) -> None:
    done = ledger("case", "submit", write(tmp_path, a_case(branch, one_card={"answer": "pending"})), "--json")
    assert (done.code, done.json["allowed"], done.json["quote_number"]) == (1, False, None)
    assert "ONE-1" in {finding["rule"] for finding in done.json["findings"]}
    assert ledger("ledger", "list", "--json").json["count"] == 0
    corrected = ledger("case", "submit", write(tmp_path, a_case(branch)), "--json")
    assert (corrected.code, corrected.json["seq"]) == (0, 1)


def test_for_people(ledger: Counter, case_file: Path) -> None:
    done = ledger("case", "submit", case_file)
    assert "已记账，受理号" in done.stdout
    assert "20.00" in done.stdout
    assert "王*明" in ledger("ledger", "list").stdout


def test_a_photo_goes_with_the_case(ledger: Counter, case_file: Path, branch: str, tmp_path: Path) -> None:
    case = a_case(branch, service="apply", one_card={"answer": "none"}, mode=None, old_card=None)
    case |= {"photo": {"source": "file"}, "papers": ["id_card_front", "id_card_back"], "consents": ["terms", "e_card"]}
    file = write(tmp_path, case)
    assert "PHO-1" in {finding["rule"] for finding in ledger("case", "check", file, "--json").json["findings"]}

    no_photo = tmp_path / "no-photo.jpg"
    no_photo.write_bytes(b"nothing that could be seen")
    refused = ledger("case", "submit", file, "--photo", no_photo, "--json")
    assert (refused.code, refused.json["allowed"], refused.json["seq"]) == (1, False, None)

    image = tmp_path / "photo.jpg"
    image.write_bytes(portrait(7))
    sent = ledger("case", "submit", file, "--photo", image, "--json")
    assert sent.code == 0, sent.json["findings"]
    assert ledger("sync", "--dry-run", "--json").json["photos"] == 1


def test_images_of_papers_come_along(ledger: Counter, branch: str, tmp_path: Path) -> None:
    image = tmp_path / "front.jpg"
    image.write_bytes(portrait(3))
    file = write(tmp_path, a_case(branch))
    submitted = ledger("case", "submit", file, "--scan", f"id_card_front={image}", "--json")
    assert submitted.code == 0
    assert ledger("sync", "--dry-run", "--json").json["photos"] == 1


@pytest.mark.parametrize("scan", ["id_card_front", "id_card_front=missing.jpg", "front=case.json"])
def test_an_image_that_is_none_is_refused(ledger: Counter, branch: str, tmp_path: Path, scan: str) -> None:
    file = write(tmp_path, a_case(branch))
    assert ledger("case", "submit", file, "--scan", scan).code == 2
    assert ledger("ledger", "list", "--json").json["entries"] == []
