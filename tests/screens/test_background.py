"""What screens have done in the background: its progress, its errors, and where its result goes."""

from collections.abc import Callable
from threading import Event

import pytest
from textual.app import ComposeResult
from textual.worker import WorkerFailed

from counter.desk.desk import Desk
from counter.i18n import t
from counter.screens.background import Background
from counter.screens.base import DeskScreen
from counter.screens.dialogs.help import HelpScreen
from counter.screens.dialogs.lock import LockScreen
from counter.store.errors import LedgerUnavailableError
from counter.widgets.prose import Prose
from tests.support.loop_guard import guarded_loop
from tests.support.screen_world import PASSPHRASE, Clerk, Sitting, until


class Waiting(DeskScreen[None]):
    """A screen that waits for what a test has done for it."""

    def __init__(self, clerk: Clerk) -> None:
        super().__init__(clerk.desk())
        self.answers: list[object] = []

    def compose_body(self) -> ComposeResult:
        yield Prose("等一等")

    def begin(
        self, function: Callable[[Background[object]], object], *, group: str = "", under: bool = False
    ) -> Background[object]:
        return self.in_background(function, self.answers.append, group=group, under=under)


@pytest.fixture
async def screen(clerk: Clerk) -> Waiting:
    screen = Waiting(clerk)
    clerk.app.push_screen(screen)
    await clerk.rest()
    return screen


def notices(clerk: Clerk) -> list[str]:
    return [note.message for note in clerk.app._notifications]


async def test_a_result_comes_back_and_then_it_no_longer_runs(clerk: Clerk, screen: Waiting) -> None:
    go_on = Event()
    work = screen.begin(lambda _: go_on.wait(20))
    assert work.running
    go_on.set()
    await clerk.rest()
    assert (screen.answers, work.running) == ([True], False)


async def test_of_a_group_only_the_latest_counts(clerk: Clerk, screen: Waiting) -> None:
    go_on, stopped = Event(), Event()

    def slow(work: Background[object]) -> object:
        go_on.wait(20)
        if work.cancelled():
            stopped.set()
        return "first"

    screen.begin(slow, group="search")
    screen.begin(lambda _: "second", group="search")
    await until(lambda: screen.answers)
    go_on.set()
    await clerk.rest()
    assert screen.answers == ["second"]
    assert stopped.is_set(), "the former is told that nobody waits for it"


async def test_what_is_to_be_done_once_is_not_begun_again(clerk: Clerk, screen: Waiting) -> None:
    go_on, begun = Event(), list[int]()

    def act(_work: Background[object]) -> object:
        begun.append(1)
        return go_on.wait(20)

    for _ in range(2):
        screen.in_background(act, screen.answers.append, group="act", once=True)
    go_on.set()
    await clerk.rest()
    assert (screen.answers, begun) == ([True], [1])
    screen.in_background(act, screen.answers.append, group="act", once=True)
    await clerk.rest()
    assert screen.answers == [True, True], "and again once that is over"


@pytest.mark.parametrize("under", [False, True])
async def test_under_a_lock_only_what_nobody_sees_goes_on(clerk: Clerk, screen: Waiting, under: bool) -> None:
    go_on = Event()
    screen.begin(lambda _: go_on.wait(20), under=under)
    clerk.app.action_lock()
    await until(lambda: isinstance(clerk.screen, LockScreen))
    go_on.set()
    await clerk.rest()
    assert screen.answers == ([True] if under else [])
    await clerk.types(PASSPHRASE, "enter")
    assert screen.answers == [True]


async def test_a_result_under_help_waits_until_it_is_read(clerk: Clerk, screen: Waiting) -> None:
    go_on = Event()
    screen.begin(lambda _: go_on.wait(20))
    screen.action_help()
    await until(lambda: isinstance(clerk.screen, HelpScreen))
    go_on.set()
    await clerk.rest()
    assert screen.answers == []
    await clerk.types("escape")
    assert screen.answers == [True]


async def test_a_screen_that_has_gone_gets_nothing(clerk: Clerk, screen: Waiting) -> None:
    go_on, ended = Event(), Event()

    def slow(work: Background[object]) -> object:
        go_on.wait(20)
        assert work.cancelled(), "nobody waits for it any more"
        ended.set()
        return "late"

    screen.begin(slow)
    screen.dismiss(None)
    await until(lambda: not screen.is_attached)
    go_on.set()
    await until(ended.is_set)
    await clerk.rest()
    assert screen.answers == []


async def test_a_foreseen_error_is_said_even_where_the_screen_has_gone(clerk: Clerk, screen: Waiting) -> None:
    go_on = Event()

    def refused(_work: Background[object]) -> object:
        go_on.wait(20)
        raise LedgerUnavailableError("locked")

    screen.begin(refused)
    screen.begin(refused)
    screen.dismiss(None)
    await until(lambda: not screen.is_attached)
    go_on.set()
    said = t("error.LedgerUnavailableError")
    await until(lambda: said in notices(clerk))
    await clerk.rest()
    assert screen.answers == []


async def test_what_nobody_foresaw_ends_the_screen(sitting: Sitting, desk: Desk) -> None:
    def broken(_work: Background[object]) -> object:
        raise ZeroDivisionError

    with pytest.raises(WorkerFailed):
        async with sitting(desk) as clerk:
            screen = Waiting(clerk)
            clerk.app.push_screen(screen)
            await clerk.rest()
            screen.begin(broken)
            await until(lambda: clerk.app.fault is not None)
    assert isinstance(clerk.app.fault, ZeroDivisionError)


class Careless(Waiting):
    """Reads the ledger where every key waits for it."""

    def on_key(self) -> None:
        self.desk.store.audit.list()


async def test_the_guard_sees_a_ledger_that_is_read_on_the_event_loop(sitting: Sitting, desk: Desk) -> None:
    desk.store.audit.list()  # a test may
    with pytest.raises(AssertionError, match="the event loop waits for read"), guarded_loop():
        async with sitting(desk) as clerk:
            desk.store.audit.list()
            clerk.app.push_screen(Careless(clerk))
            await clerk.rest()
            await clerk.types("x")


@pytest.mark.parametrize("keys", [("2", "enter"), ("f3",), ("2", "enter", "f1")], ids=["case", "ledger", "help"])
async def test_what_a_new_screen_mounts_has_its_styles(clerk: Clerk, keys: tuple[str, ...]) -> None:
    await clerk.types(*keys)
    mounted = [(widget, widget.styles.base.get_rules()) for widget in clerk.screen.walk_children(with_self=True)]
    clerk.screen.update_node_styles(animate=False)
    assert len(mounted) >= 5
    assert [(widget, widget.styles.base.get_rules()) for widget, _ in mounted] == mounted
