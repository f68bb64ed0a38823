"""The lock is the whole closure: nothing is resolved when it is installed, so no later release can matter.

The index of these tests stands on this machine. It has every pin, as a wheel with the real one's requirements and no
code, and a newer release of each.
"""

import hashlib
import importlib.metadata
import os
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock.txt").read_text("utf-8")
ENTRIES = [line for line in LOCK.replace("\\\n", "").splitlines() if line and not line.startswith("#")]
PINS = [Requirement(entry.partition("--hash")[0]) for entry in ENTRIES]
NEWER = "9999"

PLATFORM = ("os_name", "sys_platform", "platform_system", "platform_machine")
PLATFORMS = {
    "Linux x86_64": ("posix", "linux", "Linux", "x86_64"),
    "Linux arm64": ("posix", "linux", "Linux", "aarch64"),
    "macOS x86_64": ("posix", "darwin", "Darwin", "x86_64"),
    "macOS arm64": ("posix", "darwin", "Darwin", "arm64"),
    "Windows x86_64": ("nt", "win32", "Windows", "AMD64"),
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
INSTALLERS = {"pip": "", "uv": "uv"}
"""What the Makefile's UV is for each."""


def _holds(marker: Marker | None, environment: dict[str, str], extra: str = "") -> bool:
    """In this environment; what it does not say is as here."""
    return marker is None or marker.evaluate({**environment, "extra": extra})


def _pinned(environment: dict[str, str]) -> dict[str, Requirement]:
    pins = [pin for pin in PINS if _holds(pin.marker, environment)]
    pinned: dict[str, Requirement] = {canonicalize_name(pin.name): pin for pin in pins}
    assert len(pinned) == len(pins), "two pins for one distribution"
    return pinned


def _version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "=="
    return specifier.version


HERE = _pinned({})


# --- the lock itself ---------------------------------------------------------------------------------------------


def test_every_pin_has_hashes_and_nothing_an_address() -> None:
    assert [one for one in ENTRIES if not re.fullmatch(r".+?==\S+( ; .+?)?( +--hash=sha256:[0-9a-f]{64})+", one)] == []
    assert "://" not in LOCK
    assert not re.search(r"^\s*-(?!-hash)", LOCK, re.M), "an option of pip's"


@pytest.mark.parametrize(("platform", "python"), [*product(PLATFORMS, PYTHONS)])
def test_what_a_pin_requires_is_pinned(platform: str, python: str) -> None:
    """With its extras: pip before 24 asks for ``coverage[toml]`` anew if only ``coverage`` is pinned."""
    environment = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    environment |= dict.fromkeys(("python_full_version", "implementation_version"), f"{python}.1")
    environment |= {"python_version": python}
    environment |= dict(zip(PLATFORM, PLATFORMS[platform], strict=True))
    pinned = _pinned(environment)

    def lacks(requirement: Requirement) -> bool:
        pin = pinned.get(canonicalize_name(requirement.name))
        if pin is None or not requirement.specifier.contains(_version(pin), prereleases=True):
            return True
        return not requirement.extras <= pin.extras

    required = [("counter", one) for one in _our_requirements() if _holds(one.marker, environment)]
    for name, pin in pinned.items():
        for one in _requirements(name):
            if any(_holds(one.marker, environment, extra) for extra in ("", *pin.extras)):
                required.append((name, one))
    assert [(name, str(one)) for name, one in required if lacks(one)] == []


def _our_requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    ours = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["gateway"]
    ours += project["dependency-groups"]["dev"] + project["build-system"]["requires"]
    return [Requirement(one) for one in ours]


def _requirements(name: str) -> list[Requirement]:
    """As the installed distribution says; one for other platforms alone is not there to ask."""
    if name not in HERE:
        return []
    assert importlib.metadata.version(name) == _version(HERE[name]), f"{name}: run make setup"
    return [Requirement(one) for one in importlib.metadata.requires(name) or ()]


# --- installing it -----------------------------------------------------------------------------------------------


class Index(NamedTuple):
    address: str
    hashes: dict[str, str]
    """Of the pinned wheels, by name."""
    asked: list[str]
    """The paths that were asked for."""


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("index")
    hashes: dict[str, str] = {}
    for name, pin in HERE.items():
        (folder / name).mkdir()
        hashes[name] = _wheel(folder / name, name, _version(pin))
        _wheel(folder / name, name, NEWER)
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *values: object) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield Index(f"http://127.0.0.1:{server.server_port}/", hashes, asked)
        server.shutdown()


@pytest.fixture
def index(serving: Index) -> Index:
    serving.asked.clear()
    return serving


@pytest.fixture(scope="module", params=[*INSTALLERS])
def installer(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def venv(installer: str, serving: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    venv = tmp_path_factory.mktemp(installer) / "venv"
    done = _run(_recipe(installer, venv)[0], serving)
    assert done.returncode == 0, done.stderr
    return venv


def _wheel(folder: Path, name: str, version: str) -> str:
    """Made up, with the requirements of the real one; answers with its hash."""
    stem = f"{name.replace('-', '_')}-{version}"
    metadata = importlib.metadata.metadata(name)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [
        f"{field}: {value}" for field in ("Requires-Dist", "Provides-Extra") for value in metadata.get_all(field, ())
    ]
    files = {
        "METADATA": "\n".join(lines) + "\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file, text in files.items():
            archive.writestr(f"{stem}.dist-info/{file}", text)
        record = "".join(f"{stem}.dist-info/{file},,\n" for file in (*files, "RECORD"))
        archive.writestr(f"{stem}.dist-info/RECORD", record)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def _recipe(installer: str, venv: Path = Path(".venv"), lock: Path = Path("requirements.lock.txt")) -> list[str]:
    """The commands of ``make setup``: .venv, the lock, counter itself."""
    command = ["make", "--dry-run", "--always-make", "setup", f"UV={INSTALLERS[installer]}"]
    command += [f"PYTHON={sys.executable}", f"VENV={venv}", f"LOCK={lock}"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    said = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True).stdout
    recipe = [
        line
        for line in said.splitlines()
        if line.startswith(("uv ", f"{venv}/bin/python -m pip", f"{sys.executable} -m venv"))
    ]
    assert len(recipe) == 3, said
    return recipe


def _run(command: str, index: Index) -> subprocess.CompletedProcess[str]:
    """As make does, with this index and no other: the project's settings count, the user's do not."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    environ |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{environ['PATH']}", "NO_PROXY": "127.0.0.1"}
    environ |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": index.address, "PIP_NO_CACHE_DIR": "1"}
    environ |= {"UV_DEFAULT_INDEX": index.address, "UV_NO_CACHE": "1", "XDG_CONFIG_HOME": os.devnull}
    return subprocess.run(command, cwd=ROOT, shell=True, env=environ, capture_output=True, text=True, check=False)


def _written(lock: Path, index: Index, *names: str) -> Path:
    entries = (f"{str(HERE[name]).partition(';')[0]} --hash=sha256:{index.hashes[name]}" for name in names)
    lock.write_text("\n".join(entries), "utf-8")
    return lock


def test_the_makefile_resolves_nothing(installer: str) -> None:
    _, closure, itself = map(shlex.split, _recipe(installer))
    assert {"--no-deps", "--require-hashes"} <= {*closure}
    assert {"--no-deps", "--no-build-isolation"} <= {*itself}


def test_resolving_would_ask_for_more_than_is_pinned(installer: str, venv: Path, index: Index, tmp_path: Path) -> None:
    """As `make setup` once did: then the next release of a requirement's requirement stops it."""
    lock = _written(tmp_path / "lock.txt", index, "pytest-cov")
    command = f"{_recipe(installer, venv, lock)[1]} --dry-run"
    resolved = _run(command.replace(" --no-deps", ""), index)
    assert resolved.returncode != 0
    assert "coverage" in resolved.stderr
    assert _run(command, index).returncode == 0


def test_a_newer_release_of_anything_changes_nothing(installer: str, venv: Path, index: Index, tmp_path: Path) -> None:
    lock = _written(tmp_path / "lock.txt", index, *HERE)
    done = _run(_recipe(installer, venv, lock)[1], index)
    assert done.returncode == 0, done.stderr

    (site,) = venv.glob("lib/python*/site-packages")
    found = importlib.metadata.distributions(path=[str(site)])
    installed: dict[str, str] = {canonicalize_name(one.name): one.version for one in found}
    assert {name: installed.get(name) for name in HERE} == {name: _version(pin) for name, pin in HERE.items()}
    assert {*installed} - {*HERE} <= {"pip", "setuptools"}
    assert {path.split("/")[1] for path in index.asked} == {*HERE}
    assert not [path for path in index.asked if f"-{NEWER}-" in path]
