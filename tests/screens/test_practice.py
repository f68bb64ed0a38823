"""Practice leads through a first exchange, a stop, a roster of five and the day's end, by what is seen of the branch."""

import re
from pathlib import Path

import pytest

from counter import i18n
from counter.demo import ROSTER, roster
from counter.desk.desk import Desk
from counter.i18n import speaking, t
from counter.screens.case.screen import CaseScreen
from counter.screens.home import HomeScreen
from counter.screens.practice import guide
from counter.screens.practice.guide import EndScreen, Practice, TaskScreen
from counter.screens.practice.lessons import LESSONS, TASKS, words
from counter.widgets.lines import GuideLine, KeysLine
from counter.widgets.prose import Prose
from tests.support.demonstration import PEOPLE
from tests.support.screen_world import Clerk, Sitting, assert_whole, drawn, until


@pytest.fixture
def desk(online: Desk) -> Desk:
    """A desk of the demonstration: its province knows the customers, and a unit's roster lies in its home."""
    (online.store.home / ROSTER).write_text(roster(), "utf-8")
    return online


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "LOOK_SECONDS", 0.1)


def practice(clerk: Clerk) -> Practice:
    assert clerk.app.practice is not None
    return clerk.app.practice


async def at_task(clerk: Clerk, id: str) -> None:
    """The branch was seen to be so far that this is asked next, and the screen says it."""

    def is_asked() -> bool:
        task = practice(clerk).course.task
        return task is not None and task.id == id

    await until(is_asked)
    await clerk.rest()
    said = t(f"practice.task.{id}", **practice(clerk).words)
    await until(lambda: all(line.text == said for line in clerk.screen.query(GuideLine)))
    told, keys, focused = clerk.one(GuideLine).region, clerk.one(KeysLine).region, clerk.app.focused
    assert told.height == 2 and keys.bottom == clerk.app.size.height
    assert focused is not None and not focused.region.overlaps(told) and not told.overlaps(keys)


def code(clerk: Clerk) -> str:
    said = re.escape(t("finding.mobile.code_echo", sms="@")).replace("@", r"(\d{6})")
    found = re.search(said, clerk.text)
    assert found is not None
    return found[1]


async def exchange(clerk: Clerk) -> None:
    await at_task(clerk, "exchange.open")
    await clerk.types("2", "enter")
    await at_task(clerk, "exchange.identity")
    person = PEOPLE["same_number"]
    await clerk.types(person.number, person.name, "enter", "20180301", "20380301", "0", "enter")
    await at_task(clerk, "exchange.mode")
    await clerk.types("1", "1", "20310501")
    await at_task(clerk, "exchange.details")
    await clerk.types("01", "13800000000", "30000", "441621", "测试路1号101房", "enter", "1")
    await clerk.types(code(clerk))
    await at_task(clerk, "exchange.record")
    await clerk.types("f10")


async def stop(clerk: Clerk) -> None:
    said = practice(clerk).words
    await at_task(clerk, "stop.wrong")
    await clerk.types("enter", "2", "enter", said["mistyped"])
    await at_task(clerk, "stop.why")
    await clerk.types("down")  # and leaves it so
    await until(lambda: practice(clerk).course.mistakes["stop"])
    await clerk.types("up", "f1")
    await until(lambda: practice(clerk).course.task is TASKS[7])
    await clerk.types("escape", "ctrl+u", said["right"])
    await at_task(clerk, "stop.hold")
    await clerk.types("f4")


async def five(clerk: Clerk) -> None:
    said = practice(clerk).words
    await at_task(clerk, "roster.open")
    await clerk.types("f7", "f3")
    await at_task(clerk, "roster.read")
    await clerk.pastes(said["file"])
    await clerk.types("enter", "f10")
    await at_task(clerk, "roster.unit")
    await clerk.types("f4", said["unit"], "enter", "91350100M000100Y43", "enter", said["contact"], "enter")
    await clerk.types("13900000000", "enter", "escape")
    await at_task(clerk, "roster.mend")
    await clerk.types("f8", "13800000002", "enter")
    await at_task(clerk, "roster.submit")
    await clerk.types("f10", "f10")


async def test_it_leads_to_the_days_end_and_says_what_it_saw(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, customers="made up", practises=True) as clerk:
        await exchange(clerk)
        await stop(clerk)
        await five(clerk)
        await at_task(clerk, "day.close")
        while not isinstance(clerk.screen, HomeScreen):
            await clerk.types("escape")
        await clerk.types("f9", "f5")
        await until(lambda: isinstance(clerk.screen, EndScreen))
        await clerk.rest()
        assert desk.store.ledger.figures(desk.today()).done == 6
        course = practice(clerk).course
        said = "\n".join(line for prose in clerk.screen.query(Prose) for line in drawn(prose))
        assert all(t(f"practice.lesson.{lesson}") in said for lesson in LESSONS)
        assert f"一共按键 {sum(course.keys.values())} 次" in said and min(course.keys.values()) >= 2
        assert {name: len(wrong) for name, wrong in course.mistakes.items()} == dict.fromkeys(LESSONS, 0) | {"stop": 1}
        assert "没改好就离开的 1 项" in said and "没改好就离开的 0 项" in said
        assert not practice(clerk).on
        await clerk.types("escape")
        assert not clerk.one(GuideLine).display


async def test_it_hides_nothing_on_the_smallest_screen_and_can_be_left(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=(60, 15), customers="made up", practises=True) as clerk:
        await clerk.types("2", "enter")
        await at_task(clerk, "exchange.identity")
        assert_whole(clerk.app, 15, 60)
        assert "..." in clerk.line("20180301"), "F12 says it whole"
        await clerk.types("f12")
        assert isinstance(clerk.screen, TaskScreen)
        await clerk.types("escape")
        assert practice(clerk).on
        await clerk.types("f12", "f4")
        assert isinstance(clerk.screen, CaseScreen)
        assert not practice(clerk).on and not clerk.one(GuideLine).display


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_each_task_is_told_in_two_lines(language: str) -> None:
    with speaking(language):
        said = words(Path("/tmp/counter-demo-12345678"))
        head = t("practice.head", at=10, count=len(TASKS))
        told = {task.id: GuideLine.lines_of(head, t(f"practice.task.{task.id}", **said), 78) for task in TASKS}
        assert {id: lines for id, lines in told.items() if len(lines) > 2} == {}
