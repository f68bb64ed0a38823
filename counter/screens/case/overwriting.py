"""What the province filled is not overwritten unasked: one question, and no key of a burst is lost over it."""

from collections.abc import Awaitable, Callable, Sequence

from textual import events

from counter.desk.open_case import OpenCase
from counter.i18n import t
from counter.screens.background import WorkingScreen
from counter.screens.dialogs.ask import RecordScreen
from counter.terminal.typeahead import TypesAhead
from counter.widgets.bound import bound, fixed
from counter.widgets.fields.field import Field


class OverwriteScreen(RecordScreen, inherit_bindings=False):
    """F10 or Enter overwrites, once the question has stood still; Esc leaves what stood there. What was typed on
    meanwhile, a scanner's Enter too, is for the field: it comes there after a yes."""

    BINDINGS = [
        bound("agree", "agree", "key.overwrite"),
        fixed("accept", "enter", "enter", show=False),
        bound("back", "leave", "key.leave_it"),
    ]

    def __init__(self, items: Sequence[str], *, title: str, hint: str) -> None:
        super().__init__(items, title=title, hint=hint)
        self.typed_on: list[events.Event] = []

    def on_key(self, event: events.Key) -> None:
        """Before the key acts: is it an answer, or was it typed on?"""
        answers = event.key == "enter" and self.still.was_seen_by(event.time)
        if not answers and (event.is_printable or event.key in {"enter", "backspace", "tab"}):
            event.stop()
            self.typed_on.append(events.Key(event.key, event.character))

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.typed_on.append(events.Paste(event.text))

    def action_enter(self) -> None:
        """An answer, or the Enter of what was typed into the field: it was under way when the question came."""
        if self.still.was_seen_by(self._pressed):
            self.action_agree()
        else:
            self.typed_on.append(events.Key("enter", None))

    def action_agree(self) -> None:
        if self.still.was_seen_by(self._pressed) and isinstance(self.app, TypesAhead):
            self.app.typeahead.put_first(self.typed_on)
        super().action_agree()


class Overwriting:
    """Holds back what changes a value of the province's until the clerk has said that they know better.

    `changed` and `accepted` take what was held back then; `refused` shows the value again.
    """

    def __init__(
        self,
        screen: WorkingScreen[None],
        opened: OpenCase,
        changed: Callable[[Field.Changed], None],
        accepted: Callable[[Field.Accepted], Awaitable[None]],
        refused: Callable[[Field], None],
    ) -> None:
        self._screen = screen
        self._open = opened
        self._changed = changed
        self._accepted = accepted
        self._refused = refused
        self._held: Field.Changed | None = None
        self._done: Field.Accepted | None = None
        self._asking = False

    def holds(self, event: Field.Changed) -> bool:
        """Is this change of a value of the province's? Then it is asked about, unless what is typed so far is how the
        value begins."""
        field, stands = event.field, self._open.provided.get(event.field.path)
        if not self._open.is_provided(field.path):
            return False
        self._held = event if event.value != stands else None
        begun = (
            isinstance(stands, str) and isinstance(event.value, str) and event.value and stands.startswith(event.value)
        )
        if self._held and not begun:
            self._ask(field)
        return True

    def holds_up(self, event: Field.Accepted) -> bool:
        """Does the clerk go on from a change that is held back? They do after a yes."""
        if self._held is None or self._held.field is not event.field:
            return False
        self._done = event
        self._ask(event.field)
        return True

    def left(self) -> None:
        """The clerk has left the field: what was only begun there is over, and the value is shown again."""
        if self._held is not None and not self._asking:
            field, self._held = self._held.field, None
            self._refused(field)

    def _ask(self, field: Field) -> None:
        if not self._asking:
            self._asking = True
            said = t("screen.overwrite", field=field.label)
            title, hint = "screen.overwrite_title", "screen.overwrite_hint"
            self._screen.app.push_screen(OverwriteScreen([said], title=title, hint=hint), self._answered)

    async def _answered(self, word: bool | None) -> None:
        held, done = self._held, self._done
        self._held, self._done, self._asking = None, None, False
        if held is None:
            return
        if not word:
            self._refused(held.field)
            return
        self._open.take_over(held.field.path)
        self._changed(held)
        if done is not None:
            await self._accepted(done)
