"""What several folders of tests share: a real PostgreSQL, and a province that runs on it."""

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.province_world import World

# every screen is some thousand objects that refer to one another: to look through them all at each step costs a tenth
gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _true_colours() -> Iterator[None]:
    """Screens are painted alike wherever the tests run; a test of the terminal says its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLORTERM", "truecolor")
        patch.delenv("NO_COLOR", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cheap_slots() -> Iterator[None]:
    """A passphrase opens its slot at once; what one costs outside the tests, `test_store_keys` says."""
    from tests.support.cheap import cheap_slots

    with cheap_slots():
        yield


@pytest.fixture(scope="session", autouse=True)
def _a_font(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Paper is set in a font of the tests' own, whatever the machine has."""
    from tests.support.fonts import plain_font

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTER_TEST_FONT", str(plain_font(tmp_path_factory.mktemp("fonts") / "plain.ttf")))
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """One real PostgreSQL server for the session, in a folder that the server's own user can enter."""
    from tests.support.province_world import postgresql_server

    with postgresql_server() as uri:
        yield uri


@pytest.fixture(scope="session")
def shared_world(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[World]":
    from tests.support.province_world import a_world

    with a_world(postgresql, tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture
def world(shared_world: "World") -> "World":
    """An empty province with one enrolled counter."""
    shared_world.empty()
    return shared_world
