"""The step's form, and what stands abreast of it: what is explained from 100 columns, the findings too from 160."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from counter.desk.desk import Desk
from counter.desk.open_case import OpenCase
from counter.rules.finding import Finding
from counter.screens.case.at_field import AtField
from counter.screens.case.customer import customer_summary
from counter.screens.case.explaining import beside
from counter.widgets.beside import BesideFields
from counter.widgets.prose import Prose


class Abreast(Horizontal):
    """The pane of a step at `#pane`; beside it the findings at their fields, and in `#side` the customer and what is
    explained."""

    DEFAULT_CSS = """
    Abreast { height: 1fr; }
    Abreast #pane { width: 2fr; }
    Abreast BesideFields { width: 38; display: none; }
    Abreast #side { width: 1fr; max-width: 40; padding: 1 1 0 2; display: none; }
    """

    def compose(self) -> ComposeResult:
        yield Vertical(id="pane")
        yield BesideFields()
        yield Prose(id="side")

    def show(self, desk: Desk, opened: OpenCase, at: AtField, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Show the case's findings; gives those that stand beside their fields, and so need no other place."""
        column, side = self.query_one(BesideFields), self.query_one("#side", Prose)
        placed = at.placed(findings) if column.display else {}
        column.notes = tuple((field, finding) for finding, field in placed.items())
        if side.display:
            said = (customer_summary(opened, desk.context()), beside(opened, at.field, said=column.display))
            side.update("\n\n".join(filter(None, said)))
        return tuple(placed)
