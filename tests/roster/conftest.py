"""A ledger for rosters: made once, with key slots that cost nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.store import slots
from counter.store.keys import Cost
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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))
        Store.create(home, WINDOW.place, CLERK, PASSPHRASE).close()
    return home


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        yield store
