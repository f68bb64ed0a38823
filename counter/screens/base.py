"""What every screen of an open desk has: the header, the keys, help, and the way out."""

from collections.abc import Iterable
from typing import ClassVar, Generic

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from counter.clock import SHANGHAI
from counter.desk.desk import Desk
from counter.i18n import named, t
from counter.rules.finding import Finding
from counter.screens.background import Result, WorkingScreen
from counter.widgets.bound import bound
from counter.widgets.lines import GuideLine, HeaderLine, KeysLine
from counter.widgets.photo import PhotoView

HEADER_SECONDS = 5


class DeskScreen(WorkingScreen[Result], Generic[Result]):
    """A screen at an open desk. Subclasses compose their body in `compose_body`."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("help", "help")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-broad")]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        yield HeaderLine()
        yield GuideLine()
        yield from self.compose_body()
        yield KeysLine()

    def compose_body(self) -> ComposeResult:
        """What stands between the header and the keys."""
        raise NotImplementedError

    async def on_mount(self) -> None:
        self.refresh_header()
        self.set_interval(HEADER_SECONDS, self.refresh_header)

    def refresh_header(self) -> None:
        """Paint who, where, when, and whether the province answers."""
        desk = self.desk
        bank = desk.reference.banks.get(desk.place.bank)
        place = desk.branch.name if desk.branch else named(bank) if bank else ""
        state, style = {None: ("not_asked", ""), True: ("online", "bold"), False: ("offline", "alarm")}[desk.online]
        operator = desk.store.operator
        signed_in = f"{operator.name} {t(f'choice.role.{operator.role}')}"
        now = desk.clock().astimezone(SHANGHAI)

        def form(title: str, window: str, online: str, who: str) -> tuple[Text, Text]:
            left = Text.assemble(f" {title}", (place, "bold"), f" {t(window, counter=desk.place.counter)}")
            return left, Text.assemble((t(online), style), f"   {who}   {now:%H:%M} ")

        title, whole, short = f"{t('screen.title')}  ", f"screen.{state}", f"screen.short.{state}"
        self.query_one(HeaderLine).forms = (
            form(title, "screen.window", whole, signed_in),
            form(title, "screen.short.window", whole, operator.name),
            form("", "screen.short.window", whole, operator.name),
            form("", "screen.short.window", short, operator.name),
        )

    @on(events.ScreenSuspend)
    def _put_pictures_away(self) -> None:
        """Another screen comes over this one, perhaps a locked one: no picture stays on the terminal."""
        for view in self.query(PhotoView):
            view.put_away()

    def finding_for_help(self) -> Finding | None:
        """The finding whose rule F1 explains; None shows the keys."""
        return None

    def explained(self) -> Iterable[str]:
        """What F1 says of where the clerk is, paragraph by paragraph."""
        return ()

    def action_help(self) -> None:
        """F1: the rule behind what is on the screen, what is explained of it, and the keys."""
        from counter.screens.dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen(self.finding_for_help(), self, self.explained()))
