"""The bundle for the branches: what goes into it, and what its script installs, updates, refuses and takes back."""

import configparser
import importlib.util
import json
import platform
import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType

import pytest

from counter.cli.exits import Code
from tests.test_docs import COMMANDS
from tools import bundle

ROOT = Path(__file__).parent.parent
INSTALLING = ROOT / "tools" / "installing"
LOCK = (ROOT / "requirements.lock.txt").read_text("utf-8")


def script() -> ModuleType:
    """install.py, as it stands in a bundle: it is of no package."""
    spec = importlib.util.spec_from_file_location("install", INSTALLING / "install.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


install = script()


def a_bundle(folder: Path, version: str) -> Path:
    """A bundle of this machine, without anything to install."""
    (folder / "wheels").mkdir(parents=True)
    (folder / "requirements.txt").write_text("")
    machine = {"system": platform.system(), "machine": platform.machine().lower()}
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    (folder / "bundle.json").write_text(json.dumps({"version": version, "python": python, **machine}))
    bundle.write_sums(folder)
    return folder


def answering(folder: Path, made: Path) -> None:
    """A counter that only answers, in place of the wheels (`make bundle-try` installs those)."""
    version = json.loads((made / "bundle.json").read_text())["version"]
    program = folder / "bin" / "counter"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *nowhere*) exit 4;; *backup*) mkdir "$5";; esac\necho counter {version}\n'
    )
    program.chmod(0o755)
    (folder / install.INSTALLED).write_text("")


def answers(to: Path) -> str:
    return subprocess.run([to / "counter"], capture_output=True, text=True, check=True).stdout.strip()


def test_the_bundle_holds_what_counter_needs_and_nothing_else() -> None:
    for target in (bundle.HERE, *bundle.PLATFORMS):
        environ = bundle.environment(target, "3.11")
        names = bundle.needed(bundle.PROJECT, (), environ)
        assert names <= set(bundle.pins(LOCK, environ))
        assert {"textual", "sqlcipher3", "markdown-it-py"} <= names, "what those need too"
        assert names.isdisjoint({"pytest", "ruff", "psycopg", "starlette"})
        assert ("colorama" in names) is (environ["sys_platform"] == "win32")
    assert "psycopg" in bundle.needed(bundle.PROJECT, ("gateway",), bundle.environment(bundle.HERE, ""))


def test_every_pin_has_its_hashes() -> None:
    pins = bundle.pins(LOCK, bundle.environment("win_amd64", "3.12"))
    assert all("--hash=sha256:" in lines and lines.count("==") for lines in pins.values())


@pytest.mark.skipif(sys.platform == "win32", reason="the launcher is a shell script")
def test_an_update_takes_a_backup_first_and_can_be_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "fill", answering)
    to, home = tmp_path / "opt", tmp_path / "home"
    to.mkdir()
    first, second = a_bundle(tmp_path / "first", "1.0.0"), a_bundle(tmp_path / "second", "1.1.0")
    install.install(first, to, None)
    assert answers(to) == "counter 1.0.0" and not (to / "backups").exists()
    with pytest.raises(install.InstallError, match="already"):
        install.install(first, to, home)
    for nowhere in (None, Path("nowhere")):
        with pytest.raises(install.InstallError, match="back"):
            install.install(second, to, nowhere)
    assert answers(to) == "counter 1.0.0"
    assert "backups" in install.install(second, to, home)
    (backup,) = (to / "backups").iterdir()
    assert backup.name.endswith("-before-1.1.0") and answers(to) == "counter 1.1.0"
    install.undo(to)
    assert answers(to) == "counter 1.0.0"
    install.undo(to)
    assert answers(to) == "counter 1.1.0", "and forth again"


def test_what_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_bundle(tmp_path / "made", "1.0.0")

    def full(folder: Path, _bundle: Path) -> None:
        folder.mkdir(parents=True)
        raise OSError

    monkeypatch.setattr(install, "fill", full)
    with pytest.raises(OSError):
        install.install(made, tmp_path / "opt", None)
    assert list((tmp_path / "opt" / "versions").iterdir()) == [] and install.in_use(tmp_path / "opt") == ""
    with pytest.raises(install.InstallError, match="no version"):
        install.undo(tmp_path / "opt")


@pytest.mark.parametrize("harm", ["changed", "gone", "added", "python", "machine"])
def test_a_bundle_that_is_not_whole_or_not_for_here_is_refused(tmp_path: Path, harm: str) -> None:
    made = a_bundle(tmp_path / "made", "1.0.0")
    match harm:
        case "changed":
            (made / "requirements.txt").write_text("textual==0")
        case "gone":
            (made / "requirements.txt").unlink()
        case "added":
            (made / "wheels" / "other.whl").write_bytes(b"")
        case _:
            made_for = json.loads((made / "bundle.json").read_text()) | {harm: "another"}
            (made / "bundle.json").write_text(json.dumps(made_for))
            bundle.write_sums(made)
    with pytest.raises(install.InstallError):
        install.install(made, tmp_path / "opt", None)
    assert not (tmp_path / "opt").exists()


def test_the_scripts_call_it(tmp_path: Path) -> None:
    bundle.copy_scripts(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} >= {"install.py", "counter-sync.service", "counter-sync.timer"}
    assert '"$(dirname "$0")/install.py" "$@"' in (tmp_path / "install.sh").read_text()
    windows = (tmp_path / "install.cmd").read_bytes()
    assert b'"%~dp0install.py" %*' in windows and windows.count(b"\n") == windows.count(b"\r\n")


def unit(name: str) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]  # as the module's own documentation has it
    parsed.read_string((INSTALLING / name).read_text("utf-8"))
    return parsed


def test_the_units_of_the_timer() -> None:
    service, timer = unit("counter-sync.service"), unit("counter-sync.timer")
    assert int(timer["Timer"]["RandomizedDelaySec"]) >= 300, "not all windows at once"
    assert re.fullmatch(r"\*-\*-\* [\d:,]+", timer["Timer"]["OnCalendar"]) and timer["Timer"]["Persistent"] == "true"
    assert int(service["Service"]["SuccessExitStatus"]) == Code.OUT_OF_REACH
    program, *arguments = service["Service"]["ExecStart"].split()
    options = {option for parameter in COMMANDS["sync"].params for option in parameter.opts}
    assert program.startswith("/") and arguments[0] == "--home" and arguments[2] == "sync"
    assert {word for word in arguments[3:] if word.startswith("--")} <= options
    assert service["Service"]["ReadWritePaths"] == arguments[1]


NO_DATA = {".py", ".pyi", ".pyc", ".so", ".pyd", ".pxd", ".typed", ".md", ".txt", ".LICENSE", ""}
NEEDLESS = {
    "cffi": "headers for a compiler",
    "fonttools": "sources of what is compiled",
    "fpdf2": "a colour profile of PDF/A",
    "markdown-it-py": "where it was translated from",
    "mdit-py-plugins": "where they were translated from",
    "pycparser": "of its own making",
    "sqlmodel": "of its own making",
}


def test_the_recipe_for_windows_carries_every_file_of_data() -> None:
    recipes = {
        line
        for page in ("operator.md", "operator.zh-CN.md")
        for line in (ROOT / "docs" / page).read_text("utf-8").splitlines()
        if line.startswith("pyinstaller ")
    }
    (recipe,) = recipes
    collected = set(re.findall(r"--collect-(?:all|data) (\w+)", recipe))
    assert "counter" in collected, "catalogs, looks, migrations, and data/ as the wheel has it"
    lacking = set()
    for name in bundle.needed(bundle.PROJECT, (), bundle.environment(bundle.HERE, "")) - set(NEEDLESS):
        files = [file for file in distribution(name).files or () if ".dist-info" not in str(file)]
        inside = (
            file for file in files if file.suffix not in NO_DATA and file.parts[0] != ".." and "." not in file.parts[0]
        )
        lacking |= {file.parts[0] for file in inside} - collected
    assert lacking == set()
