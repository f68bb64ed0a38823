"""Entries are signed with a key of the operator's slot: what one passphrase opens forges nobody else."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from counter.rules.signers import HASH, verifies
from counter.store import awaiting, operators, posting, signers
from counter.store.database import Database
from counter.store.errors import NoSigningKeyError, UnsignedCaseError
from counter.store.keys import read_keyring
from counter.store.posting import Posting, post_one
from counter.store.records import AwaitingCase, Operator, Role
from counter.store.store import Store
from counter.store.unlocked import Signatory, Unlocked
from counter.store.verify import verify_chain
from tests.support.old_homes import insert, old_home
from tests.support.store_samples import (
    CLERK,
    NOON,
    PASSPHRASE,
    SUPERVISOR,
    checked,
    file_key,
    record,
    reverse,
    sql,
    waiver,
)

Unlock = Callable[..., Store]


def inside(store: Store) -> Unlocked:
    """What a changed program has in hand once a passphrase has opened the file."""
    return store.ledger._unlocked


def test_every_way_into_the_ledger_is_signed(store: Store) -> None:
    store.ledger.append("id-1", "exchange", record())
    checked(store, "id-2", "exchange", waiver())
    reverse(store, "id-1")
    store.ledger.append_for(1, ((f"row-{n}", record(fee_fen=n)) for n in range(40)))
    assert store.ledger.verify().valid
    entries = {entry.id: entry for entry in store.ledger.search(limit=100)}
    assert {entry.form for entry in entries.values()} == {2}
    clerk = next(key for key in store.signers.unsent() if key.operator == CLERK.id)
    for n in range(40):
        row = entries[f"row-{n}"]
        assert verifies(clerk.public_key, HASH, row.hash, row.maker_signature), "each proves itself"


def forged(store: Store, maker: str, checker: str | None, key: Signatory) -> None:
    """An entry of other people, written past everything that asks who they are."""
    unlocked = inside(store)
    one = Posting("forged", "exchange", record(), maker, checker)
    if checker:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(awaiting, "require", lambda *_: None)
            with unlocked.database.write() as session:
                asked = Unlocked(unlocked.database, unlocked.place, key, unlocked.clock)
                case = AwaitingCase("forged", "exchange", waiver(), "waiver", maker, None, NOON.date(), NOON)
                awaiting.wait(session, asked, case)
        waits = sql(unlocked.database.path.parent, "SELECT salt, signature FROM awaiting")[0]
        one = Posting("forged", "exchange", waiver(), maker, checker, None, NOON.date(), *waits)
    with unlocked.database.write() as session:
        post_one(session, unlocked, one, key)


def test_what_zhang_can_sign_is_zhangs(store: Store) -> None:
    """The file key is in every slot; the other signing keys are not."""
    own = inside(store).signatory
    forged(store, CLERK.id, SUPERVISOR.id, own)
    assert store.ledger.verify().first_bad_seq == 1, "no checker"


def test_nor_is_another_the_maker(store: Store) -> None:
    forged(store, SUPERVISOR.id, None, inside(store).signatory)
    assert store.ledger.verify().first_bad_seq == 1


@pytest.mark.parametrize("by_oneself", [True, False])
def test_a_key_that_nobody_of_weight_vouches_for_signs_nothing(store: Store, by_oneself: bool) -> None:
    """A second key for the chief, or a supervisor who is none: on the word of the key itself, or of the clerk."""
    unlocked, key = inside(store), signers.new()
    ghost = Operator("ghost", "无此人", Role.SUPERVISOR)
    with unlocked.database.write() as session:
        session.add(operators.row_of(ghost))
        session.flush()
        for named in (SUPERVISOR, ghost):
            by = None if by_oneself else unlocked.signatory.key
            signers.register(
                session, unlocked.place, named, key if named is ghost else signers.new(), unlocked.clock, by
            )
    forged(store, ghost.id, None, Signatory(ghost, key))
    assert store.ledger.verify().first_bad_seq == 1


def test_an_entry_without_a_signature_after_one_with(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.ledger.append("id-1", "exchange", record())
    monkeypatch.setattr(posting, "FORM", 1)
    monkeypatch.setattr(posting, "sign", lambda _key, _what, hashes: [b""] * len(hashes))
    store.ledger.append("id-2", "exchange", record())
    assert store.ledger.verify().first_bad_seq == 2


def test_a_new_passphrase_brings_a_new_key_and_the_old_entries_hold(home: Path, unlock: Unlock) -> None:
    with unlock() as store:
        store.ledger.append("id-1", "exchange", record())
        store.operators.change_passphrase(CLERK.id, PASSPHRASE, "another passphrase")
    assert len(sql(home, "SELECT 1 FROM signer WHERE operator = 'c01'")) == 2
    with unlock(CLERK.id, "another passphrase") as store:
        store.ledger.append("id-2", "exchange", record())
        assert store.ledger.verify().valid


def test_a_change_of_passphrase_that_is_killed_leaves_a_key_that_signs(
    home: Path, unlock: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unlock() as store, monkeypatch.context() as patch:
        patch.setattr(operators, "write_keyring", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.operators.change_passphrase(CLERK.id, PASSPHRASE, "another passphrase")
    with unlock() as store:
        store.ledger.append("id-1", "exchange", record())
        assert store.ledger.verify().valid


def test_the_file_key_does_not_open_a_signing_key(home: Path) -> None:
    slot = read_keyring(home).slot(CLERK.id)
    assert slot is not None and slot.signer
    assert file_key(home) not in slot.signer and file_key(home, CLERK.id) == file_key(home)


def test_the_timer_signs_nothing(home: Path, supervised: Store) -> None:
    supervised.operators.add_key_file(home / "timer.key")
    with Store.unlock_with_key_file(home, home / "timer.key") as timer, pytest.raises(NoSigningKeyError):
        _ = inside(timer).signatory.signs_with


def test_who_was_there_before_gets_a_key_at_the_next_sign_in(tmp_path: Path) -> None:
    home = old_home(tmp_path / "old", 8)
    for n in (1, 2):
        with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
            store.ledger.append(f"id-{n}", "exchange", record())
            assert store.ledger.verify().valid
            assert store.signers.before() == ((SUPERVISOR.id,), 0)
    assert len(sql(home, "SELECT 1 FROM signer")) == 1


def test_what_was_asked_before_signatures_is_authorised_where_its_maker_is(home: Path, unlock: Unlock) -> None:
    with unlock() as store:
        store.awaiting.add("id-1", "exchange", waiver())
    sql(home, "UPDATE awaiting SET salt = x'', signature = x''")
    with unlock(SUPERVISOR.id) as store, pytest.raises(UnsignedCaseError):
        store.awaiting.authorise_own("id-1")
    with unlock() as store:
        store.awaiting.authorise("id-1", store.operators.verify(SUPERVISOR.id, PASSPHRASE))
        assert store.ledger.verify().valid


def test_the_audit_is_chained_and_seals_what_was_before(tmp_path: Path) -> None:
    home = old_home(tmp_path / "old", 8)
    insert(home, file_key(home), "audit", seq=2, at="2026", operator="s01", action="reveal", subject="id-1")
    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
        store.audit.note("reveal", "id-2")
        assert store.ledger.verify().valid and store.audit.head()[0] == 4
    for n, tampering in enumerate(
        (
            "DELETE FROM audit WHERE seq = 2",
            "DELETE FROM audit WHERE seq = 3",
            "UPDATE audit SET operator = 'c01' WHERE seq = 1",
            "UPDATE audit SET action = 'print' WHERE seq = 4",
            "UPDATE audit SET hash = '' WHERE seq = 4",
        )
    ):
        copy = Path(shutil.copytree(home, tmp_path / str(n)))
        sql(copy, tampering, unguarded=True)
        with closing(Database(copy / "ledger.db", file_key(copy))) as database:
            assert [flaw.what for flaw in verify_chain(database).flaws] == ["audit"], tampering
