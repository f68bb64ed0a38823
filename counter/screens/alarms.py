"""Alarms (银行账户未锁定), LOS-1: said so that nobody passes them, listed until somebody has phoned the bank."""

from collections.abc import Iterable, Sequence

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Input

from counter.clock import SHANGHAI
from counter.desk.alarms import WORDS, bank_of, settle
from counter.desk.desk import Desk
from counter.i18n import t
from counter.rules.masking import mask_name
from counter.screens.dialogs.dialog import Dialog
from counter.screens.list import Line, ListScreen
from counter.store.records import Alarm, LedgerEntry
from counter.widgets.bound import bound
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose


class AlarmScreen(Dialog[None]):
    """Rings, and stays until F10: the clerk has told the customer, or has seen that somebody must."""

    only_read = True
    warns = True
    BINDINGS = [bound("acknowledge", "acknowledge")]

    def __init__(self, desk: Desk, alarms: Sequence[Alarm]) -> None:
        super().__init__(t("alarm.title"), t("alarm.hint"))
        self.desk = desk
        self.alarms = alarms

    def compose_body(self) -> Iterable[Widget]:
        yield Prose("\n\n".join(map(self._words, self.alarms)))

    def _words(self, alarm: Alarm) -> str:
        bank, hotline = bank_of(alarm, self.desk.reference)
        key = "alarm.call" if hotline else "alarm.call_unknown"
        return t(key, bank=bank, hotline=hotline, number=alarm.number or alarm.entry)

    def on_mount(self) -> None:
        self.app.bell()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc passes nothing."""
        return action != "leave"

    def action_acknowledge(self) -> None:
        """F10: seen; it goes on waiting on home."""
        self.in_background(lambda _: self._see(), self.answer, group="see", once=True)

    def _see(self) -> None:
        for alarm in self.alarms:
            self.desk.store.alarms.see(alarm.entry)


class AlarmsScreen(ListScreen[tuple[Alarm, str]]):
    """What waits to be settled, the oldest first; Enter settles one."""

    catalog = "alarm"
    columns = {"name": 10, "bank": 12, "hotline": 7, "since": 11, "number": 34}

    def read(self, text: str) -> Sequence[tuple[Alarm, str]]:
        """Each with whom it is about, masked; '' where the entry is not in this ledger."""
        store = self.desk.store
        waiting = store.alarms.list()
        entries = store.ledger.of_ids(alarm.entry for alarm in waiting)
        return [(alarm, _name(entries.get(alarm.entry))) for alarm in waiting]

    def line(self, row: tuple[Alarm, str]) -> Line:
        alarm, name = row
        bank, hotline = bank_of(alarm, self.desk.reference)
        since = f"{alarm.raised_at.astimezone(SHANGHAI):%m-%d %H:%M}"
        return Text(name), bank, hotline, since, alarm.number or alarm.entry

    def open(self, row: tuple[Alarm, str]) -> None:
        self.app.push_screen(SettleScreen(self.desk, row[0]))


def _name(entry: LedgerEntry | None) -> str:
    return mask_name(entry.record.case.holder.name) if entry and entry.record else ""


class SettleScreen(Dialog[None]):
    """Who phoned the bank, when, and what came of it; Enter goes on, at the last line it settles."""

    DEFAULT_CSS = "SettleScreen FormInput { margin-bottom: 1; }"

    def __init__(self, desk: Desk, alarm: Alarm) -> None:
        bank, hotline = bank_of(alarm, desk.reference)
        super().__init__(t("alarm.settle", bank=bank, hotline=hotline), t("alarm.settle_hint"))
        self.desk = desk
        self.alarm = alarm

    def compose_body(self) -> Iterable[Widget]:
        for name in ("phoned_by", "phoned_at", "result"):
            yield Prose(t(f"alarm.{name}"))
            yield FormInput(limit=WORDS, id=name)
        yield Prose(id="problem", classes="problem")

    def on_mount(self) -> None:
        self.query_one("#phoned_at", FormInput).value = f"{self.desk.clock().astimezone(SHANGHAI):%H:%M}"
        self.query_one("#phoned_by").focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id != "result":
            self.focus_next(FormInput)
            return
        boxes = list(self.query(FormInput))
        who, when, what = (box.value for box in boxes)

        def refused(reason: str) -> None:
            self.query_one("#problem", Prose).update(reason)
            next((box for box in boxes if not box.value.strip()), event.input).focus()

        self.in_background(
            lambda _: settle(self.desk, self.alarm.entry, who, when, what),
            self.answer,
            group="settle",
            once=True,
            refused=refused,
        )
