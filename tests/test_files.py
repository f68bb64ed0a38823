"""Files are written whole or not at all, and for their owner only."""

import os
import stat
import sys
from pathlib import Path

import pytest

from counter.files import SHARED, write_new, write_whole

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is written does not reach the disk."""

    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, "旧")
    write_whole(path, b"\xe6\x96\xb0")
    assert path.read_text("utf-8") == "新"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("full_disk")
def test_what_cannot_be_written_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("full_disk")
def test_half_a_new_file_is_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        write_new(tmp_path / "a.key", b"secret")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    write_new(path, b"first")
    with pytest.raises(FileExistsError):
        write_new(path, b"second")
    assert path.read_bytes() == b"first"


@posix
def test_only_the_owner_reads_what_is_not_shared(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "x")
    write_new(tmp_path / "b", b"x")
    before = os.umask(0o022)
    try:
        write_new(tmp_path / "c", b"x", SHARED)
    finally:
        os.umask(before)
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in "abc"] == [0o600, 0o600, 0o644]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kills a process")
def test_a_process_killed_while_it_writes_leaves_the_old_file(tmp_path: Path) -> None:
    import subprocess

    path = tmp_path / "a.txt"
    path.write_text("old")
    dies = "import os, sys; from pathlib import Path; from counter.files import write_whole; " \
        "os.fsync = lambda _: os.kill(os.getpid(), 9); write_whole(Path(sys.argv[1]), 'new')"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", dies, str(path)], check=False)
    assert done.returncode == -9
    assert path.read_text() == "old"
