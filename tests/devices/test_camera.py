"""The document camera's folder: what it saved last, whatever else is in it."""

import os
from pathlib import Path

import pytest

from counter.devices.camera import NEWEST, newest_pictures


def saved(folder: Path, name: str, minute: int) -> None:
    (folder / name).write_bytes(b"")
    os.utime(folder / name, (1_772_000_000 + 60 * minute,) * 2)


def test_the_newest_picture_stands_first(tmp_path: Path) -> None:
    for minute, name in enumerate(("b.jpg", "a.PNG", "notes.txt", "c.tiff")):
        saved(tmp_path, name, minute)
    pictures = newest_pictures(tmp_path)
    assert [path.name for path, _ in pictures] == ["c.tiff", "a.PNG", "b.jpg"]
    assert [int(moment.timestamp()) for _, moment in pictures] == [1_772_000_180, 1_772_000_060, 1_772_000_000]


def test_an_old_folder_shows_its_last_pictures_only(tmp_path: Path) -> None:
    for minute in range(NEWEST + 3):
        saved(tmp_path, f"{minute}.jpg", minute)
    names = [path.name for path, _ in newest_pictures(tmp_path)]
    assert (names[0], names[-1], len(names)) == (f"{NEWEST + 2}.jpg", "3.jpg", NEWEST)


def test_a_folder_that_is_away_has_none(tmp_path: Path) -> None:
    assert newest_pictures(tmp_path / "away") == []


def test_a_picture_that_is_gone_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.jpg", "[b].jpg", "c.jpg"):
        (tmp_path / name).write_bytes(b"")
    look = Path.stat

    def stat(self: Path, **how: bool) -> os.stat_result:
        if self.name == "[b].jpg":
            raise FileNotFoundError(self)
        return look(self, **how)

    monkeypatch.setattr(Path, "stat", stat)
    assert {path.name for path, _ in newest_pictures(tmp_path)} == {"a.jpg", "c.jpg"}
