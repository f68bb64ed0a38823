"""A clerk at a screen over a real ledger; without a province, unless a test asks for one."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from counter import i18n
from counter.app import CounterApp
from counter.clock import today
from counter.desk.desk import Desk
from counter.gateway.seeding.customers import demo_rows
from counter.gateway.seeding.parcel import parcel_rows
from counter.gateway.seeding.seed import CodeRow
from counter.province.client import enrol
from counter.screens import standstill
from counter.settings import Settings
from counter.store.store import Store
from tests.support.loop_guard import guarded_loop
from tests.support.made_up import PLAIN
from tests.support.parsed_css import css_parsed_once
from tests.support.province_world import World
from tests.support.screen_world import (
    A_MOMENT,
    CLERK,
    PASSPHRASE,
    PLACE,
    REFERENCE,
    SUPERVISOR,
    Clerk,
    SetClock,
    Sitting,
    reach,
)


@pytest.fixture(scope="session", autouse=True)
def _css_parsed_once() -> Iterator[None]:
    with css_parsed_once():
        yield


@pytest.fixture(autouse=True)
def _loop_waits_for_nobody() -> Iterator[None]:
    """In every test of a screen: the event loop never touches the ledger."""
    with guarded_loop():
        yield


@pytest.fixture(autouse=True)
def _looks_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits half a second; a test of the half second sets its own."""
    monkeypatch.setattr(standstill, "STILL_SECONDS", A_MOMENT)


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    yield
    i18n.use_language("zh_CN")


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a supervisor and a clerk, made once: its migration is the slow part."""
    home = tmp_path_factory.mktemp("screens") / "home"
    with Store.create(home, PLACE, SUPERVISOR, PASSPHRASE, SetClock()) as store:
        store.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
    return home


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_home, tmp_path / "home"))


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, operator=CLERK.id)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def desk(home: Path, clock: SetClock) -> Iterator[Desk]:
    """A desk that the clerk has opened; no province: every question is deferred."""
    store = Store.unlock(home, CLERK.id, PASSPHRASE, clock)
    desk = Desk(store, REFERENCE, clock=clock)
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def key(shared_world: World) -> Ed25519PrivateKey:
    """The key of this folder's counter."""
    shared_world.plant(CodeRow(code="SCRN-TEST-0001", branch=PLACE.branch, counter=PLACE.counter))
    made, _ = enrol(shared_world.url, "SCRN-TEST-0001", PLACE.branch, PLACE.counter, way=shared_world.way)
    return made


@pytest.fixture
def online(home: Path, world: World, key: Ed25519PrivateKey) -> Iterator[Desk]:
    """A desk with a province that knows the demonstration's customers; the calendar is today's."""
    world.plant(*demo_rows(today()), *parcel_rows(PLACE, PLAIN.id, today()))
    desk = Desk(Store.unlock(home, CLERK.id, PASSPHRASE), REFERENCE, reach(world, key, world.url))
    yield desk
    desk.close()


@pytest.fixture
def sitting(settings: Settings) -> Sitting:
    """Sit down: ``async with sitting(desk) as clerk``; without a desk the clerk has yet to sign in."""

    @asynccontextmanager
    async def sit(
        desk: Desk | None = None,
        *,
        size: tuple[int, int] = (80, 24),
        customers: str = "",
        practises: bool = False,
        **chosen: object,
    ) -> AsyncIterator[Clerk]:
        app = CounterApp(structs.replace(settings, **chosen), customers, practises=practises)
        async with app.run_test(size=size) as pilot:
            clerk = Clerk(app, pilot)
            if desk is not None:
                app.screen.dismiss(None)
                app._go_home(desk)
            await clerk.rest()
            yield clerk
            if desk is None and app.desk is not None:
                app.desk.close()

    return sit


@pytest.fixture
async def clerk(sitting: Sitting, desk: Desk) -> AsyncIterator[Clerk]:
    """A clerk at the home screen."""
    async with sitting(desk) as clerk:
        yield clerk


@pytest.fixture
def app(clerk: Clerk) -> CounterApp:
    """The application, signed in."""
    return clerk.app
