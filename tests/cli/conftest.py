"""Commands as a shell calls them: exit code, standard output and standard error, in a home of their own."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from counter import i18n
from counter.cli.root import app

PASSPHRASE = "a made-up passphrase"
PLACE = ("--city", "441621", "--bank", "abc", "--counter", "2")


@dataclass(frozen=True)
class Outcome:
    """What a command left: `json` is its one document."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        assert self.stdout.count("\n") == 1, f"not one document: {self.stdout!r} {self.stderr!r}"
        return json.loads(self.stdout)


Counter = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    yield
    i18n.use_language("zh_CN")


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase.txt"
    file.write_text(PASSPHRASE + "\n", "utf-8")
    return file


@pytest.fixture
def counter(tmp_path: Path, passphrase_file: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Run `counter` in a home of its own, as the supervisor ``li``."""
    monkeypatch.setenv("COUNTER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COUNTER_OPERATOR", "li")
    monkeypatch.setenv("COUNTER_PASSPHRASE_FILE", str(passphrase_file))
    monkeypatch.delenv("COUNTER_LANG", raising=False)

    def run(*arguments: str | Path, input: str | bytes | None = None) -> Outcome:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=input)
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def branch(counter: Counter) -> str:
    """A branch of the counter's bank and city."""
    branches = counter("branches", "list", "--city", "441621", "--bank", "abc", "--json").json["branches"]
    first: str = branches[0]["id"]
    return first


@pytest.fixture
def ledger(counter: Counter, branch: str) -> Counter:
    """`counter` with a ledger."""
    made = counter("init", *PLACE, "--branch", branch, "--name", "李国强", "--json")
    assert made.code == 0, made.stderr
    return counter
