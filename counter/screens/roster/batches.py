"""Batches (批量换卡): the list of rosters in the ledger."""

from collections.abc import Sequence

from rich.text import Text

from counter.clock import SHANGHAI
from counter.i18n import t
from counter.screens.list import Line, ListScreen
from counter.screens.roster.importing import import_and_open
from counter.screens.roster.screen import RosterScreen
from counter.store.records import Batch
from counter.widgets.bound import bound


class BatchesScreen(ListScreen[Batch]):
    """The rosters in the ledger, the latest first; Enter opens one, F3 reads a file."""

    BINDINGS = [bound("import-roster", "import_roster")]

    catalog = "batch"
    columns = {"id": 6, "unit": 28, "state": 9, "rows": 8, "submitted": 10, "created": 17}

    def read(self, text: str) -> Sequence[Batch]:
        return self.desk.store.batches.list()

    def line(self, row: Batch) -> Line:
        return (
            str(row.id),
            Text(row.unit.name or t("batch.unnamed")),  # never markup
            t(f"choice.batch.{row.state}"),
            str(row.rows),
            str(row.submitted),
            f"{row.created_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        )

    def open(self, row: Batch) -> None:
        self.app.push_screen(RosterScreen(self.desk, row.id))

    def action_import_roster(self) -> None:
        """F3: read a file."""
        import_and_open(self.app, self.desk)
