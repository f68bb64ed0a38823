"""A grid with an owner, as a screen would be: applies edits to a sheet and answers."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult

from counter.look.painted import PaintedApp
from counter.rules.masking import mask_name, mask_number
from counter.terminal.typeahead import Settled, TypeAhead
from counter.widgets.caret import CaretApp
from counter.widgets.grid import Column, Grid
from counter.widgets.grid.edits import Edit
from counter.widgets.grid.messages import Clipped, Edited, Moved
from counter.widgets.grid.table import Table, Texts

COLUMNS = (
    Column("name", "姓名", 8, frozen=True, mask=mask_name),
    Column("number", "证件号码", 18, mask=mask_number),
    Column("occupation", "职业", 12),
    Column("checked", "核查", 4, locked=True),
    Column("remarks", "备注", 10),
)
NAMES = ("欧阳一二", "𠮷㛃", "买买提·木", "张三", "李四五", "Anna", "", "王\t小\x1b明")


def made_up(at: int) -> Texts:
    """A row of a person who cannot be."""
    return NAMES[at % len(NAMES)], f"99000019000101{at % 10000:04d}", "生产制造及有关人员", "一致", f"r{at}"


def a_sheet(rows: int, columns: Sequence[Column] = COLUMNS) -> Table:
    return Table(columns, ((f"k{at}", made_up(at)) for at in range(rows)))


class GridApp(PaintedApp[None], CaretApp[None]):
    """The grid and its owner, with the type-ahead of the real application."""

    def __init__(self, sheet: Table) -> None:
        super().__init__()
        self.sheet = sheet
        self.grid = Grid(sheet)
        self.said: list[object] = []
        self.typeahead = TypeAhead(self, super().on_event)

    def compose(self) -> ComposeResult:
        yield self.grid

    def on_mount(self) -> None:
        self.run_worker(self.typeahead.run())
        self.grid.focus()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.typeahead.put(event)
        else:
            await super().on_event(event)

    def on_settled(self, event: Settled) -> None:
        event.arrived.set()

    def do(self, *edits: Edit) -> None:
        """A change of the owner's own."""
        self.grid.applied(self.sheet.log.do(edits))

    def on_grid_edited(self, event: Edited) -> None:
        self.said.append(event)
        self.do(*event.edits)

    def on_grid_undo(self) -> None:
        self.grid.applied(self.sheet.log.undo(), follow=True)

    def on_grid_redo(self) -> None:
        self.grid.applied(self.sheet.log.redo(), follow=True)

    def on_grid_clipped(self, event: Clipped) -> None:
        self.said.append(event)

    def on_grid_moved(self, event: Moved) -> None:
        self.said.append(event)

    def last(self, kind: type) -> object:
        """The last message of a kind."""
        return next(message for message in reversed(self.said) if isinstance(message, kind))

    def lines(self) -> list[str]:
        """What is on the screen."""
        return [self.grid.render_line(y).text for y in range(self.grid.size.height)]
