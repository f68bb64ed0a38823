"""A text over the screen: the slip as it will be printed (回执单), the demonstration's customers."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from counter.i18n import t
from counter.widgets.prose import Prose


class TextScreen(ModalScreen[None]):
    """Shows a text; Esc closes it."""

    DEFAULT_CSS = """
    TextScreen { align: center middle; }
    TextScreen > VerticalScroll {
        width: 72; max-width: 95%; height: 90%; border: ascii $primary; padding: 1 2; background: $surface;
    }
    """
    BINDINGS = [Binding("escape,enter,f2,f12", "dismiss", "key.close", key_display="Esc")]

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Prose(f"{self.text}\n\n{t('screen.close_hint')}")
