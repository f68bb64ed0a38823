"""The image of a paper (材料影像): out of the folder of the document camera, or by its path."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from counter.devices.camera import LOOK_SECONDS, PICTURES, CameraFolder
from counter.files import typed_path
from counter.i18n import t
from counter.screens.dialogs.dialog import Dialog
from counter.widgets.fields.path import PathBox, PathInput
from counter.widgets.prose import Prose


class ScanScreen(Dialog[Path]):
    """Answers with the file of the picture, None after Esc; the newest of the folder stands first."""

    DEFAULT_CSS = """
    ScanScreen OptionList { height: auto; max-height: 8; padding: 0; margin: 0 0 1 0; }
    ScanScreen OptionList, ScanScreen OptionList:focus { border: none; }
    """

    def __init__(self, folder: Path | None, paper: str) -> None:
        super().__init__(t("scan.title", paper=paper))
        self.folder = CameraFolder(folder) if folder is not None else None
        self.pictures: Sequence[tuple[Path, datetime]] = ()

    def compose_body(self) -> Iterable[Widget]:
        yield OptionList()
        yield Prose(t("scan.looking") if self.folder else t("scan.no_folder"), id="pictures")
        yield Prose(t("scan.path"))
        yield PathBox(PICTURES)

    def on_mount(self) -> None:
        self.query_one(OptionList).display = False
        self.query_one(PathInput).focus()
        if self.folder is not None:
            self._look()
            self.set_interval(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        if (folder := self.folder) is not None:
            self.in_background(lambda _: folder.newest(), self._list)

    def _list(self, pictures: Sequence[tuple[Path, datetime]]) -> None:
        """Who has gone down to a picture stays at it; who stands at the newest goes to the one that has come."""
        if not pictures or pictures != self.pictures:
            told = t("scan.hint") if pictures else t("scan.empty", folder=str(self.folder and self.folder.path))
            self.query_one("#pictures", Prose).update(told)
        if pictures != self.pictures:
            self._show(pictures, begins=not self.pictures)
            self.pictures = pictures

    def _show(self, pictures: Sequence[tuple[Path, datetime]], *, begins: bool) -> None:
        listed = self.query_one(OptionList)
        chosen = listed.highlighted_option.id if listed.highlighted and listed.highlighted_option else None
        names = [str(path) for path, _ in pictures]
        listed.clear_options()
        listed.add_options(
            Option(Text(f"{at:%H:%M:%S}  {path.name}"), id=name)
            for name, (path, at) in zip(names, pictures, strict=True)
        )
        listed.display = bool(pictures)
        listed.highlighted = names.index(chosen) if chosen in names else 0 if names else None
        if pictures and begins and not self.query_one(PathInput).value:
            listed.focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.answer(Path(str(event.option.id)))

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.answer(typed_path(event.value))
