"""What the old machine had recorded and not sent comes into the restored home, once; what is missing is named."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from counter.store.errors import ForeignHomeError, MissingLedgerError
from counter.store.records import SendState
from counter.store.store import Store
from tests.support.store_samples import (
    CLERK,
    JPEG,
    PASSPHRASE,
    PLACE,
    SUPERVISOR,
    SetClock,
    case,
    checked,
    record,
    reverse,
    sql,
    waiver,
)

Unlock = Callable[..., Store]


@pytest.fixture
def kept(store: Store, tmp_path: Path) -> Path:
    """A backup of one entry."""
    store.ledger.append("id-1", "exchange", record())
    store.back_up(tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def restored(kept: Path, tmp_path: Path) -> Iterator[Store]:
    Store.restore(tmp_path / "new", kept, SUPERVISOR.id, PASSPHRASE)
    with Store.unlock(tmp_path / "new", CLERK.id, PASSPHRASE) as opened:
        yield opened


def copied(home: Path, tmp_path: Path) -> Path:
    """The old machine's folder, as it broke down: with its WAL."""
    return Path(shutil.copytree(home, tmp_path / "old"))


def test_where_nothing_was_recorded_since_all_is_as_it_was(
    store: Store, home: Path, restored: Store, tmp_path: Path
) -> None:
    """Number, hash, signatures, the second person: what the customer's slip says still holds."""
    store.ledger.append("id-2", "exchange", record(photo=store.photos.put(JPEG)))
    checked(store, "id-3", "exchange", waiver())
    reverse(store, "id-2")
    store.drafts.save("held", case(photo=store.photos.put(JPEG + b"2")), "confirm")
    store.awaiting.add("waits", "exchange", waiver())
    old = copied(home, tmp_path)
    before = {file.name: file.read_bytes() for file in old.iterdir()}
    found = restored.carry_over(old)
    assert (found.there, found.waiting, found.missing) == (1, (), ())
    assert [was for was, _ in found.carried] == [new for _, new in found.carried]
    assert restored.ledger.head() == store.ledger.head() and restored.ledger.verify().valid
    assert restored.outbox.counts().pending == 4 and len(restored.outbox.photos_pending()) == 1
    assert restored.photos.get(restored.outbox.photos_pending()[0]) == JPEG
    assert [draft.id for draft in restored.drafts.list()] == ["held"]
    restored.awaiting.authorise("waits", restored.operators.verify(SUPERVISOR.id, PASSPHRASE))
    assert restored.ledger.verify().valid
    again = restored.carry_over(old)
    assert (again.carried, again.waiting, again.there, again.missing) == ((), (), 4, ())
    assert {file.name: file.read_bytes() for file in old.iterdir()} == before, "the old folder is only read"


def test_where_the_counter_has_gone_on_it_is_recorded_anew(
    store: Store, home: Path, restored: Store, tmp_path: Path
) -> None:
    restored.ledger.append("id-new", "exchange", record())
    store.ledger.append("id-2", "exchange", record(photo=store.photos.put(JPEG)))
    checked(store, "id-3", "exchange", waiver())
    reverse(store, "id-2")
    found = restored.carry_over(copied(home, tmp_path))
    ((was, number),) = found.carried
    entry = restored.ledger.by_id("id-2")
    assert entry is not None and (entry.maker, entry.state, entry.seq) == (CLERK.id, SendState.PENDING, 3)
    assert number == restored.ledger.quote_number(entry) != was
    assert [id for _, id in found.waiting][:1] == ["id-3"] and len(found.waiting) == 2, "the waiver and the reversal"
    for _, id in found.waiting:
        restored.awaiting.authorise(id, restored.operators.verify(SUPERVISOR.id, PASSPHRASE))
    assert restored.ledger.count() == 5 and restored.ledger.verify().valid
    again = restored.carry_over(tmp_path / "old")
    assert (again.carried, again.waiting, again.there) == ((), (), 4)


def test_what_is_missing_is_named(store: Store, home: Path, restored: Store, tmp_path: Path) -> None:
    """One that was changed in the file and all after it, one whose body is gone, and those that only the anchor knows."""
    for number in (2, 3, 4):
        store.ledger.append(f"id-{number}", "exchange", record())
    store.close()
    with Store.unlock(home, CLERK.id, PASSPHRASE) as open_:
        open_.ledger.append("id-5", "exchange", record())
        old = Path(shutil.copytree(home, tmp_path / "old", ignore=shutil.ignore_patterns("*-wal", "*-shm")))
    guards = sql(old, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
    sql(old, "UPDATE entry SET fee_fen = 1 WHERE seq = 3", unguarded=True)
    sql(old, *(guard for (guard,) in guards))
    found = restored.carry_over(old)
    assert ([was[-6:] for was, _ in found.carried], found.missing) == (["000002"], (3, 4, 5))
    assert restored.ledger.verify().valid


def test_another_counters_folder_is_not_taken(restored: Store, tmp_path: Path) -> None:
    Store.create(tmp_path / "other", PLACE, SUPERVISOR, PASSPHRASE, SetClock()).close()
    with pytest.raises(ForeignHomeError):
        restored.carry_over(tmp_path / "other")
    with pytest.raises(MissingLedgerError):
        restored.carry_over(tmp_path)
    assert restored.ledger.count() == 1


def test_a_carry_over_that_breaks_off_has_done_nothing(
    store: Store, home: Path, restored: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.ledger.append("id-2", "exchange", record())
    with monkeypatch.context() as patch:
        patch.setattr("counter.store.carrying._Work.open_cases", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            restored.carry_over(copied(home, tmp_path))
    assert restored.ledger.count() == 1
    assert [path.name for path in restored.home.glob(".carry-over.*")] == []
    assert len(restored.carry_over(tmp_path / "old").carried) == 1
