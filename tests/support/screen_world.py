"""A clerk at a real screen: types like a person, reads like a person."""

import asyncio
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from time import monotonic
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs
from rich.text import Text
from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from counter.app import CounterApp
from counter.desk.desk import Desk
from counter.desk.open_case import OpenCase
from counter.i18n import t
from counter.province.client import Patience, Province
from counter.reference.load import load_reference
from counter.rules.case import Case, OldCard
from counter.rules.filling import value_at, with_value
from counter.rules.reference import Place
from counter.rules.service import StepId
from counter.screens.case.screen import CaseScreen
from counter.store.records import Operator, Role
from counter.widgets.prose import Prose
from tests.support.at_rest import PATIENCE, Rest
from tests.support.demonstration import PEOPLE as CUSTOMERS
from tests.support.made_up import EXCHANGE
from tests.support.province_world import QUICK, World

REFERENCE = load_reference()
EQUIPPED = next(
    branch
    for branch in REFERENCE.branches.values()
    if (branch.bank, branch.city, branch.instant) == ("abc", "441621", True)
)
PLACE = Place(city="441621", bank="abc", branch=EQUIPPED.id, counter="2")
SUPERVISOR = Operator("li", "李国强", Role.SUPERVISOR)
CLERK = Operator("zhang", "张敏", Role.CLERK)
PASSPHRASE = "made up for tests"
MORNING = datetime(2026, 11, 20, 1, 41, tzinfo=UTC)  # 09:41 in Guangdong
A_MOMENT = 0.01
"""So long do tests have a confirmation stand still, in place of a person's half second."""
HURRIED = Patience(timeout=5.0)

_KEY = re.compile(
    r"f\d+|enter|escape|tab|space|backspace|delete|up|down|left|right|home|end|page(up|down)|(ctrl|alt|shift|super)\+\w+"
)
Steps = dict[str, tuple[str, ...]]
W = TypeVar("W", bound=Widget)


def reach(world: World, key: Ed25519PrivateKey, url: str) -> Province:
    """This folder's counter at the province, by another way."""
    known = world.running.public_key
    return Province(url, PLACE.branch, PLACE.counter, key, known, way=world.way, at_counter=HURRIED, at_sync=QUICK)


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def until(condition: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Wait for a condition; fails when it does not come."""
    end = monotonic() + within
    while not condition():
        assert monotonic() < end, "what was waited for did not come"
        await asyncio.sleep(0.005)


class Clerk:
    """Types, waits until all has come to rest, and reads what is on the screen."""

    def __init__(self, app: CounterApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot
        self._rest = Rest(app, app.typeahead)

    async def types(self, *parts: str) -> None:
        """Strings letter by letter, and keys by their names (``enter``, ``f10``, ``alt+3``); rests after a command, and
        looks before F10."""
        for part in parts:
            if part == "f10":
                await self.rest()
                await self.reads_to_the_end()
            self._sends(part)
            if len(part) > 1 and part != "enter" and _KEY.fullmatch(part):
                await self.rest()
        await self.rest()

    async def bursts(self, *parts: str) -> None:
        """The same without waiting in between, as a scanner or a script types."""
        for part in parts:
            self._sends(part)
        await self.rest()

    async def scans(self, text: str) -> None:
        """A text at once and Enter, as a reader types it."""
        self._send(events.Paste(text))
        await self.bursts("enter")

    async def pastes(self, text: str) -> None:
        self._send(events.Paste(text))
        await self.rest()

    def _sends(self, part: str) -> None:
        for key in [part] if _KEY.fullmatch(part) else part:
            self._send(events.Key(key if len(key) > 1 else _character_to_key(key), key if len(key) == 1 else None))

    def _send(self, event: events.Event) -> None:
        event.set_sender(self.app)
        assert self.app._driver is not None
        self.app._driver.send_message(event)

    async def rest(self) -> None:
        """Until every key, every message, every thread and every frame has done its work."""
        await self._rest.comes()

    async def reads_to_the_end(self) -> None:
        """All of what F10 would record."""
        screen = self.app.screen
        if isinstance(screen, CaseScreen) and screen.open.step is StepId.CONFIRM:
            screen.step_pane.scroll_end(animate=False)
            await self.rest()

    async def presses(self, key: str, *, at: float) -> None:
        """A key that was pressed at this time (`Event.time`), whenever its turn comes."""
        event = events.Key(key, None)
        event.time = at
        self._send(event)
        await self.rest()

    # --- reading ------------------------------------------------------------------------------------------------

    def lines(self) -> list[str]:
        """What stands on the screen, line by line."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines())

    def line(self, start: str) -> str:
        """The first line with this text in it."""
        return next((line for line in self.lines() if start in line), "")

    @property
    def case(self) -> CaseScreen:
        """The case screen, wherever it stands under a dialog."""
        return next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, CaseScreen))

    @property
    def open(self) -> OpenCase:
        """The case on it."""
        return self.case.open

    @property
    def screen(self) -> Screen[Any]:
        return self.app.screen

    def one(self, kind: type[W], selector: str = "") -> W:
        """A widget of the screen."""
        return self.app.screen.query_one(selector, kind) if selector else self.app.screen.query_one(kind)

    @property
    def focused(self) -> str:
        """The path of the field that has the focus."""
        return self.case.at.path

    def mark(self, path: str) -> str:
        """A field's mark."""
        from counter.widgets.fields.field import Field

        return self.app.screen.query_one(f"#field-{path.replace('.', '-')}", Field)._mark

    def shows(self, path: str) -> str:
        """A text field's text as it is painted now."""
        from counter.widgets.fields.text import FormInput

        box = self.app.screen.query_one(f"#field-{path.replace('.', '-')} FormInput", FormInput)
        return box.shown(box.value)

    def desk(self) -> Desk:
        assert self.app.desk is not None
        return self.app.desk


Sitting = Callable[..., AbstractAsyncContextManager[Clerk]]


def assert_whole(app: App[Any], height: int = 24, width: int = 80) -> None:
    """The screen keeps its lines and columns, and nothing on it can move the terminal's cursor."""
    from rich.cells import cell_len

    strips = app.screen._compositor.render_strips()
    assert len(strips) == height
    for strip in strips:
        assert cell_len(strip.text) == width, repr(strip.text)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", strip.text), repr(strip.text)


def found(findings: Iterable[Any]) -> set[tuple[str, str, str]]:
    return {(str(finding.level), finding.rule, finding.field) for finding in findings}


def _lines(*fields: str) -> tuple[str, ...]:
    """Fields, each with its Enter."""
    return tuple(key for field in fields for key in (field, "enter") if key)


def exchange(
    who: str = "same_number", mode: str = "1", bank: str = "nyyh", pickup: str = "1", *, known: bool = False
) -> Steps:
    """What the clerk types at each step of an exchange; of a card that the province has said only what it has not."""
    person = CUSTOMERS[who]
    card = () if known else _lines(bank, person.card)
    return {
        "identity": (*_lines(person.number, person.name, "20180301", "20380301"), "1", "2", "enter"),
        "one_card": ("f10",),
        "photo": ("1", "enter"),
        "mode": (mode, *card, "1", "20310501"),
        "details": (*_lines("01", "13800000000", "30000", "441621", "紫城镇测试路1号101房"), "1", "enter"),
        "bank": ("enter", "enter"),
        "pickup": (pickup, "enter") if pickup == "1" else (pickup, "000231", "enter"),
        "confirm": ("f10",),
    }


async def serve(clerk: Clerk, steps: Steps, service: str = "2", until: str = "") -> None:
    """Serve a customer, from home up to a step; all the way to the slip without one."""
    await clerk.types(service, "enter")
    await go_on(clerk, steps, until)


async def go_on(clerk: Clerk, steps: Steps, until: str = "") -> None:
    """Type what is due at this step and the following ones, up to a step."""
    for step, keys in steps.items():
        if step == until:
            return
        if clerk.open.step == step:
            await clerk.types(*keys)
            if isinstance(clerk.screen, CaseScreen) and clerk.focused == "sms_code" and (code := code_on(clerk)):
                await clerk.types(code)


def code_on(clerk: Clerk) -> str:
    """The code that a demonstration's province echoes; '' where none is on the screen."""
    said = re.escape(t("finding.mobile.code_echo", sms="@")).replace("@", r"(\d{6})")
    found = re.search(said, clerk.text)
    return found[1] if found else ""


def drawn(prose: Widget) -> list[str]:
    """The lines of a paragraph as they are painted, those that have scrolled away too."""
    painted = prose.render()
    assert isinstance(painted, Text)
    return painted.plain.split("\n")


def squashed(text: str) -> str:
    """The text without its blanks and line ends."""
    return "".join(text.split())


def confirmed(clerk: Clerk) -> str:
    """All that the confirmation says of the case, without blanks."""
    return squashed("".join(drawn(clerk.one(Prose, "#sections"))))


async def at(clerk: Clerk, step: str, case: Case = EXCHANGE) -> CaseScreen:
    """Open a case at a step, as a held one is."""
    desk = clerk.desk()
    case = structs.replace(case, branch=case.branch and EQUIPPED.id)
    screen = CaseScreen(desk, desk.store.drafts.new_id(), case, StepId(step))
    clerk.app.push_screen(screen)
    await clerk.rest()
    return screen


def without(*paths: str, case: Case = EXCHANGE) -> Case:
    """The case with these fields empty again."""
    empty = Case(service=case.service, old_card=OldCard())
    for path in paths:
        case = with_value(case, path, value_at(empty, path))
    return case
