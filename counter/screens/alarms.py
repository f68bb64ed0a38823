"""Alarms (银行账户未锁定), LOS-1: said so that nobody passes them, listed until somebody has phoned the bank."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from counter.clock import SHANGHAI
from counter.desk.alarms import WORDS, bank_of, settle
from counter.desk.desk import Desk
from counter.i18n import t
from counter.screens.dialogs.dialog import Dialog
from counter.screens.list import Line, ListScreen
from counter.store.records import Alarm
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


class AlarmsScreen(ListScreen[Alarm]):
    """What waits to be settled, the oldest first; Enter settles one."""

    catalog = "alarm"
    columns = {"number": 34, "bank": 20, "hotline": 10, "since": 12}

    def read(self, text: str) -> Sequence[Alarm]:
        return self.desk.store.alarms.list()

    def line(self, row: Alarm) -> Line:
        bank, hotline = bank_of(row, self.desk.reference)
        return (row.number or row.entry, bank, hotline, f"{row.raised_at.astimezone(SHANGHAI):%m-%d %H:%M}")

    def open(self, row: Alarm) -> None:
        self.app.push_screen(SettleScreen(self.desk, row))


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
