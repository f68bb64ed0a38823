"""The ledger (台账): search, list, and one entry in full."""

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import DataTable, Input, Static

from counter.desk import Desk
from counter.i18n import has, t
from counter.rules.masking import mask_name, mask_number
from counter.rules.text import plain
from counter.screens.base import DeskScreen
from counter.slip import slip, yuan
from counter.store.records import LedgerEntry
from counter.widgets.prose import Prose
from counter.widgets.text_row import FormInput

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
        yield DataTable[str | Text](cursor_type="row", zebra_stripes=True)
        yield Prose(t("ledger.none"), id="none")

    async def on_mount(self) -> None:
        box = self.query_one("#wanted", FormInput)
        box.placeholder = t("ledger.search_hint")
        box.focus()
        table = self.query_one(DataTable)
        for name, width in (
            ("seq", 6),
            ("date", 10),
            ("service", 14),
            ("name", 8),
            ("number", 18),
            ("fee", 9),
            ("state", 12),
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
    BINDINGS = [Binding("escape", "dismiss", "key.back", key_display="Esc")]

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
