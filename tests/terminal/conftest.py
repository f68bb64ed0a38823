"""A province for the session; a counter, its terminal and its clerk for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter import i18n
from counter.reference.load import load_reference
from counter.store import slots
from tests.support.branch_at_work import Counter, Gateway, new_counter
from tests.support.clerk_at_work import Clerk
from tests.support.province_world import forget_all, fresh_database


@pytest.fixture(scope="session")
def running_gateway(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    gateway = Gateway(fresh_database(postgresql), tmp_path_factory.mktemp("gateway"))
    gateway.start()
    yield gateway
    gateway.stop()


@pytest.fixture
def gateway(running_gateway: Gateway) -> Iterator[Gateway]:
    """The province, knowing nobody; a test that stopped it leaves it running again."""
    running_gateway.start()
    forget_all(running_gateway.database)
    yield running_gateway
    running_gateway.start()


@pytest.fixture(scope="session")
def branch() -> str:
    """A branch of the bank in Zijin that makes cards at once."""
    branches = load_reference(None).branches.values()
    return next(one.id for one in branches if (one.bank, one.city, one.instant) == ("abc", "441621", True))


@pytest.fixture
def lang() -> i18n.Language:
    """The language of a test; parametrised where both are tried."""
    return "zh_CN"


@pytest.fixture
def counter(
    gateway: Gateway, branch: str, tmp_path: Path, lang: i18n.Language, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Counter]:
    monkeypatch.setattr(slots, "COST", slots.COST)  # put back afterwards
    i18n.use_language(lang)
    yield new_counter(gateway, tmp_path, branch, lang)
    i18n.use_language("zh_CN")


@pytest.fixture
def clerk(counter: Counter) -> Iterator[Clerk]:
    """The clerk, signed in, at home."""
    with counter.open() as terminal:
        clerk = Clerk(terminal)
        clerk.sign_in()
        yield clerk
