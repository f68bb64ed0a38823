"""照片: where the card's photo comes from, and what it looks like."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widget import Widget

from counter.desk.desk import Desk
from counter.desk.intake import take_photo
from counter.files import typed_path
from counter.i18n import t
from counter.province.questions.photo import PHOTO
from counter.province.questions.question import Answer, Question
from counter.rules.case import Case, PhotoSource
from counter.rules.finding import tell
from counter.rules.judge import Judgement
from counter.rules.service import Service, StepId
from counter.screens.case.pane import StepPane
from counter.screens.options import choices
from counter.store.errors import DamagedLedgerError
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.show import ShowField
from counter.widgets.fields.text import TextField
from counter.widgets.photo import PhotoView, paint

FILE = "photo_file"
DAMAGED = Answer({"photo.digest": ""}, (tell("PHO-6", "photo.kept_damaged", "photo.digest"),))
"""The case goes on without a photo that nobody can see: an entry must not name one that cannot be sent."""


class PhotoPane(StepPane):
    """A receipt number is looked up (PHO-4), a file is fitted and checked (PHO-6), the old photo is kept (PHO-3)."""

    step = StepId.PHOTO
    DEFAULT_CSS = "PhotoPane #fields { height: auto; width: 1fr; } PhotoPane Horizontal#split { height: auto; }"

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.file = ""
        self.shown_digest = ""
        """Of the photo that is shown, or on its way."""

    def body(self) -> Iterable[Widget]:
        yield Horizontal(
            Vertical(
                ChoiceField("photo.source", self._sources, tall=True),
                TextField("photo.receipt", limit=20),
                TextField(FILE, limit=500),
                self.papers(),
                ShowField("photo.digest"),
                id="fields",
            ),
            PhotoView(),
            id="split",
        )

    def _sources(self) -> list[Option]:
        """PHO-1 to PHO-3, PHO-5: one that this customer's card or document does not have says so."""
        return self.open_choices("photo.source", choices("photo", self.service.photo_sources))

    def applies(self, field: Field, case: Case) -> bool:
        if field.path == "papers":
            return bool(self.paper_options())
        wanted = {"photo.receipt": PhotoSource.RECEIPT, FILE: PhotoSource.FILE}
        return field.path not in wanted or case.photo.source is wanted[field.path]

    def value_of(self, field: Field, case: Case) -> object:
        if field.path == FILE:
            return self.file
        if field.path == "photo.digest":
            return t("steps.photo.taken") if case.photo.digest else ""
        return super().value_of(field, case)

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        if case.photo.digest != self.shown_digest:
            self.shown_digest = case.photo.digest
            self._show_photo(case)

    def _show_photo(self, case: Case) -> None:
        """Read and paint the photo in the background."""
        view, digest = self.query_one(PhotoView), case.photo.digest
        if not digest:
            view.show(())
            return

        def painted(picture: Sequence[Strip]) -> None:
            if digest == self.shown_digest and self.is_attached:
                view.show(picture)
                if not picture:
                    self.post_message(self.Answered(case, DAMAGED))

        view.expect()
        self.do_behind(lambda: self._paint(digest), painted)

    def _paint(self, digest: str) -> Sequence[Strip]:
        """The photo as it is shown; nothing for one that is not there, not as it was kept, or no picture."""
        try:
            jpeg = self.desk.store.photos.get(digest)
        except DamagedLedgerError:
            return ()
        return paint(jpeg) if jpeg else ()

    @on(Field.Changed, f"#field-{FILE}")
    def _typed_file(self, event: Field.Changed) -> None:
        event.stop()
        self.file = str(event.value)

    @on(Field.Accepted, f"#field-{FILE}, #field-photo-receipt")
    def _look(self, event: Field.Accepted) -> None:
        """Enter on a receipt number or a file gets the photo; with the photo there, it goes on."""
        if not self.case.photo.digest:
            event.stop()
            self.post_message(self.Ask())

    @on(Field.Accepted, "#field-photo-source")
    def _look_in_province(self, event: Field.Accepted) -> None:
        """The photo that the province holds is got at once: the clerk sees it, or sees that there is none."""
        field = self.query_one("#field-photo-source", ChoiceField)
        if field.choice.chosen is PhotoSource.PROVINCE and not self.case.photo.digest:
            event.stop()
            self.post_message(self.Ask())

    def ask(self, question: Question[Answer], case: Case) -> Answer:
        if question is PHOTO and case.photo.source is PhotoSource.FILE:
            return take_photo(self.desk, typed_path(self.file))
        return super().ask(question, case)
