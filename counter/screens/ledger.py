"""The ledger (台账): a person's entries, and one entry in full."""

import asyncio
from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from counter.desk.desk import Desk, Done
from counter.desk.returned import correct, named, reason_for, write_off
from counter.i18n import explained, has, t
from counter.paper.slip import slip, yuan
from counter.rules.masking import mask_name, mask_number
from counter.rules.text import plain
from counter.screens.base import DeskScreen
from counter.screens.case.authorise import ask_supervisor
from counter.screens.case.result import ResultScreen
from counter.screens.dialogs.ask import AskTextScreen
from counter.screens.held import resume
from counter.screens.life import in_lines
from counter.screens.list import Line, ListScreen
from counter.screens.two import ask_two
from counter.store.errors import StoreError
from counter.store.lives import LifeStage
from counter.store.records import LedgerEntry, SendState
from counter.widgets.bound import bound
from counter.widgets.prose import Prose


class EntriesScreen(ListScreen[LedgerEntry]):
    """Entries, as `of` reads them in a thread."""

    catalog = "ledger"
    columns = {"seq": 5, "date": 11, "service": 15, "name": 8, "number": 19, "fee": 10, "state": 10}

    def __init__(self, desk: Desk, of: Callable[[], Sequence[LedgerEntry]]) -> None:
        super().__init__(desk)
        self.of = of

    def read(self, text: str) -> Sequence[LedgerEntry]:
        return self.of()

    def line(self, row: LedgerEntry) -> Line:
        holder = row.record.case.holder if row.record else None
        return (
            str(row.seq),
            row.business_date.isoformat(),
            t(f"service.{row.kind}.name"),
            mask_name(holder.name) if holder else "",
            mask_number(holder.document.number) if holder else "",
            yuan(row.fee_fen),
            t(f"choice.state.{row.state}"),
        )

    def open(self, row: LedgerEntry) -> None:
        self.app.push_screen(EntryScreen(self.desk, row))


class PersonScreen(EntriesScreen):
    """What was done for one person, the newest first."""

    def __init__(self, desk: Desk, document: str) -> None:
        """`document` is the person's number as the ledger is searched by it."""
        super().__init__(desk, lambda: desk.everything.of(document))
        self.document = document


class EntryScreen(DeskScreen[None]):
    """One entry: its place in the chain, what the province said, what has become of it since, and its slip."""

    DEFAULT_CSS = "EntryScreen VerticalScroll { padding: 1 3; }"
    BINDINGS = [
        bound("slip", "slip"),
        bound("correct", "correct"),
        bound("reverse", "reverse"),
        bound("write-off", "write_off"),
        bound("back", "dismiss"),
    ]

    def __init__(self, desk: Desk, entry: LedgerEntry) -> None:
        super().__init__(desk)
        self.entry = entry
        self.waits = entry.state is SendState.REJECTED
        """Did it come back, and is neither corrected nor written off?"""

    def compose_body(self) -> ComposeResult:
        entry = self.entry
        quote = self.desk.store.ledger.quote_number(entry)
        chain = [
            t("ledger.entry", seq=entry.seq, maker=entry.maker),
            *((t("ledger.authorised", checker=entry.checker),) if entry.checker else ()),
            t("ledger.state", state=t(f"choice.state.{entry.state}")),
            t("ledger.hash", algorithm=entry.algorithm, hash=entry.hash[:16]),
        ]
        if entry.code:
            key = f"finding.{entry.code}"
            reason = t(key) if has(key) and "{" not in t(key) else entry.code
            chain.append(t("ledger.refused", rule=entry.rule, reason=reason))
        with VerticalScroll():
            yield Prose("\n".join(chain))
            yield Prose(id="life")
            yield Static("")
            yield Prose(slip(Done(entry).as_told, quote, self.desk.reference, self.desk.place))

    def on_screen_resume(self) -> None:
        """Its life, which may have gone on meanwhile."""
        self.in_background(lambda _: self.desk.store.lives.of(self.entry.seq), self._show_life, group="life")

    def _show_life(self, stages: Sequence[LifeStage]) -> None:
        lines = ("", t("ledger.life.title"), *in_lines(stages, self.desk.reference))
        self.query_one("#life", Prose).update("\n".join(lines))
        cleared = any(stage.name in ("corrected", "written_off") for stage in stages)
        self.waits = self.entry.state is SendState.REJECTED and not cleared
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A reversal is not reversed; what came back is corrected or written off, and a reversal only that."""
        if action in ("correct", "write_off"):
            return self.waits and (action == "write_off" or self.entry.reverses is None)
        settled = self.entry.kind == "reversal" or self.entry.state is SendState.REJECTED
        return (None if settled else True) if action == "reverse" else True

    def action_slip(self) -> None:
        """F2: the slip again, to save or print it, and the letter that goes with it."""
        self.app.push_screen(ResultScreen(self.desk, Done(self.entry)))

    def action_reverse(self) -> None:
        """F7: take the entry back (冲正): with a reason, and a second person."""
        self.app.push_screen(AskTextScreen(t("ledger.reason"), limit=100, clean=plain), self._reverse)

    async def _reverse(self, reason: str | None) -> None:
        """Keys wait for it: the passphrase comes next."""
        if reason:
            try:
                awaiting = await asyncio.to_thread(self.desk.reverse, self.entry.id, reason)
            except StoreError as error:
                self.say_refused(explained(error))
            else:
                await ask_supervisor(self, awaiting, self._authorised)

    def _authorised(self, done: Done | None) -> None:
        self.notify(t("authorise.done", seq=done.entry.seq) if done else t("authorise.waits"))
        self.dismiss(None)

    async def action_correct(self) -> None:
        """F4: the case again, with the reason why it came back; what is recorded then names this entry."""
        try:
            draft = await asyncio.to_thread(correct, self.desk, self.entry)
        except StoreError as error:
            self.say_refused(explained(error))
        else:
            await resume(self, self.desk, draft)

    def action_write_off(self) -> None:
        """F8: nobody waits for it any more (核销): with a reason, and a supervisor."""
        self.app.push_screen(AskTextScreen(t("ledger.write_off_reason"), limit=100, clean=plain), self._write_off)

    async def _write_off(self, reason: str | None) -> None:
        if reason:
            what = "\n".join((named(self.entry), reason_for(self.entry), reason))
            await ask_two(
                self,
                t("ledger.write_off"),
                what,
                lambda checker, passphrase: write_off(self.desk, self.entry, reason, checker, passphrase),
                lambda decision: self._written_off(decision.checker),
            )

    def _written_off(self, checker: str) -> None:
        self.notify(t("ledger.life.written_off", by=checker))
        self.dismiss(None)
