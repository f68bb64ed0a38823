"""The Makefile's targets, as `make --dry-run` says what they would do."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
SET_BY_MAKE = ("MAKE", "MFLAGS", "PYTEST_ARGS", "QUICK")
"""When these tests are run by ``make test`` themselves."""
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def _make(*arguments: str, **environ: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(SET_BY_MAKE)}
    done = subprocess.run(
        ["make", *arguments], cwd=ROOT, env=inherited | environ, capture_output=True, text=True, check=True
    )
    return done.stdout


def _would(*arguments: str, **environ: str) -> list[str]:
    """The tools that a target would run, in their order; .venv counts as made."""
    said = _make("--dry-run", "--assume-old=.venv/.made-from-lock", *arguments, **environ)
    return re.findall(r"^\.venv/bin/(?:python -m )?(.+?)\s*$", said.replace("\\\n", ""), re.M)


def test_help_lists_every_target() -> None:
    (targets,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.M)
    assert re.findall(r"^  make (\S+)  +\S", _make(), re.M) == targets.split()
    assert {*targets.split()} == {*re.findall(r"^([a-z][\w-]*):", MAKEFILE, re.M)}


def test_all_is_checked_once() -> None:
    checks = _would("lint")
    assert _would("test") == [*checks, "pytest -n 4 --dist worksteal"]
    assert re.findall(r"^make .*$", (ROOT / ".ci" / "run").read_text("utf-8"), re.M) == ["make test"]


def test_one_path_is_run_without_the_checks() -> None:
    assert _would("test", "T=tests/rules -x") == ["pytest tests/rules -x"]
    assert _would("test", T="tests/rules")[0].startswith("ruff")


def test_the_inner_loop_names_what_is_there() -> None:
    ruff, tests = _would("quick")
    assert ruff == "ruff check ."
    named = [word for word in tests.split() if word.startswith("tests/")]
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
