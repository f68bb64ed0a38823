"""A text over the screen: the slip as it will be printed (回执单), the demonstration's customers."""

from collections.abc import Iterable

from textual.binding import Binding
from textual.widget import Widget

from counter.i18n import t
from counter.screens.dialogs.dialog import Dialog
from counter.widgets.prose import Prose


class TextScreen(Dialog[None]):
    """Shows a text; Esc closes it."""

    DEFAULT_CSS = "TextScreen > VerticalScroll { height: 90%; }"
    BINDINGS = [Binding("escape,enter,f2,f12", "leave", "key.close", key_display="Esc")]

    only_read = True

    def __init__(self, text: str) -> None:
        super().__init__(hint=t("screen.close_hint"))
        self.text = text

    def compose_body(self) -> Iterable[Widget]:
        yield Prose(self.text)
