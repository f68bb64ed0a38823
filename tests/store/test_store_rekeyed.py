"""Keyed anew: after a change of who gets in, what an old keyring opens is no ledger; killed anywhere it is resumed."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from counter.store import keys, slots
from counter.store.errors import (
    DamagedLedgerError,
    DisabledOperatorError,
    ForeignHomeError,
    LedgerUnavailableError,
    WrongCredentialsError,
)
from counter.store.records import Operator, Role
from counter.store.store import Store
from tests.simulation.calls import BROKEN, FULL, Call, watched
from tests.store.test_store_at_once import START as FORK
from tests.support.store_samples import (
    CLERK,
    PASSPHRASE,
    SUPERVISOR,
    file_key,
    record,
)

Unlock = Callable[..., Store]
NEW = "another made-up one"
PAGES = 1 if os.environ.get("COUNTER_EVERY_CALL") else 80
LEDGER, KEYRING = "ledger.db", keys.FILE_NAME


def copied(home: Path, to: Path) -> Path:
    return Path(shutil.copytree(home, to))


def opens(home: Path, id: str = SUPERVISOR.id, passphrase: str = PASSPHRASE) -> bool:
    try:
        Store.unlock(home, id, passphrase).close()
    except (DamagedLedgerError, DisabledOperatorError, WrongCredentialsError):
        return False
    return True


@pytest.mark.parametrize(
    "act",
    [
        lambda store, _: store.operators.disable(CLERK.id),
        lambda store, _: store.operators.change_passphrase(CLERK.id, PASSPHRASE, NEW),
        lambda store, folder: store.operators.add_key_file(folder / "second.key"),
    ],
    ids=["disabled", "changed", "another key file"],
)
def test_an_old_keyring_opens_nothing_and_everybody_else_gets_in(
    supervised: Store, home: Path, tmp_path: Path, act: Callable[[Store, Path], object]
) -> None:
    supervised.operators.add_key_file(tmp_path / "timer.key")
    supervised.ledger.append("a", "exchange", record())
    before, old = copied(home, tmp_path / "before"), file_key(home)
    act(supervised, tmp_path)
    supervised.ledger.append("b", "exchange", record())  # the session that did it goes on
    assert supervised.operators.verify(SUPERVISOR.id, PASSPHRASE)
    assert file_key(home) != old and not supervised.operators.key_is_given_up()
    assert opens(home)
    supervised.close()
    shutil.copy(before / KEYRING, home / KEYRING)
    for id in (SUPERVISOR.id, CLERK.id):
        assert not opens(home, id), "the keyring of before"
    assert opens(before, CLERK.id), "a copy of before is what it was, with its own keyring"
    shutil.copy(home / LEDGER, before / LEDGER)
    assert not opens(before)


def test_a_timer_goes_on_after_the_ledger_was_keyed_anew(supervised: Store, home: Path, tmp_path: Path) -> None:
    supervised.operators.add_key_file(tmp_path / "timer.key")
    supervised.operators.disable(CLERK.id)
    with Store.unlock_with_key_file(home, tmp_path / "timer.key") as timer:
        assert timer.ledger.verify().valid


def test_while_another_program_has_it_open_it_waits_for_the_next_start(home: Path, unlock: Unlock) -> None:
    old = file_key(home)
    with unlock(CLERK.id) as other, unlock(SUPERVISOR.id) as store:
        store.operators.change_passphrase(SUPERVISOR.id, PASSPHRASE, NEW)
        assert store.operators.key_is_given_up(), "two have it open"
        other.ledger.append("a", "exchange", record())  # who has it open is not disturbed
    assert file_key(home, CLERK.id) == old
    with unlock(CLERK.id) as store:
        assert not store.operators.key_is_given_up() and store.ledger.verify().valid
        assert [note.action for note in store.audit.list() if note.action == "key anew"] == ["key anew"]
    assert file_key(home, CLERK.id) != old


def test_a_transaction_under_way_in_another_thread_is_not_disturbed(supervised: Store, home: Path) -> None:
    old = file_key(home)
    with supervised._database.read():  # of a sync on the screen
        supervised.operators.disable(CLERK.id)
        assert supervised.operators.key_is_given_up() and file_key(home) == old
    assert supervised.ledger.verify().valid


def test_a_pair_put_into_the_keyring_from_outside_is_given_no_key(supervised: Store, home: Path) -> None:
    """Who may write the file has a slot's public half be their own; its owner is locked out, they are not let in."""
    supervised.operators.add("c02", "柜员丙", Role.CLERK, PASSPHRASE)
    forged = slots.passphrase_slot(Operator("c02", "柜员丙", Role.CLERK), "the thief's choice", slots.new_file_key())
    keys.write_keyring(home, keys.read_keyring(home).with_slot(forged))
    supervised.operators.disable(CLERK.id)
    slot = keys.read_keyring(home).slot("c02")
    assert slot is not None and not slots.is_open(slot)
    assert opens(home) and not opens(home, "c02", "the thief's choice")


def test_a_slot_of_before_gets_a_pair_at_the_next_sign_in(home: Path, unlock: Unlock) -> None:
    """And until all have one the file keeps its key: nobody is locked out."""
    key = file_key(home)
    for operator in (SUPERVISOR, CLERK):
        old = _slot_of_before(operator, key)
        keys.write_keyring(home, keys.read_keyring(home).with_slot(old))
    with unlock(SUPERVISOR.id) as store:
        store.operators.change_passphrase(SUPERVISOR.id, PASSPHRASE, NEW)
        assert store.operators.key_is_given_up()
    assert file_key(home, CLERK.id) == key
    unlock(CLERK.id).close()
    assert opens(home, SUPERVISOR.id, NEW) and file_key(home, CLERK.id) != key


def _slot_of_before(operator: Operator, key: bytes) -> keys.Slot:
    """As the programs made them that wrapped the file key itself."""
    slot = slots.passphrase_slot(operator, PASSPHRASE, key)
    assert slot.cost is not None
    wrapping = slots._from_passphrase(PASSPHRASE, slot.salt, slot.cost)
    wrapped = AESGCM(wrapping).encrypt(slot.nonce, key, slots._bound_to(slot.id, slot.role))
    return keys.Slot(
        **{
            **{name: getattr(slot, name) for name in slot.__struct_fields__},
            "wrapped": wrapped,
            "public": b"",
            "sealed": b"",
            "proof": b"",
        }
    )


def test_a_backup_of_before_is_restored_and_carries_over_from_the_ledger_keyed_anew(
    supervised: Store, home: Path, tmp_path: Path
) -> None:
    supervised.back_up(tmp_path / "backup")
    supervised.operators.disable(CLERK.id)
    supervised.ledger.append("a", "exchange", record())
    supervised.close()
    Store.restore(tmp_path / "new", tmp_path / "backup", SUPERVISOR.id, PASSPHRASE)
    with Store.unlock(tmp_path / "new", SUPERVISOR.id, PASSPHRASE) as restored:
        with pytest.raises(ForeignHomeError):
            restored.carry_over(home)
        assert len(restored.carry_over(home, PASSPHRASE).carried) == 1


def test_a_ledger_keyed_anew_carries_over_from_a_home_of_before(supervised: Store, home: Path, tmp_path: Path) -> None:
    supervised.ledger.append("a", "exchange", record())
    before = copied(home, tmp_path / "before")
    supervised.operators.disable(CLERK.id)
    assert supervised.carry_over(before).there == 1


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_killed_at_every_call_it_is_finished_or_undone(template: Path, tmp_path: Path) -> None:
    """The next start opens the ledger, nothing is lost, and the file has a new key then. Of the pages that are written
    one in `PAGES` is the last; `COUNTER_EVERY_CALL=1` is each."""
    before = copied(template, tmp_path / "before")
    with Store.unlock(before, SUPERVISOR.id, PASSPHRASE) as store:
        store.ledger.append("a", "exchange", record())
    old, found = file_key(before), set()
    for call in _calls(copied(before, tmp_path / "once")):
        home = copied(before, tmp_path / f"killed-{call}")
        child = FORK.Process(target=_die_at, args=(call, home))
        child.start()
        child.join()
        assert child.exitcode == 9
        found.add((home / keys.NEXT).exists())
        with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
            assert store.ledger.verify().valid and [each.id for each in store.ledger.search()] == ["a"]
            disabled = not {each.id: each.active for each in store.operators.list()}[CLERK.id]
            assert not store.operators.key_is_given_up(), "finished by the start, or begun again"
        assert not (home / keys.NEXT).exists()
        assert (file_key(home) != old) is disabled
        shutil.rmtree(home)
    assert found == {True, False}


def _calls(home: Path) -> list[int]:
    """At which of its calls a disabling is killed."""
    kinds: list[str] = []

    def note(call: Call) -> int:
        kinds.append(call.kind)
        return 0

    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store, watched(home, note):
        store.operators.disable(CLERK.id)
    return [at for at, kind in enumerate(kinds, 1) if kind != "write" or at % PAGES == 0]


def _die_at(last: int, home: Path) -> None:
    calls = 0

    def count(_call: Call) -> int:
        nonlocal calls
        calls += 1
        if calls == last:
            os._exit(9)
        return 0

    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store, watched(home, count):
        store.operators.disable(CLERK.id)


@pytest.mark.parametrize(("number", "length"), [(FULL, 9999), (BROKEN, 9999), (BROKEN, 1)])
def test_on_a_disk_that_fails_from_any_call_on_nobody_is_locked_out(
    template: Path, tmp_path: Path, number: int, length: int
) -> None:
    """The operator is out, the ledger opens, and gets its key once there is room."""
    every = 1 if length == 1 or PAGES == 1 else 4
    for first in _calls(copied(template, tmp_path / "once"))[::every]:
        home, calls = copied(template, tmp_path / f"full-{first}"), 0

        def full(_call: object, first: int = first) -> int:
            nonlocal calls
            calls += 1
            return number if first <= calls < first + length else 0

        with (
            Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store,
            watched(home, full),
            suppress(LedgerUnavailableError),
        ):
            store.operators.disable(CLERK.id)
        with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
            assert store.ledger.verify().valid and not store.operators.key_is_given_up()
        shutil.rmtree(home)
