"""A path that is typed, and completed from what is there: Tab goes as far as it is certain, Down lists the rest."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Input

from counter.files import HOME, SEPARATORS, Listing, common_start, halves, list_folder, typed_path
from counter.i18n import t
from counter.widgets.bound import bound, fixed
from counter.widgets.fields.choice import Option
from counter.widgets.fields.search import Matches
from counter.widgets.fields.text import FormInput, TextField

PATH_LIMIT: Final = 500
PATIENCE_SECONDS: Final = 3.0
"""So long a folder may take, on a drive that is away, before the keys go on without it."""


class Names(Matches):
    """The names of a folder under the input, or why there are none. No wider than that: a picture stands beside it."""

    DEFAULT_CSS = "Names { width: 100%; }"

    message: reactive[str] = reactive("")

    def render(self) -> Text:
        return super().render() if self.options else Text(f"  {self.message}", style="quiet")


class PathInput(FormInput):
    """The input of a path. Keys that are typed on wait for the folder, and the screen does not."""

    BINDINGS = [
        fixed("complete", "tab", "complete"),
        fixed("walk", "down", "down"),
        fixed("walk", "up", "up"),
        bound("back", "close", show=False),
    ]

    def __init__(self, names: Names, endings: Collection[str], *, id: str | None = None) -> None:
        super().__init__(limit=PATH_LIMIT, id=id)
        self.names = names
        self.endings = endings
        """Of the files that fit; without any only folders are listed."""
        self.start = ""
        """The folder that is listed while nothing is typed; the user's own without one."""
        self._folder, self._listing = "", Listing()

    def offer_file(self, file: Path | None, saved: datetime | None = None) -> None:
        """Offer a file that has just been saved, in the place of what is not typed; or nothing any more."""
        said = t("screen.newest", file=file.name, time=f"{saved:%H:%M}") if file and saved else ""
        self.offer(str(file or ""), said)

    async def action_complete(self) -> None:
        """Tab: as far as all that fits begins alike; a list where several do; on to the next field where none does."""
        if not self.value.strip():
            self.screen.focus_next()
            return
        fitting = await self._fitting()
        folder, begun = halves(self.value)
        whole = common_start(fitting)
        if len(fitting) == 1 and whole == begun:
            self.screen.focus_next()
        elif fitting and (len(fitting) == 1 or len(whole) > len(begun)):
            self._write(folder + whole)
            self.close() if len(fitting) == 1 else self._open(fitting)
        else:
            self._open(fitting)
            if not fitting:
                self.app.bell()

    async def action_down(self) -> None:
        """Down: the list, then down in it."""
        if self.names.display and self.names.options:
            self.walk(1)
        else:
            self._open(await self._fitting())

    def action_up(self) -> None:
        """Up: in the list, else to the field before."""
        if self.names.display:
            self.walk(-1)
        else:
            self.screen.focus_previous()

    def action_close(self) -> None:
        self.close()

    async def action_submit(self) -> None:
        """Enter: the name that the cursor is at; a folder is looked into, a file is it."""
        chosen = self.chosen
        if chosen:
            self._write((halves(self.value)[0] or self._typed_start()) + chosen)
            self.close()
        if chosen.endswith(SEPARATORS):
            self._open(await self._fitting())
        else:
            await super().action_submit()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape is ours only while the list is open."""
        return action != "close" or self.names.display

    @property
    def chosen(self) -> str:
        """The name that the cursor is at; '' without a list."""
        return str(self.names.options[self.names.cursor].value) if self.names.display and self.names.options else ""

    def walk(self, by: int) -> None:
        """Move the cursor in the list."""
        if self.names.options:
            self.names.cursor = (self.names.cursor + by) % len(self.names.options)

    def close(self) -> None:
        """Close the list."""
        self.names.display = False

    def narrow(self) -> None:
        """What is typed on narrows an open list; another folder closes it."""
        folder, begun = halves(self.value)
        same = not self._listing.problem and (folder or self._typed_start()) == self._folder
        if self.names.display and same:
            self._open(self._listing.beginning(begun))
        else:
            self.close()

    async def _fitting(self) -> tuple[str, ...]:
        """The names in the folder that is typed which begin as what is typed of them."""
        folder, begun = halves(self.value)
        self._folder = folder or self._typed_start()
        try:
            listing = asyncio.to_thread(list_folder, typed_path(self._folder), self.endings)
            self._listing = await asyncio.wait_for(listing, PATIENCE_SECONDS)
        except TimeoutError:
            self._listing = Listing(problem="slow")
        return self._listing.beginning(begun)

    def _typed_start(self) -> str:
        return self.start or HOME

    def _open(self, fitting: tuple[str, ...]) -> None:
        problem = self._listing.problem or "nothing"
        self.names.message = t(f"screen.listing.{problem}")
        self.names.options = tuple(Option(name, name) for name in fitting)
        self.names.cursor = 0
        self.names.display = True

    def _write(self, text: str) -> None:
        self.value = text[: self.limit]
        self.cursor_position = len(self.value)


class PathBox(Vertical):
    """The input of a path with its list, for a field or a dialog."""

    DEFAULT_CSS = "PathBox { height: 1; width: 1fr; }"

    def __init__(self, endings: Collection[str], *, id: str | None = None) -> None:
        super().__init__()
        self.names = Names()
        self.input = PathInput(self.names, endings, id=id)

    def compose(self) -> ComposeResult:
        yield self.input
        yield self.names

    @on(Input.Changed)
    def _typed(self) -> None:
        self.input.narrow()

    @on(Input.Blurred)
    def _left(self) -> None:
        self.input.close()


class PathField(TextField):
    """A field of a path; `endings` are those of the files that fit."""

    def __init__(self, path: str, endings: Collection[str], *, label: str = "", required: bool = True) -> None:
        super().__init__(path, limit=PATH_LIMIT, label=label, required=required)
        self.box = PathBox(endings)
        self.input = self.box.input

    def make_control(self) -> PathBox:
        return self.box
