"""F2 on a paper: its image out of the folder of the document camera, or by its path."""

import os
from pathlib import Path

import pytest

from counter.desk.desk import Desk
from counter.gateway.seeding.portraits import portrait
from counter.i18n import t
from counter.rules.record import pictures
from counter.screens.dialogs import scan
from counter.screens.dialogs.scan import ScanScreen
from tests.support.screen_world import (
    Clerk,
    Sitting,
    at,
    until,
    without,
)


def camera(folder: Path, *names: str) -> None:
    """Files as the camera saves them, a minute apart."""
    for minute, name in enumerate(names):
        (folder / name).write_bytes(portrait(minute))
        os.utime(folder / name, (1_772_000_000 + 60 * minute,) * 2)


async def test_the_newest_image_is_attached_to_the_paper(sitting: Sitting, desk: Desk, tmp_path: Path) -> None:
    camera(tmp_path, "first.jpg", "newest.jpg", "notes.txt")
    desk.scan_folder = tmp_path
    async with sitting(desk) as clerk:
        screen = await at(clerk, "identity", without("papers"))
        assert clerk.focused == "papers"
        await clerk.types("down", "f2")
        assert "newest.jpg" in clerk.text and "notes.txt" not in clerk.text
        await clerk.types("enter")
        (scan,) = screen.open.case.scans
        assert (scan.paper, screen.open.case.papers) == ("id_card_back", ("id_card_back",))
        assert t("steps.scanned") in clerk.line("[x] 2")
        first = scan.digest
        await clerk.types("f2", "down", "enter")
        (scan,) = screen.open.case.scans
        assert scan.digest != first, "another image replaces it"
        await clerk.types("1", "f4")
    (held,) = desk.held()
    assert pictures(held.case) == {scan.digest}
    assert desk.store.photos.get(first) is None, "nothing names it any more"


async def test_a_path_is_typed_where_no_camera_is_set(clerk: Clerk, tmp_path: Path) -> None:
    camera(tmp_path, "front.jpg")
    screen = await at(clerk, "identity", without("papers"))
    await clerk.types("f2")
    assert t("scan.no_folder")[:12] in clerk.text
    await clerk.types("escape")
    assert not isinstance(clerk.screen, ScanScreen)
    await clerk.types("f2")
    await clerk.pastes(str(tmp_path / "front.jpg"))
    await clerk.types("enter")
    assert [scan.paper for scan in screen.open.case.scans] == ["id_card_front"]


async def test_a_file_that_is_no_picture_is_refused_with_its_rule(clerk: Clerk, tmp_path: Path) -> None:
    (tmp_path / "front.jpg").write_text("no picture")
    screen = await at(clerk, "identity", without("papers"))
    await clerk.types("f2")
    await clerk.pastes(str(tmp_path / "front.jpg"))
    await clerk.types("enter")
    assert not screen.open.case.scans
    assert t("finding.photo.unreadable")[:10] in clerk.text and "APP-2" in clerk.text


async def test_a_picture_that_is_saved_while_the_clerk_looks_comes_up(
    sitting: Sitting, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "LOOK_SECONDS", 0.05)
    desk.scan_folder = tmp_path
    async with sitting(desk) as clerk:
        screen = await at(clerk, "identity", without("papers"))
        await clerk.types("f2")
        (tmp_path / "new.jpg").write_bytes(portrait(1))
        await until(lambda: "new.jpg" in clerk.text)
        await clerk.types("enter")
        assert [each.paper for each in screen.open.case.scans] == ["id_card_front"]
