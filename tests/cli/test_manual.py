"""``man counter``: every command and option, in both languages, and man(1) has nothing to complain of."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from counter.cli import page
from counter.cli.exits import Code
from counter.cli.root import app
from counter.settings import NAMES, variable_of
from tests.test_catalogs import WHOLE

MAN = shutil.which("man")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where man(1) would look, after ``counter man --to``."""
    folder = tmp_path_factory.mktemp("man")
    command = [sys.executable, "-m", "counter", "--lang", "zh_CN", "man", "--to", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert str(folder / "zh_CN" / "man1" / "counter.1") in done.stderr
    return folder


def shown(file: Path) -> tuple[str, str]:
    """What man(1) shows of a page on 80 columns, and what it has to complain of."""
    assert MAN is not None
    environ = os.environ | {"LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    command = [MAN, "--warnings", "-l", str(file)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=60)
    return re.sub(".\b", "", done.stdout), done.stderr


def test_there_is_a_page_for_each_language_that_is_whole(folder: Path) -> None:
    pages = {file.relative_to(folder).as_posix() for file in folder.rglob("*.1")}
    assert pages == {"man1/counter.1", *(f"{each}/man1/counter.1" for each in WHOLE if each != "en")}


@pytest.mark.skipif(MAN is None, reason="man is not installed on this machine")
@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("man1/counter.1", ["NAME", "EXIT STATUS", "ENVIRONMENT", "FILES", "third-generation social security cards"]),
        ("zh_CN/man1/counter.1", ["名称", "退出码", "环境变量", "文件", "第三代社保卡柜台"]),
    ],
)
def test_man_shows_it_without_a_warning(folder: Path, file: str, says: list[str]) -> None:
    text, warned = shown(folder / file)
    assert warned == ""
    assert all(said in text for said in says)
    assert max(map(len, text.splitlines())) <= 80


def test_everything_that_is_declared_is_on_it(folder: Path) -> None:
    text = (folder / "zh_CN" / "man1" / "counter.1").read_text("utf-8").replace("\\-", "-").replace("\\:", "")
    root = get_command(app)
    for command, called in page.walk(root, root.context_class(root, info_name="counter")):
        assert hasattr(command, "commands") or f'.SS "{called.command_path}"' in text
        assert not [name for one in command.params for name in one.opts if name[0] == "-" and name not in text]
    assert all(f".B {int(code)}\n" in text for code in Code)
    assert all(f".B {variable_of(name)}\n" in text for name in NAMES)
    assert all(f".B {name}\n" in text for name in ("counter.toml", "ledger.db", "keyring.json"))
