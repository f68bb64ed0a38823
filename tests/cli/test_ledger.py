"""The ledger's commands, the operators', and what they answer when they cannot."""

import csv
import errno
import os
import tomllib
from pathlib import Path

import pytest

from counter.clock import today
from counter.devices.loopback import LoopbackPrinter
from counter.paper.languages import BREAK
from tests.cli.conftest import PLACE, Counter
from tests.cli.test_case import NUMBER, a_case, write
from tests.support.readback import with_pictures


@pytest.fixture
def recorded(ledger: Counter, tmp_path: Path, branch: str) -> Counter:
    """`counter` with one entry in its ledger."""
    assert ledger("case", "submit", write(tmp_path, a_case(branch))).code == 0
    return ledger


def test_export_masks(recorded: Counter, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert recorded("ledger", "export", file, "--json").json == {"entries": 1, "file": str(file)}
    heading, row = csv.reader(file.read_text("utf-8-sig").splitlines())
    assert len(heading) == len(row)
    assert "王*明" in row
    assert NUMBER not in file.read_text("utf-8-sig")


def test_an_export_is_whole_or_not_there(recorded: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An earlier one stands until the new one is complete."""
    file = tmp_path / "out.csv"
    file.write_text("earlier")
    monkeypatch.setattr(os, "fsync", lambda _handle: (_ for _ in ()).throw(OSError(errno.ENOSPC, "no room")))
    assert recorded("ledger", "export", file).code == 6
    assert [path.name for path in tmp_path.glob("*out.csv*")] == ["out.csv"] and file.read_text() == "earlier"


@pytest.fixture
def resident(ledger: Counter, tmp_path: Path, branch: str) -> Counter:
    """`counter` with the entry of somebody from Hong Kong."""
    case = a_case(branch, papers=["permit_front", "permit_back", "old_card"])
    document = {"kind": "hk_macau_permit", "number": "H00000000", "valid_from": "2020-01-01", "valid_to": "2030-01-01"}
    case["holder"] |= {"document": document, "birth": "1990-01-01", "sex": "F"}
    assert ledger("case", "submit", write(tmp_path, case)).code == 0
    return ledger


def test_a_slip_is_in_the_customers_language_or_in_what_is_asked_for(resident: Counter, tmp_path: Path) -> None:
    said = resident("ledger", "slip", "1", "--lang", "en", "--json").json
    above, below = said["text"].split(BREAK)
    assert (said["languages"], said["file"]) == (["zh_Hant", "zh_CN"], None)
    assert above.startswith("社會保障卡業務回執單") and below.startswith("社会保障卡业务回执单")
    assert "H00000000" not in said["text"]
    one = resident("ledger", "slip", "1", "--in", "en", "--in", "zh_Hant", "--in", "en")
    assert one.stdout.startswith("Social security card") and "社會保障卡業務回執單" in one.stdout
    assert "社会保障卡业务回执单" not in one.stdout
    file = tmp_path / "slip.pdf"
    assert resident("ledger", "slip", "1", "--pdf", file).stdout == ""
    assert file.read_bytes().startswith(b"%PDF")


def test_a_slip_is_printed_again(recorded: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a receipt printer, with the number to quote; a printer that cannot is said, and nothing is lost."""
    refused = recorded("ledger", "slip", "1", "--print")
    assert refused.code == 2 and "slip_printer" in refused.stderr
    with LoopbackPrinter(tmp_path / "printed").standing() as printer:
        assert recorded("settings", "set", "slip_printer", printer.address).code == 0
        printer.paper = False
        out = recorded("ledger", "slip", "1", "--print")
        assert out.code == 3 and "没有纸" in out.stderr
        check = recorded("doctor", "--json").json["checks"]
        assert [each["health"] for each in check if each["check"] == "printer"] == ["warning"]
        printer.paper = True
        for _ in range(2):
            done = recorded("ledger", "slip", "1", "--print")
            assert (done.code, done.stdout) == (0, "")
        assert "+ 打印机" in recorded("doctor").stdout
    first, again = printer.slips
    assert first == again
    text = recorded("ledger", "slip", "1").stdout
    quote = recorded("ledger", "list", "--json").json["entries"][0]["quote_number"]
    assert first.text.strip() == with_pictures(text.strip()) and first.codes == (quote,)
    assert (tmp_path / "printed" / "002.txt").read_text("utf-8").splitlines()[-1] == quote


def test_a_slip_in_no_language_and_a_letter_that_there_is_not(recorded: Counter) -> None:
    assert recorded("ledger", "slip", "1").stdout.startswith("社会保障卡业务回执单")
    refused = recorded("ledger", "slip", "1", "--in", "fr")
    assert refused.code == 2 and "zh_Hant" in refused.stderr
    assert recorded("ledger", "slip", "1", "--letter").code == 2
    assert recorded("ledger", "slip", "7").code == 2


def test_backup_and_restore(recorded: Counter, tmp_path: Path) -> None:
    copy, other = tmp_path / "copy", tmp_path / "other"
    assert recorded("ledger", "backup", copy, "--json").json["entries"] == 1
    assert recorded("ledger", "restore", copy).code == 2, "a ledger is never overwritten"
    assert recorded("ledger", "restore", copy, "--home", other, "--json").json["valid"]
    assert recorded("--home", other, "ledger", "verify", "--json").json["entries"] == 1


def test_a_damaged_ledger_is_said(recorded: Counter, tmp_path: Path) -> None:
    file = tmp_path / "home" / "ledger.db"
    content = bytearray(file.read_bytes())
    content[len(content) // 2 :] = b"\x00" * (len(content) - len(content) // 2)
    file.write_bytes(content)
    done = recorded("ledger", "verify", "--json")
    assert done.code == 5
    assert "Traceback" not in done.stderr


def test_wrong_passphrase(ledger: Counter, passphrase_file: Path) -> None:
    passphrase_file.write_text("another passphrase\n")
    done = ledger("ledger", "list", "--json")
    assert (done.code, done.stdout) == (4, "")
    assert "口令不对" in done.stderr


def test_nobody_to_ask(ledger: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COUNTER_OPERATOR")
    done = ledger("ledger", "list")
    assert done.code == 4
    assert "COUNTER_OPERATOR" in done.stderr


def test_no_ledger(counter: Counter) -> None:
    done = counter("ledger", "list", "--lang", "en")
    assert done.code == 2
    assert "counter init" in done.stderr


def test_no_such_entry(ledger: Counter) -> None:
    assert ledger("ledger", "show", "7").code == 2
    assert ledger("ledger", "show", "nonsense").code == 2
    assert ledger("ledger", "show", "9" * 40).code == 2


def test_init_refuses_a_second_ledger_and_a_wrong_place(ledger: Counter, branch: str, tmp_path: Path) -> None:
    place = ("--bank", "abc", "--branch", branch, "--counter", "2", "--name", "李国强")
    assert ledger("init", "--city", "441621", *place).code == 2
    other = ("--home", tmp_path / "other")
    assert "441621" in ledger("init", "--city", "999999", *place, *other).stderr
    wrong = ("--bank", "cmb", "--branch", branch, "--counter", "2", "--name", "李国强")
    assert ledger("init", "--city", "441621", *wrong, *other).code == 2
    assert not (tmp_path / "other" / "keyring.json").exists()


def test_init_takes_names_and_initials(counter: Counter, branch: str) -> None:
    done = counter(
        "init",
        "--city",
        "紫金县",
        "--bank",
        "nyyh",
        "--branch",
        "紫金支行",
        "--counter",
        "2",
        "--name",
        "李国强",
        "--json",
    )
    assert done.json["place"] == {"city": "441621", "bank": "abc", "branch": branch, "counter": "2"}


def test_init_keeps_what_the_file_says_and_not_the_environment(
    counter: Counter, branch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "home" / "counter.toml"
    file.parent.mkdir()
    file.write_text("idle_lock_minutes = 9\n")
    monkeypatch.setenv("COUNTER_ASK_SECONDS", "1")
    assert counter("init", *PLACE, "--branch", branch, "--name", "李国强").code == 0
    written = tomllib.loads(file.read_text("utf-8"))
    assert written == {"city": "441621", "bank": "abc", "branch": branch, "counter": "2", "idle_lock_minutes": 9}


def test_operators(ledger: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "zhang.txt"
    theirs.write_text("zhang's passphrase\n")
    added = ledger("operator", "add", "zhang", "--name", "张敏", "--new-passphrase-file", theirs, "--json")
    assert added.json == {"id": "zhang", "name": "张敏", "role": "clerk", "active": True}
    assert [person["id"] for person in ledger("operator", "list", "--json").json["operators"]] == ["li", "zhang"]

    monkeypatch.setenv("COUNTER_OPERATOR", "zhang")
    monkeypatch.setenv("COUNTER_PASSPHRASE_FILE", str(theirs))
    assert ledger("operator", "add", "wang", "--name", "王", "--new-passphrase-file", theirs).code == 4
    new = tmp_path / "new.txt"
    new.write_text("zhang's other passphrase\n")
    assert ledger("operator", "passphrase", "--new-passphrase-file", new, "--json").json == {"id": "zhang"}
    assert ledger("ledger", "verify").code == 4
    monkeypatch.setenv("COUNTER_PASSPHRASE_FILE", str(new))
    assert ledger("ledger", "verify").code == 0


def test_a_disabled_operator_is_locked_out(
    ledger: Counter, passphrase_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = ("operator", "add", "zhang", "--name", "张敏", "--new-passphrase-file", passphrase_file)
    assert ledger(*add).code == 0
    assert ledger("operator", "disable", "li").code == 1, "the last supervisor stays"
    assert ledger("operator", "disable", "zhang", "--json").json == {"id": "zhang", "active": False}
    monkeypatch.setenv("COUNTER_OPERATOR", "zhang")
    assert ledger("ledger", "verify").code == 4


def test_sync_before_enrolment(ledger: Counter) -> None:
    done = ledger("sync", "--json")
    assert (done.code, done.stdout) == (2, "")
    assert "counter enrol" in done.stderr


def test_a_dry_run_with_a_key_file(recorded: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "timer.key"
    assert recorded("operator", "key-file", file).code == 0
    monkeypatch.delenv("COUNTER_OPERATOR")
    said = recorded("sync", "--dry-run", "--key-file", file, "--json").json
    assert (said["pending"], said["photos"], said["days"]) == (1, 0, [today().isoformat()])
