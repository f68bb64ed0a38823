"""Starting costs nothing: what `--version` and `--help` do not need is not imported."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("textual", "sqlmodel", "sqlalchemy", "httpx2", "rich.console", "PIL", "cryptography", "openpyxl")
PROBE = f"""
import sys
from counter.cli import main
try:
    main()
finally:
    print(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["ledger", "--help"], ["sync", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == ""
    assert done.stdout


def test_the_screen_is_reached_without_the_store(tmp_path: Path) -> None:
    """`counter` itself: before the first frame there is no database, no network, and no parser of commands."""
    heavy = ("sqlmodel", "sqlalchemy", "httpx2", "typer", "pydantic", "cryptography", "PIL")
    probe = f"""
import sys, counter.app
counter.app.run = lambda *_, **__: print(*(name for name in {heavy!r} if name in sys.modules)) or 0
from counter.cli import main
main()
"""
    (tmp_path / "keyring.json").write_text('{"slots": []}')
    command = [sys.executable, "-c", probe, "--home", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_screen_is_not_opened_without_a_ledger(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "counter", "--home", str(tmp_path), "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "counter init" in done.stderr
