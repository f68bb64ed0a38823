"""A text over the screen: the slip as it will be printed (回执单), the demonstration's customers."""

from collections.abc import Callable, Iterable

from textual.widget import Widget

from counter.i18n import listed, t, traits
from counter.paper.languages import Languages, Printed
from counter.screens.dialogs.dialog import Dialog
from counter.widgets.bound import bound, fixed
from counter.widgets.prose import Prose


class TextScreen(Dialog[None]):
    """Shows a text; Esc closes it."""

    DEFAULT_CSS = "TextScreen > VerticalScroll { height: 90%; }"
    BINDINGS = [
        bound("back", "leave", "key.close"),
        fixed("accept", "enter", "leave"),
        bound("preview", "leave", "key.close", show=False),
        bound("customers", "leave", "key.close", show=False),
    ]

    only_read = True

    def __init__(self, text: str, heading: str = "") -> None:
        super().__init__(heading, t("screen.close_hint"))
        self.text = text

    def compose_body(self) -> Iterable[Widget]:
        yield Prose(self.text, id="text")


class PreviewScreen(TextScreen):
    """Shows a paper as it will be printed; F3 has it in other languages, and `chosen` is told which."""

    BINDINGS = [bound("languages", "turn")]

    def __init__(self, printed: Printed, chosen: Callable[[Languages], None]) -> None:
        super().__init__(printed.text, _spoken(printed))
        self.printed = printed
        self.chosen = chosen

    def action_turn(self) -> None:
        """F3: in the next of its languages."""
        self.printed = self.printed.turned()
        self.text = self.printed.text
        self.chosen(self.printed.languages)
        self.query_one(".heading", Prose).update(_spoken(self.printed))
        self.query_one("#text", Prose).update(self.text)


def _spoken(printed: Printed) -> str:
    return t("screen.preview_languages", languages=listed(traits(each).name for each in printed.languages))
