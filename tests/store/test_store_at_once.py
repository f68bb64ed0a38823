"""Threads and processes on one file, and processes that are killed: nothing lost, nothing twice, the chain valid."""

import multiprocessing
import os
import random
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection, wait
from pathlib import Path

import pytest
from store_samples import CLERK, JPEG, PASSPHRASE, SUPERVISOR, case, record

from counter.province.wire import EntryAnswer, Outcome
from counter.store.store import Store

KILLS = int(os.environ.get("COUNTER_TEST_KILLS", "15"))

START = multiprocessing.get_context("spawn" if sys.platform == "win32" else "fork")
"""Forked where that exists: the imports are the slow part of a child. No connection is open while it forks."""


def test_threads_share_a_store(store: Store) -> None:
    def work(thread: int) -> None:
        for number in range(8):
            case_id = f"{thread}-{number}"
            store.drafts.save(case_id, case(), "confirm")
            store.ledger.append(case_id, "exchange", record())
            store.ledger.search("欧阳", limit=5)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert store.ledger.verify().entries == 32
    assert store.ledger.verify().valid
    assert store.drafts.list() == []


def test_the_same_confirmation_from_many_threads_is_one_entry(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        entries = list(pool.map(lambda _: store.ledger.append("id-1", "exchange", record()), range(16)))
    assert len({entry.hash for entry in entries}) == 1
    assert store.ledger.count() == 1


def in_child(work: Callable[[Store, Connection], None], home: Path) -> tuple[multiprocessing.Process, Connection]:
    """Run this on a store of the child's own; what it sends can be received here."""
    ours, theirs = START.Pipe(duplex=False)
    child = START.Process(target=_child, args=(work, home, theirs))
    child.start()
    theirs.close()
    return child, ours


def _child(work: Callable[[Store, Connection], None], home: Path, pipe: Connection) -> None:
    try:
        with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
            work(store, pipe)
    except BaseException:
        pipe.send(traceback.format_exc())
        raise


def append_forty(store: Store, pipe: Connection) -> None:
    for number in range(40):
        pipe.send(store.ledger.append(f"{os.getpid()}-{number}", "exchange", record()).id)


def settle_until_quiet(store: Store, pipe: Connection) -> None:
    """As `counter sync`: take what is pending, answer, until both writers are through."""
    settled = 0
    while settled < 80:
        batch = store.outbox.pending(limit=7)
        store.outbox.settle([EntryAnswer(id=entry.id, outcome=Outcome.CREATED) for entry in batch])
        settled += len(batch)
    pipe.send(settled)


def test_processes_share_a_file(home: Path) -> None:
    children = [in_child(work, home) for work in (append_forty, append_forty, settle_until_quiet)]
    said: list[object] = []
    for child, pipe in children:
        try:
            while True:
                said.append(pipe.recv())
        except EOFError:
            child.join()
    assert [child.exitcode for child, _ in children] == [0, 0, 0], said
    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
        verification = store.ledger.verify()
        assert (verification.entries, verification.valid) == (80, True)
        assert {entry.id for entry in store.ledger.search()} == {one for one in said if isinstance(one, str)}
        assert store.outbox.counts().pending == 0
        assert store.days.totals(store.ledger.today()).last_seq == 80


def a_busy_clerk(store: Store, pipe: Connection) -> None:
    """Hold, hold again, confirm, leave some held; say each only once it is done."""
    while True:
        case_id = store.drafts.new_id()
        photo = store.photos.put(JPEG + case_id.encode())
        for step in ("identity", "photo", "confirm"):
            store.drafts.save(case_id, case(photo=photo), step)
            pipe.send(("held", case_id, step))
        if case_id[-1] in "02468ace":
            store.ledger.append(case_id, "exchange", record(photo=photo))
            pipe.send(("recorded", case_id, photo))


def test_a_killed_process_loses_nothing_that_was_acknowledged(template: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(template, tmp_path / "home"))
    held: dict[str, str] = {}
    recorded: dict[str, str] = {}
    dice = random.Random(2026)
    for _ in range(KILLS):
        _kill_at_random(home, dice, held, recorded)
        with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
            _nothing_is_missing(store, held, recorded)
            for entry in store.ledger.search(limit=10_000):  # one may have been recorded and not acknowledged
                held.pop(entry.id, None)
                assert entry.record is not None
                recorded[entry.id] = entry.record.case.photo.digest
    assert recorded


def _kill_at_random(home: Path, dice: random.Random, held: dict[str, str], recorded: dict[str, str]) -> None:
    child, pipe = in_child(a_busy_clerk, home)
    for _ in range(dice.randrange(1, 12)):
        _acknowledge(pipe.recv(), held, recorded)
    wait([child.sentinel], timeout=dice.random() / 50)  # a random moment inside an operation
    assert child.pid is not None
    os.kill(child.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    child.join()
    try:
        while True:
            _acknowledge(pipe.recv(), held, recorded)
    except EOFError:
        pipe.close()


def _acknowledge(said: object, held: dict[str, str], recorded: dict[str, str]) -> None:
    assert isinstance(said, tuple), said
    what, case_id, value = said
    if what == "recorded":
        held.pop(case_id)
        recorded[case_id] = value
    else:
        held[case_id] = value


def _nothing_is_missing(store: Store, held: dict[str, str], recorded: dict[str, str]) -> None:
    verification = store.ledger.verify()
    assert verification.valid
    entries = [entry.id for entry in store.ledger.search(limit=10_000)]
    assert len(entries) == len(set(entries)) == verification.entries == store.outbox.counts().pending
    assert set(recorded) <= set(entries)
    assert len(set(entries) - set(recorded)) <= 1, "at most the one that was under way"
    assert set(store.outbox.photos_pending()) >= set(recorded.values())
    for digest in recorded.values():
        assert store.photos.get(digest) is not None
    steps = {draft.id: draft.step for draft in store.drafts.list()}
    assert not set(steps) & set(entries), "what is recorded is held no more"
    for case_id, step in held.items():
        order = ("identity", "photo", "confirm")
        assert case_id in entries or order.index(steps[case_id]) >= order.index(step)


@pytest.mark.parametrize("moment", ["before the keyring", "after the keyring"])
def test_a_program_killed_while_adding_an_operator(
    home: Path, supervised: Store, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The row and the slot are two files: whichever is missing, nobody gets in by half, and it can be done again."""
    from counter.store import operators
    from counter.store.errors import WrongCredentialsError
    from counter.store.keys import Keyring, write_keyring
    from counter.store.records import Role

    class KilledError(BaseException):
        pass

    def killed(to: Path, keyring: Keyring) -> None:
        if moment == "after the keyring":
            write_keyring(to, keyring)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(operators, "write_keyring", killed)
        with pytest.raises(KilledError):
            supervised.operators.add("c02", "柜员", Role.CLERK, PASSPHRASE)
    with pytest.raises(WrongCredentialsError):
        Store.unlock(home, "c02", PASSPHRASE)
    supervised.operators.add("c02", "柜员", Role.CLERK, "another passphrase")
    Store.unlock(home, "c02", "another passphrase").close()
