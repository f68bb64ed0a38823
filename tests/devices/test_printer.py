"""The print command: real ones, run without a shell."""

import sys
from pathlib import Path

import pytest

from counter.devices import printer
from counter.devices.printer import print_text

SLIP = "受理号: 1\n𠮷*试\n"


def test_the_text_arrives_on_standard_input(tmp_path: Path) -> None:
    paper = tmp_path / "a folder; touch x"
    keep = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"
    assert print_text((sys.executable, "-c", keep, str(paper)), SLIP)
    assert paper.read_bytes() == SLIP.encode()
    assert list(tmp_path.iterdir()) == [paper], "no shell reads the command"


@pytest.mark.parametrize("command", [("false",), ("/nowhere",), ("/",)])
def test_a_printer_that_does_not_take_it(command: tuple[str, ...]) -> None:
    assert not print_text(command, SLIP)


def test_a_printer_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printer, "SECONDS", 0.05)
    assert not print_text((sys.executable, "-c", "import signal; signal.pause()"), SLIP)
