"""Tab completes, in a real shell with a person in front of it; it never opens the program."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.conftest import Counter

if TYPE_CHECKING:
    from tests.support.pty_terminal import Terminal

READY: Final = "ready>"
PROMPTS: Final = {
    "bash": (".bashrc", f"PS1='{READY} '"),
    "zsh": (".zshrc", f"PROMPT='{READY} '"),
    "fish": (".config/fish/config.fish", f"function fish_prompt; echo -n '{READY} '; end; set fish_greeting"),
}
"""What each shell reads when it starts, and what makes it say that it is ready."""


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed on this machine")


SHELLS = [pytest.param(shell, marks=needs(shell)) for shell in PROMPTS]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A user of their own with `counter` on the path, without a ledger."""
    program = tmp_path / "bin" / "counter"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m counter "$@"\n')
    program.chmod(0o755)
    return {
        "HOME": str(tmp_path),
        "ZDOTDIR": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "COUNTER_HOME": str(tmp_path / "home"),
        "COUNTER_LANG": "zh_CN",
    }


@contextmanager
def opened(shell: str, environ: dict[str, str]) -> Iterator["Terminal"]:
    """A terminal in which that shell waits, with the completion as `counter` itself has installed it."""
    from tests.support.pty_terminal import Terminal

    file, prompt = PROMPTS[shell]
    start = Path(environ["HOME"]) / file
    start.parent.mkdir(parents=True, exist_ok=True)
    start.write_text(prompt + "\n")
    install = [sys.executable, "-m", "counter", "--install-completion", shell]
    done = subprocess.run(install, env=os.environ | environ, capture_output=True, text=True, check=True)
    assert "Tab" in done.stderr and "Completion" not in done.stderr
    with Terminal(shell, "-i", size=(100, 30), environ=environ) as terminal:
        terminal.wait_for(READY)
        yield terminal


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_commands_and_files_and_says_what_there_is(
    shell: str, environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "roster-one.xlsx").touch()
    with opened(shell, environ) as terminal:
        terminal.type("counter led\t")  # the first Tab of a new shell
        terminal.wait_for(f"{READY} counter ledger")
        terminal.type("\t\t" if shell == "bash" else "\t")
        terminal.wait_for("verify", "backup", *([] if shell == "bash" else ["核对整本账"]))
        terminal.press("ctrl+u")
        terminal.type("cd\rcounter roster check roster-o\t")
        terminal.wait_for("counter roster check roster-one.xlsx")


def test_the_values_of_a_setting_are_offered(environ: dict[str, str]) -> None:
    asked = {"_COUNTER_COMPLETE": "complete_bash", "COMP_WORDS": "counter settings set keyboard ", "COMP_CWORD": "4"}
    command = [sys.executable, "-m", "counter"]
    done = subprocess.run(command, env=os.environ | environ | asked, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["kitty", "plain"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_can_be_shown(counter: Counter, shell: str) -> None:
    assert "_COUNTER_COMPLETE" in counter("--show-completion", shell).stdout


def test_of_a_shell_that_we_do_not_know_nothing_is_installed(counter: Counter) -> None:
    done = counter("--install-completion", "csh")
    assert done.code == 2
    assert "bash、zsh、fish" in done.stderr
