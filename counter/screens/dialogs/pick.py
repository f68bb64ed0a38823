"""One out of a list (民族, 职业), found by code, name or pinyin initials."""

from collections.abc import Iterable, Sequence

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from counter.i18n import named, t
from counter.rules.reference import Coded
from counter.rules.search import search_coded
from counter.screens.dialogs.dialog import Dialog
from counter.widgets.bound import fixed
from counter.widgets.fields.text import FormInput


class PickScreen(Dialog[str]):
    """Answers with the code of what was chosen, None after Esc. `chosen` is the one that stands there now."""

    DEFAULT_CSS = """
    PickScreen OptionList { height: auto; max-height: 30vh; padding: 0; margin: 1 0 0 0; }
    PickScreen OptionList, PickScreen OptionList:focus { border: none; }
    """
    BINDINGS = [
        fixed("walk", "up", "walk(-1)"),
        fixed("walk", "down", "walk(1)"),
    ]

    def __init__(self, title: str, items: Sequence[Coded], chosen: str = "") -> None:
        super().__init__(title, t("screen.pick_hint"))
        self._items = tuple(items)
        self._chosen = chosen

    def compose_body(self) -> Iterable[Widget]:
        yield FormInput(limit=40)
        listed = OptionList()
        listed.can_focus = False
        yield listed

    def on_mount(self) -> None:
        self.query_one(FormInput).focus()
        self._list(self._items)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        typed = event.value.strip()
        self._list(search_coded(typed, self._items, len(self._items)) if typed else self._items)

    def _list(self, items: Sequence[Coded]) -> None:
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(Option(Text(f"{item.code}  {named(item)}"), id=item.code) for item in items)
        codes = [item.code for item in items]
        listed.highlighted = codes.index(self._chosen) if self._chosen in codes else 0 if codes else None

    def action_walk(self, by: int) -> None:
        """Up and down in the list, while what is typed narrows it."""
        listed = self.query_one(OptionList)
        if listed.highlighted is not None:
            listed.highlighted = (listed.highlighted + by) % listed.option_count

    @on(Input.Submitted)
    def _taken(self, event: Input.Submitted) -> None:
        event.stop()
        option = self.query_one(OptionList).highlighted_option
        if option is None:
            self.app.bell()
        else:
            self.answer(str(option.id))
