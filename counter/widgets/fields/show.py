"""A field that is derived or answered, not typed."""

from textual.widgets import Static

from counter.widgets.fields.field import Field


class ShowField(Field):
    """Text beside a label: what follows from the number, or what the province answered."""

    DEFAULT_CSS = "ShowField > .shown { width: 1fr; height: auto; }"

    typed = False

    def __init__(self, path: str, *, label: str = "") -> None:
        super().__init__(path, label=label, required=False)
        self._shown = Static("", classes="shown", markup=False)

    def make_control(self) -> Static:
        return self._shown

    def show(self, value: object) -> None:
        text = str(value or "")
        if text != self._shown.content:  # an update lays the screen out anew
            self._shown.update(text)
