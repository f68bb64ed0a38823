"""The grid: what its keys do. Changes leave as messages and come back through the model."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from counter.widgets.grid import change, messages
from counter.widgets.grid.block import format_block, parse_block
from counter.widgets.grid.cursor import GridCursor
from counter.widgets.grid.editor import CellEditor
from counter.widgets.grid.edits import Edit, Insert, Write, touched
from counter.widgets.grid.keys import BINDINGS
from counter.widgets.grid.model import GridModel, Key


class Grid(GridCursor):
    """Shows a model and asks for changes of it.

    Every change leaves as a message; the owner applies it and answers with `applied` (or `reload`, when it was refused
    or more was changed). Under the last row stands an empty one, and what is typed there becomes a new row.
    """

    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    Edited = messages.Edited
    ListWanted = messages.ListWanted
    Undo = messages.Undo
    Redo = messages.Redo
    Clipped = messages.Clipped

    def __init__(self, model: GridModel, *, id: str | None = None) -> None:
        super().__init__(model, id=id)
        self.copied = ""
        """What was copied, to be pasted in the grid."""
        self._applies: tuple[bool, ...] = ()
        self._waiting: Callable[[], None] | None = None

    # --- what the owner calls ------------------------------------------------------------------------------------

    def applied(self, inverses: Sequence[Edit], *, follow: bool = False) -> None:
        """Show what the owner did, from what would take it back; `follow` brings the cursor to it (undo, redo)."""
        key, column = touched(inverses) if follow else (None, None)
        if change.moves_rows(inverses):
            self.reload(key, column)
            return
        self.refresh_rows({key for edit in inverses if isinstance(edit, Write) for key in edit.keys})
        if key is not None:
            self.go_to(key, column)
        self._go_on()

    def reload(self, key: Key | None = None, column: int | None = None) -> None:
        """Show the model as it is now. The cursor goes to `key`, else stays with its row wherever that is now."""
        awaited = self.row < self.rows
        self.rows = self.model.row_count
        wanted, row = self.key if key is None else key, self.row
        if wanted is not None and self.key_at(row) != wanted:
            row = next((at for at in (self.model.position(wanted),) if at is not None), row)
            self.viewport.top += row - self.row if key is None else 0
            self.selected_from = None
        self.place(row, self.column if column is None else column)
        if self.editor is not None and self.editor.key is None and awaited:
            self.editor.key = self.key
        if self.editor is not None and self.editor.key != self.key:
            self.accept()
        self.refresh()
        self._go_on()

    def go_to(self, key: Key, column: int | None = None) -> bool:
        """Move the cursor to a row; is it shown at all?"""
        self.accept()
        row = self.model.position(key)
        if row is not None:
            self.move(row, self.column if column is None else column)
        return row is not None

    def accept(self) -> bool:
        """Take what is being typed as the cell's text; was there anything to take?"""
        editor = self._close()
        if editor is None or editor.text == editor.before:
            return False
        if editor.key is not None:
            self._edit([change.write(editor.key, editor.column, editor.text)])
        else:
            row = tuple(editor.text if at == editor.column else "" for at in range(len(self.columns)))
            self._edit([Insert(None, (row,))])
        return True

    def _once_accepted(self, command: Callable[[], None]) -> None:
        """Run a command that reads the model: when something was being typed, after the owner's answer to that."""
        self._waiting = command
        if not self.accept():
            self._go_on()

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting()

    # --- editing -------------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Whatever can be printed starts an edit, or goes on with it."""
        if event.is_printable and event.character:
            event.stop()
            event.prevent_default()
            if self.editor is None:
                self._open("", in_place=False)
            if self.editor is not None:
                self.editor.insert(event.character)
                self.refresh_area(self.area)

    def _open(self, text: str, *, in_place: bool) -> None:
        if self.locked:
            self.app.bell()
            return
        self._clear_selection()
        before = self.text_at(self.row, self.column)
        self.editor = CellEditor(self.key_at(self.row), self.column, before, text, in_place=in_place)
        self.refresh_line(self.row)
        self.offer()

    def _close(self) -> CellEditor | None:
        editor, self.editor = self.editor, None
        if editor is not None:
            self.refresh_line(self.row)
            self.offer()
        return editor

    def _edit(self, edits: Iterable[Edit]) -> None:
        """Ask for edits. Rows that they add can be stepped on at once; the cursor then keeps its place, not its row."""
        asked = tuple(edits)
        if not asked:
            self.app.bell()
            return
        if change.moves_rows(asked):
            self.key = None
            self.rows += sum(len(edit.rows) for edit in asked if isinstance(edit, Insert))
        self.post_message(self.Edited(asked))

    def put(self, text: str) -> None:
        """Write a text into the cell under the cursor, as if it had been typed."""
        self._open(text, in_place=False)
        self.accept()

    def action_edit(self) -> None:
        """Edit the cell's text, or choose it out of its list; while typing, arrows move in the text from here on."""
        if self.editor is None and self.columns[self.column].listed and not self.locked:
            self.post_message(self.ListWanted())
        elif self.editor is None:
            self._open(self.text_at(self.row, self.column), in_place=True)
        else:
            self.editor.in_place = True

    def action_abandon(self) -> None:
        """Leave the cell as it was; with nothing being typed, the selection."""
        if self._close() is None:
            self._clear_selection()

    def _clear_selection(self) -> None:
        before, self.selected_from = self.area, None
        self.refresh_area(before)
        self.offer()

    def action_backspace(self) -> None:
        """Take a sign back; with nothing being typed, start with an empty cell."""
        if self.editor is None:
            self._open("", in_place=False)
        else:
            self.editor.backspace()
            self.refresh_area(self.area)

    def action_clear(self) -> None:
        """Empty the selected cells; in a text, take out the sign under the caret."""
        if self.editor is not None:
            self.editor.delete()
            self.refresh_area(self.area)
        else:
            self._edit(change.clear(self.model, self.area))

    def action_fill(self) -> None:
        """The first selected row into the others; with one row selected, the row above it into it."""
        self._once_accepted(lambda: self._edit(change.fill_down(self.model, self.area)))

    def action_insert_row(self) -> None:
        """An empty row above the cursor's, which the cursor stands on then."""
        self._once_accepted(lambda: self._edit(change.insert_row(self.model, self.row)))

    def action_delete_rows(self) -> None:
        """The selected rows out, but for locked ones."""
        self._close()
        area = self.area
        self._edit(change.remove_rows(self.model, area))
        self.move(area.top, self.column)
        self.key = None

    def action_duplicate(self) -> None:
        """The selected rows once more, under themselves; the cursor goes to the copy."""
        self._once_accepted(self._duplicate)

    def _duplicate(self) -> None:
        area = self.area
        self._edit(change.duplicate(self.model, area))
        self.move(area.bottom + 1, self.column)
        self.key = None

    def action_undo(self) -> None:
        """Take the last change back; what is being typed counts as the last change."""
        if self._close() is None:
            self.post_message(self.Undo())

    def action_redo(self) -> None:
        """Repeat what was taken back."""
        self.accept()
        self.post_message(self.Redo())

    # --- blocks --------------------------------------------------------------------------------------------------

    def action_copy(self) -> None:
        """Keep the selected cells to be pasted inside the grid: the clipboard never carries a person."""
        self._once_accepted(self._copy)

    def _copy(self) -> None:
        area = self.area
        rows = range(area.top, min(area.bottom + 1, self.model.row_count))
        self.copied = format_block([[self.text_at(row, column) for column in area.columns] for row in rows])

    def action_paste(self) -> None:
        """Paste what was copied in the grid."""
        self._paste(parse_block(self.copied))

    def on_paste(self, event: events.Paste) -> None:
        """A block out of a spreadsheet; one cell goes into the text that is being typed."""
        event.stop()
        event.prevent_default()
        self._paste(parse_block(event.text))

    def _paste(self, block: list[list[str]]) -> None:
        single = len(block) == 1 and len(block[0]) == 1
        if not block:
            return
        if single and self.editor is not None:
            self.editor.insert(block[0][0].replace("\n", " "))
            self.refresh_area(self.area)
            return
        self._close()
        area = self.area
        if single and not area.is_one_cell:
            block = [block[0] * len(area.columns)] * len(area.rows)
        edits, clipped = change.paste(self.model, area.top, area.left, block)
        self._edit(edits)
        if clipped:
            self.post_message(self.Clipped(clipped))

    # --- the keys that apply -------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that does not apply here is dimmed, and gone where none can be typed; Escape is the screen's then."""
        editing = self.editor is not None
        rows = self.area.top < self.model.row_count
        match action:
            case "edit" | "clear" | "fill":
                applies = editing or not self.locked
            case "insert_row" | "paste":
                applies = self.growing
            case "delete_rows" | "duplicate":
                applies = rows and self.growing
            case "copy":
                applies = rows
            case "undo":
                applies = editing or self.model.can_undo
            case "redo":
                applies = self.model.can_redo
            case "abandon":
                return editing or self.selected_from is not None
            case _:
                return True
        return True if applies else None if self.growing else False

    def offer(self) -> None:
        """Tell the screen's line of keys when other keys apply than before; asking is cheap, painting it is not."""
        names = ("edit", "insert_row", "delete_rows", "copy", "undo", "redo")
        applies = tuple(bool(self.check_action(name, ())) for name in names)
        if applies != self._applies:
            self._applies = applies
            self.refresh_bindings()

    # --- focus, mouse, size --------------------------------------------------------------------------------------

    def on_blur(self) -> None:
        """Going elsewhere takes what was typed; a terminal that loses the focus goes nowhere."""
        if self.app.app_focus:
            self.accept()
        self.refresh_area(self.area)
