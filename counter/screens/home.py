"""Home (首页): what can be done, what waits, and today in figures."""

from collections.abc import Sequence

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widgets import Input, Static

from counter.desk.desk import Desk
from counter.i18n import t
from counter.paper.slip import yuan
from counter.rules.masking import mask_name
from counter.rules.text import plain
from counter.screens.alarms import AlarmScreen, AlarmsScreen
from counter.screens.base import DeskScreen
from counter.screens.case.authorise import AwaitingScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.day import DayScreen
from counter.screens.dialogs.ask import AskScreen
from counter.screens.find import FindScreen
from counter.screens.held import resume
from counter.screens.ledger import EntryScreen
from counter.screens.services import matching, service_pick
from counter.screens.waiting import Item, Waiting, waiting_pick
from counter.store.records import Alarm, AwaitingCase, DayFigures, Draft, LedgerEntry
from counter.store.store import Stamp
from counter.widgets.bound import bound, fixed
from counter.widgets.fields.text import FormInput
from counter.widgets.lines import Line, spread
from counter.widgets.picks import PickBox, PickList
from counter.widgets.prose import Prose

FIGURES = ("done", "held", "awaiting", "rejected", "pending")
LOOK_SECONDS = 2
"""So often home looks whether something else has written to the ledger."""


class FiguresLine(Line):
    """Today in figures (今日), the money at the right; for want of room those that are nothing go."""

    figures: reactive[DayFigures | None] = reactive(None, layout=False)

    def render(self) -> Text:
        day = self.figures
        if day is None:
            return Text()
        counts = (day.done, day.held, day.awaiting, day.rejected, day.pending)
        said = [t(f"home.figure.{name}", count=count) for name, count in zip(FIGURES, counts, strict=True)]
        something = [words for words, count in zip(said, counts, strict=True) if count] or said[:1]
        money = yuan(day.fee_fen)
        fee, bare = (Text(f"{words} ", style="bold") for words in (t("home.fee", fee=money), money))
        tries = [("   ", said, fee), ("  ", said, fee), ("  ", something, fee), ("  ", something, bare)]
        tries += [(" ", something[:kept], bare) for kept in range(len(something), -1, -1)]
        for gap, words, total in tries:
            line = Text.assemble((f" {t('home.today')}  ", "bold"), gap.join(words))
            if line.cell_len + total.cell_len < self.size.width:
                break
        return spread(line, total, self.size.width)


class HomeScreen(DeskScreen[None]):
    """Type a service's number, initials or name; Tab takes the band to what waits. The box has the focus always."""

    DEFAULT_CSS = """
    HomeScreen #alarms { padding: 0 1; display: none; }
    HomeScreen #asked { height: 1; margin: 0 1; }
    HomeScreen #asked Static { width: auto; padding-right: 2; }
    HomeScreen #hint { margin: 0 1; }
    HomeScreen PickList { margin: 0 1; }
    HomeScreen #services { height: 46%; max-height: 14; }
    HomeScreen .note { padding: 0 3; }
    HomeScreen.-tall #figures { margin: 1 0; }
    HomeScreen.-tall #waits { margin-top: 1; }
    """
    BINDINGS = [
        fixed("other", "tab,shift+tab", "other", "key.other_list"),
        bound("discard", "discard", priority=True),
        bound("batches", "batches"),
        bound("parcels", "parcels", show=False),
        bound("news", "news", show=False),  # said beside what waits when there is any
        bound("alarms", "alarms", show=False),  # likewise
        bound("day", "day"),
        bound("find", "find"),  # the first to go for want of room: what is typed and is no service is looked for too
        bound("lock", "app.lock"),
        bound("palette", "app.command_palette"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]
    AUTO_FOCUS = "#wanted"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.waiting: dict[str, Item] = {}
        self.waits = ""
        """The heading of what waits, without where the band is in it."""
        self.sounding = False
        self.seen: Stamp = ()
        """The ledger's stamp when it was read the last time."""

    def compose_body(self) -> ComposeResult:
        yield Prose(id="alarms")
        yield FiguresLine(id="figures")
        with Horizontal(id="asked"):
            yield Static(t("home.what"), markup=False)
            box = PickBox(limit=40, id="wanted")
            box.placeholder = t("home.what_hint")
            yield box
        yield Line(id="hint")
        yield PickList(columns=4, id="services")
        yield Line(id="waits")
        yield PickList(active=False, id="waiting")

    async def on_mount(self) -> None:
        self._list_services("")
        self.set_interval(LOOK_SECONDS, self._look_again)

    def on_screen_resume(self) -> None:
        self.refresh_header()
        self._load()

    def on_key(self, event: events.Key) -> None:
        """Where a click beside everything has taken the focus away, the box has it again."""
        box = self.query_one(PickBox)
        if not box.has_focus and event.is_printable and event.character:
            event.stop()
            box.focus()
            box.insert_text_at_cursor(event.character)

    # --- what waits

    def _look_again(self) -> None:
        """Another window, or a sync, has written: what waits is not what it was."""
        if self.is_active and self.desk.store.stamp() != self.seen:
            self._load()

    def _load(self) -> None:
        self.seen = self.desk.store.stamp()
        self.in_background(self._read, self._show, group="waiting", under=True)

    def _read(self, _work: object) -> Waiting:
        store = self.desk.store
        held = self.desk.held()  # first: a case that was just put away is counted as well as listed
        figures = store.ledger.figures(self.desk.today())
        returned, news = store.outbox.rejected()[-20:], store.outbox.unread()
        lying, alarms = len(store.parcels.lying()), store.alarms.list()
        closed = store.decisions.is_closed(self.desk.today())
        return Waiting(figures, held, self.desk.awaiting(), returned, news, lying, alarms, closed)

    def _show(self, waiting: Waiting) -> None:
        self.query_one(FiguresLine).figures = waiting.figures
        self._show_alarms(waiting.alarms)
        news = f"   {t('home.news', count=waiting.news)}" if waiting.news else ""
        lying = f"   {t('home.lying', count=waiting.lying)}" if waiting.lying else ""
        items: list[Item] = [*waiting.awaiting, *waiting.returned, *waiting.drafts]
        closed = f"{t('home.closed')}   " if waiting.closed else ""
        self.waits = closed + (t("home.waiting") if items else t("home.nothing_waits")) + news + lying
        self.waiting = {item.id: item for item in items}
        today = self.desk.today()
        self._waiting_list.show([waiting_pick(item, today) for item in items], keep=True)
        if not items:
            self._activate(self._services)
        self._show_where()

    def _show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """LOS-1: a line that stays until all are settled; what nobody has seen yet is said first."""
        line = self.query_one("#alarms", Prose)
        line.display = bool(alarms)
        line.update(t("home.alarms", count=len(alarms)) if alarms else "")
        unseen = [alarm for alarm in alarms if not alarm.seen]
        if unseen and not self.sounding:
            self.sounding = True
            self.once_seen(lambda: self._sound(unseen))

    def _sound(self, unseen: Sequence[Alarm]) -> None:
        def seen(_answer: None) -> None:
            self.sounding = False

        self.app.push_screen(AlarmScreen(self.desk, unseen), seen)

    # --- the band

    @property
    def _services(self) -> PickList:
        return self.query_one("#services", PickList)

    @property
    def _waiting_list(self) -> PickList:
        return self.query_one("#waiting", PickList)

    @property
    def _active(self) -> PickList:
        return self._waiting_list if self._waiting_list.active else self._services

    def _activate(self, active: PickList) -> None:
        for each in (self._services, self._waiting_list):
            if each.active != (each is active):
                each.activate(each is active)
        self.refresh_bindings()

    def action_other(self) -> None:
        """Tab: the band goes to what waits, and back."""
        waiting = self._waiting_list
        self._activate(waiting if waiting.picks and not waiting.active else self._services)
        self._show_where()

    def action_walk(self, way: str) -> None:
        """Arrows, PgUp, PgDn, Home and End move the band while the clerk types."""
        self._active.walk(way)
        self._show_where()
        self.refresh_bindings()

    def _show_where(self) -> None:
        """What the service under the band is, where its line does not say it; which of how many waits."""
        services, waiting = self._services, self._waiting_list
        current = services.current
        if current is None:
            hint = t("home.no_service")
        else:
            hint = "" if services.shows_about or not services.active else current.about
        self.query_one("#hint", Line).text = Text(hint)
        place = f"{waiting.at + 1}/{len(waiting.picks)} " if waiting.active else ""
        self.query_one("#waits", Line).text = Text(f" {self.waits}")
        self.query_one("#waits", Line).right = Text(place)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_where)

    # --- services, and what Enter takes

    def _list_services(self, text: str) -> None:
        self._services.show([service_pick(service) for service in matching(text)])

    @on(Input.Changed, "#wanted")
    def _typed(self, event: Input.Changed) -> None:
        self._list_services(event.value)
        self._activate(self._services)
        self._show_where()

    @on(Input.Submitted, "#wanted")
    @on(PickList.Clicked)
    async def _taken(self, event: Input.Submitted | PickList.Clicked) -> None:
        """Enter or a click: the service, or what waits; what is no service is looked for everywhere."""
        if isinstance(event, PickList.Clicked):
            self._activate(event.picks)
        current = self._active.current
        if current is None:
            self.action_find()
        elif self._active is self._services:
            self._start(current.id)
        else:
            await self._open(self.waiting[current.id])

    async def _open(self, item: Item) -> None:
        match item:
            case Draft():
                await self._resume(item.id)
            case AwaitingCase():
                self.app.push_screen(AwaitingScreen(self.desk, item))
            case LedgerEntry():
                self.app.push_screen(EntryScreen(self.desk, item))

    def _start(self, service: str) -> None:
        self.query_one("#wanted", FormInput).value = ""
        self.app.push_screen(CaseScreen(self.desk, self.desk.store.drafts.new_id(), self.desk.new_case(service)))

    async def _resume(self, id: str) -> None:
        self._activate(self._services)
        if not await resume(self, self.desk, id):
            self._load()

    def _banded_draft(self) -> Draft | None:
        current = self._waiting_list.current if self._waiting_list.active else None
        item = self.waiting.get(current.id) if current else None
        return item if isinstance(item, Draft) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a held case can be given up, and only where it is chosen."""
        return action != "discard" or (self.is_mounted and self._banded_draft() is not None)

    def action_discard(self) -> None:
        """Del: give a held case up, once the clerk has said so; a customer who was refused is not kept for ever."""
        draft = self._banded_draft()
        if draft is not None:
            whose = f"{mask_name(draft.case.holder.name)}  {t(f'service.{draft.case.service}.name')}"
            asked = AskScreen([whose], title="home.discard_title", hint="home.discard_hint")
            self.app.push_screen(asked, lambda word: self._discard(draft.id) if word else None)

    def _discard(self, id: str) -> None:
        self.in_background(lambda _: self.desk.discard(id), lambda _: self._load(), under=True)

    def action_find(self) -> None:
        """F3: look everywhere, for what is typed if that is no service."""
        box = self.query_one(PickBox)
        text = "" if self._services.picks else plain(box.value)
        self.app.push_screen(FindScreen(self.desk, text))
        box.value = ""

    def action_batches(self) -> None:
        """F7: rosters of units."""
        from counter.screens.roster.batches import BatchesScreen

        self.app.push_screen(BatchesScreen(self.desk))

    def action_news(self) -> None:
        """F8: what the province had to say."""
        from counter.screens.news import NewsScreen

        self.app.push_screen(NewsScreen(self.desk))

    def action_parcels(self) -> None:
        """F2: the cards that lie at the branch, and the parcels that arrive."""
        from counter.screens.parcels import ParcelsScreen

        self.app.push_screen(ParcelsScreen(self.desk))

    def action_alarms(self) -> None:
        """F6: losses whose bank's side is not locked."""
        self.app.push_screen(AlarmsScreen(self.desk))

    def action_day(self) -> None:
        """F9: the end of the day."""
        self.app.push_screen(DayScreen(self.desk))
