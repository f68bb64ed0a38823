"""照片: where the card's photo comes from, and what it looks like."""

from collections.abc import Iterable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from counter.desk.desk import Answer, Desk
from counter.files import typed_path
from counter.i18n import t
from counter.rules.case import Case, PhotoSource
from counter.rules.judge import Judgement
from counter.rules.service import Service, StepId
from counter.screens.case.pane import StepPane
from counter.screens.options import choices
from counter.widgets.fields.choice import ChoiceRow
from counter.widgets.fields.field import Row
from counter.widgets.fields.show import ShowRow
from counter.widgets.fields.text import TextRow
from counter.widgets.photo import PhotoView

FILE = "photo_file"


class PhotoPane(StepPane):
    """A receipt number is looked up (PHO-4), a file is fitted and checked (PHO-6), the old photo is kept (PHO-3)."""

    step = StepId.PHOTO
    question = "photo"
    DEFAULT_CSS = "PhotoPane #fields { height: auto; width: 1fr; } PhotoPane Horizontal#split { height: auto; }"

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.file = ""

    def body(self) -> Iterable[Widget]:
        yield Horizontal(
            Vertical(
                ChoiceRow("photo.source", lambda: choices("photo", self.service.photo_sources), tall=True),
                TextRow("photo.receipt", limit=20),
                TextRow(FILE, limit=500),
                self.papers(),
                ShowRow("photo.digest"),
                id="fields",
            ),
            PhotoView(),
            id="split",
        )

    def applies(self, row: Row, case: Case) -> bool:
        if row.path == "papers":
            return bool(self.paper_options())
        wanted = {"photo.receipt": PhotoSource.RECEIPT, FILE: PhotoSource.FILE}
        return row.path not in wanted or case.photo.source is wanted[row.path]

    def value_of(self, row: Row, case: Case) -> object:
        if row.path == FILE:
            return self.file
        if row.path == "photo.digest":
            return t("steps.photo.taken") if case.photo.digest else ""
        return super().value_of(row, case)

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        view = self.query_one(PhotoView)
        view.jpeg = self.desk.store.photos.get(case.photo.digest) if case.photo.digest else None

    @on(Row.Changed, f"#row-{FILE}")
    def _typed_file(self, event: Row.Changed) -> None:
        event.stop()
        self.file = str(event.value)

    @on(Row.Accepted, f"#row-{FILE}, #row-photo-receipt")
    def _look(self, event: Row.Accepted) -> None:
        """Enter on a receipt number or a file gets the photo; with the photo there, it goes on."""
        if not self.case.photo.digest:
            event.stop()
            self.post_message(self.Ask())

    @on(Row.Accepted, "#row-photo-source")
    def _look_in_province(self, event: Row.Accepted) -> None:
        """The photo that the province holds is got at once: the clerk sees it, or sees that there is none."""
        row = self.query_one("#row-photo-source", ChoiceRow)
        if row.choice.chosen is PhotoSource.PROVINCE and not self.case.photo.digest:
            event.stop()
            self.post_message(self.Ask())

    def ask(self, case: Case) -> Answer:
        if case.photo.source is PhotoSource.FILE:
            return self.desk.photo_from_file(typed_path(self.file))
        return self.desk.ask_photo(case)
