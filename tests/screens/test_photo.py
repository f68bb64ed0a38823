"""The photo step: the photo is read in the background, once; one that is damaged is said, and the case goes on."""

from pathlib import Path

import pytest
from msgspec import structs

from counter.desk.desk import Desk
from counter.gateway.seeding.portraits import portrait
from counter.i18n import t
from counter.rules.case import Photo, PhotoSource
from counter.rules.photo import fit_photo
from counter.screens.case.result import ResultScreen
from counter.store import tables
from counter.store.photos import Photos
from counter.widgets.photo import PhotoView
from tests.support.made_up import APPLY
from tests.support.screen_world import REFERENCE, Clerk, at

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
