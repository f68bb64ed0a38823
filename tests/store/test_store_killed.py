"""Making, restoring and migrating a ledger, killed at every file call: the next start finishes it, or begins anew."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session

from counter.store import schema
from counter.store.errors import ExistingLedgerError, MissingLedgerError
from counter.store.migrations import VERSION
from counter.store.store import Store
from tests.store.test_store_at_once import START
from tests.support.old_homes import UNSIGNED as SIGNED
from tests.support.old_homes import old_home
from tests.support.store_samples import CLERK, PASSPHRASE, PLACE, SUPERVISOR, SetClock, record, sql

MOST = 200
"""More file calls than any of them makes."""


def _die_at(call: int, folder: Path, work: Callable[[], None]) -> None:
    """Do it in this process, and be gone at the nth file call below the folder, or step of the schema."""
    left = call

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(9)

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event.partition(".")[0] in {"open", "os", "tempfile", "shutil"} and str(folder) in str(arguments):
            count()

    def run(session: Session, sql: str) -> None:
        count()
        taken(session, sql)

    taken = schema._run
    schema._run = run
    sys.addaudithook(heard)
    work()


def killed_everywhere(
    folder: Path,
    work: Callable[[], None],
    look: Callable[[], None],
    before: Callable[[], object] = lambda: None,
    every: int = 1,
) -> int:
    """Kill a child at its first, second … file call, `look` after each; how many calls there were."""
    for call in range(1, MOST, every):
        shutil.rmtree(folder, ignore_errors=True)
        before()
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


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_bringing_a_ledger_up_to_date(tmp_path: Path) -> None:
    """At its copy, and between any two statements: it is as it was, or of this program, and never something between."""
    original = old_home(tmp_path / "original", SIGNED - 1)
    home = tmp_path / "home"

    def copy_() -> None:
        shutil.copytree(original, home)

    def open_() -> None:
        Store.unlock(home, SUPERVISOR.id, PASSPHRASE).close()

    def look() -> None:
        assert sql(home, "PRAGMA user_version") in ([(SIGNED - 1,)], [(VERSION,)])
        with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
            assert store.ledger.verify().valid
        copies = list(home.glob("before-schema-*"))
        assert 1 <= len(copies) <= 2
        for copy in copies:
            assert sql(copy, "PRAGMA user_version") == [(SIGNED - 1,)], "each is a ledger that opens"

    assert killed_everywhere(home, open_, look, copy_, every=2) > 20
