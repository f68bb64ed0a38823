"""The file itself: encrypted throughout, of a known schema, guarded, and copied safely."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from counter.store import cipher
from counter.store.database import Database
from counter.store.errors import (
    DamagedLedgerError,
    ExistingLedgerError,
    LedgerUnavailableError,
    MissingLedgerError,
    WrongCredentialsError,
)
from counter.store.migrations import VERSION
from counter.store.schema import APPLICATION_ID
from counter.store.store import Store
from tests.support.store_samples import (
    CLERK,
    JPEG,
    NAME,
    NUMBER,
    PASSPHRASE,
    SUPERVISOR,
    case,
    file_key,
    record,
    sql,
)

Unlock = Callable[..., Store]

SECRETS = (
    b"SQLite format 3",
    b"CREATE TABLE",
    NAME.encode(),
    NAME.encode("utf-16-le"),
    "不存在路".encode(),
    NUMBER.encode(),
    b"123X",
    b"13800001234",
    JPEG[:32],
    PASSPHRASE.encode(),
)


def test_nothing_stands_in_any_file_in_clear(store: Store, home: Path) -> None:
    """While the file is open, with its WAL, and after it was closed; SQLite's temporary files are in memory."""
    store.drafts.save("id-1", case(photo=store.photos.put(JPEG)), "confirm")
    store.ledger.append("id-2", "exchange", record(photo=store.photos.put(JPEG)))
    key = file_key(home)
    opened = {file.name: file.read_bytes() for file in home.iterdir()}
    assert len(opened["ledger.db-wal"]) > 4096, "the WAL is among what was looked at"
    store.close()
    closed = {file.name: file.read_bytes() for file in home.iterdir()}
    assert sorted(closed) == ["attempts.lock", "keyring.json", "ledger.anchor", "ledger.db"]
    for content in (*opened.values(), *closed.values()):
        for secret in (*SECRETS, key, key.hex().encode(), key.hex().upper().encode()):
            assert secret not in content


def test_the_file_is_ours_in_wal_mode_and_every_connection_is_careful(store: Store, home: Path) -> None:
    expected = {
        "application_id": APPLICATION_ID,
        "user_version": VERSION,
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "cipher_log_level": "NONE",
    }
    with store._database.read() as reading, store._database.write() as writing:
        for session in (reading, writing):
            found = {name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in expected}
            assert {name: str(value) for name, value in found.items()} == {
                name: str(value) for name, value in expected.items()
            }


def test_the_bundled_sqlite_is_one_that_does_not_corrupt_a_wal_of_two_writers() -> None:
    assert cipher.MODULE.sqlite_version_info >= (3, 51, 3)


def test_a_write_takes_the_lock_at_once_and_a_read_none(store: Store, home: Path) -> None:
    with closing(cipher.connect(home / "ledger.db", file_key(home))) as other:
        other.execute("PRAGMA busy_timeout = 0")
        with store._database.read() as session:
            session.connection()
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        with store._database.write() as session:
            session.connection()
            with pytest.raises(cipher.DATABASE_ERROR, match="locked"):
                other.execute("BEGIN IMMEDIATE")


def test_a_lock_held_for_too_long_is_said_and_records_nothing(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = tuple(pragma.replace("= 5000", "= 1") for pragma in cipher.PRAGMAS)
    with closing(cipher.connect(home / "ledger.db", file_key(home))) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(cipher, "PRAGMAS", impatient)
        with pytest.raises(LedgerUnavailableError):
            store.ledger.append("id-1", "exchange", record())
        other.execute("ROLLBACK")
    assert store.ledger.count() == 0


def test_another_key_does_not_open_the_file(home: Path) -> None:
    with pytest.raises(DamagedLedgerError):
        Database(home / "ledger.db", bytes(32))


@pytest.mark.parametrize(
    "tampering",
    [
        "PRAGMA application_id = 7",
        "DROP TRIGGER entry_is_not_deleted",
        "CREATE TRIGGER late AFTER INSERT ON entry BEGIN SELECT 1; END",
        "DELETE FROM identity",
    ],
)
def test_a_file_without_its_guards_is_refused(home: Path, unlock: Unlock, tampering: str) -> None:
    sql(home, tampering)
    with pytest.raises(DamagedLedgerError):
        unlock()


def test_a_guard_of_the_same_name_that_guards_nothing_is_refused(home: Path, unlock: Unlock) -> None:
    sql(
        home,
        "DROP TRIGGER entry_is_not_deleted",
        "CREATE TRIGGER entry_is_not_deleted BEFORE DELETE ON entry BEGIN SELECT 1; END",
    )
    with pytest.raises(DamagedLedgerError):
        unlock()


@pytest.mark.parametrize("page", [0, 1, 7, -1])
def test_a_damaged_page_is_found(store: Store, home: Path, unlock: Unlock, page: int) -> None:
    """Either at opening or where the page is read; never by wrong data or a raw database error."""
    store.ledger.append("id-1", "exchange", record(photo=store.photos.put(JPEG * 20)))
    store.close()
    content = bytearray((home / "ledger.db").read_bytes())
    content[(page * 4096 + 2000) % len(content)] ^= 1
    (home / "ledger.db").write_bytes(content)
    with pytest.raises(DamagedLedgerError), unlock() as opened:
        opened.back_up(home.parent / "copy")
    assert not (home.parent / "copy" / "ledger.db").exists()


@pytest.mark.parametrize("table", ["photo", "body", "draft"])
def test_content_whose_last_page_became_zeros_is_found_where_it_is_read(store: Store, home: Path, table: str) -> None:
    """What SQLCipher makes of a damaged overflow page, without relying on where the pages lie."""
    digest = store.photos.put(JPEG)
    store.drafts.save("id-1", case(), "photo")
    store.ledger.append("id-2", "exchange", record(photo=digest))
    content = "jpeg" if table == "photo" else "content"
    zeros = f"substr({content}, 1, length({content}) - 9) || zeroblob(9)"
    sql(home, f"UPDATE {table} SET {content} = CAST({zeros} AS BLOB)", unguarded=True)
    reads: dict[str, Callable[[], object]] = {
        "photo": lambda: store.photos.get(digest),
        "body": store.ledger.search,
        "draft": store.drafts.list,
    }
    with pytest.raises(DamagedLedgerError):
        reads[table]()
    verification = store.ledger.verify()
    assert (verification.first_bad_seq, [flaw.what for flaw in verification.flaws]) == (
        (1, []) if table == "body" else (None, [table])
    )


def test_an_unfinished_ledger_is_no_ledger(home: Path, unlock: Unlock) -> None:
    (home / "ledger.db").write_bytes(b"")
    with pytest.raises(DamagedLedgerError):
        unlock()
    (home / "ledger.db").unlink()
    with pytest.raises(MissingLedgerError):
        unlock()


def test_a_traceback_prints_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counter.store.listing.found_by", lambda *_: (None, NUMBER))
    with pytest.raises(Exception) as failed:
        store.ledger.append("id-1", "exchange", record())
    with pytest.raises(Exception) as refused, store._database.write() as session:
        session.connection().exec_driver_sql("INSERT INTO finder VALUES (1, ?, ?)", (NAME, NUMBER))
    for error in (failed.value, refused.value):
        assert NAME not in str(error)
        assert NUMBER not in str(error)


# --- backup and restore ----------------------------------------------------------------------------------------


def test_a_backup_is_a_home_of_its_own(store: Store, home: Path, tmp_path: Path) -> None:
    entry = store.ledger.append("id-1", "exchange", record(photo=store.photos.put(JPEG)))
    found = store.back_up(tmp_path / "copy")
    assert (found.entries, found.valid) == (1, True)
    assert sorted(file.name for file in (tmp_path / "copy").iterdir()) == ["keyring.json", "ledger.anchor", "ledger.db"]
    content = (tmp_path / "copy" / "ledger.db").read_bytes()
    assert not [secret for secret in SECRETS if secret in content]
    store.ledger.append("id-2", "exchange", record())
    with Store.unlock(tmp_path / "copy", CLERK.id, PASSPHRASE) as copy:
        assert copy.ledger.search() == [entry]
        assert copy.ledger.head() != store.ledger.head()


def test_a_restored_ledger_goes_on(store: Store, tmp_path: Path) -> None:
    store.ledger.append("id-1", "exchange", record())
    store.back_up(tmp_path / "copy")
    found = Store.restore(tmp_path / "new", tmp_path / "copy", SUPERVISOR.id, PASSPHRASE)
    assert (found.entries, found.valid) == (1, True)
    with Store.unlock(tmp_path / "new", CLERK.id, PASSPHRASE) as restored:
        assert restored.ledger.append("id-2", "exchange", record()).seq == 2
        assert restored.ledger.verify().valid


def test_the_files_of_a_machine_that_broke_down_are_restored_with_their_wal(
    store: Store, home: Path, tmp_path: Path
) -> None:
    store.ledger.append("id-1", "exchange", record())
    broken = Path(shutil.copytree(home, tmp_path / "broken"))
    assert (broken / "ledger.db-wal").stat().st_size > 0
    assert Store.restore(tmp_path / "new", broken, SUPERVISOR.id, PASSPHRASE).entries == 1
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == ["keyring.json", "ledger.anchor", "ledger.db"]


def test_neither_backup_nor_restore_overwrites(store: Store, home: Path, tmp_path: Path) -> None:
    store.back_up(tmp_path / "copy")
    with pytest.raises(ExistingLedgerError):
        store.back_up(tmp_path / "copy")
    with pytest.raises(ExistingLedgerError):
        Store.restore(home, tmp_path / "copy", SUPERVISOR.id, PASSPHRASE)


def test_restore_refuses_what_does_not_verify(store: Store, tmp_path: Path) -> None:
    store.ledger.append("id-1", "exchange", record())
    store.ledger.append("id-2", "exchange", record())
    store.back_up(tmp_path / "copy")
    sql(tmp_path / "copy", "UPDATE entry SET fee_fen = 1 WHERE seq = 1", unguarded=True)
    with pytest.raises(DamagedLedgerError):
        Store.restore(tmp_path / "new", tmp_path / "copy", SUPERVISOR.id, PASSPHRASE)
    assert list((tmp_path / "new").iterdir()) == []


def test_restore_needs_credentials_and_a_backup(store: Store, home: Path, tmp_path: Path) -> None:
    store.back_up(tmp_path / "copy")
    with pytest.raises(WrongCredentialsError):
        Store.restore(tmp_path / "new", tmp_path / "copy", SUPERVISOR.id, "another passphrase")
    with pytest.raises(MissingLedgerError):
        Store.restore(tmp_path / "new", tmp_path / "nothing", SUPERVISOR.id, PASSPHRASE)
    (tmp_path / "copy" / "ledger.db").unlink()
    with pytest.raises(MissingLedgerError):
        Store.restore(tmp_path / "new", tmp_path / "copy", SUPERVISOR.id, PASSPHRASE)
    assert not (tmp_path / "new").exists()


def test_a_ledger_that_does_not_verify_is_not_backed_up(store: Store, home: Path, tmp_path: Path) -> None:
    store.ledger.append("id-1", "exchange", record())
    sql(home, "UPDATE entry SET fee_fen = 1", unguarded=True)
    with pytest.raises(DamagedLedgerError):
        store.back_up(tmp_path / "copy")
    assert list((tmp_path / "copy").iterdir()) == []
