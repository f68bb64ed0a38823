"""Making, restoring and migrating a ledger, killed at every file call: the next start finishes it, or begins anew."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from counter.store.errors import ExistingLedgerError, MissingLedgerError
from counter.store.store import Store
from tests.store.test_store_at_once import START
from tests.support.store_samples import CLERK, PASSPHRASE, PLACE, SUPERVISOR, SetClock, record

MOST = 200
"""More file calls than any of them makes."""


def _die_at(call: int, folder: Path, work: Callable[[], None]) -> None:
    """Do it in this process, and be gone at the nth file call below the folder."""
    left = call

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event.partition(".")[0] in {"open", "os", "tempfile", "shutil"} and str(folder) in str(arguments):
            left -= 1
            if left == 0:
                os._exit(9)

    sys.addaudithook(count)
    work()


def killed_everywhere(folder: Path, work: Callable[[], None], look: Callable[[], None]) -> int:
    """Kill a child at its first, second … file call, `look` after each; how many calls there were."""
    for call in range(1, MOST):
        shutil.rmtree(folder, ignore_errors=True)
        child = START.Process(target=_die_at, args=(call, folder, work))
        child.start()
        child.join()
        if child.exitcode == 0:
            return call - 1
        assert child.exitcode == 9
        look()
    raise AssertionError("it never came to an end")


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_making_a_ledger(tmp_path: Path) -> None:
    home = tmp_path / "home"

    def make() -> None:
        Store.create(home, PLACE, SUPERVISOR, PASSPHRASE, SetClock()).close()

    def look() -> None:
        """It is there and opens, or it is not and can be made."""
        try:
            Store.unlock(home, SUPERVISOR.id, PASSPHRASE).close()
        except MissingLedgerError:
            make()
        with pytest.raises(ExistingLedgerError):
            make()
        with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
            assert store.ledger.verify().valid

    assert killed_everywhere(home, make, look) > 5


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_restoring_a_backup(template: Path, tmp_path: Path) -> None:
    home, kept = tmp_path / "home", tmp_path / "kept"
    original = Path(shutil.copytree(template, tmp_path / "original"))
    with Store.unlock(original, CLERK.id, PASSPHRASE) as store:
        store.ledger.append("id-1", "exchange", record())
        store.back_up(kept)

    def restore() -> None:
        Store.restore(home, kept, SUPERVISOR.id, PASSPHRASE)

    def look() -> None:
        try:
            Store.unlock(home, SUPERVISOR.id, PASSPHRASE).close()
        except MissingLedgerError:
            restore()
        with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
            assert (store.ledger.verify().entries, store.ledger.verify().valid) == (1, True)

    assert killed_everywhere(home, restore, look) > 5
