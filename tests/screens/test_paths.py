"""A path that is typed: Tab completes it, Down lists what fits; whatever the folder is like, the screen goes on."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from counter.files import Listing, common_start, halves, list_folder
from counter.i18n import t
from counter.widgets.fields import path as fields_path
from counter.widgets.fields.path import PathField, PathInput

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=6)


class Form(App[None]):
    """A path of a photo, and a field below it."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[str] = []

    def compose(self) -> ComposeResult:
        yield PathField("photo_file", {".jpg"})
        yield Input(id="below")

    def on_field_accepted(self, event: PathField.Accepted) -> None:
        self.accepted.append(self.box.value)

    @property
    def box(self) -> PathInput:
        return self.query_one(PathInput)

    @property
    def listed(self) -> list[str]:
        names = self.box.names
        return [option.label for option in names.options] if names.display else []


@asynccontextmanager
async def form(typed: str) -> AsyncIterator[tuple[Form, Pilot[None]]]:
    app = Form()
    async with app.run_test() as pilot:
        app.box.focus()
        app.box.value = typed
        app.box.cursor_position = len(typed)
        await pilot.pause()
        yield app, pilot


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Photos, among what is none."""
    for name in ("王 小明.jpg", "王 小红.JPG", "李.jpg", "名单.xlsx", ".hidden.jpg"):
        (tmp_path / name).touch()
    (tmp_path / "王家").mkdir()
    (tmp_path / "王家" / "一.jpg").touch()
    return tmp_path


async def test_tab_goes_as_far_as_it_is_certain(folder: Path) -> None:
    async with form(f"{folder}/王 ") as (app, pilot):
        await pilot.press("tab")
        assert app.box.value == f"{folder}/王 小"
        assert app.listed == ["王 小明.jpg", "王 小红.JPG"]
        await pilot.press("明")
        assert app.listed == ["王 小明.jpg"]
        await pilot.press("tab")
        assert app.box.value == f"{folder}/王 小明.jpg"
        assert app.listed == []
        assert app.focused is app.box
        await pilot.press("tab")
        assert app.focused is app.query_one("#below"), "there is nothing left to complete"
        app.box.value = ""
        app.box.focus()
        await pilot.press("tab")
        assert app.focused is app.query_one("#below"), "nor is there where nothing is typed"


async def test_down_lists_what_fits_and_enter_takes_it(folder: Path) -> None:
    async with form(f"{folder}/") as (app, pilot):
        await pilot.press("down")
        assert app.listed == ["李.jpg", "王 小明.jpg", "王 小红.JPG", f"王家{os.sep}"], (
            "no list of people, nothing hidden"
        )
        await pilot.press("up", "enter")
        assert app.box.value == f"{folder}/王家{os.sep}"
        assert app.listed == ["一.jpg"], "a folder is looked into"
        assert app.accepted == []
        await pilot.press("escape")
        assert app.listed == []
        assert app.box.value == f"{folder}/王家{os.sep}", "what is typed stays"
        await pilot.press("down", "enter")
        assert app.accepted == [str(folder / "王家" / "一.jpg")]
        assert app.listed == []


async def test_home_is_meant_by_a_tilde(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    async with form("~/李") as (app, pilot):
        await pilot.press("tab")
        assert app.box.value == "~/李.jpg"
        app.box.value = ""
        await pilot.pause()
        await pilot.press("down")
        assert "李.jpg" in app.listed, "nothing typed yet"
        await pilot.press("enter")
        assert app.accepted == [f"~{os.sep}李.jpg"]


@pytest.mark.parametrize("problem", ["missing", "denied"])
async def test_a_folder_that_cannot_be_read_says_so(
    problem: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if problem == "denied":
        monkeypatch.setattr(os, "scandir", lambda _: (_ for _ in ()).throw(PermissionError))
    async with form(f"{folder}/{problem}/") as (app, pilot):
        await pilot.press("tab")
        assert app.box.names.display
        assert app.box.names.message == t(f"screen.listing.{problem}")
        await pilot.press("x")
        assert not app.box.names.display
        assert app.box.value.endswith("/x"), "the path can be typed all the same"


async def test_a_folder_that_takes_too_long_holds_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drive that is away: the keys go on without it; the screen never waited."""
    painted = list[str]()

    def away(*_: object) -> Listing:
        time.sleep(0.3)
        painted.append("done")
        return Listing()

    monkeypatch.setattr(fields_path, "list_folder", away)
    monkeypatch.setattr(fields_path, "PATIENCE_SECONDS", 0.02)
    async with form(f"{folder}/") as (app, pilot):
        pressing = asyncio.ensure_future(pilot.press("tab"))
        await asyncio.sleep(0)
        assert not painted, "the loop was free while the thread slept"
        await pressing
        assert app.box.names.message == t("screen.listing.slow")


async def test_ten_thousand_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = Listing(tuple(f"DSC_{number:05}.jpg" for number in range(10_000)))
    monkeypatch.setattr(fields_path, "list_folder", lambda *_: many)
    async with form(f"{tmp_path}/DSC_0999") as (app, pilot):
        await pilot.press("tab")
        assert app.listed == [f"DSC_0999{digit}.jpg" for digit in range(10)]
        await pilot.press(*["backspace"] * 4)
        assert len(app.listed) == 10_000
        await pilot.press("up", "enter")
        assert app.accepted == [f"{tmp_path}/DSC_09999.jpg"]


@settings(max_examples=40)
@given(st.lists(NAMES, min_size=1, max_size=5))
def test_what_all_begin_with_is_the_longest_such_start(names: list[str]) -> None:
    start = common_start(names)
    assert names[0].startswith(start)

    def fits(text: str) -> bool:
        return all(
            len(name) >= len(text) and all(a.casefold() == b.casefold() for a, b in zip(name, text, strict=False))
            for name in names
        )

    assert fits(start)
    assert start == names[0] or not fits(names[0][: len(start) + 1])


@pytest.mark.parametrize(
    ("typed", "folder", "begun"),
    [
        ("", "", ""),
        ("照", "", "照"),
        ("/a b/照", "/a b/", "照"),
        ("~", f"~{os.sep}", ""),
        ("~/照", "~/", "照"),
        ('"/a/b', "/a/", "b"),
    ],
)
def test_a_path_as_it_is_typed(typed: str, folder: str, begun: str) -> None:
    assert halves(typed) == (folder, begun)


def test_nothing_of_a_folder_hides_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    (tmp_path / "b.jpg").symlink_to(tmp_path / "gone.jpg")
    (tmp_path / "c").symlink_to(tmp_path / "c")
    assert list_folder(tmp_path, {".jpg"}).names == ("a.jpg", "b.jpg")
    assert list_folder(Path("\0"), {".jpg"}).problem == "missing"
