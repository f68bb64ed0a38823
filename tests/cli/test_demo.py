"""``counter demo --no-screen --json``, as a program that drives it sees it: started, used from outside, stopped."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from counter.cli.root import app
from counter.demo import readers
from counter.devices.card_reader import SlotState, slot_state
from counter.devices.reader import ReaderState, state_at
from counter.gateway.seeding.customers import demo_people
from counter.settings import Settings
from tests.cli.test_case import a_case, write


@dataclass
class Demo:
    """A demonstration that runs in a process of its own, and commands against its home."""

    process: "subprocess.Popen[str]"
    line: dict[str, str]

    def counter(self, *arguments: str) -> tuple[int, Any]:
        """Run a command in the demonstration's home as its clerk; exit code and document."""
        environ = os.environ | {
            "COUNTER_HOME": self.line["home"],
            "COUNTER_OPERATOR": self.line["operator"],
            "COUNTER_PASSPHRASE_FILE": self.line["passphrase_file"],
        }
        command = [sys.executable, "-m", "counter", *arguments, "--json"]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("demo")
    home.chmod(0o755)
    command = [sys.executable, "-m", "counter", "demo", "--home", str(home), "--no-screen", "--printer", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Demo(process, json.loads(process.stdout.readline()))
        process.terminate()


def test_its_line_says_all_that_is_needed(demo: Demo) -> None:
    assert set(demo.line) == {"home", "province", "operator", "supervisor", "passphrase_file"}
    assert (demo.line["operator"], demo.line["supervisor"]) == ("zhang", "li")
    sheet = (Path(demo.line["home"]) / "demo-customers.txt").read_text("utf-8")
    assert all(person.number in sheet and person.name in sheet for person in demo_people())


def test_a_case_goes_to_the_province_and_matches(demo: Demo, tmp_path: Path) -> None:
    _, place = demo.counter("branches", "list", "--city", "441621", "--bank", "abc")
    person = next(person for person in demo_people() if person.purpose == "same_number")
    case = a_case(place["branches"][0]["id"])
    case["holder"] |= {"name": person.name, "document": case["holder"]["document"] | {"number": person.number}}
    case["old_card"]["number"] = person.card

    code, sent = demo.counter("case", "submit", str(write(tmp_path, case)))
    assert code == 0, sent
    assert demo.counter("sync", "--dry-run")[1]["pending"] == 1
    code, report = demo.counter("sync")
    assert (code, report["sent"], report["created"], report["matched"]) == (0, 1, 1, True)
    code, again = demo.counter("sync")
    assert (code, again["sent"], again["matched"]) == (0, 0, True)
    assert demo.counter("ledger", "verify") == (0, {"entries": 1, "valid": True, "first_bad_seq": None, "flaws": []})
    code, checks = demo.counter("doctor")
    health = {check["check"]: check["health"] for check in checks["checks"]}
    assert (health["ledger"], health["province"], health["clock"]) == ("good", "good", "good")


def test_it_stops_when_asked_and_the_province_is_out_of_reach(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(30) == 0
    monkeypatch.setattr("counter.province.client.random.uniform", lambda *_: 0)  # retry without the pauses
    who = ["--home", demo.line["home"]]
    environ = {"COUNTER_OPERATOR": "zhang", "COUNTER_PASSPHRASE_FILE": demo.line["passphrase_file"]}
    done = CliRunner().invoke(app, [*who, "sync", "--json"], env=environ)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "一笔不少" in done.stderr


@pytest.mark.parametrize("besides", [("demo", "--no-screen"), ("--home", "anywhere", "demo")])
def test_practice_is_for_the_screen_of_a_fresh_branch(besides: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*besides, "--practice"])
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize("device", ["--reader", "--card"])
def test_a_reader_is_for_the_screen(device: str) -> None:
    done = CliRunner().invoke(app, ["demo", "--no-screen", device])
    assert (done.exit_code, done.stdout) == (2, "")


def test_a_hand_lays_one_made_up_card_after_the_other() -> None:
    with readers(documents=True, cards=False) as hand:
        settings = hand.plugged_into(Settings(home=Path()))
        assert state_at(settings.id_reader) is ReaderState.READY and settings.card_reader == ""
        assert [hand.lay(), hand.lay()] == ["已放上 钟试一 的身份证", "已放上 叶试二娘 的身份证"]


def test_a_customers_card_is_laid_after_their_document() -> None:
    with readers(documents=True, cards=True) as hand:
        settings = hand.plugged_into(Settings(home=Path()))
        assert slot_state(settings.card_reader) is SlotState.READY
        laid = [hand.lay() for _ in range(3)]
        assert laid == ["已放上 钟试一 的身份证", "已放上 钟试一 的社保卡", "已放上 叶试二娘 的身份证"]


def test_a_real_home_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"somebody's")
    command = [sys.executable, "-m", "counter", "demo", "--home", str(tmp_path), "--no-screen", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.db"]
