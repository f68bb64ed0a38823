"""A disk of our own that can be filled and write-protected: a tmpfs, where this machine lets us mount one."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE = "3m"
FILLER = "filler"


class SmallDisk:
    """`folder` is the disk's root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Leave no byte."""
        with (self.folder / FILLER).open("ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                try:
                    while file.write(bytes(size)) == size:
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        (self.folder / FILLER).unlink()

    def protect(self) -> None:
        """From now on it can only be read."""
        _mount("-o", "remount,ro", str(self.folder))


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Mount one on a new folder; the test is skipped where that is not allowed."""
    if shutil.which("mount") is None:
        pytest.skip("needs mount, to have a disk that can be full")
    folder.mkdir()
    if _mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)) != 0:
        pytest.skip("needs the right to mount, to have a disk that can be full")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode
