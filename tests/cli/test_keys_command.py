"""``counter keys``: every command that has a key, and what is wrong in the file that moves them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter import i18n
from counter.keymap.declared import COMMANDS
from counter.keymap.file import KeyFile
from tests.cli.conftest import Counter


@pytest.fixture(autouse=True)
def _usual_keys() -> Iterator[None]:
    yield
    i18n.use_keys(KeyFile())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home" / "keys.toml"


def test_every_command_says_its_key_what_it_does_and_where(counter: Counter, file: Path) -> None:
    file.write_text('next = ["f11", "alt+n"]\n')
    found = counter("keys", "list", "--json").json
    rows = {row["id"]: row for row in found["keys"]}
    assert found["file"] == str(file)
    assert list(rows) == list(COMMANDS)
    assert rows["next"] == {
        "id": "next",
        "keys": ["f11", "alt+n"],
        "does": "下一步",
        "where": ["办理业务", "单位资料"],
        "places": ["case", "unit"],
        "fixed": False,
        "remapped_from": ["f10"],
        "source": f"{file}:1",
    }
    assert (rows["record"]["keys"], rows["record"]["remapped_from"]) == (["f10"], [])
    assert rows["accept"]["fixed"]
    english = {row["id"]: row for row in counter("--lang", "en", "keys", "list", "--json").json["keys"]}
    assert (english["next"]["does"], english["next"]["where"]) == ("Next", ["a case", "the unit"])


def test_people_read_the_same(counter: Counter, file: Path) -> None:
    file.write_text('hold = "f11"\n')
    lines = counter("--lang", "en", "keys", "list").stdout.splitlines()
    assert lines[0] == f"The file of keys: {file}"
    assert [line.split() for line in lines if line.startswith("hold ")] == [["hold", "F11", "Hold", "a", "case", "F4"]]


def test_a_file_without_faults_is_good_and_so_is_none(counter: Counter, file: Path) -> None:
    assert counter("keys", "check").code == 0
    file.write_text('hold = "f11"\n')
    assert counter("keys", "check", "--json").json == {"file": str(file), "valid": True, "remapped": 1, "problems": []}


def test_each_fault_is_said_and_the_answer_is_no(counter: Counter, file: Path) -> None:
    file.write_text('hold = "f10"\nlock = "ctrl+b"\nfind = "f"\n')
    answer = counter("keys", "check")
    assert answer.code == 1
    assert answer.stdout.splitlines()[:2] == [
        f"! {file}:1：hold 不能用 F10，已经用于下一步 (next)、记账 (record)，仍用 F4",
        f"! {file}:3：find 不能用 F，输入法和扫描枪要键入它，仍用 F3；请用功能键，或带 Ctrl、Alt 的按键",
    ]
    answer = counter("keys", "check", "--json")
    assert answer.code == 1
    assert answer.json["remapped"] == 1 and not answer.json["valid"]
    assert [(one["id"], one["code"], one["key"]) for one in answer.json["problems"]] == [
        ("hold", "clash", "F10"),
        ("find", "typed", "F"),
    ]


def test_the_manual_and_what_is_said_name_the_key_as_it_is(counter: Counter, file: Path) -> None:
    file.write_text('ask = "f11"\nfoo = "f1"\n')
    page = counter("--lang", "en", "man").stdout
    assert page.split(".B F11\n")[1].startswith("Ask province: a case, collecting (ask)")
    assert "F11" in i18n.t("finding.deferred.photo")
