"""A list that is walked while a box beside it keeps every key that can be typed (选单).

The box has the focus always, so that an input method composes in it whatever the clerk looks at; which line Enter
takes is shown by the one band. Only lines that change are painted: over SSH that is what a key costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from counter.terminal.wrapping import hang
from counter.widgets.bound import fixed
from counter.widgets.fields.text import FormInput
from counter.widgets.lines import CUT

GAP = 2
"""Cells between two columns of a list."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A line to choose: cells that stand under each other, what is said of it, and what stands at the right edge.

    Cells are shown whole; `about` gives way, and is said whole under the line once the band is on it.
    """

    id: str
    cells: tuple[str, ...]
    about: str = ""
    right: str = ""
    warns: bool = False


def cut(text: str, width: int) -> str:
    """The text in so many cells, its end given up for ``..`` where it does not fit."""
    if cell_len(text) <= width:
        return text
    kept = Text(text)
    kept.truncate(max(0, width - len(CUT)), overflow="crop")
    return (kept.plain.rstrip() + CUT)[: max(0, width)]


class PickList(Widget):
    """Picks in as few columns as fit without scrolling; with more than one, `about` only where all of it fits."""

    DEFAULT_CSS = """
    PickList { height: 1fr; width: 1fr; }
    """
    COMPONENT_CLASSES = {"picks--band", "picks--quiet", "picks--warning"}

    class Clicked(Message):
        """A pick was clicked, and has the band now."""

        def __init__(self, picks: "PickList") -> None:
            super().__init__()
            self.picks = picks

        @property
        def control(self) -> "PickList":
            """The list, for `on`."""
            return self.picks

    def __init__(self, *, columns: int = 1, active: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self.picks: tuple[Pick, ...] = ()
        self.at = 0
        """Where the band is."""
        self.active = active
        """Is it here that Enter takes something? Only then there is a band."""
        self.most_columns = columns
        self._columns = 1
        self._about = True
        self._top = 0
        self._lines: list[Text] = []
        self._owners: list[int] = []

    # --- what the screen calls

    @property
    def current(self) -> Pick | None:
        """The pick under the band; None in an empty list."""
        return self.picks[self.at] if self.picks else None

    @property
    def shows_about(self) -> bool:
        """Is what is said of the picks in their lines?"""
        return self._about

    def show(self, picks: Sequence[Pick], *, keep: bool = False) -> None:
        """List these; `keep` leaves the band where it is, by id."""
        stays = self.current.id if keep and self.current else ""
        self.picks = tuple(picks)
        self.at = next((at for at, pick in enumerate(self.picks) if stays and pick.id == stays), 0)
        self._top = 0
        self._draw()

    def activate(self, active: bool) -> None:
        """Enter takes a pick here from now on, or no longer."""
        self.active = active
        self._draw()

    def walk(self, way: str) -> None:
        """Move the band: ``up down left right pageup pagedown home end``; up and down go round."""
        last = len(self.picks) - 1
        if last < 0:
            return
        rows, page = self._rows(), max(1, self.size.height - 1)
        match way:
            case "up" | "down":
                self.at = (self.at + (1 if way == "down" else -1)) % (last + 1)
            case "left" | "right":
                there = self.at + (rows if way == "right" else -rows)
                self.at = there if 0 <= there <= last and self._columns > 1 else self.at
            case "pageup" | "pagedown":
                self.at = min(last, max(0, self.at + (page if way == "pagedown" else -page)))
            case _:
                self.at = last if way == "end" else 0
        self._draw()

    # --- drawing

    def on_resize(self) -> None:
        self._draw()

    def notify_style_update(self) -> None:
        """The lines have the colours of the theme that they were laid out in."""
        super().notify_style_update()
        if self.is_mounted:
            self._draw()

    def _rows(self) -> int:
        return -(-len(self.picks) // self._columns)

    def _draw(self) -> None:
        """Lay the lines out, and repaint those that are not as they were."""
        width, height = self.size
        if not width or not height:
            return
        widths = self._widths()
        narrowest = sum(widths) + GAP * len(widths)
        most = max(1, min(self.most_columns, width // max(1, narrowest)))
        self._columns = next((count for count in range(1, most) if -(-len(self.picks) // count) <= height), most)
        lines, owners = self._in_one(widths, width) if self._columns == 1 else self._in_several(widths, width)
        mine = [line for line, owner in enumerate(owners) if owner == self.at % self._rows()] if self.picks else [0]
        self._top = min(max(self._top, mine[-1] - height + 1), mine[0], max(0, len(lines) - height))
        seen = slice(self._top, self._top + height)
        before, self._lines, self._owners = self._lines, lines[seen], owners[seen]
        lines_in_all = range(max(len(before), len(self._lines)))
        changed = [Region(0, y, width, 1) for y in lines_in_all if before[y : y + 1] != self._lines[y : y + 1]]
        if changed:
            self.refresh(*changed)

    def _widths(self) -> list[int]:
        by_place: list[int] = []
        for pick in self.picks:
            by_place += [0] * (len(pick.cells) - len(by_place))
            for place, cell in enumerate(pick.cells):
                by_place[place] = max(by_place[place], cell_len(cell))
        return by_place

    def _in_one(self, widths: list[int], width: int) -> tuple[list[Text], list[int]]:
        """A line for each pick; what is said of the one with the band is said whole, on lines of its own if need be."""
        lines: list[Text] = []
        owners: list[int] = []
        self._about = True
        quiet = self.get_component_rich_style("picks--quiet", partial=True)
        for at, pick in enumerate(self.picks):
            line, is_whole = self._line(pick, widths, width, about=True)
            banded = self.active and at == self.at
            lines.append(self._banded(line) if banded else line)
            if banded and not is_whole:
                lines += [Text(rest, style=quiet) for rest in hang(" " * (widths[0] + GAP), pick.about, width - 1)]
            owners += [at] * (len(lines) - len(owners))
        return lines, owners

    def _in_several(self, widths: list[int], width: int) -> tuple[list[Text], list[int]]:
        share, rows = width // self._columns, self._rows()
        self._about = all(self._line(pick, widths, share - GAP, about=True)[1] for pick in self.picks)
        lines = []
        for row in range(rows):
            line = Text(no_wrap=True, end="")
            for at in range(row, len(self.picks), rows):
                cell, _ = self._line(self.picks[at], widths, share - GAP, about=self._about)
                line.append_text(self._banded(cell) if self.active and at == self.at else cell)
                line.append(" " * GAP)
            lines.append(line)
        return lines, list(range(rows))

    def _line(self, pick: Pick, widths: list[int], width: int, *, about: bool) -> tuple[Text, bool]:
        """The line of a pick in so many cells, and whether all that is said of it fits."""
        style = self.get_component_rich_style("picks--warning", partial=True) if pick.warns else Style()
        line = Text(no_wrap=True, end="")
        for place, cell in enumerate(pick.cells):
            line.append(cell + " " * (widths[place] - cell_len(cell) + GAP), style=style if place == 0 else Style())
        edge = cell_len(pick.right) + GAP if pick.right else 0
        room = width - edge - line.cell_len
        if about:
            line.append(cut(pick.about, room), style=self.get_component_rich_style("picks--quiet", partial=True))
        line.truncate(width - edge, pad=True)
        line.append(pick.right.rjust(edge - cell_len(pick.right) + len(pick.right)) if edge else "")
        return line, cell_len(pick.about) <= room

    def _banded(self, line: Text) -> Text:
        banded = Text(line.plain, no_wrap=True, end="")
        banded.stylize(self.get_component_rich_style("picks--band", partial=True))  # a span: those are compared
        return banded

    def render_line(self, y: int) -> Strip:
        """Textual paints line by line."""
        line = self._lines[y] if y < len(self._lines) else Text(end="")
        line.end = ""
        strip = Strip(line.render(self.app.console))
        return strip.adjust_cell_length(self.size.width).apply_style(self.rich_style)

    # --- the mouse

    def on_click(self, event: events.Click) -> None:
        """What is clicked has the band, and is taken."""
        if event.y < len(self._owners):
            column = min(event.x // max(1, self.size.width // self._columns), self._columns - 1)
            at = self._owners[event.y] + column * self._rows()
            if at < len(self.picks):
                self.at = at
                self._draw()
                self.post_message(self.Clicked(self))

    def on_mouse_scroll_down(self) -> None:
        self.walk("down")

    def on_mouse_scroll_up(self) -> None:
        self.walk("up")


class PickBox(FormInput):
    """The box beside such lists: what can be typed is typed here, and the keys that walk go to the screen's `walk`."""

    BINDINGS = [
        fixed("accept", "enter", "submit", "key.open"),
        *(fixed("walk", way, f"screen.walk('{way}')") for way in ("up", "down", "pageup", "pagedown", "home", "end")),
        fixed("walk", "left", "side('left')"),
        fixed("walk", "right", "side('right')"),
    ]

    async def action_side(self, way: str) -> None:
        """Left and right move in the text, and beyond its ends from column to column."""
        if self.cursor_position != (0 if way == "left" else len(self.value)):
            (self.action_cursor_left if way == "left" else self.action_cursor_right)()
        else:
            await self.run_action(f"screen.walk('{way}')")
