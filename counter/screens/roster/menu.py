"""What F9 offers on a roster (更多): the unit, photos, the hand-over list, collecting, the end of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter.desk import rosters
from counter.files import typed_path, write_whole
from counter.i18n import t
from counter.roster.handover import as_pdf, as_xlsx
from counter.rules.unit import Delivery
from counter.screens.dialogs.ask import (
    AskTextScreen,
    ConfirmScreen,
    MenuScreen,
)
from counter.screens.dialogs.task import Task, TaskScreen
from counter.screens.dialogs.text import TextScreen
from counter.screens.roster.collect import CollectScreen
from counter.screens.roster.photos import (
    TakenPhotos,
    Wanted,
    take_photos,
)
from counter.store.records import Batch, BatchState
from counter.widgets.fields.choice import Option

if TYPE_CHECKING:
    from counter.screens.roster.screen import RosterScreen
    from counter.screens.roster.table import RosterTable

ACTS: Final = ("unit", "photos", "hand_over", "collect", "finish", "discard")
WITHOUT_A_FILE: Final = ("", "file")
"""What the photo's cell says of people who may be given one from a folder: a receipt's number is another source."""


class RosterMenu:
    """Asks what to do, and does it; the rows are the screen's."""

    def __init__(self, screen: "RosterScreen", batch: Batch, table: "RosterTable") -> None:
        self.screen = screen
        self.batch = batch
        self.table = table
        self.store = screen.desk.store

    def open(self) -> None:
        """Show what applies now."""
        options = [Option(act, t(f"batch.menu.{act}")) for act in ACTS if self._applies(act)]
        acts = {
            "unit": self.screen.open_unit,
            "photos": self._ask_folder,
            "hand_over": self._write_list,
            "collect": self._collect,
            "finish": self._finish,
            "discard": self._discard,
        }
        self.screen.app.push_screen(
            MenuScreen(t("batch.menu.title"), options), lambda act: acts[act]() if act else None
        )

    def _applies(self, act: str) -> bool:
        is_open, in_ledger = self.batch.state is BatchState.OPEN, bool(self.table.submitted)
        return {
            "unit": is_open,
            "photos": is_open,
            "collect": in_ledger,
            "finish": is_open and in_ledger,
            "discard": is_open and not in_ledger,
        }.get(act, True)

    # --- photos ----------------------------------------------------------------------------------------------------

    def _ask_folder(self) -> None:
        self.screen.app.push_screen(AskTextScreen(t("batch.photos.folder")), self._take_photos)

    def _take_photos(self, folder: str | None) -> None:
        if folder is None:
            return
        table, desk = self.table, self.screen.desk
        rows = ((line, key, table.row_of(key)) for line, key in enumerate(table.order, 1) if key not in table.submitted)
        wanted = [Wanted(key, line, row.number) for line, key, row in rows if row.photo in WITHOUT_A_FILE]
        spec, path = desk.reference.cities[desk.place.city].photo, typed_path(folder)

        def take(task: Task) -> TakenPhotos | None:
            return take_photos(self.store, path, wanted, spec, task)

        task: TaskScreen[TakenPhotos] = TaskScreen(t("batch.photos.taking"), take)
        self.screen.app.push_screen(task, self._took_photos)

    async def _took_photos(self, photos: TakenPhotos | None) -> None:
        if photos is None:
            self.screen.notify(t("batch.photos.no_folder"), severity="error")
            return
        await self.screen.change(lambda table: table.take_photos(photos.kept))
        self.screen.app.push_screen(TextScreen(photos.said()))

    # --- the hand-over list ----------------------------------------------------------------------------------------

    def _write_list(self) -> None:
        task: TaskScreen[tuple[Path, Path]] = TaskScreen(t("batch.hand_over.writing"), self._write_files)
        self.screen.app.push_screen(task, self._wrote_list)

    def _write_files(self, _task: Task) -> tuple[Path, Path] | None:
        """The list beside the ledger, as a workbook and as PDF, in place of an earlier one of the day."""
        context, folder = self.screen.desk.context(), self.store.home / "rosters"
        made = rosters.hand_over_of(self.store, self.batch.id, context)
        path = folder / f"hand-over-{self.batch.id}-{context.today:%Y%m%d}.xlsx"
        try:
            folder.mkdir(exist_ok=True, mode=0o700)
            write_whole(path, as_xlsx(made))
            write_whole(path.with_suffix(".pdf"), as_pdf(made))
        except OSError:
            return None
        return path, path.with_suffix(".pdf")

    def _wrote_list(self, files: tuple[Path, Path] | None) -> None:
        if files is None:
            self.screen.notify(t("batch.hand_over.not_written"), severity="error")
        else:
            self.screen.app.push_screen(TextScreen("\n\n".join((t("batch.hand_over.written"), *map(str, files)))))

    # --- collecting, the end ---------------------------------------------------------------------------------------

    def _collect(self) -> None:
        self.screen.app.push_screen(CollectScreen(self.screen.desk, self.batch))

    def _finish(self) -> None:
        left = len(self.table.order) - len(self.table.submitted)
        items = [t("batch.finish.what")]
        if left:
            items.append(t("batch.finish.left", count=left))
        if self.batch.unit.delivery is Delivery.UNIT:
            items.append(t("batch.finish.collect"))
        self._once_confirmed("finish", items)

    def _discard(self) -> None:
        self._once_confirmed("discard", [t("batch.discard.what", rows=len(self.table.order))])

    def _once_confirmed(self, act: str, items: list[str]) -> None:
        """Ask, then do it in a thread, then leave the roster."""

        def do(_task: Task) -> bool:
            end = self.store.batches.finish if act == "finish" else self.store.batches.discard
            end(self.batch.id)
            return True

        def left(done: bool | None) -> None:
            if done:
                self.screen.notify(t(f"batch.{act}.done"))
                self.screen.dismiss(None)

        def confirmed(word: bool | None) -> None:
            if word:
                task: TaskScreen[bool] = TaskScreen(t(f"batch.{act}.doing"), do)
                self.screen.app.push_screen(task, left)

        asked = ConfirmScreen(items, title=f"batch.{act}.title", hint="screen.go_on_hint")
        self.screen.app.push_screen(asked, confirmed)
