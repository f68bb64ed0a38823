"""A ledger made once (its migration is the slow part) and copied for every test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from counter.store.store import Store
from tests.support.store_samples import (
    CLERK,
    PASSPHRASE,
    PLACE,
    SUPERVISOR,
    SetClock,
)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a supervisor and a clerk, closed."""
    home = tmp_path_factory.mktemp("template") / "home"
    with Store.create(home, PLACE, SUPERVISOR, PASSPHRASE, SetClock()) as store:
        store.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def store(home: Path, clock: SetClock) -> Iterator[Store]:
    """The ledger, opened by the clerk."""
    with Store.unlock(home, CLERK.id, PASSPHRASE, clock) as opened:
        yield opened


@pytest.fixture
def supervised(home: Path, clock: SetClock) -> Iterator[Store]:
    """The ledger, opened by the supervisor."""
    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE, clock) as opened:
        yield opened


@pytest.fixture
def unlock(home: Path, clock: SetClock) -> Callable[..., Store]:
    def opened(operator: str = CLERK.id, passphrase: str = PASSPHRASE) -> Store:
        return Store.unlock(home, operator, passphrase, clock)

    return opened
