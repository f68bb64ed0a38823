"""A disk that is full, or may only be read, is no damage: it is said as what it is, and what stands there stays whole."""

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.store import keys
from counter.store.errors import LedgerDiskError, LedgerFullError, LedgerReadOnlyError
from counter.store.records import Role
from counter.store.store import Store
from tests.support.small_disk import SmallDisk, small_disk
from tests.support.store_samples import CLERK, PASSPHRASE, SUPERVISOR, case, record


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as mounted:
        yield mounted


@pytest.fixture
def home(template: Path, disk: SmallDisk) -> Path:
    return Path(shutil.copytree(template, disk.folder / "home"))


def test_on_a_full_disk_nothing_is_recorded_and_nothing_lost(home: Path, disk: SmallDisk) -> None:
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        store.ledger.append("id-1", "exchange", record())
        disk.fill()
        with pytest.raises(LedgerFullError):
            for number in range(1000):  # the WAL that is there takes a few more
                store.ledger.append(f"more-{number}", "exchange", record())
        recorded = store.ledger.count()
        with pytest.raises(LedgerFullError):
            store.drafts.save("id-2", case(), "photo")
        assert store.ledger.count() == recorded
        assert store.ledger.verify().valid
        disk.make_room()
        store.drafts.save("id-2", case(), "photo")
        assert store.ledger.append("id-2", "exchange", record()).seq == recorded + 1
        assert store.ledger.verify().valid


def test_a_full_disk_opens_no_ledger_and_harms_none(home: Path, disk: SmallDisk) -> None:
    """Without room for the WAL's index SQLite opens nothing."""
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        store.ledger.append("id-1", "exchange", record())
    disk.fill()
    with pytest.raises(LedgerFullError):
        Store.unlock(home, CLERK.id, PASSPHRASE)
    disk.make_room()
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        assert store.ledger.verify().valid


def test_without_room_for_the_keyring_nobody_is_added(home: Path, disk: SmallDisk) -> None:
    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
        before = keys.read_keyring(home)
        disk.fill()
        with pytest.raises(LedgerFullError):
            store.operators.add("wang", "王小明", Role.CLERK, PASSPHRASE)
        assert keys.read_keyring(home) == before
        assert "wang" not in [operator.id for operator in store.operators.list()]


def test_a_medium_that_may_only_be_read_is_read(home: Path, disk: SmallDisk) -> None:
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        store.ledger.append("id-1", "exchange", record())
    disk.protect()
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        assert store.ledger.verify().valid
        assert store.ledger.count() == 1
        with pytest.raises(LedgerReadOnlyError):
            store.ledger.append("id-2", "exchange", record())


def test_what_was_not_written_back_is_read_too(home: Path, disk: SmallDisk) -> None:
    """A machine broke down with the ledger open; its disk is looked at, protected."""
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        store.ledger.append("id-1", "exchange", record())
        copy = Path(shutil.copytree(home, disk.folder / "copy"))
    disk.protect()
    with Store.unlock(copy, CLERK.id, PASSPHRASE) as store:
        assert store.ledger.count() == 1


def test_where_nothing_can_be_written_there_is_no_backup(template: Path, disk: SmallDisk, tmp_path: Path) -> None:
    disk.protect()
    with Store.unlock(Path(shutil.copytree(template, tmp_path / "home")), SUPERVISOR.id, PASSPHRASE) as store:
        with pytest.raises(LedgerReadOnlyError):
            store.back_up(disk.folder / "copy")
        store.back_up(tmp_path / "kept")
    with pytest.raises(LedgerReadOnlyError):
        Store.restore(disk.folder / "new", tmp_path / "kept", SUPERVISOR.id, PASSPHRASE)


@pytest.mark.parametrize("call", ["fsync", "chmod"])
def test_a_disk_that_fails_at_the_last_moment_is_named(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with Store.unlock(Path(shutil.copytree(template, tmp_path / "home")), SUPERVISOR.id, PASSPHRASE) as store:
        monkeypatch.setattr(os, call, fail)
        with pytest.raises(LedgerDiskError):
            store.back_up(tmp_path / "copy")
        monkeypatch.undo()
        assert store.back_up(tmp_path / "copy").valid, "what was left is no ledger"
