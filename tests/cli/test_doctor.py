"""``counter doctor``: what is wrong, and what to do."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from counter import doctor
from counter.devices import card_slot, reader
from counter.devices.simulated import SimulatedReader
from counter.devices.simulated_card import SimulatedSlot
from tests.cli.conftest import Counter
from tests.support.fonts import forget_fonts, plain_font


def health(document: Any) -> dict[str, str]:
    return {check["check"]: check["health"] for check in document["checks"]}


def test_a_fresh_machine_is_told_what_to_do(counter: Counter) -> None:
    done = counter("doctor", "--json")
    assert done.code == 1
    assert health(done.json)["ledger"] == "wrong"
    assert "counter init" in done.stdout


def test_a_counter_that_is_ready(ledger: Counter) -> None:
    done = ledger("doctor", "--json")
    found = health(done.json)
    assert (found["settings"], found["ledger"], found["disk"]) == ("good", "good", "good")
    assert (found["branches"], found["province"]) == ("warning", "warning"), "samples, and not enrolled"


def test_what_can_be_said_of_a_locked_ledger(ledger: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COUNTER_OPERATOR")
    assert health(ledger("doctor", "--json").json)["ledger"] == "good"
    monkeypatch.setenv("COUNTER_OPERATOR", "nobody")
    assert health(ledger("doctor", "--json").json)["ledger"] == "wrong"


def test_wrong_settings_do_not_stop_it(counter: Counter, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "counter.toml").write_text("nonsense")
    done = counter("doctor", "--lang", "en")
    assert done.code == 1
    assert "counter.toml" in done.stdout


def test_the_id_reader_answers_or_is_away(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    with SimulatedReader() as sim:
        monkeypatch.setenv("COUNTER_ID_READER", sim.address)
        assert health(counter("doctor", "--json").json)["id_reader"] == "good"
    done = counter("doctor", "--json")
    assert health(done.json)["id_reader"] == "wrong" and sim.address in done.stdout


def test_an_id_reader_that_nobody_has_set_is_found(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    with SimulatedReader() as sim:
        ports = [SimpleNamespace(device=address) for address in ("no port", sim.address)]
        monkeypatch.setattr("serial.tools.list_ports.comports", lambda: ports)
        assert list(reader.found()) == [sim.address]
        assert not list(reader.found(f"serial:{sim.address}?baud=9600")), "that is the printer's"
        done = counter("doctor", "--json", "--lang", "en")
    assert health(done.json)["id_reader"] == "warning" and f"set id_reader {sim.address}" in done.stdout


def test_keys_that_clash_are_said(ledger: Counter, tmp_path: Path) -> None:
    assert health(ledger("doctor", "--json").json)["keys"] == "good"
    (tmp_path / "home" / "keys.toml").write_text('hold = "f10"\nask = "f10"\n', "utf-8")
    (check,) = (each for each in ledger("doctor", "--json").json["checks"] if each["check"] == "keys")
    assert check["health"] == "warning"
    assert "F10" in check["message"] and "counter keys check" in check["message"]


@pytest.mark.parametrize(
    ("without", "verdict", "said"),
    [("", "good", "plain.ttf"), ("𠮷", "warning", "U+20BB7"), ("社", "warning", "fonts-noto")],
)
def test_the_font_that_paper_is_set_in(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: str, verdict: str, said: str
) -> None:
    monkeypatch.setenv("COUNTER_TEST_FONT", str(plain_font(tmp_path / "plain.ttf", without)))
    monkeypatch.setattr("sys.platform", "linux")
    forget_fonts()
    done = counter("doctor", "--json")
    forget_fonts()
    (check,) = (each for each in done.json["checks"] if each["check"] == "font")
    assert check["health"] == verdict
    assert said in check["message"]


def test_a_font_of_the_settings_that_is_none(counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTER_FONT", str(tmp_path / "away.ttf"))
    done = counter("doctor", "--json")
    assert health(done.json)["font"] == "wrong"
    assert "away.ttf" in done.stdout


def test_the_reader_of_social_security_cards_is_there_or_away(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SimulatedSlot() as slot:
        monkeypatch.setenv("COUNTER_CARD_READER", slot.address)
        assert health(counter("doctor", "--json").json)["card_reader"] == "good"
    assert health(counter("doctor", "--json").json)["card_reader"] == "wrong"


def test_without_pcsc_doctor_says_what_to_install(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_name: str) -> None:
        raise ImportError

    monkeypatch.setattr(card_slot, "import_module", nothing)
    monkeypatch.setenv("COUNTER_CARD_READER", "pcsc")
    done = counter("doctor", "--json")
    assert health(done.json)["card_reader"] == "wrong" and "pyscard" in done.stdout


def test_a_reader_of_social_security_cards_that_nobody_has_set_is_found(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "slots", lambda: ["pcsc:Made-up 00"])
    done = counter("doctor", "--json")
    assert health(done.json)["card_reader"] == "warning" and 'set card_reader \\"pcsc:Made-up 00\\"' in done.stdout
