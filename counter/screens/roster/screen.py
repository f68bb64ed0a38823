"""A roster (名单) and what is done with it as a whole: its unit, photos, submitting, the hand-over list, its end."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from counter.desk import rosters
from counter.i18n import explained, t
from counter.roster.checks import Checker
from counter.roster.row import Answers
from counter.rules.finding import Level
from counter.rules.unit import Delivery
from counter.screens.background import Background
from counter.screens.dialogs.ask import AskScreen, ConfirmScreen
from counter.screens.dialogs.path import AskPathScreen
from counter.screens.dialogs.progress import ProgressScreen
from counter.screens.dialogs.text import TextScreen
from counter.screens.roster.collect import CollectScreen
from counter.screens.roster.lists import Written, write_hand_over, write_numbers
from counter.screens.roster.menu import roster_menu
from counter.screens.roster.open import OpenRosterScreen
from counter.screens.roster.photos import TakenPhotos, Wanted, take_photos
from counter.screens.roster.submitting import LookScreen, in_words
from counter.screens.roster.table import RosterTable
from counter.screens.roster.together import Together, answered_again, ask_again, book
from counter.screens.roster.unit import UnitScreen
from counter.screens.roster.view import filtered
from counter.store.errors import StoreError
from counter.store.records import Batch, RowState
from counter.widgets.grid import Key

WhichList: TypeAlias = Literal["hand_over", "numbers"]
WITHOUT_A_FILE: Final = ("", "file")
"""What the photo's cell says of people who may be given one from a folder: a receipt's number is another source."""


class SubmitReport(NamedTuple):
    """What is said of a submission, the rows that stand in the ledger now, and what all of them cost (fen)."""

    sentence: str
    entries: list[Key]
    charged_fen: int


class RosterScreen(OpenRosterScreen):
    """One batch, with all that is done with it."""

    @property
    def open_batch(self) -> Batch:
        assert self.shown_batch is not None, "the keys are off until the roster is there"
        return self.shown_batch

    @property
    def open_table(self) -> RosterTable:
        assert self.table is not None, "the keys are off until the roster is there"
        return self.table

    def action_more(self) -> None:
        """F9: what is done with the roster as a whole."""
        self.once_typed(self._open_menu)

    def _open_menu(self) -> None:
        if self.table is not None and self.shown_batch is not None:
            online = self.desk.province is not None
            menu = roster_menu(self.shown_batch, in_ledger=bool(self.table.submitted), online=online)
            self.app.push_screen(menu, self._do)

    def _do(self, act: str | None) -> None:
        match act:
            case "unit":
                self._open_unit()
            case "photos":
                self.app.push_screen(AskPathScreen(t("batch.photos.folder")), self._take_photos)
            case "book":
                self._once_the_unit_is_right(self._confirm_booking)
            case "ask":
                self.app.push_screen(ProgressScreen(t("batch.ask.doing"), self._ask_again), self._take)
            case "hand_over":
                self._write_list("hand_over", lambda _: write_hand_over(self.desk, self.batch_id))
            case "numbers":
                self._write_list("numbers", lambda work: write_numbers(self.desk, self.batch_id, work))
            case "collect":
                self.app.push_screen(CollectScreen(self.desk, self.open_batch))
            case "finish":
                self._finish()
            case "discard":
                self._once_confirmed("discard", [t("batch.discard.what", rows=len(self.open_table.order))])

    # --- the unit --------------------------------------------------------------------------------------------------

    def action_unit(self) -> None:
        """F4: the unit's fields; all rows are judged anew where they have changed."""
        self.once_typed(self._open_unit)

    def _open_unit(self) -> None:
        screen = UnitScreen(self.desk, self.batch_id, self.open_batch.unit)
        self.app.push_screen(screen, lambda _: self._unit_is(screen))

    def _unit_is(self, screen: UnitScreen) -> None:
        batch, table = self.open_batch, self.open_table
        if screen.saved != batch.unit:
            self.shown_batch = replace(batch, unit=screen.saved)
            table.work.judge_anew(filter(table.is_open, table.order))
        if screen.saved.mode is not table.unit.mode:
            self.load()  # with the column of the bookings, or without
        else:
            self.show_all()

    def _once_the_unit_is_right(self, then: Callable[[tuple[str, ...]], None]) -> None:
        """First the unit's own fields, and the clerk's word on them, whose codes are passed on."""
        of_unit = Checker(self.open_batch.unit, self.open_table.context).of_unit
        asks = tuple(finding for finding in of_unit if finding.level is Level.ASK)
        codes = tuple(finding.code for finding in asks)
        if any(finding.level is Level.STOP for finding in of_unit):
            self.notify(t("batch.unit_first"), severity="warning")
            self._open_unit()
        elif asks:
            self.app.push_screen(AskScreen.about(asks), lambda word: then(codes) if word else None)
        else:
            then(codes)

    # --- the province, about all at once -----------------------------------------------------------------------------

    def _ask_again(self, work: Background[Together]) -> Together:
        return ask_again(self.desk, self.batch_id, work)

    def _confirm_booking(self, acknowledged: tuple[str, ...]) -> None:
        """EXC-6: the original banks begin to review as soon as the province is told."""
        table = self.open_table
        count = sum(table.is_open(key) and not table.is_approved(key) for key in table.order)

        def run(work: Background[Together]) -> Together:
            return book(self.desk, self.batch_id, acknowledged, work)

        def confirmed(word: bool | None) -> None:
            if word:
                self.app.push_screen(ProgressScreen(t("batch.book.doing"), run), self._take)

        items = [t("batch.book.what", count=count), t("batch.book.again")]
        asked = ConfirmScreen(items, title="batch.book.title", hint="screen.go_on_hint")
        self.app.push_screen(asked, confirmed)

    def _take(self, together: Together | None) -> None:
        """Take what the province said, and say it."""
        if together is not None and self.table is not None:
            if together.on_their_way is not None:
                self.table.on_their_way = dict(together.on_their_way)
            self.table.answered(together.answers)
            self.grid.reload()
            if together.why:
                self.app.push_screen(TextScreen("\n".join((together.said, "", *together.why))))
            else:
                self.notify(together.said, timeout=8)
        self.show_all()

    # --- submitting ------------------------------------------------------------------------------------------------

    def action_submit(self) -> None:
        """F10: what is right becomes entries; first the unit's fields, the clerk's word on them, and a look."""
        self.once_typed(lambda: self._once_the_unit_is_right(self._ask_and_look))

    def _ask_and_look(self, codes: tuple[str, ...]) -> None:
        """Ask the province again about whom it has not said yes to; once all are checked with that, they are shown."""

        def asked(answers: dict[str, Answers] | None) -> None:
            if answers is not None:
                self.open_table.answered(answers)
                self.grid.reload()
                self.once_checked(lambda: self._look(codes))

        def ask(work: Background[dict[str, Answers]]) -> dict[str, Answers]:
            return answered_again(self.desk, self.batch_id, work)[0]

        self.app.push_screen(ProgressScreen(t("batch.ask.doing"), ask), asked)

    def _look(self, codes: tuple[str, ...]) -> None:
        """Who is recorded, as what, for how much, and who stays: nothing is recorded unseen."""
        table = self.open_table
        look = LookScreen(table, self.open_batch.unit, self.counts(table))

        async def looked(word: bool | None) -> None:
            if word:
                self._start(codes)
            elif look.go_there:
                await self._go_to_who_stays()

        self.app.push_screen(look, looked)

    async def _go_to_who_stays(self) -> None:
        """To the first who is wrong; where none of them is shown, they alone are from now on."""
        table = self.open_table
        if table.wrong.isdisjoint(table.shown):
            await self.change(lambda table: table.log.do([filtered(table, "wrong")]))
        if cell := table.next_wrong(table.row_count - 1, len(table.ids)):
            self.grid.go_to(*cell)

    def _start(self, codes: tuple[str, ...]) -> None:
        """Submit; what stands in the ledger afterwards is locked, whatever ended it."""
        total = len(self.open_table.order) - len(self.open_table.submitted)

        def submit(work: Background[SubmitReport]) -> SubmitReport:
            return self._submit(work, codes, total)

        self.app.push_screen(ProgressScreen(t("batch.submitting"), submit), self._submitted)

    def _submit(self, work: Background[SubmitReport], acknowledged: tuple[str, ...], total: int) -> SubmitReport:
        store, batch = self.desk.store, self.batch_id

        def tell(recorded: int) -> None:
            work.tell(recorded, total)

        try:
            done = rosters.submit(store, batch, self.desk.context(), acknowledged, tell, work.cancelled)
            sentence = in_words(done)
            if work.cancelled():
                sentence = t("batch.stopped", recorded=done.recorded, left=total - done.recorded)
        except rosters.UnitRefusedError:
            sentence = t("batch.unit_first")
        except StoreError as error:
            sentence = explained(error)
        entries: list[Key] = [key.id for key in store.batches.keys(batch) if key.state is RowState.SUBMITTED]
        return SubmitReport(sentence, entries, store.batches.fees(batch))

    def _submitted(self, submitted: SubmitReport | None) -> None:
        if submitted is not None and self.table is not None:
            self.charged_fen = submitted.charged_fen
            self.notify(submitted.sentence, timeout=8)
            self.table.became_entries(submitted.entries)
            self.grid.reload()
        self.show_all()

    # --- photos ----------------------------------------------------------------------------------------------------

    def _take_photos(self, folder: Path | None) -> None:
        if folder is None:
            return
        table, desk = self.open_table, self.desk
        rows = ((line, key, table.row_of(key)) for line, key in enumerate(table.order, 1) if table.is_open(key))
        wanted = [Wanted(key, line, row.number) for line, key, row in rows if row.photo in WITHOUT_A_FILE]
        spec = desk.reference.cities[desk.place.city].photo

        def take(work: Background[TakenPhotos | None]) -> TakenPhotos | None:
            return take_photos(desk.store, folder, wanted, spec, tell=work.tell, cancelled=work.cancelled)

        self.app.push_screen(ProgressScreen(t("batch.photos.taking"), take), self._took_photos)

    async def _took_photos(self, photos: TakenPhotos | None) -> None:
        if photos is None:
            self.notify(t("batch.photos.no_folder"), severity="error")
            return
        await self.change(lambda table: table.take_photos(photos.kept))
        self.app.push_screen(TextScreen(photos.in_words()))

    # --- lists for the unit ----------------------------------------------------------------------------------------

    def _write_list(
        self, which: Literal["hand_over", "numbers"], write: Callable[[Background[Written]], Written]
    ) -> None:
        def wrote(files: Written) -> None:
            if files is None:
                self.notify(t(f"batch.{which}.not_written"), severity="error")
            else:
                self.app.push_screen(TextScreen("\n\n".join((t(f"batch.{which}.written"), *map(str, files)))))

        self.app.push_screen(ProgressScreen(t(f"batch.{which}.writing"), write), wrote)

    # --- the end ---------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        table, items = self.open_table, [t("batch.finish.what")]
        if left := len(table.order) - len(table.submitted):
            items.append(t("batch.finish.left", count=left))
        if self.open_batch.unit.delivery is Delivery.UNIT:
            items.append(t("batch.finish.collect"))
        self._once_confirmed("finish", items)

    def _once_confirmed(self, act: str, items: list[str]) -> None:
        """Ask, then do it, then leave the roster."""
        batches = self.desk.store.batches
        end = batches.finish if act == "finish" else batches.discard

        def do(_work: object) -> bool:
            end(self.batch_id)
            return True

        def confirmed(word: bool | None) -> None:
            if word:
                self.app.push_screen(ProgressScreen(t(f"batch.{act}.doing"), do), done)

        def done(ended: bool | None) -> None:
            if ended:
                self.notify(t(f"batch.{act}.done"))
                self.dismiss(None)

        self.app.push_screen(ConfirmScreen(items, title=f"batch.{act}.title", hint="screen.go_on_hint"), confirmed)

    def action_leave(self) -> None:
        """Esc: end the search, or leave."""
        if not self.close_find():
            self.dismiss(None)
