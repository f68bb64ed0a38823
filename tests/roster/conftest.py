"""A ledger for rosters: made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.store.store import Store
from tests.support.rosters import (
    CLERK,
    PASSPHRASE,
    WINDOW,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("rosters") / "home"
    assert WINDOW.place
    Store.create(home, WINDOW.place, CLERK, PASSPHRASE).close()
    return home


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        yield store
