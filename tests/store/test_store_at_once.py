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
from typing import Any

import pytest

from counter.province.wire import EntryAnswer, Outcome
from counter.rules.unit import Unit
from counter.store.migrations import VERSION
from counter.store.records import RowContent, RowState, Submission
from counter.store.store import Store
from tests.support.old_homes import UNSIGNED, old_home
from tests.support.store_samples import (
    CLERK,
    JPEG,
    PASSPHRASE,
    SUPERVISOR,
    case,
    record,
)

KILLS = int(os.environ.get("COUNTER_TEST_KILLS", "15"))

START: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "fork")
"""Forked where that exists: the imports are the slow part of a child. No connection is open while it forks."""


def test_programs_that_come_at_once_to_an_old_file_migrate_it_once(tmp_path: Path) -> None:
    """The screen, the timer and the shell after an update."""
    home = old_home(tmp_path / "old", UNSIGNED - 1)
    programs = [START.Process(target=_open, args=(home,)) for _ in range(4)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    assert [program.exitcode for program in programs] == [0] * 4
    assert [copy.name for copy in home.glob("before-schema-*")] == [f"before-schema-{VERSION}"]


def _open(home: Path) -> None:
    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
        assert store.ledger.verify().valid


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
        for said in _killed(home, dice, a_busy_clerk):
            _acknowledge(said, held, recorded)
        with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
            _nothing_is_missing(store, held, recorded)
            for entry in store.ledger.search(limit=10_000):  # one may have been recorded and not acknowledged
                held.pop(entry.id, None)
                assert entry.record is not None
                recorded[entry.id] = entry.record.case.photo.digest
    assert recorded


def _acknowledge(said: tuple[str, Any, Any], held: dict[str, str], recorded: dict[str, str]) -> None:
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


ROWS = 60


def a_roster(store: Store) -> int:
    return store.batches.create(Unit(name="不存在厂"), [row(f"钟{n}") for n in range(ROWS)]).id


def row(name: str) -> RowContent:
    return RowContent(data=name.encode(), document=name, name=name)


def rest_of(store: Store, batch: int) -> list[Submission]:
    """What is still to be submitted, as after a new start."""
    keys = store.batches.keys(batch)
    return [Submission(key.id, key.version, record(name=key.name)) for key in keys if key.state is RowState.DRAFT]


def a_busy_roster(store: Store, pipe: Connection) -> None:
    """Import, type, submit; say each only once it is done."""
    while True:
        batch = a_roster(store)
        pipe.send(("imported", batch, ROWS))
        for key in store.batches.keys(batch)[:5]:
            store.batches.change({key.id: row("改过")})
            pipe.send(("typed", key.id, "改过"))
        for first in range(0, ROWS, 7):
            store.batches.submit(batch, rest_of(store, batch)[:7], limit=4)
            pipe.send(("submitted", batch, min(first + 7, ROWS)))


def test_a_killed_import_edit_or_submission_loses_nothing_and_doubles_nothing(template: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(template, tmp_path / "home"))
    dice = random.Random(2026)
    for _ in range(KILLS):
        said = _killed(home, dice, a_busy_roster)
        with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
            _rosters_are_whole(store, said)
            for batch in store.batches.list():  # it goes on where it stood
                store.batches.submit(batch.id, rest_of(store, batch.id), limit=50)
            _rosters_are_whole(store, said)
            assert all(batch.submitted == batch.rows for batch in store.batches.list())


def _rosters_are_whole(store: Store, said: list[tuple[str, Any, Any]]) -> None:
    verification = store.ledger.verify()
    assert verification.valid
    batches = {batch.id: batch for batch in store.batches.list()}
    assert {batch.rows for batch in batches.values()} == {ROWS}
    keys = {key.id: key for batch in batches for key in store.batches.keys(batch)}
    submitted = {key.id for key in keys.values() if key.state is RowState.SUBMITTED}
    entries = [entry.id for entry in store.ledger.search(limit=100_000)]
    assert len(entries) == verification.entries == store.outbox.counts().pending
    assert sorted(entries) == sorted(submitted)
    for what, which, value in said:
        if what == "typed":
            assert keys[which].name == value
        else:
            assert (batches[which].rows if what == "imported" else batches[which].submitted) >= value


def _killed(home: Path, dice: random.Random, work: Callable[[Store, Connection], None]) -> list[tuple[str, Any, Any]]:
    """Let a child work, kill it at a random moment; all that it had said was done."""
    child, pipe = in_child(work, home)
    said = [pipe.recv() for _ in range(dice.randrange(1, 16))]
    wait([child.sentinel], timeout=dice.random() / 50)
    assert child.pid is not None
    os.kill(child.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    child.join()
    try:
        while True:
            said.append(pipe.recv())
    except EOFError:
        pipe.close()
    assert all(isinstance(one, tuple) for one in said), said
    return said


def submit_all(store: Store, pipe: Connection) -> None:
    (batch,) = store.batches.list()
    pipe.send(store.batches.submit(batch.id, rest_of(store, batch.id), limit=3).recorded)


def test_two_processes_submit_one_roster_while_a_third_works(home: Path) -> None:
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        batch = a_roster(store)
    children = [in_child(work, home) for work in (submit_all, submit_all, append_forty)]
    said: list[object] = []
    for child, pipe in children:
        try:
            while True:
                said.append(pipe.recv())
        except EOFError:
            child.join()
    assert [child.exitcode for child, _ in children] == [0, 0, 0], said
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        verification = store.ledger.verify()
        assert (verification.entries, verification.valid) == (ROWS + 40, True)
        assert sum(one for one in said if isinstance(one, int)) == ROWS
        assert rest_of(store, batch) == []


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
