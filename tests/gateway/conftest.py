from collections.abc import Iterator
from pathlib import Path

import pytest
from province_world import World, a_world

from counter.gateway.server import own_postgresql


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One real PostgreSQL server for the session; it stops with the process."""
    return own_postgresql(tmp_path_factory.mktemp("gateway"))


@pytest.fixture
def world(postgresql: str, tmp_path: Path) -> Iterator[World]:
    with a_world(postgresql, tmp_path) as running:
        yield running
