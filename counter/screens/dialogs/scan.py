"""The image of a paper (材料影像): out of the folder of the document camera, or by its path."""

from datetime import datetime
from pathlib import Path

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from counter.devices.camera import newest_pictures
from counter.files import typed_path
from counter.i18n import t
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose


class ScanScreen(ModalScreen[Path | None]):
    """Answers with the file of the picture, None after Esc; the newest of the folder stands first."""

    DEFAULT_CSS = """
    ScanScreen { align: center middle; }
    ScanScreen > Vertical {
        width: 66; max-width: 100%; height: auto; border: ascii $primary; padding: 1 2; background: $surface;
    }
    ScanScreen OptionList { height: auto; max-height: 8; padding: 0; margin: 1 0; }
    ScanScreen OptionList, ScanScreen OptionList:focus { border: none; }
    """
    BINDINGS = [Binding("escape", "dismiss", "key.no", key_display="Esc")]

    class Found(Message):
        """The pictures of the folder, each with its time."""

        def __init__(self, pictures: list[tuple[Path, datetime]]) -> None:
            super().__init__()
            self.pictures = pictures

    def __init__(self, folder: Path | None, paper: str) -> None:
        super().__init__()
        self.folder = folder
        self.paper = paper

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Prose(t("scan.title", paper=self.paper))
            yield OptionList()
            yield Prose(t("scan.looking") if self.folder else t("scan.no_folder"), id="said")
            yield Prose(t("scan.path"))
            yield FormInput(limit=500)

    def on_mount(self) -> None:
        self.query_one(OptionList).display = False
        self.query_one(FormInput).focus()
        if self.folder is not None:
            self._look(self.folder)

    @work(thread=True, exclusive=True)
    def _look(self, folder: Path) -> None:
        self.post_message(self.Found(newest_pictures(folder)))

    def on_scan_screen_found(self, event: Found) -> None:
        event.stop()
        found = event.pictures
        self.query_one("#said", Prose).update(t("scan.hint") if found else t("scan.empty", folder=str(self.folder)))
        listed = self.query_one(OptionList)
        listed.add_options(Option(Text(f"{at:%H:%M:%S}  {path.name}"), id=str(path)) for path, at in found)
        listed.display = bool(found)
        if found and not self.query_one(FormInput).value:
            listed.highlighted = 0
            listed.focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(Path(str(event.option.id)))

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.dismiss(typed_path(event.value))
