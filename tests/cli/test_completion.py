"""Tab completes, in a real shell; it never opens the program."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BASH = shutil.which("bash")


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A `counter` on the path of a shell, in a home without a ledger."""
    program = tmp_path / "counter"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m counter "$@"\n')
    program.chmod(0o755)
    return tmp_path


def completed(shell: Path, *words: str) -> list[str]:
    script = """
eval "$(_COUNTER_COMPLETE=source_bash counter)"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_counter_completion counter
printf '%s\\n' "${COMPREPLY[@]}"
"""
    environ = os.environ | {"PATH": f"{shell}:{os.environ['PATH']}", "COUNTER_HOME": str(shell / "home")}
    assert BASH is not None
    done = subprocess.run(
        [BASH, "-c", script, "bash", *words], env=environ, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.split()


@pytest.mark.skipif(BASH is None, reason="needs bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("counter", "le"), {"ledger"}),
        (("counter", "ledger", "ve"), {"verify"}),
        (("counter", "case", "submit", "--ph"), {"--photo"}),
    ],
    ids=["command", "command of a group", "option"],
)
def test_bash_completes(shell: Path, words: tuple[str, ...], offered: set[str]) -> None:
    assert set(completed(shell, *words)) == offered


@pytest.mark.skipif(BASH is None, reason="needs bash")
def test_every_command_is_offered(shell: Path) -> None:
    assert {"demo", "sync", "roster", "gateway", "doctor"} <= set(completed(shell, "counter", ""))
