"""The customer's consents (同意), each with the text that it accepts where there is one."""

from collections.abc import Callable, Sequence

from textual.message import Message

from counter.widgets.bound import bound
from counter.widgets.fields.choice import Option
from counter.widgets.fields.tick import TickField


class ConsentsField(TickField):
    """What the customer agrees to; F2 shows the text of the consent under the cursor, if `has_text` says so."""

    BINDINGS = [bound("read", "read")]

    class ReadWanted(Message):
        """The customer wants to read what the consent accepts."""

        def __init__(self, consent: str) -> None:
            super().__init__()
            self.consent = consent

    def __init__(self, options: Callable[[], Sequence[Option]], has_text: Callable[[str], bool]) -> None:
        super().__init__("consents", options, digits=False)
        self.has_text = has_text

    def on_mount(self) -> None:
        self.watch(self.ticks, "cursor", self.refresh_bindings, init=False)

    @property
    def _here(self) -> str:
        """The consent under the cursor."""
        options, cursor = self.ticks.options, self.ticks.cursor
        return str(options[cursor].value) if cursor < len(options) else ""

    def action_read(self) -> None:
        self.post_message(self.ReadWanted(self._here))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Another F2, of the step, where there is no text."""
        return action != "read" or self.has_text(self._here)
