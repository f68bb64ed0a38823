"""The anchor beside the keyring: a ledger that was cut, written anew or copied without its WAL is missed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from counter.store import anchor
from counter.store.errors import CutLedgerError
from counter.store.store import Store
from tests.support.store_samples import CLERK, PASSPHRASE, SUPERVISOR, record, sql

Unlock = Callable[..., Store]


def in_anchor(home: Path) -> anchor.Anchor:
    ((key,),) = sql(home, "SELECT anchor_key FROM identity")
    found = anchor.opened(anchor.content(home), key)
    assert found is not None
    return found


def test_the_anchor_goes_with_every_commit(home: Path, store: Store) -> None:
    for number in (1, 2, 3):
        entry = store.ledger.append(f"id-{number}", "exchange", record())
        reached = in_anchor(home)
        assert (reached.seq, reached.head) == (number, entry.hash)
        assert (reached.note, reached.note_head) == store.audit.head()
    store.drafts.save("id-4", record().case, "photo")
    assert in_anchor(home) == reached, "a draft moves nothing"


@pytest.fixture
def recorded(home: Path, unlock: Unlock) -> Path:
    with unlock() as store:
        for number in (1, 2, 3):
            store.ledger.append(f"id-{number}", "exchange", record())
    return home


CUTS = {
    "the last entry": [f"DELETE FROM {table} WHERE seq = 3" for table in ("finder", "body", "outbox", "entry")],
    "the last note": ["DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)"],
    "another hash": ["UPDATE entry SET hash = 'ab' WHERE seq = 3"],
    "another note": ["UPDATE audit SET hash = 'ab' WHERE seq = (SELECT max(seq) FROM audit)"],
}


@pytest.mark.parametrize("cut", CUTS)
def test_a_tail_that_was_cut_or_changed_is_missed(recorded: Path, unlock: Unlock, cut: str) -> None:
    guards = sql(recorded, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
    sql(recorded, *CUTS[cut], unguarded=True)
    sql(recorded, *(guard for (guard,) in guards))
    with pytest.raises(CutLedgerError):
        unlock()


def test_an_anchor_that_is_gone_or_forged_is_missed(recorded: Path, unlock: Unlock) -> None:
    path = recorded / anchor.FILE_NAME
    kept = path.read_bytes()
    for content in (None, b"", kept.replace(b'"seq":3', b'"seq":2'), b"{}", bytes(anchor.SIZE)):
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(CutLedgerError):
            unlock()
    path.write_bytes(kept)
    unlock().close()


def test_a_plain_copy_of_an_open_ledger_is_caught(home: Path, store: Store, tmp_path: Path) -> None:
    """Without the WAL the copy ends before its anchor; without the anchor nobody knows."""
    store.ledger.append("id-1", "exchange", record())
    for left_out in ("ledger.db-*", "ledger.anchor"):
        copy = Path(shutil.copytree(home, tmp_path / left_out[-6:], ignore=shutil.ignore_patterns(left_out)))
        with pytest.raises(CutLedgerError):
            Store.unlock(copy, CLERK.id, PASSPHRASE)
    whole = Path(shutil.copytree(home, tmp_path / "whole"))
    with Store.unlock(whole, CLERK.id, PASSPHRASE) as opened:
        assert opened.ledger.count() == 1


def test_a_ledger_ahead_of_its_anchor_is_in_order(home: Path, unlock: Unlock) -> None:
    """Killed between the commit and the anchor, or a disk that kept the one and not the other."""
    with unlock() as store:
        before = anchor.content(home)
        store.ledger.append("id-1", "exchange", record())
    (home / anchor.FILE_NAME).write_bytes(before)
    with unlock() as store:
        assert store.ledger.verify().valid
    assert in_anchor(home).seq == 1


def test_an_anchor_that_cannot_be_written_holds_nobody_up(home: Path, store: Store) -> None:
    path = home / anchor.FILE_NAME
    path.unlink()
    path.mkdir()
    assert store.ledger.append("id-1", "exchange", record()).seq == 1


def test_a_backup_and_what_is_restored_from_it_have_their_anchor(
    recorded: Path, unlock: Unlock, tmp_path: Path
) -> None:
    with unlock() as store:
        store.back_up(tmp_path / "kept")
        store.ledger.append("id-4", "exchange", record())
    assert in_anchor(tmp_path / "kept").seq == 3
    Store.restore(tmp_path / "new", tmp_path / "kept", SUPERVISOR.id, PASSPHRASE)
    with unlock() as _, Store.unlock(tmp_path / "new", CLERK.id, PASSPHRASE) as restored:
        assert restored.ledger.count() == 3
