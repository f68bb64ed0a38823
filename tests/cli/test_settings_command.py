"""``counter settings``: one declaration says the default, the meaning, the form, and where a value comes from."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for

from counter.i18n import LANGUAGES
from counter.settings import NAMES, Settings, load_settings
from tests.cli.conftest import Counter


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home" / "counter.toml"


def listed(counter: Counter, *arguments: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in counter("settings", "list", *arguments, "--json").json["settings"]}


def test_each_setting_says_where_its_value_comes_from(
    counter: Counter, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('bank = "abc"\nidle_lock_minutes = 9\nlang = "zh_CN"\n')
    monkeypatch.setenv("COUNTER_IDLE_LOCK_MINUTES", "7")
    found = listed(counter, "--lang", "en")
    assert tuple(found) == NAMES
    origins = {name: (one["value"], one["origin"], one["source"]) for name, one in found.items()}
    assert origins["bank"] == ("abc", "file", f"{file}:1")
    assert origins["idle_lock_minutes"] == (7, "environment", "COUNTER_IDLE_LOCK_MINUTES")
    assert origins["lang"] == ("en", "flag", "--lang")
    assert origins["keyboard"] == ("kitty", "default", "")
    assert found["idle_lock_minutes"]["default"] == 5


def test_people_read_the_same(counter: Counter, file: Path) -> None:
    file.write_text('bank = "abc"\n')
    page = counter("settings", "list").stdout
    assert f'bank = "abc"（{file}:1）' in page
    assert "idle_lock_minutes = 5（默认）\n    锁屏前的分钟数：1 到 240 的整数" in page


def test_a_setting_is_written_in_its_line_and_the_others_stay(counter: Counter, file: Path) -> None:
    file.write_text('# the window\nbank = "abc" # ours\n\nidle_lock_minutes = 9\ncity = "440100"')
    assert counter("settings", "set", "idle_lock_minutes", "12", "--json").json["name"] == "idle_lock_minutes"
    assert counter("settings", "set", "ask_seconds", "1.5").code == 0
    assert file.read_text() == (
        '# the window\nbank = "abc" # ours\n\nidle_lock_minutes = 12\ncity = "440100"\nask_seconds = 1.5\n'
    )
    assert counter("settings", "set", "idle_lock_minutes", "").code == 0
    assert load_settings(file.parent, environ={}) == Settings(
        home=file.parent, bank="abc", city="440100", ask_seconds=1.5
    )
    assert [each.name for each in file.parent.iterdir()] == ["counter.toml"]


def test_a_folder_is_written_whole(counter: Counter, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    assert counter("settings", "set", "scan_folder", "scans").code == 0
    assert load_settings(file.parent, environ={}).scan_folder == file.parent / "scans"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("idle", "3"), "没有 idle 这项设置；有的是：lang、"),
        (("home", "/elsewhere"), "没有 home 这项设置"),
        (("idle_lock_minutes", "0"), "idle_lock_minutes 应当是锁屏前的分钟数：1 到 240 的整数"),
        (("lang", "fr"), f"lang 应当是语言：{', '.join(LANGUAGES)} 之一"),
        (("keyboard",), "缺少 值（新的值"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(
    counter: Counter, file: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = counter("settings", "set", *arguments, "--json")
    assert (done.code, done.stdout) == (2, "")
    assert said in done.stderr
    assert not file.exists()


def test_a_wrong_line_can_be_mended(counter: Counter, file: Path) -> None:
    file.write_text("idle_lock_minutes = 0\n")
    assert counter("settings", "list").code == 2
    assert counter("settings", "set", "bank", "abc").code == 0
    assert counter("settings", "set", "idle_lock_minutes", "5").code == 0
    assert listed(counter)["idle_lock_minutes"]["value"] == 5


@pytest.mark.parametrize("written", ['bank = """\nabc\n"""\n', "bank = \n"])
def test_what_cannot_be_changed_safely_is_left_to_its_author(counter: Counter, file: Path, written: str) -> None:
    file.write_text(written)
    done = counter("settings", "set", "bank", "icbc")
    assert done.code == 2
    assert "counter.toml" in done.stderr
    assert file.read_text() == written


def test_that_the_environment_holds_over_the_file_is_said(
    counter: Counter, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTER_BANK", "abc")
    done = counter("settings", "set", "bank", "icbc")
    assert done.code == 0
    assert "COUNTER_BANK" in done.stderr
    assert load_settings(file.parent, environ={}).bank == "icbc"


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"bank": "abc", "idle_lock_minutes": 240, "scan_folder": "/scans", "lang": "en"}, True),
        ({"idle_lock_minutes": 241}, False),
        ({"lang": "fr"}, False),
        ({"keyboard": "other"}, False),
        ({"ask_seconds": 0}, False),
        ({"colour": "red"}, False),
    ],
)
def test_the_schema_takes_what_the_program_takes(counter: Counter, said: dict[str, Any], holds: bool) -> None:
    schema = counter("settings", "schema", "--json").json
    assert validator_for(schema).is_valid(said) is holds
    assert tuple(schema["properties"]) == NAMES
    assert all(one["description"] for one in schema["properties"].values())
    assert '"idle_lock_minutes"' in counter("settings", "schema").stdout
