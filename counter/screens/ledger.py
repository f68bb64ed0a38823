"""The ledger (台账): search, list, and one entry in full."""

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import DataTable, Input, Static

from counter.desk.desk import Desk
from counter.i18n import explained, has, t
from counter.paper.slip import slip, yuan
from counter.rules.masking import mask_name, mask_number
from counter.rules.text import plain
from counter.screens.base import DeskScreen
from counter.screens.case.authorise import AuthoriseScreen
from counter.screens.case.result import ResultScreen
from counter.store.errors import StoreError
from counter.store.records import LedgerEntry
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose

SHOWN = 200


class LedgerScreen(DeskScreen[None]):
    """By number to quote, name or document number; the newest first."""

    DEFAULT_CSS = """
    LedgerScreen FormInput { margin: 1 1 0 1; }
    LedgerScreen DataTable { height: 1fr; margin: 1 1; background: $background; }
    LedgerScreen #none { margin: 1 2; display: none; }
    """
    BINDINGS = [
        Binding("escape", "dismiss", "key.back", key_display="Esc"),
        Binding("enter", "open", "key.open"),
        Binding("tab", "app.focus_next", "key.other_list"),
        Binding("down", "to_list", show=False),
    ]

    class Found(Message):
        def __init__(self, entries: list[LedgerEntry]) -> None:
            super().__init__()
            self.entries = entries

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.entries: dict[str, LedgerEntry] = {}

    def compose_body(self) -> ComposeResult:
        yield FormInput(limit=60, id="wanted")
        yield DataTable[str | Text](cursor_type="row", zebra_stripes=True, cell_padding=0)
        yield Prose(t("ledger.none"), id="none")

    async def on_mount(self) -> None:
        box = self.query_one("#wanted", FormInput)
        box.placeholder = t("ledger.search_hint")
        box.focus()
        table = self.query_one(DataTable)
        for name, width in (
            ("seq", 5),
            ("date", 11),
            ("service", 15),
            ("name", 8),
            ("number", 19),
            ("fee", 10),
            ("state", 10),
        ):
            table.add_column(t(f"ledger.column.{name}"), width=width, key=name)
        self._search("")

    @on(Input.Changed, "#wanted")
    def _typed(self, event: Input.Changed) -> None:
        self._search(plain(event.value))

    @on(Input.Submitted, "#wanted")
    def action_to_list(self) -> None:
        self.query_one(DataTable).focus()

    @work(thread=True, exclusive=True)
    def _search(self, text: str) -> None:
        self.post_message(self.Found(self.desk.store.ledger.search(text, limit=SHOWN)))

    def on_ledger_screen_found(self, event: Found) -> None:
        self.entries = {entry.id: entry for entry in event.entries}
        table = self.query_one(DataTable)
        table.clear()
        for entry in event.entries:
            holder = entry.record.case.holder if entry.record else None
            table.add_row(
                str(entry.seq),
                entry.business_date.isoformat(),
                t(f"service.{entry.kind}.name"),
                mask_name(holder.name) if holder else "",
                mask_number(holder.document.number) if holder else "",
                yuan(entry.fee_fen),
                t(f"choice.state.{entry.state}"),
                key=entry.id,
            )
        self.query_one("#none").display = not event.entries

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        self.app.push_screen(EntryScreen(self.desk, self.entries[str(event.row_key.value)]))


class EntryScreen(DeskScreen[None]):
    """One entry: its slip, its place in the chain, what the province said."""

    DEFAULT_CSS = "EntryScreen VerticalScroll { padding: 1 3; }"
    BINDINGS = [
        Binding("f2", "slip", "key.slip"),
        Binding("f7", "reverse", "key.reverse"),
        Binding("escape", "dismiss", "key.back", key_display="Esc"),
    ]

    def __init__(self, desk: Desk, entry: LedgerEntry) -> None:
        super().__init__(desk)
        self.entry = entry

    def compose_body(self) -> ComposeResult:
        entry = self.entry
        quote = self.desk.store.ledger.quote_number(entry)
        chain = [
            t("ledger.entry", seq=entry.seq, maker=entry.maker),
            t("ledger.state", state=t(f"choice.state.{entry.state}")),
            t("ledger.hash", algorithm=entry.algorithm, hash=entry.hash[:16]),
        ]
        if entry.code:
            reason = f"finding.{entry.code}"
            said = t(reason) if has(reason) and "{" not in t(reason) else entry.code
            chain.append(t("ledger.refused", rule=entry.rule, reason=said))
        with VerticalScroll():
            yield Prose("\n".join(chain))
            yield Static("")
            yield Prose(slip(entry, quote, self.desk.reference, self.desk.place))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A reversal is not reversed."""
        return (None if self.entry.kind == "reversal" else True) if action == "reverse" else True

    def action_slip(self) -> None:
        """F2: the slip again, to save or print it, and the letter that goes with it."""
        self.app.push_screen(ResultScreen(self.desk, self.entry))

    @work(group="reverse", exclusive=True)
    async def action_reverse(self) -> None:
        """F7: take the entry back (冲正): with a reason, and a second person."""
        if reason := await self.app.push_screen_wait(ReasonScreen()):
            try:
                awaiting = self.desk.store.ledger.reverse(self.entry.id, reason)
            except StoreError as error:
                self.notify(explained(error), severity="error")
                return
            entry = await self.app.push_screen_wait(AuthoriseScreen(self.desk, awaiting))
            self.notify(t("authorise.done", seq=entry.seq) if entry else t("authorise.waits"))
            self.dismiss(None)


class ReasonScreen(ModalScreen[str]):
    """Why an entry is taken back, in the clerk's words; empty when they think better of it."""

    DEFAULT_CSS = """
    ReasonScreen { align: center middle; }
    ReasonScreen > Vertical { width: 66; height: auto; border: ascii $warning; padding: 1 2; background: $surface; }
    """
    BINDINGS = [Binding("escape", "dismiss('')", "key.back", key_display="Esc")]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Prose(t("ledger.reason"))
            yield FormInput(limit=100)

    def on_mount(self) -> None:
        self.query_one(FormInput).focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if reason := plain(event.value):
            self.dismiss(reason)
