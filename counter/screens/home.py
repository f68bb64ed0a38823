"""Home (首页): what can be done, what waits, and today in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option as ListOption

from counter.clock import SHANGHAI
from counter.desk.desk import Desk
from counter.i18n import has, step_name, t
from counter.paper.slip import yuan
from counter.rules.accepted import without_unseen
from counter.rules.case import Case
from counter.rules.masking import mask_name
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES
from counter.rules.text import plain
from counter.screens.alarms import AlarmScreen, AlarmsScreen
from counter.screens.base import DeskScreen
from counter.screens.case.authorise import AwaitingScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.day import DayScreen
from counter.screens.dialogs.ask import AskScreen
from counter.screens.ledger import EntryScreen, LedgerScreen
from counter.store.records import Alarm, AwaitingCase, DayFigures, Draft, LedgerEntry, SendState
from counter.widgets.fields.text import FormInput
from counter.widgets.lines import Line
from counter.widgets.prose import Prose

Item = Draft | AwaitingCase | LedgerEntry


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the clerk."""

    figures: DayFigures
    drafts: Sequence[Draft]
    awaiting: Sequence[AwaitingCase]
    returned: Sequence[LedgerEntry]
    news: int
    lying: int
    alarms: Sequence[Alarm]


def matching(text: str) -> list[Service]:
    """Services by number, initials, or part of the name; all of them for an empty text."""
    wanted = plain(text).lower()

    def fits(service: Service) -> bool:
        names = (t(f"service.{service.id}.name").lower(), t(f"service.{service.id}.initials").lower(), service.id)
        return wanted == str(service.number) or any(wanted in name for name in names)

    return sorted(
        (service for service in SERVICES.values() if not wanted or fits(service)), key=lambda service: service.number
    )


class WaitingList(OptionList):
    """What waits; Enter is named among the keys as it is everywhere else."""

    BINDINGS = [Binding("enter", "select", "key.open")]


class HomeScreen(DeskScreen[None]):
    """Type a service's number, initials or name; Tab goes to what waits."""

    DEFAULT_CSS = """
    HomeScreen VerticalScroll { padding: 0 1; }
    HomeScreen OptionList { height: auto; max-height: 9; border: none; padding: 0; }
    HomeScreen OptionList { text-wrap: nowrap; text-overflow: ellipsis; }
    HomeScreen OptionList:focus { border: none; }
    HomeScreen #services { max-height: 47%; }
    HomeScreen .title { margin-top: 1; }
    HomeScreen #figures { margin-top: 1; }
    HomeScreen #alarms { padding: 0 1; display: none; }
    """
    BINDINGS = [
        Binding("enter", "open", "key.open", show=True),
        Binding("tab", "app.focus_next", "key.other_list", show=True),
        Binding("delete", "discard", "key.discard", key_display="Del", id="discard"),
        Binding("f3", "find", "key.find"),
        Binding("f7", "batches", "key.batches"),
        Binding("f2", "parcels", "key.parcels", show=False),
        Binding("f8", "news", "key.news", show=False),  # said beside what waits when there is any
        Binding("f6", "alarms", "key.alarms", show=False),  # likewise
        Binding("f9", "day", "key.day"),
        Binding("ctrl+l", "app.lock", "key.lock"),
        Binding("ctrl+p", "app.command_palette", "key.palette"),
        Binding("down", "walk(1)", show=False),
        Binding("up", "walk(-1)", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.waiting: dict[str, Item] = {}
        self.sounding = False

    def compose_body(self) -> ComposeResult:
        yield Line(id="figures")
        yield Prose(id="alarms")
        with VerticalScroll(can_focus=False):
            yield Prose(t("home.what"), classes="title")
            yield FormInput(limit=40, id="wanted")
            services = OptionList(id="services")
            services.can_focus = False  # the arrows walk in it from the field, so that Tab is free for what waits
            yield services
            yield Prose(t("home.no_service"), id="no_service", classes="note")
            yield Prose(t("home.waiting"), classes="title", id="waits")
            yield WaitingList(id="waiting")
            yield Prose(t("home.nothing_waits"), id="empty", classes="note")

    async def on_mount(self) -> None:
        self._list_services("")
        self.query_one("#wanted").focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A list that is entered has a line to choose at once."""
        if isinstance(event.widget, OptionList) and event.widget.highlighted is None:
            event.widget.action_first()

    def on_screen_resume(self) -> None:
        self.refresh_header()
        self._load()

    def _load(self) -> None:
        self.in_background(self._read, self._show, group="waiting", under=True)

    def _read(self, _work: object) -> Waiting:
        store = self.desk.store
        held = self.desk.held()  # first: a case that was just put away is counted as well as listed
        figures = store.ledger.figures(self.desk.today())
        returned, news = store.outbox.rejected()[-20:], store.outbox.unread()
        lying, alarms = len(store.parcels.lying()), store.alarms.list()
        return Waiting(figures, held, self.desk.awaiting(), returned, news, lying, alarms)

    def _show(self, waiting: Waiting) -> None:
        figures = waiting.figures
        self.query_one("#figures", Line).text = Text.assemble(
            (f" {t('home.today')}  ", "bold"),
            t(
                "home.figures",
                done=figures.done,
                held=figures.held,
                awaiting=figures.awaiting,
                rejected=figures.rejected,
                pending=figures.pending,
                fee=yuan(figures.fee_fen),
            ),
        )
        self._show_alarms(waiting.alarms)
        news = f"   {t('home.news', count=waiting.news)}" if waiting.news else ""
        lying = f"   {t('home.lying', count=waiting.lying)}" if waiting.lying else ""
        self.query_one("#waits", Prose).update(t("home.waiting") + news + lying)
        items: list[Item] = [*waiting.awaiting, *waiting.returned, *waiting.drafts]
        self.waiting = {item.id: item for item in items}
        listed = self.query_one("#waiting", OptionList)
        listed.clear_options()
        listed.add_options([_line(item) for item in self.waiting.values()])
        listed.highlighted = 0 if listed.option_count else None
        listed.display = bool(listed.option_count)
        self.query_one("#empty").display = not listed.option_count

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

    def _list_services(self, text: str) -> None:
        widest = 1 + max(cell_len(t(f"service.{id}.name")) for id in SERVICES)
        listed = self.query_one("#services", OptionList)
        listed.clear_options()
        listed.add_options(
            ListOption(
                _columns(
                    (f"{service.number:>3}", 4),
                    (t(f"service.{service.id}.name"), widest),
                    (t(f"service.{service.id}.hint"), 0),
                ),
                id=service.id,
            )
            for service in matching(text)
        )
        listed.highlighted = 0 if listed.option_count else None
        self.query_one("#no_service").display = not listed.option_count

    @on(Input.Changed, "#wanted")
    def _typed(self, event: Input.Changed) -> None:
        self._list_services(event.value)

    @on(Input.Submitted, "#wanted")
    def action_open(self) -> None:
        """Enter: the highlighted service, or what waits."""
        listed = self.query_one("#services", OptionList)
        if listed.highlighted is not None:
            self._start(str(listed.get_option_at_index(listed.highlighted).id))

    def action_walk(self, by: int) -> None:
        """Up and down move in the services while the clerk types."""
        listed = self.query_one("#services", OptionList)
        if listed.option_count:
            listed.highlighted = ((listed.highlighted or 0) + by) % listed.option_count

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        chosen = str(event.option.id)
        if event.option_list.id == "services":
            self._start(chosen)
            return
        match self.waiting.get(chosen):
            case Draft() as draft:
                self._resume(draft)
            case AwaitingCase() as awaiting:
                self.app.push_screen(AwaitingScreen(self.desk, awaiting))
            case LedgerEntry() as entry:
                self.app.push_screen(EntryScreen(self.desk, entry))

    def _start(self, service: str) -> None:
        self.query_one("#wanted", FormInput).value = ""
        self.app.push_screen(CaseScreen(self.desk, self.desk.store.drafts.new_id(), self.desk.new_case(service)))

    def _resume(self, draft: Draft) -> None:
        case = without_unseen(draft.case, self.desk.context())
        self.app.push_screen(CaseScreen(self.desk, draft.id, case, StepId(draft.step)))

    def _highlighted_draft(self) -> Draft | None:
        listed = self.query_one("#waiting", OptionList)
        if not listed.has_focus or listed.highlighted is None:
            return None
        chosen = self.waiting.get(str(listed.get_option_at_index(listed.highlighted).id))
        return chosen if isinstance(chosen, Draft) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a held case can be given up, and only where it is chosen."""
        return action != "discard" or (self.is_mounted and self._highlighted_draft() is not None)

    @on(OptionList.OptionHighlighted, "#waiting")
    def _another_waits(self) -> None:
        self.refresh_bindings()

    def action_discard(self) -> None:
        """Del: give a held case up, once the clerk has said so; a customer who was refused is not kept for ever."""
        draft = self._highlighted_draft()
        if draft is not None:
            whose = f"{mask_name(draft.case.holder.name)}  {t(f'service.{draft.case.service}.name')}"
            asked = AskScreen([whose], title="home.discard_title", hint="home.discard_hint")
            self.app.push_screen(asked, lambda word: self._discard(draft.id) if word else None)

    def _discard(self, id: str) -> None:
        self.in_background(lambda _: self.desk.discard(id), lambda _: self._load(), under=True)

    def action_find(self) -> None:
        """F3: look in the ledger."""
        self.app.push_screen(LedgerScreen(self.desk))

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


def _line(item: Item) -> ListOption:
    match item:
        case Draft():
            why = t("home.stopped_at", step=step_name(SERVICES[item.case.service], StepId(item.step)))
            return _columns_of("   " + t("home.held"), item.case, item.case.service, why, item.updated_at, item.id)
        case AwaitingCase():
            why = t(f"choice.authorised.{item.reason}")
            return _columns_of(" ! " + t("home.awaiting"), item.record.case, item.kind, why, item.created_at, item.id)
        case LedgerEntry():
            case = item.record.case if item.record else Case()
            return _columns_of(" ! " + t("home.returned"), case, item.kind, _refusal(item), item.recorded_at, item.id)


def _refusal(entry: LedgerEntry) -> str:
    if entry.state is SendState.CONFLICT:
        return t(f"choice.state.{entry.state}")
    reason = f"finding.{entry.code}"
    return t(reason) if has(reason) and "{" not in t(reason) else entry.rule or entry.code


def _columns_of(what: str, case: Case, kind: str, why: str, at: datetime, id: str) -> ListOption:
    widest = 5 + max(cell_len(t(f"home.{state}")) for state in ("held", "returned", "awaiting"))
    cells = ((what, widest), (mask_name(case.holder.name), 10), (t(f"service.{kind}.name"), 16), (why, 26))
    return ListOption(_columns(*cells, (f"{at.astimezone(SHANGHAI):%H:%M}", 0)), id=id)


def _columns(*cells: tuple[str, int]) -> Text:
    """Cells of fixed widths in one line; width 0 takes what is left."""
    line = Text(no_wrap=True, overflow="ellipsis")
    for text, width in cells:
        cell = Text(text, end="")
        if width:
            cell.truncate(width - 1, overflow="crop", pad=True)
            cell.append(" ")
        line.append_text(cell)
    return line
