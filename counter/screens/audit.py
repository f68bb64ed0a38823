"""The audit trail (审计记录), for a supervisor: who revealed, exported, printed, failed."""

from collections.abc import Sequence
from typing import Final

from rich.text import Text

from counter.desk.trail import told
from counter.i18n import t
from counter.screens.dialogs.text import TextScreen
from counter.screens.list import Line, ListScreen
from counter.store.deeds import Watched
from counter.store.records import AuditNote
from counter.widgets.bound import bound

SHOWN: Final = 500
"""So many of the latest; `counter audit export` has them all."""


class AuditScreen(ListScreen[AuditNote]):
    """The latest notes, newest first; F5 goes from all of them through one kind of deed after another."""

    catalog = "audit"
    columns = {"seq": 6, "at": 15, "operator": 9, "action": 22, "subject": 36}
    BINDINGS = [bound("deeds", "turn")]

    deed: Watched | None = None

    def read(self, text: str) -> Sequence[AuditNote]:
        self.desk.store.audit.require_supervisor()
        return self.desk.store.audit.list(SHOWN, self.deed)

    def line(self, row: AuditNote) -> Line:
        seq, at, *rest = told(row)
        return tuple(map(Text, (seq, at[len("2026-") :], *rest)))

    def open(self, row: AuditNote) -> None:
        self.app.push_screen(TextScreen("\n".join(told(row))))

    def action_turn(self) -> None:
        """F5: only what was revealed, exported, printed, what failed; then everything again."""
        turns = [None, *Watched]
        self.deed = turns[(turns.index(self.deed) + 1) % len(turns)]
        kind = self.deed or "all"
        self.notify(t(f"audit.deed.{kind}"))
        self.reload()
