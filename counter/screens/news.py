"""News (省平台消息): what the province had to say by the last sync — progress, decisions, rejections."""

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import DataTable

from counter.clock import SHANGHAI
from counter.i18n import has, t
from counter.rules.masking import mask_name
from counter.rules.reference import Reference
from counter.rules.text import plain
from counter.screens.base import DeskScreen
from counter.screens.ledger import EntryScreen
from counter.store.records import LedgerEntry, ProvinceEvent
from counter.widgets.prose import Prose

_WIDTHS = {"at": 12, "kind": 10, "name": 9, "service": 16, "said": 30}


class NewsScreen(DeskScreen[None]):
    """The latest first; what is shown counts as read. Enter opens the entry that it is about."""

    DEFAULT_CSS = """
    NewsScreen DataTable { height: 1fr; margin: 1 1; background: $background; }
    NewsScreen #none { margin: 1 2; display: none; }
    """
    BINDINGS = [
        Binding("escape", "dismiss", "key.back", key_display="Esc"),
        Binding("enter", "open", "key.open", priority=True),
    ]

    class Loaded(Message):
        def __init__(self, news: Sequence[ProvinceEvent], entries: Mapping[str, LedgerEntry]) -> None:
            super().__init__()
            self.news = news
            self.entries = entries

    def compose_body(self) -> ComposeResult:
        yield Prose(t("news.none"), id="none")
        yield DataTable[str | Text](cursor_type="row", zebra_stripes=True, cell_padding=0)

    async def on_mount(self) -> None:
        self.entries: Mapping[str, LedgerEntry] = {}
        table = self.query_one(DataTable)
        for name, width in _WIDTHS.items():
            table.add_column(t(f"news.column.{name}"), width=width, key=name)
        table.focus()
        self._load()

    @work(thread=True, exclusive=True)
    def _load(self) -> None:
        news, store = self.desk.news(), self.desk.store
        found = {each.entry: store.ledger.by_id(each.entry) for each in news if each.entry}
        if news:
            store.outbox.read(news[0].cursor)
        self.post_message(self.Loaded(news, {id: entry for id, entry in found.items() if entry}))

    def on_news_screen_loaded(self, event: Loaded) -> None:
        self.entries = event.entries
        table = self.query_one(DataTable)
        for each in event.news:
            entry = event.entries.get(each.entry)
            table.add_row(
                f"{each.at.astimezone(SHANGHAI):%m-%d %H:%M}",
                t(f"news.kind.{each.kind}"),
                mask_name(entry.record.case.holder.name) if entry and entry.record else "",
                t(f"service.{entry.kind}.name") if entry else "",
                Text(said(each, self.desk.reference)),  # the province's words, never markup
                key=f"{each.cursor} {each.entry}",
            )
        self.query_one("#none").display = not event.news

    def action_open(self) -> None:
        """Enter: the entry under the cursor."""
        self.query_one(DataTable).action_select_cursor()

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        entry = self.entries.get(str(event.row_key.value).partition(" ")[2])
        if entry is not None:
            self.app.push_screen(EntryScreen(self.desk, entry))


def said(event: ProvinceEvent, reference: Reference) -> str:
    """What happened, in words, with the province's own remark or the branch it names."""
    match event.kind:
        case "progress":
            key = f"screen.milestone.{event.code}_on"
        case "booking":
            key = f"choice.booking.{event.code}"
        case "rejected":
            key = f"finding.{event.code}"
        case _:
            key = f"news.said.{event.kind}"
    what = t(key) if has(key) and "{" not in t(key) else event.code
    branch = reference.branches.get(event.detail)
    return "  ".join(part for part in (what, branch.name if branch else plain(event.detail)) if part)
