"""A backup that is restored goes on: in numbers of its own, with what was set beside it, and what is missing named."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from counter.keymap import file as keymap
from counter.look import own
from counter.reference import load
from counter.settings import FILE as SETTINGS
from counter.store import backup
from counter.store.errors import NewerSchemaError, RestoredLedgerError
from counter.store.migrations import VERSION
from counter.store.store import Store
from tests.support.old_homes import old_home
from tests.support.store_samples import CLERK, PASSPHRASE, PLACE, SUPERVISOR, record, sql

Unlock = Callable[..., Store]


def numbers_of(home: Path) -> list[str]:
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        return [store.ledger.quote_number(entry) for entry in reversed(store.ledger.search())]


def test_no_number_is_given_twice(store: Store, home: Path, tmp_path: Path) -> None:
    """By the home before, by what is restored from its backup, twice, and by what is restored from that one's."""
    store.ledger.append("id-1", "exchange", record())
    store.back_up(tmp_path / "kept")
    store.ledger.append("id-2", "exchange", record())
    for name in ("one", "other"):
        Store.restore(tmp_path / name, tmp_path / "kept", SUPERVISOR.id, PASSPHRASE)
        with Store.unlock(tmp_path / name, CLERK.id, PASSPHRASE) as restored:
            restored.ledger.append(f"{name}-2", "exchange", record())
    with Store.unlock(tmp_path / "other", CLERK.id, PASSPHRASE) as restored:
        restored.back_up(tmp_path / "kept again")
    Store.restore(tmp_path / "third", tmp_path / "kept again", SUPERVISOR.id, PASSPHRASE)
    with Store.unlock(tmp_path / "third", CLERK.id, PASSPHRASE) as restored:
        restored.ledger.append("third-3", "exchange", record())
        assert restored.ledger.verify().valid
        last = restored.ledger.quote_number(restored.ledger.search(limit=1)[0])
    given = {*numbers_of(home), *numbers_of(tmp_path / "one"), *numbers_of(tmp_path / "third")}
    assert len(given) == 2 + 1 + 2, "id-1 is the same entry in all of them"
    assert re.fullmatch(r".*-\d{8}-R[0-9A-Z]{6}-000003", last)


def test_a_number_finds_its_own_entry_and_not_the_one_of_the_home_before(
    store: Store, home: Path, tmp_path: Path
) -> None:
    store.back_up(tmp_path / "kept")
    lost = store.ledger.quote_number(store.ledger.append("id-1", "exchange", record()))
    Store.restore(tmp_path / "new", tmp_path / "kept", SUPERVISOR.id, PASSPHRASE)
    with Store.unlock(tmp_path / "new", CLERK.id, PASSPHRASE) as restored:
        new = restored.ledger.append("id-2", "exchange", record())
        number = restored.ledger.quote_number(new)
        assert [entry.id for entry in restored.ledger.quoted(number.lower())] == ["id-2"]
        assert [entry.id for entry in restored.ledger.search("000001")] == ["id-2"], "its last part"
        for other in (lost, number.replace("-R", "-RU"), re.sub("-R.{6}-", "-RUUUUUU-", number)):
            assert restored.ledger.quoted(other) == []


def test_what_was_set_beside_the_ledger_goes_with_it(store: Store, home: Path, tmp_path: Path) -> None:
    assert set(backup.BESIDE) == {SETTINGS, keymap.FILE, load.BRANCHES, f"{own.FOLDER}/*.toml"}
    beside = {
        SETTINGS: "lang = 'en'",
        keymap.FILE: "keys",
        load.BRANCHES: "branches",
        f"{own.FOLDER}/dusk.toml": "look",
    }
    for name, content in beside.items():
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(content)
    (home / "slips").mkdir()
    store.back_up(tmp_path / "kept")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / keymap.FILE).write_text("its own")
    Store.restore(tmp_path / "new", tmp_path / "kept", SUPERVISOR.id, PASSPHRASE)
    for name, content in beside.items():
        assert (tmp_path / "new" / name).read_text() == ("its own" if name == keymap.FILE else content)
    assert not (tmp_path / "new" / "slips").exists()


def test_what_the_anchor_says_was_there_is_named(store: Store, home: Path, tmp_path: Path) -> None:
    """A folder of a machine that broke down, without its WAL: what is in it is restored, what is not is said."""
    store.ledger.append("id-1", "exchange", record())
    store.close()
    with Store.unlock(home, CLERK.id, PASSPHRASE) as again:
        for number in (2, 3, 4):
            again.ledger.append(f"id-{number}", "exchange", record())
        broken = shutil.copytree(home, tmp_path / "broken", ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    found = Store.restore(tmp_path / "new", broken, SUPERVISOR.id, PASSPHRASE)
    assert (found.entries, list(found.missing)) == (1, [2, 3, 4])
    with Store.unlock(tmp_path / "new", CLERK.id, PASSPHRASE) as restored:
        assert restored.ledger.verify().valid
        assert restored.ledger.append("id-5", "exchange", record()).seq == 2


def test_a_backup_of_before_is_brought_up_to_date(tmp_path: Path) -> None:
    old = old_home(tmp_path / "old", 8)
    Store.restore(tmp_path / "new", old, SUPERVISOR.id, PASSPHRASE)
    with Store.unlock(tmp_path / "new", SUPERVISOR.id, PASSPHRASE) as restored:
        assert "-R" in restored.ledger.quote_number(restored.ledger.append("id-1", "exchange", record()))
        assert restored.ledger.verify().valid
    assert sql(old, "PRAGMA user_version") == [(8,)], "what it was restored from stays as it was"


def test_one_of_a_later_program_is_not_restored(store: Store, tmp_path: Path) -> None:
    store.back_up(tmp_path / "kept")
    sql(tmp_path / "kept", f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(NewerSchemaError):
        Store.restore(tmp_path / "new", tmp_path / "kept", SUPERVISOR.id, PASSPHRASE)
    assert list((tmp_path / "new").iterdir()) == []


def test_an_enrolled_home_asks_the_province_first(supervised: Store, home: Path, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    supervised.identity.enrol(Ed25519PrivateKey.generate(), "https://province.invalid", "00" * 32)
    supervised.back_up(tmp_path / "kept")
    Store.restore(tmp_path / "new", tmp_path / "kept", SUPERVISOR.id, PASSPHRASE)
    with Store.unlock(tmp_path / "new", CLERK.id, PASSPHRASE) as restored:
        with pytest.raises(RestoredLedgerError):
            restored.ledger.append("id-1", "exchange", record())
        restored.behind.is_over()
        assert restored.ledger.append("id-1", "exchange", record()).seq == 1
    assert restored.place == PLACE
