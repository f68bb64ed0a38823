"""Key slots: who gets in, who does not, and what editing the keyring achieves."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

import pytest

from counter.store import keys
from counter.store.errors import (
    ConflictError,
    DamagedLedgerError,
    DisabledOperatorError,
    ExistingLedgerError,
    LastSupervisorError,
    LedgerFullError,
    MissingLedgerError,
    NotAllowedError,
    SamePassphraseError,
    UnknownOperatorError,
    WeakPassphraseError,
    WrongCredentialsError,
)
from counter.store.keys import operators_at
from counter.store.records import Operator, Role
from counter.store.store import Store
from tests.support.store_samples import (
    CLERK,
    PASSPHRASE,
    PLACE,
    SUPERVISOR,
    edit_keyring,
    file_key,
    record,
)

Unlock = Callable[..., Store]


def test_the_sign_in_screen_lists_people_without_loading_sql_or_ciphers(home: Path) -> None:
    heavy = ("sqlmodel", "sqlalchemy", "pydantic", "sqlcipher3", "argon2", "cryptography")
    script = (
        "import sys; from pathlib import Path; from counter.store.keys import operators_at;"
        "print(*[person.id for person in operators_at(Path(sys.argv[1]))]);"
        f"sys.exit(any(name in sys.modules for name in {heavy!r}))"
    )
    ran = subprocess.run([sys.executable, "-c", script, str(home)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.split()) == (0, [SUPERVISOR.id, CLERK.id]), ran.stderr


def test_unlocking_says_who_and_where(unlock: Unlock) -> None:
    with unlock() as store:
        assert (store.operator, store.place) == (CLERK, PLACE)


@pytest.mark.parametrize(
    ("operator", "passphrase"), [(CLERK.id, "another passphrase"), ("nobody", PASSPHRASE), ("", "")]
)
def test_what_was_wrong_is_not_said(unlock: Unlock, operator: str, passphrase: str) -> None:
    with pytest.raises(WrongCredentialsError) as refused:
        unlock(operator, passphrase)
    assert str(refused.value) == "operator and passphrase do not open a slot"


def test_a_passphrase_may_be_anything_of_twelve_characters(supervised: Store, unlock: Unlock) -> None:
    for number, passphrase in enumerate(("河源山高水长一路好走又一年", "a\udcff" * 6 + "rainy", "a'b\"c;--\x00 drop")):
        supervised.operators.add(f"c{number}x", "柜员", Role.CLERK, passphrase)
        unlock(f"c{number}x", passphrase).close()
    with pytest.raises(WeakPassphraseError):
        supervised.operators.add("c99", "柜员", Role.CLERK, "elevenchars")
    assert "c99" not in [person.id for person in supervised.operators.list()]


def test_every_slot_opens_the_same_file(home: Path) -> None:
    assert file_key(home, SUPERVISOR.id) == file_key(home, CLERK.id)
    slots = keys.read_keyring(home).slots
    assert len({slot.salt for slot in slots} | {slot.nonce for slot in slots} | {slot.wrapped for slot in slots}) == 6


@pytest.mark.parametrize(
    "change",
    [
        lambda slot: slot.update(role="supervisor"),
        lambda slot: slot.update(id="c02"),
        lambda slot: slot["cost"].update(passes=2),
        lambda slot: slot.update(nonce="AAAAAAAAAAAAAAAA"),
        lambda slot: slot.update(nonce=""),
    ],
)
def test_an_edited_slot_opens_nothing(home: Path, unlock: Unlock, change: Callable[[dict[str, object]], None]) -> None:
    edit_keyring(home, change)
    with pytest.raises(WrongCredentialsError):
        unlock("c02" if any(person.id == "c02" for person in operators_at(home)) else CLERK.id)


def test_outside_the_tests_a_slot_costs_what_rfc_9106_recommends() -> None:
    found = find_spec("counter.store.slots")
    assert found is not None and found.loader is not None
    as_imported = module_from_spec(found)
    found.loader.exec_module(as_imported)
    slot = as_imported.passphrase_slot(CLERK, PASSPHRASE, bytes(32))
    assert slot.cost == keys.Cost(passes=3, memory_kib=64 * 1024, lanes=4)
    assert as_imported.open_with_passphrase(keys.Keyring((slot,)), CLERK.id, PASSPHRASE).file_key == bytes(32)


def test_a_slot_moved_to_another_operator_opens_nothing(home: Path, unlock: Unlock) -> None:
    clerk = keys.read_keyring(home).slot(CLERK.id)
    assert clerk is not None
    stolen: dict[str, Any] = {"salt": clerk.salt, "nonce": clerk.nonce, "wrapped": clerk.wrapped}
    supervisor = keys.read_keyring(home).slot(SUPERVISOR.id)
    assert supervisor is not None
    keys.write_keyring(home, keys.read_keyring(home).with_slot(keys.Slot(**{**_fields(supervisor), **stolen})))
    with pytest.raises(WrongCredentialsError):
        unlock(SUPERVISOR.id)


def _fields(slot: keys.Slot) -> dict[str, object]:
    return {name: getattr(slot, name) for name in slot.__struct_fields__}


def test_the_ledger_not_the_keyring_says_what_somebody_is_called(home: Path, unlock: Unlock) -> None:
    edit_keyring(home, lambda slot: slot.update(name="行长"))
    with unlock() as store:
        assert store.operator.name == CLERK.name


@pytest.mark.parametrize(
    "content", [b"", b"{}x", b"[]", b'{"slots": [], "format": 2}', b'{"slots": [{"id": "x"}]}', b"\xff"]
)
def test_a_broken_keyring_is_damage(home: Path, unlock: Unlock, content: bytes) -> None:
    (home / keys.FILE_NAME).write_bytes(content)
    with pytest.raises(DamagedLedgerError):
        unlock()


def test_a_forged_cost_does_not_exhaust_the_machine(home: Path, unlock: Unlock) -> None:
    edit_keyring(home, lambda slot: slot.update(cost={"passes": 1, "memory_kib": 2**31, "lanes": 1}))
    with pytest.raises(DamagedLedgerError):
        unlock()


def test_no_ledger_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(MissingLedgerError):
        Store.unlock(tmp_path, CLERK.id, PASSPHRASE)
    with pytest.raises(MissingLedgerError):
        operators_at(tmp_path)


def test_a_ledger_is_never_made_over_another(home: Path) -> None:
    before = {file.name: file.read_bytes() for file in home.iterdir()}
    with pytest.raises(ExistingLedgerError):
        Store.create(home, PLACE, SUPERVISOR, PASSPHRASE)
    assert {file.name: file.read_bytes() for file in home.iterdir()} == before


@pytest.mark.parametrize("left", ["keyring.json", "ledger.db-wal"])
def test_what_is_left_of_a_ledger_is_not_overwritten(tmp_path: Path, left: str) -> None:
    (tmp_path / left).touch()
    with pytest.raises(ExistingLedgerError):
        Store.create(tmp_path, PLACE, SUPERVISOR, PASSPHRASE)


def test_an_interrupted_creation_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / ".ledger.db.part").write_bytes(b"half a ledger" * 999)
    (tmp_path / ".ledger.db.part-wal").write_bytes(b"and its log" * 999)
    Store.create(tmp_path, PLACE, SUPERVISOR, PASSPHRASE).close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["keyring.json", "ledger.anchor", "ledger.db"]


@pytest.mark.parametrize("operator", [CLERK, Operator("s1", "主管", Role.SUPERVISOR, active=False)])
def test_the_first_operator_is_a_supervisor(tmp_path: Path, operator: Operator) -> None:
    with pytest.raises(NotAllowedError):
        Store.create(tmp_path / "new", PLACE, operator, PASSPHRASE)
    assert not (tmp_path / "new").exists()


def test_a_disabled_operator_stays_out(supervised: Store, home: Path, unlock: Unlock) -> None:
    before = (home / keys.FILE_NAME).read_bytes()
    supervised.operators.disable(CLERK.id)
    with pytest.raises(DisabledOperatorError):
        unlock()
    assert not supervised.operators.is_passphrase(CLERK.id, PASSPHRASE)
    edit_keyring(home, lambda slot: slot.update(active=True))
    with pytest.raises(WrongCredentialsError):  # the key is gone from the slot
        unlock()
    (home / keys.FILE_NAME).write_bytes(before)
    with pytest.raises(DamagedLedgerError):  # and what an old keyring opens is no ledger any more
        unlock()


def test_the_last_supervisor_stays(supervised: Store, unlock: Unlock) -> None:
    with pytest.raises(LastSupervisorError):
        supervised.operators.disable(SUPERVISOR.id)
    supervised.operators.add("s02", "主管丙", Role.SUPERVISOR, PASSPHRASE)
    supervised.operators.disable(SUPERVISOR.id)
    with unlock("s02") as other, pytest.raises(LastSupervisorError):
        other.operators.disable("s02")


def test_a_supervisor_disabled_meanwhile_may_no_more(supervised: Store, unlock: Unlock) -> None:
    supervised.operators.add("s02", "主管丙", Role.SUPERVISOR, PASSPHRASE)
    with unlock("s02") as other:
        other.operators.disable(SUPERVISOR.id)
    with pytest.raises(NotAllowedError):
        supervised.operators.add("c02", "柜员", Role.CLERK, PASSPHRASE)


def test_operators_are_the_supervisors_business(store: Store, tmp_path: Path) -> None:
    for forbidden in (
        lambda: store.operators.add("c02", "柜员", Role.CLERK, PASSPHRASE),
        lambda: store.operators.disable(SUPERVISOR.id),
        lambda: store.operators.add_key_file(tmp_path / "timer.key"),
    ):
        with pytest.raises(NotAllowedError):
            forbidden()
    assert not (tmp_path / "timer.key").exists()


def test_ids_are_unique_and_known(supervised: Store) -> None:
    with pytest.raises(ConflictError):
        supervised.operators.add(CLERK.id, "柜员", Role.CLERK, PASSPHRASE)
    with pytest.raises(UnknownOperatorError):
        supervised.operators.disable("c77")
    with pytest.raises(NotAllowedError):
        supervised.operators.add("t02", "定时", Role.TIMER, PASSPHRASE)


def test_changing_a_passphrase(store: Store, unlock: Unlock) -> None:
    with pytest.raises(WrongCredentialsError):
        store.operators.change_passphrase(CLERK.id, "not the old one", "another passphrase")
    with pytest.raises(WeakPassphraseError):
        store.operators.change_passphrase(CLERK.id, PASSPHRASE, "short")
    with pytest.raises(SamePassphraseError):
        store.operators.change_passphrase(CLERK.id, PASSPHRASE, PASSPHRASE)
    store.operators.change_passphrase(CLERK.id, PASSPHRASE, "another passphrase")
    assert store.operators.is_passphrase(CLERK.id, "another passphrase")
    assert not store.operators.is_passphrase(CLERK.id, PASSPHRASE)
    unlock(CLERK.id, "another passphrase").close()
    unlock(SUPERVISOR.id).close()


def test_the_timer_opens_with_its_key_file_and_records_nothing(supervised: Store, home: Path, tmp_path: Path) -> None:
    key_file = tmp_path / "timer.key"
    supervised.operators.add_key_file(key_file)
    assert len(key_file.read_bytes()) == 32
    if os.name != "nt":
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    with Store.unlock_with_key_file(home, key_file) as timer:
        assert timer.operator.role is Role.TIMER
        assert timer.outbox.counts().pending == 0
        with pytest.raises(NotAllowedError):
            timer.ledger.append("x", "exchange", record())
    assert "timer" not in [person.id for person in operators_at(home)]
    with pytest.raises(WrongCredentialsError):
        Store.unlock(home, "timer", PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"\x00" * 32, b"\x00" * 33])
def test_another_key_file_opens_nothing(supervised: Store, home: Path, tmp_path: Path, content: bytes) -> None:
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(content)
    for key_file in (wrong, tmp_path / "missing.key"):
        with pytest.raises(WrongCredentialsError):
            Store.unlock_with_key_file(home, key_file)
    supervised.operators.add_key_file(tmp_path / "timer.key")
    with pytest.raises(WrongCredentialsError):
        Store.unlock_with_key_file(home, wrong)


def test_a_new_key_file_replaces_the_old_and_the_timer_can_be_disabled(
    supervised: Store, home: Path, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.key", tmp_path / "new.key"
    supervised.operators.add_key_file(old)
    with pytest.raises(ExistingLedgerError):
        supervised.operators.add_key_file(old)
    supervised.operators.add_key_file(new)
    with pytest.raises(WrongCredentialsError):
        Store.unlock_with_key_file(home, old)
    Store.unlock_with_key_file(home, new).close()
    supervised.operators.disable("timer")
    with pytest.raises(DisabledOperatorError):
        Store.unlock_with_key_file(home, new)


def test_a_keyring_that_cannot_be_written_changes_nothing(
    supervised: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (home / keys.FILE_NAME).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(LedgerFullError):
            supervised.operators.add("c02", "柜员", Role.CLERK, PASSPHRASE)
    assert (home / keys.FILE_NAME).read_bytes() == before
    assert [person.id for person in supervised.operators.list()] == [CLERK.id, SUPERVISOR.id]
    assert not [file for file in home.iterdir() if file.name.startswith(".keyring")]
    supervised.operators.add("c02", "柜员", Role.CLERK, PASSPHRASE)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_only_the_owner_reads_the_home(tmp_path: Path) -> None:
    home = tmp_path / "new"
    Store.create(home, PLACE, SUPERVISOR, PASSPHRASE).close()
    assert {stat.S_IMODE(file.stat().st_mode) for file in home.iterdir()} == {0o600}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
