"""The document camera's folder: what it saved last, whatever else is in it."""

import os
from pathlib import Path

import pytest

from counter.devices.camera import NEWEST, CameraFolder


def saved(folder: Path, name: str, minute: int) -> None:
    (folder / name).write_bytes(b"a picture")
    os.utime(folder / name, (1_772_000_000 + 60 * minute,) * 2)


def test_the_newest_picture_stands_first(tmp_path: Path) -> None:
    for minute, name in enumerate(("b.jpg", "a.PNG", "notes.txt", "c.tiff")):
        saved(tmp_path, name, minute)
    pictures = CameraFolder(tmp_path).newest()
    assert [path.name for path, _ in pictures] == ["c.tiff", "a.PNG", "b.jpg"]
    assert [int(moment.timestamp()) for _, moment in pictures] == [1_772_000_180, 1_772_000_060, 1_772_000_000]


def test_an_old_folder_shows_its_last_pictures_only(tmp_path: Path) -> None:
    for minute in range(NEWEST + 3):
        saved(tmp_path, f"{minute}.jpg", minute)
    names = [path.name for path, _ in CameraFolder(tmp_path).newest()]
    assert (names[0], names[-1], len(names)) == (f"{NEWEST + 2}.jpg", "3.jpg", NEWEST)


def test_a_folder_that_is_away_has_none(tmp_path: Path) -> None:
    assert CameraFolder(tmp_path / "away").newest() == []


def test_a_picture_that_is_gone_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.jpg", "[b].jpg", "c.jpg"):
        saved(tmp_path, name, 0)
    look = Path.stat

    def stat(self: Path, **how: bool) -> os.stat_result:
        if self.name == "[b].jpg":
            raise FileNotFoundError(self)
        return look(self, **how)

    monkeypatch.setattr(Path, "stat", stat)
    assert {path.name for path, _ in CameraFolder(tmp_path).newest()} == {"a.jpg", "c.jpg"}


def test_a_picture_is_there_once_its_size_rests(tmp_path: Path) -> None:
    folder, file = CameraFolder(tmp_path), tmp_path / "new.jpg"
    saved(tmp_path, "old.jpg", 0)
    file.write_bytes(b"half a")
    assert [path.name for path, _ in folder.newest()] == ["old.jpg"]
    file.write_bytes(b"half a picture and more")
    assert [path.name for path, _ in folder.newest()] == ["old.jpg"]
    assert [path.name for path, _ in folder.newest()] == ["new.jpg", "old.jpg"]


def test_a_cameras_clock_that_is_ahead_hides_no_picture(tmp_path: Path) -> None:
    saved(tmp_path, "ahead.jpg", 10_000_000)
    folder = CameraFolder(tmp_path)
    assert folder.newest() == []
    assert [path.name for path, _ in folder.newest()] == ["ahead.jpg"]
