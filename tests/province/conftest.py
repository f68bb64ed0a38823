from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.province.client import Province
from counter.rules.reference import Place
from counter.store.records import Operator, Role
from counter.store.store import Store
from tests.support.province_world import BRANCH, COUNTER, World

PLACE = Place(city="441621", bank="abc", branch=BRANCH, counter=COUNTER)
SUPERVISOR = Operator("chief", "主管", Role.SUPERVISOR)
PASSPHRASE = "made up for tests"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """A real, encrypted ledger at the world's branch and counter."""
    with Store.create(home, PLACE, SUPERVISOR, PASSPHRASE) as store:
        yield store


@pytest.fixture
def province(world: World) -> Iterator[Province]:
    with world.province() as client:
        yield client
