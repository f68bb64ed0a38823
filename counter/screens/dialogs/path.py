"""A question to the clerk for a file or a folder, whose path completes itself."""

from collections.abc import Collection, Iterable
from pathlib import Path

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from counter.files import typed_path
from counter.i18n import t
from counter.screens.dialogs.dialog import Dialog
from counter.widgets.fields.path import PathBox, PathInput
from counter.widgets.prose import Prose


class AskPathScreen(Dialog[Path]):
    """Asks for a path; Enter gives it, Esc gives none. `endings` are those of the files that fit, none for a folder."""

    def __init__(self, question: str, endings: Collection[str] = ()) -> None:
        super().__init__(hint=t("screen.path_hint"))
        self._question = question
        self._endings = endings

    def compose_body(self) -> Iterable[Widget]:
        yield Prose(self._question)
        yield PathBox(self._endings)

    def on_mount(self) -> None:
        self.query_one(PathInput).focus()

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.answer(typed_path(event.value))
