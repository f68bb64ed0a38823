"""照片: where the card's photo comes from, and what it looks like."""

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widget import Widget

from counter.desk.desk import Desk
from counter.desk.intake import open_file, receipt_on, take_photo
from counter.devices.camera import LOOK_SECONDS, PICTURES, CameraFolder
from counter.files import typed_path
from counter.i18n import explained, listed, sentence, t
from counter.province.questions.photo import PHOTO
from counter.province.questions.question import Answer, Question
from counter.rules.case import Case, PhotoSource
from counter.rules.finding import tell
from counter.rules.judge import Judgement
from counter.rules.photo import PhotoError, check_photo, open_photo
from counter.rules.portrait import AS_IT_IS, Mend, framed
from counter.rules.reference import PhotoSpec
from counter.rules.service import Service, StepId
from counter.screens.case.pane import StepPane
from counter.store.errors import DamagedLedgerError, LedgerUnavailableError
from counter.widgets.bound import bound
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.path import PathField
from counter.widgets.fields.show import ShowField
from counter.widgets.fields.text import TextField
from counter.widgets.photo import PhotoView, paint
from counter.widgets.prose import Prose

if TYPE_CHECKING:
    from PIL.Image import Image

FILE = "photo_file"
DAMAGED = Answer({"photo.digest": ""}, (tell("PHO-6", "photo.kept_damaged", "photo.digest"),))
"""The case goes on without a photo that nobody can see: an entry must not name one that cannot be sent."""


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A picture that is looked at: what it was made of, how it is mended, and the digest under which the mended one is
    kept, '' for one that cannot be printed."""

    image: "Image"
    mend: Mend
    digest: str


class PhotoPane(StepPane):
    """A receipt number is looked up (PHO-4), a file is fitted and checked (PHO-6), the old photo is kept (PHO-3)."""

    step = StepId.PHOTO
    DEFAULT_CSS = """
    PhotoPane #fields { height: auto; width: 1fr; }
    PhotoPane Horizontal#split { height: auto; }
    PhotoPane #mends { margin: 1 1 0 3; }
    """
    BINDINGS = [
        bound("photo-turn", "turn_picture", show=False, priority=True),
        bound("photo-frame", "frame_picture", show=False, priority=True),
        bound("photo-white", "whiten_picture", show=False, priority=True),
        *(
            bound(f"photo-{way}", f"move_picture({right}, {down})", show=False, priority=True)
            for way, right, down in (("left", -1, 0), ("right", 1, 0), ("up", 0, -1), ("down", 0, 1))
        ),
        bound("photo-closer", "near_picture(1)", show=False, priority=True),
        bound("photo-further", "near_picture(-1)", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.folder = CameraFolder(desk.scan_folder) if desk.scan_folder is not None else None
        self.file = ""
        self.taken_from = ""
        """The file whose picture is looked at."""
        self.looked: Looked | None = None
        """A picture that can be mended."""
        self.mending = asyncio.Lock()
        """One mend at a time."""
        self.shown: Looked | str = ""
        """What is shown, or on its way: a picture that is looked at, or the digest of one that is kept."""
        self.replaced: set[str] = set()
        """The digests of the photos that later pictures took the place of: they are gone, and not damaged."""
        self.described = ""
        """The photo in words, where the terminal shows no pictures."""
        self.receipt = ""
        """The receipt number that a code on the file says."""
        self.searched: tuple[Path, datetime] | None = None
        """The newest picture of the folder in which a receipt's code was looked for."""

    def body(self) -> Iterable[Widget]:
        yield Horizontal(
            Vertical(
                ChoiceField("photo.source", self._sources, tall=True),
                TextField("photo.receipt", limit=20),
                PathField(FILE, PICTURES),
                self.papers(),
                ShowField("photo.digest"),
                Prose(t("steps.photo.mends"), id="mends"),
                id="fields",
            ),
            PhotoView(),
            id="split",
        )

    def _sources(self) -> list[Option]:
        """PHO-1 to PHO-3, PHO-5: one that this customer's card or document does not have says so."""
        return self.offered("photo.source", "photo", self.service.photo_sources)

    def on_mount(self) -> None:
        if self.folder is not None and {PhotoSource.FILE, PhotoSource.RECEIPT}.intersection(self.service.photo_sources):
            self._watch_folder()
            self.set_interval(LOOK_SECONDS, self._watch_folder)

    def applies(self, field: Field, case: Case) -> bool:
        if field.path == "papers":
            return bool(self.paper_options())
        wanted = {"photo.receipt": PhotoSource.RECEIPT, FILE: PhotoSource.FILE}
        return field.path not in wanted or case.photo.source is wanted[field.path]

    def value_of(self, field: Field, case: Case) -> object:
        if field.path == FILE:
            return self.file
        if field.path == "photo.digest":
            return (self.described or t("steps.photo.taken")) if case.photo.digest else ""
        return super().value_of(field, case)

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        self._show_mends()
        looked = self.looked
        shown = looked if looked and self.can_mend else case.photo.digest
        if shown != self.shown:
            self.shown = shown
            self._show_photo(case, shown)

    def _show_mends(self) -> None:
        for mends in self.query("#mends"):  # none where the clerk has left the step meanwhile
            mends.display = self.can_mend

    @property
    def can_mend(self) -> bool:
        """Is the picture of a file looked at, and no other photo meant?"""
        photo, looked = self.case.photo, self.looked
        return looked is not None and photo.source is PhotoSource.FILE and photo.digest == looked.digest

    def _show_photo(self, case: Case, shown: Looked | str) -> None:
        """Read and paint the photo in the background."""
        view = self.query_one(PhotoView)
        if not shown:
            view.show(())
            return

        def painted(result: tuple[Looked, Sequence[Strip | str], str] | None) -> None:
            if shown is not self.shown or not self.is_attached:
                return
            if result is None and shown in self.replaced:
                return  # the picture that replaced it is on its way
            if result is None:
                view.show(())
                self.post_message(self.Answered(case, DAMAGED))
            else:
                looked, picture, self.described = result
                if self.looked is before:  # else a mend has made a later one meanwhile, and the next builds on that
                    self.looked = looked
                self.shown = self.looked if self.looked and self.can_mend else shown
                self._show_mends()
                view.show(picture)
                for field in self.query("#field-photo-digest").results(ShowField):
                    field.show(self.value_of(field, self.case))

        view.expect()
        way, before = view.way, self.looked
        spec = self.desk.reference.cities[self.desk.place.city].photo

        def work() -> tuple[Looked, Sequence[Strip | str], str] | None:
            looked = self._kept(shown) if isinstance(shown, str) else shown
            if looked is None:
                return None
            words = self._in_words(looked.digest, spec) if way == "none" else ""
            return looked, paint(looked.image, spec, looked.mend, way), words

        self.do_behind(work, painted)

    def _in_words(self, digest: str, spec: PhotoSpec) -> str:
        """How large the photo is that is kept, and what is said of it (PHO-6); in a thread."""
        jpeg = self.desk.store.photos.get(digest) if digest else None
        if not jpeg:
            return ""
        width, height = open_photo(jpeg).size
        said = [sentence(finding) for finding in check_photo(jpeg, spec)] or [t("steps.photo.fits")]
        return t("steps.photo.in_words", width=width, height=height, size=round(len(jpeg) / 1024), said=listed(said))

    def _kept(self, digest: str) -> Looked | None:
        """The photo that is kept; None for one that is not there, not as it was kept, or no picture."""
        try:
            jpeg = self.desk.store.photos.get(digest)
            return Looked(open_photo(jpeg), AS_IT_IS, digest) if jpeg else None
        except (DamagedLedgerError, PhotoError):
            return None

    @on(Field.Changed, f"#field-{FILE}")
    def _typed_file(self, event: Field.Changed) -> None:
        event.stop()
        self.file = str(event.value)

    @on(Field.Accepted, f"#field-{FILE}, #field-photo-receipt")
    def _look(self, event: Field.Accepted) -> None:
        """Enter on a receipt number or a file gets the photo; with the photo there, it goes on."""
        other = event.field.path == FILE and self.file not in ("", self.taken_from)
        if not self.case.photo.digest or other:
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
            return self._take(self.file, case.photo.digest)
        return super().ask(question, case)

    def _take(self, file: str, former: str) -> Answer:
        """The photo of a file; in a thread."""
        try:
            image = open_file(typed_path(file))
        except PhotoError as error:
            return Answer(findings=(error.finding,))
        self.taken_from = file
        answer = self._mended(image, AS_IT_IS, former)
        takes = PhotoSource.RECEIPT in self.service.photo_sources
        self.receipt = receipt_on(self.desk, image) if takes else ""
        if not self.receipt:
            return answer
        told = tell("PHO-7", "photo.receipt_on_picture", "photo.source", number=self.receipt)
        return replace(answer, findings=(told, *answer.findings))

    def answered(self, case: Case) -> None:
        """What the file has turned out to be is offered where it belongs."""
        if self.receipt:
            self._offer_receipt(self.receipt)

    def _mended(self, image: "Image", mend: Mend, former: str) -> Answer:
        """The picture, mended, fitted, checked and kept; in a thread."""
        self.replaced.add(former)  # before it goes: the screen may be reading it
        answer = take_photo(self.desk, image, mend, former=former)
        self.looked = Looked(image, mend, str(answer.patch["photo.digest"]))
        return answer

    # --- mending: each key builds on what the one before it made, and waits for that

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to mend while the picture of a file is looked at."""
        return self.can_mend if action.endswith("_picture") else True

    async def action_turn_picture(self) -> None:
        """Ctrl+R: a quarter clockwise."""
        await self._mend(lambda looked: looked.mend.turned())

    async def action_frame_picture(self) -> None:
        """Ctrl+T: cropped to the head, as a card photo shows it."""
        spec = self.desk.reference.cities[self.desk.place.city].photo
        await self._mend(lambda looked: framed(looked.image, spec, looked.mend))

    async def action_whiten_picture(self) -> None:
        """Ctrl+G: white behind the person, or what was there."""
        await self._mend(lambda looked: looked.mend.whitened())

    async def action_move_picture(self, right: int, down: int) -> None:
        """Ctrl and an arrow: the part that is taken moves."""
        await self._mend(lambda looked: looked.mend.moved(right, down))

    async def action_near_picture(self, steps: int) -> None:
        """Alt and an arrow: nearer, or further away."""
        await self._mend(lambda looked: looked.mend.nearer(steps))

    async def _mend(self, how: Callable[[Looked], Mend | None]) -> None:
        async with self.mending:  # a key may come while the one before it is still at work
            if self.looked is not None:
                await self._mend_looked(self.looked, how)

    async def _mend_looked(self, looked: Looked, how: Callable[[Looked], Mend | None]) -> None:
        case = self.case
        spec = self.desk.reference.cities[self.desk.place.city].photo

        def work() -> Answer | None:
            mend = how(looked)
            if mend is None:
                return None
            return self._mended(looked.image, mend.settled(looked.image.size, spec), looked.digest)

        try:
            answer = await asyncio.to_thread(work)
        except LedgerUnavailableError as error:  # the picture stays as it was
            self.notify(explained(error), severity="error", timeout=10)
            return
        if answer is None:
            self.notify(t("steps.photo.no_head"), severity="warning")
        else:
            self.screen.post_message(self.Answered(case, answer))

    # --- the folder into which the camera saves

    def _watch_folder(self) -> None:
        """Look for its newest picture, and offer it."""
        folder = self.folder
        if folder is not None and self.screen.is_active:
            self.do_behind(lambda: folder.newest()[:1], self._offer)

    def _offer(self, newest: Sequence[tuple[Path, datetime]]) -> None:
        file, saved = next(iter(newest), (None, None))
        for field in self.query(PathField):  # likewise
            field.box.input.start = f"{self.desk.scan_folder}{os.sep}"
            field.box.input.offer_file(file, saved)
        if file and saved and self.searched != (file, saved) and PhotoSource.RECEIPT in self.service.photo_sources:
            self.searched = file, saved
            self.do_behind(lambda: self._receipt_on(file), self._offer_receipt)

    def _receipt_on(self, file: Path) -> str:
        """The receipt number on a picture of the folder, as far as it is one; in a thread."""
        try:
            return receipt_on(self.desk, open_file(file))
        except PhotoError:
            return ""

    def _offer_receipt(self, number: str) -> None:
        """A code on the picture says it: Enter takes it, where nothing is typed."""
        for field in self.query("#field-photo-receipt").results(TextField):
            field.input.offer(number, t("steps.photo.receipt_on_picture", number=number))
