"""The photo step: the photo is read in the background, once; one that is damaged is said, and the case goes on."""

import asyncio
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlmodel import select

from counter.desk.desk import Desk
from counter.gateway.seeding.portraits import portrait
from counter.i18n import t
from counter.rules.case import Photo, PhotoSource
from counter.rules.photo import check_photo, fit_photo, fit_picture, open_photo
from counter.rules.portrait import AS_IT_IS, framed
from counter.screens.case.result import ResultScreen
from counter.screens.case.steps.photo import PhotoPane
from counter.store import tables
from counter.store.photos import Photos
from counter.widgets.photo import PhotoView
from tests.support.made_up import APPLY
from tests.support.photographs import photograph
from tests.support.screen_world import MORNING, REFERENCE, Clerk, at

SPEC = REFERENCE.cities["441621"].photo


def missing(_desk: Desk) -> str:
    return "0" * 64


def changed(desk: Desk) -> str:
    """Another byte on the disk than was written."""
    digest = desk.store.photos.put(fit_photo(portrait(1), SPEC))
    with desk.store._database.write() as session:
        row = session.get(tables.Photo, digest)
        assert row is not None
        row.jpeg = row.jpeg[:-1] + b"?"
        session.add(row)
    return digest


def no_picture(desk: Desk) -> str:
    return desk.store.photos.put(b"this is no JPEG")


@pytest.mark.parametrize("damaged", [missing, changed, no_picture])
async def test_a_damaged_photo_is_said_and_the_case_goes_on(clerk: Clerk, tmp_path: Path, damaged: object) -> None:
    assert callable(damaged)
    digest = damaged(clerk.desk())
    (tmp_path / "a.jpg").write_bytes(portrait(1))
    screen = await at(clerk, "photo", structs.replace(APPLY, photo=Photo(source=PhotoSource.FILE, digest=digest)))
    assert t("finding.photo.kept_damaged")[:12] in clerk.text
    assert not clerk.one(PhotoView).display
    assert screen.open.case.photo.digest == "", "no entry names a photo that cannot be sent"
    await clerk.types(str(tmp_path / "a.jpg"), "enter")
    taken = screen.open.case.photo.digest
    assert clerk.desk().store.photos.get(taken), "taken again, be it the same one"
    assert clerk.one(PhotoView).display
    await clerk.types("f10", "f10", "f10", "f10", "f10")
    assert isinstance(clerk.screen, ResultScreen)
    (entry,) = clerk.desk().store.ledger.search("")
    assert entry.record is not None
    assert entry.record.case.photo.digest == taken


async def test_the_photo_is_read_once_whatever_is_typed(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    digest, read, get = clerk.desk().store.photos.put(fit_photo(portrait(1), SPEC)), list[str](), Photos.get

    def counted(self: Photos, digest: str) -> bytes | None:
        read.append(digest)
        return get(self, digest)

    monkeypatch.setattr(Photos, "get", counted)
    await at(clerk, "photo", structs.replace(APPLY, photo=Photo(source=PhotoSource.FILE, digest=digest)))
    await clerk.types("/some/where")
    assert clerk.one(PhotoView).picture
    assert read == [digest]


# --- mending ----------------------------------------------------------------------------------------------------------

OF_A_FILE = structs.replace(APPLY, photo=Photo(source=PhotoSource.FILE))


def kept(clerk: Clerk) -> int:
    """How many pictures the ledger holds."""
    with clerk.desk().store._database.read() as session:
        return len(session.exec(select(tables.Photo.digest)).all())


async def test_a_refused_picture_is_mended_by_three_keys(clerk: Clerk, tmp_path: Path) -> None:
    (tmp_path / "a b.jpg").write_bytes(photograph())
    screen = await at(clerk, "photo", OF_A_FILE)
    await clerk.types(str(tmp_path / "a b.jpg"), "enter")
    assert "PHO-6" in clerk.text
    assert screen.open.case.photo.digest == "", "what cannot be printed is not kept"
    assert clerk.one(PhotoView).display, "but it is seen"
    await clerk.bursts("ctrl+r", "ctrl+t", "ctrl+g")  # each waits for the one before it
    assert "PHO-6" not in clerk.text
    image = open_photo(photograph())
    cropped = framed(image, SPEC, AS_IT_IS.turned())
    assert cropped is not None
    mended = fit_picture(image, SPEC, cropped.whitened())
    digest = screen.open.case.photo.digest
    assert digest == sha256(mended).hexdigest(), "of the mended bytes"
    assert clerk.desk().store.photos.get(digest) == mended
    assert check_photo(mended, SPEC) == ()


async def test_each_mend_replaces_the_picture_before_it(clerk: Clerk, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(portrait(1))
    screen = await at(clerk, "photo", OF_A_FILE)
    await clerk.types(str(tmp_path / "a.jpg"), "enter")
    digests = [screen.open.case.photo.digest]
    for key in ("alt+up", "ctrl+up", "ctrl+r"):
        await clerk.bursts(key)
        digests.append(screen.open.case.photo.digest)
    assert len(set(digests)) == 4
    await clerk.bursts("ctrl+r", "ctrl+r", "ctrl+r")
    assert screen.open.case.photo.digest == digests[0], "turned all around it is whole again"
    assert kept(clerk) == 1, "nobody's picture is left behind"
    (tmp_path / "b.jpg").write_bytes(portrait(2))
    await clerk.types("backspace", "backspace", "backspace", "backspace", "backspace", "b.jpg", "enter")
    assert screen.open.case.photo.digest not in ("", digests[0]), "another file takes its place"
    assert kept(clerk) == 1


async def test_mends_that_come_together_build_on_each_other(clerk: Clerk, tmp_path: Path) -> None:
    """A key may come while the one before it is still at work: four quarters are a whole turn."""
    (tmp_path / "a.jpg").write_bytes(portrait(1))
    screen = await at(clerk, "photo", OF_A_FILE)
    await clerk.types(str(tmp_path / "a.jpg"), "enter")
    pane, first = screen.step_pane, screen.open.case.photo.digest
    assert isinstance(pane, PhotoPane)
    await asyncio.gather(*(pane.action_turn_picture() for _ in range(4)))
    await clerk.rest()
    assert screen.open.case.photo.digest == first != ""
    assert kept(clerk) == 1


async def test_a_mend_builds_on_the_last_one_though_an_earlier_picture_is_painted_meanwhile(
    clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jpg").write_bytes(portrait(1))
    screen = await at(clerk, "photo", OF_A_FILE)
    await clerk.types(str(tmp_path / "a.jpg"), "enter")
    pane = screen.step_pane
    assert isinstance(pane, PhotoPane) and pane.looked is not None
    first = pane.looked
    behind: list[Callable[[], None]] = []
    monkeypatch.setattr(pane, "do_behind", lambda work, then: behind.append(lambda: then(work())))
    pane.shown = first
    pane._show_photo(screen.open.case, first)
    monkeypatch.undo()
    await pane.action_turn_picture()
    turned = pane.looked
    assert turned is not first
    behind[0]()
    assert pane.looked is turned


async def test_a_photo_that_is_replaced_while_it_is_read_is_not_called_damaged(
    clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen may read the former photo when the thread that mends has let go of it by then."""
    (tmp_path / "a.jpg").write_bytes(portrait(1))
    screen = await at(clerk, "photo", OF_A_FILE)
    await clerk.types(str(tmp_path / "a.jpg"), "enter")
    pane, former = screen.step_pane, screen.open.case.photo.digest
    assert isinstance(pane, PhotoPane) and pane.looked is not None
    answer = pane._mended(pane.looked.image, pane.looked.mend.turned(), former)
    monkeypatch.setattr(pane, "_kept", lambda digest: None)
    pane.shown = former
    pane._show_photo(screen.open.case, former)
    await clerk.rest()
    assert screen.open.case.photo.digest == former, "nothing is taken back: the mended one is on its way"
    pane.screen.post_message(pane.Answered(screen.open.case, answer))
    await clerk.rest()
    assert screen.open.case.photo.digest == answer.patch["photo.digest"]


async def test_a_kept_photo_can_be_mended_and_another_sources_cannot(clerk: Clerk) -> None:
    digest = clerk.desk().store.photos.put(fit_photo(portrait(1), SPEC))
    screen = await at(clerk, "photo", structs.replace(APPLY, photo=Photo(source=PhotoSource.FILE, digest=digest)))
    assert t("steps.photo.mends")[:12] in clerk.text
    await clerk.types("alt+up")
    assert screen.open.case.photo.digest not in ("", digest)
    province = structs.replace(APPLY, photo=Photo(source=PhotoSource.PROVINCE, digest=digest))
    clerk.desk().store.photos.put(fit_photo(portrait(1), SPEC))
    screen = await at(clerk, "photo", province)
    assert t("steps.photo.mends")[:12] not in clerk.text
    await clerk.types("alt+up", "ctrl+r")
    assert screen.open.case.photo.digest == digest


# --- the folder of the camera -----------------------------------------------------------------------------------------


async def test_enter_takes_the_newest_picture_of_the_cameras_folder(clerk: Clerk, tmp_path: Path) -> None:
    for number, saved in ((1, 100.0), (2, 200.0)):
        (tmp_path / f"DSC_{number}.JPG").write_bytes(portrait(number))
        os.utime(tmp_path / f"DSC_{number}.JPG", (saved, saved))
    (tmp_path / "later.txt").write_text("no picture")
    clerk.desk().scan_folder = tmp_path
    screen = await at(clerk, "photo", OF_A_FILE)
    assert "DSC_2.JPG" in clerk.text
    await clerk.types("enter")
    digest = screen.open.case.photo.digest
    assert clerk.desk().store.photos.get(digest) == fit_photo(portrait(2), SPEC)


async def test_what_comes_when_the_step_has_lost_its_fields_is_no_crash(
    clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The photo is painted, and the folder looked through, while F10 takes the step away."""
    digest = clerk.desk().store.photos.put(fit_photo(portrait(1), SPEC))
    case = structs.replace(APPLY, photo=Photo(source=PhotoSource.FILE, digest=digest))
    screen = await at(clerk, "photo", case)
    pane, late = screen.step_pane, list[tuple[Callable[[], Any], Callable[[Any], Any]]]()
    assert isinstance(pane, PhotoPane)
    monkeypatch.setattr(pane, "do_behind", lambda work, then: late.append((work, then)))
    pane._show_photo(case, pane.shown)
    ((work, painted),) = late
    await pane.remove_children()
    assert pane.is_attached
    painted(work())
    pane._offer([(tmp_path / "a.jpg", MORNING)])
    await clerk.rest()
    assert clerk.app.is_running
