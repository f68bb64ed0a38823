"""The wheel works alone: built, unpacked elsewhere, it brings its data and its sentences."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_it_carries_data_catalogs_and_types(unpacked: Path) -> None:
    package = unpacked / "counter"
    for folder, inside in ((ROOT / "data", package / "_data"), (ROOT / "counter" / "locale", package / "locale")):
        files = {file.relative_to(folder) for file in folder.rglob("*") if file.is_file()}
        assert files
        assert files <= {file.relative_to(inside) for file in inside.rglob("*")}
    assert (package / "py.typed").exists()
    assert {path.name.partition("-")[0] for path in unpacked.iterdir()} == {"counter"}


def test_it_runs_without_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    environ = os.environ | {"PYTHONPATH": str(unpacked), "COUNTER_HOME": str(tmp_path)}
    for arguments, says in (("--version", "counter "), ("services", "换发三代卡"), ("branches search 荔湾", "荔湾区")):
        command = [sys.executable, "-m", "counter", *arguments.split()]
        done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
        assert says in done.stdout
