"""News (省平台消息): what the province had to say by the last sync — progress, decisions, rejections."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text

from counter.clock import SHANGHAI
from counter.i18n import t
from counter.rules.masking import mask_name
from counter.screens.ledger import EntryScreen
from counter.screens.life import in_words
from counter.screens.list import Line, ListScreen
from counter.store.records import LedgerEntry, ProvinceEvent


class NewsItem(NamedTuple):
    """Something that happened, and the entry that it is about where there is one here."""

    event: ProvinceEvent
    entry: LedgerEntry | None


class NewsScreen(ListScreen[NewsItem]):
    """The latest first; what is shown counts as read. Enter opens the entry that it is about."""

    catalog = "news"
    columns = {"at": 12, "kind": 10, "name": 9, "service": 16, "said": 31}

    def read(self, text: str) -> Sequence[NewsItem]:
        events, store = self.desk.news(), self.desk.store
        entries = {id: store.ledger.by_id(id) for id in {event.entry for event in events if event.entry}}
        if events:
            store.outbox.read(events[0].cursor)
        return [NewsItem(event, entries.get(event.entry)) for event in events]

    def line(self, row: NewsItem) -> Line:
        event, entry = row
        return (
            f"{event.at.astimezone(SHANGHAI):%m-%d %H:%M}",
            t(f"news.kind.{event.kind}"),
            mask_name(entry.record.case.holder.name) if entry and entry.record else "",
            t(f"service.{entry.kind}.name") if entry else "",
            Text(in_words(event, self.desk.reference)),  # the province's words, never markup
        )

    def open(self, row: NewsItem) -> None:
        if row.entry is not None:
            self.app.push_screen(EntryScreen(self.desk, row.entry))
