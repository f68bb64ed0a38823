"""The wheel works alone: built, unpacked elsewhere, it brings its data and its sentences. The source archive builds it."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAME = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["name"]


def _built(folder: Path, source: Path, kind: str) -> Path:
    build = [sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", str(folder), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(tmp_path_factory.mktemp("wheel"), ROOT, "wheel")


@pytest.fixture(scope="module")
def unpacked(wheel: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(wheel.parent / "site")
    return wheel.parent / "site"


def test_it_carries_data_catalogs_and_types(unpacked: Path) -> None:
    package = unpacked / "counter"
    for folder, inside in ((ROOT / "data", package / "_data"), (ROOT / "counter" / "locale", package / "locale")):
        files = {file.relative_to(folder) for file in folder.rglob("*") if file.is_file()}
        assert files
        assert files <= {file.relative_to(inside) for file in inside.rglob("*")}
    assert (package / "py.typed").exists()
    assert {path.name.partition("-")[0] for path in unpacked.iterdir()} == {"counter", NAME.replace("-", "_")}


def test_it_runs_without_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    environ = os.environ | {"PYTHONPATH": str(unpacked), "COUNTER_HOME": str(tmp_path)}
    for arguments, says in (("--version", "counter "), ("services", "换发三代卡"), ("branches search 荔湾", "荔湾区")):
        command = [sys.executable, "-m", "counter", *arguments.split()]
        done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
        assert says in done.stdout


def test_the_source_archive_has_all_and_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    shutil.unpack_archive(_built(tmp_path / "archive", ROOT, "sdist"), tmp_path / "source")
    (source,) = (tmp_path / "source").iterdir()
    carried = {file.relative_to(source) for file in source.rglob("*")}
    for folder in ("counter", "data", "docs", "tests", "tools"):
        files = {file.relative_to(ROOT) for file in (ROOT / folder).rglob("*") if file.is_file()}
        assert {file for file in files if not file.match("*.pyc") and not file.match("*.actual.svg")} <= carried
    (tmp_path / "again").mkdir()
    assert _built(tmp_path / "again", source, "wheel").read_bytes() == wheel.read_bytes()


def test_the_name_is_our_own() -> None:
    """`counter` on the package index is somebody else's: nothing may tell a reader to install it."""
    assert NAME == "shebaoka-counter"
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "counter").rglob("*.toml")]
    assert [page.name for page in pages if "counter[" in page.read_text("utf-8").replace(f"{NAME}[", "")] == []
