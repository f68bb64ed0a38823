from collections.abc import Iterator

import pytest
from province_world import World, a_world

from counter.gateway.server import own_postgresql


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One real PostgreSQL server for the session; it stops with the process."""
    return own_postgresql(tmp_path_factory.mktemp("gateway"))


@pytest.fixture(scope="session")
def shared_world(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(postgresql, tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture
def world(shared_world: World) -> World:
    """An empty province with one enrolled counter."""
    shared_world.empty()
    return shared_world
