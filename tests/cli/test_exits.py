"""Whatever goes wrong ends in a sentence and an exit code, in one place."""

import errno
import importlib
import inspect
import pkgutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import counter as package
from counter.cli import exits
from counter.cli.root import app
from counter.i18n import t
from tests.cli.conftest import Counter

EXPLAINED_ELSEWHERE = {
    "SettingsError",  # carries its sentence
    "ThemeError",  # likewise
    "UsageError",  # likewise
    "ProblemError",  # an answer of the gateway
    "ReplayedError",  # likewise
    "RefusalError",  # likewise
    "PhotoError",  # becomes a finding
    "SheetFileError",  # likewise
    "ParcelFileError",  # likewise
    "UnknownFormError",  # a ValueError: verify and the gateway say what it means
    "RosterFileError",  # likewise
    "ChooseSheetError",  # asked by the command, chosen on the screen
    "UnitRefusedError",  # becomes findings
    "UnreadableSlipError",  # of the printer's simulator, for who sends it nonsense
    "UnreadableCardError",  # of the card reader, which says it in its own words
    "NoAnswerError",  # likewise
    "UnreadableSocialCardError",  # likewise
    "UnknownCardError",  # likewise
    "NoDriverError",  # likewise
    "StoreError",  # what the store's errors are
}


def our_errors() -> Iterator[type[Exception]]:
    for module in pkgutil.walk_packages(package.__path__, "counter."):
        if module.name.endswith("__main__"):
            continue
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, Exception) and kind.__module__ == module.name and not kind.__name__.startswith("_"):
                yield kind


def test_every_error_of_ours_has_an_exit_code_and_a_sentence() -> None:
    names = {kind.__name__ for kind in our_errors()}
    assert names - EXPLAINED_ELSEWHERE == set(exits.FORESEEN)
    for name in exits.FORESEEN:
        assert t(f"error.{name}")


def test_an_error_that_nobody_foresaw_keeps_no_value(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        number = "441621198001150000"
        raise sqlite3.OperationalError(f"near {number}")

    monkeypatch.setattr("counter.reference.load.load_reference", fails)
    done = counter("branches", "list")
    assert done.code == 70
    assert "Traceback" not in done.stderr
    (report,) = (tmp_path / "home").glob("crash-*.txt")
    text = report.read_text("utf-8")
    assert "OperationalError" in text
    assert "test_exits.py" in text
    assert "441621198001150000" not in text + done.stderr


def test_wrong_settings_are_said_and_help_still_helps(counter: Counter, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "counter.toml").write_text("idle_lock_minutes = 0\n")
    done = counter("ledger", "list")
    assert done.code == 2
    assert "counter.toml:1" in done.stderr
    assert counter("ledger", "--help").code == 0


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "error.no_room"), (errno.EROFS, "error.no_room"), (errno.EIO, "error.LedgerDiskError")],
)
def test_what_a_disk_says_of_an_open_file_is_no_crash(number: int, sentence: str) -> None:
    """An fsync's error names no file."""
    assert exits.explanation(OSError(number, "made up")) == (exits.Code.UNWRITABLE, t(sentence))


@pytest.mark.parametrize("arguments", [["nonsense"], ["ledger"], ["ledger", "list", "--nonsense"], ["check", "id"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_home_and_language_may_stand_anywhere(counter: Counter, tmp_path: Path) -> None:
    for arguments in (
        ["--home", tmp_path, "ledger", "list", "--lang", "en"],
        ["ledger", "--lang=en", "list", f"--home={tmp_path}"],
    ):
        assert "there is no ledger here" in counter(*arguments).stderr
    assert counter("check", "id", "--json", "--", "--lang").json["results"][0]["input"] == "--lang"
