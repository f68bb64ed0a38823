"""Failed passphrases: noted, and slowed down across restarts, whatever is done to the clock."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from counter.store.attempts import FREE, LONGEST_WAIT, UNKNOWN, Attempts
from counter.store.errors import DisabledOperatorError, LedgerReadOnlyError, SlowedDownError, WrongCredentialsError
from counter.store.keys import read_keyring
from counter.store.store import Store
from tests.support.small_disk import small_disk
from tests.support.store_samples import CLERK, PASSPHRASE, SUPERVISOR, SetClock

Unlock = Callable[..., Store]


class Machine:
    """A machine whose clocks stand where they are put; a new one is a new program."""

    def __init__(self, home: Path, clock: SetClock) -> None:
        self.home = home
        self.clock = clock
        self.ticks = 1000.0

    def passes(self, seconds: float) -> None:
        self.clock.now += timedelta(seconds=seconds)
        self.ticks += seconds

    def tries(self, passphrase: str = "wrong", id: str = CLERK.id) -> bytes:
        attempts = Attempts(self.home, self.clock, lambda: self.ticks)
        return attempts.opened(read_keyring(self.home), id, passphrase).file_key

    def waits(self, id: str = CLERK.id) -> int:
        """The seconds that it is told to wait."""
        with pytest.raises(SlowedDownError) as slowed:
            self.tries(PASSPHRASE, id)
        return slowed.value.said["minutes"] * 60 + slowed.value.said["seconds"]

    def fails(self, times: int = 1, id: str = CLERK.id) -> None:
        for _ in range(times):
            with pytest.raises(WrongCredentialsError):
                self.tries(id=id)


@pytest.fixture
def machine(home: Path, clock: SetClock) -> Machine:
    return Machine(home, clock)


def test_each_failure_waits_twice_as_long_as_the_one_before(machine: Machine) -> None:
    machine.fails(FREE)
    waits = []
    for _ in range(12):
        waits.append(machine.waits())
        machine.passes(waits[-1])
        machine.fails()
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == LONGEST_WAIT


def test_the_right_one_ends_the_wait_and_nobody_else_has_one(machine: Machine) -> None:
    machine.fails(FREE)
    assert machine.tries(PASSPHRASE, SUPERVISOR.id) == machine.tries(PASSPHRASE, SUPERVISOR.id)
    machine.passes(4)
    assert machine.waits() == 1
    machine.passes(1)
    machine.tries(PASSPHRASE)
    machine.fails(FREE - 1)
    machine.tries(PASSPHRASE)


def test_setting_the_clock_helps_neither_way(machine: Machine) -> None:
    machine.fails(FREE)
    for days in (-400, 800, -4000):
        machine.clock.now += timedelta(days=days)
        assert machine.waits() == 5


def test_switching_off_does_not_help_and_locks_nobody_out(machine: Machine) -> None:
    machine.fails(FREE)
    machine.ticks = 0.0
    machine.clock.now += timedelta(days=400)
    assert machine.waits() == 5
    machine.passes(4)
    assert machine.waits() == 1
    machine.passes(1)
    machine.tries(PASSPHRASE)


def test_an_id_of_nobody_is_slowed_down_and_not_written(machine: Machine) -> None:
    machine.fails(FREE, id="my passphrase typed too early")
    assert machine.waits("another") == 5
    assert "early" not in (machine.home / "attempts.json").read_text()


def test_two_stores_are_slowed_down_as_one(home: Path, unlock: Unlock, supervised: Store) -> None:
    """Sign-in, lock and the supervisor's box count together."""
    with pytest.raises(WrongCredentialsError):
        unlock(CLERK.id, "wrong")
    assert not supervised.operators.is_passphrase(CLERK.id, "wrong too")
    with pytest.raises(WrongCredentialsError):
        supervised.operators.change_passphrase(CLERK.id, "wrong again", "a new one of some words")
    for slowed in (
        lambda: unlock(CLERK.id),
        lambda: supervised.operators.verify(CLERK.id, PASSPHRASE),
        lambda: supervised.operators.is_passphrase(CLERK.id, PASSPHRASE),
        lambda: supervised.operators.change_passphrase(CLERK.id, PASSPHRASE, "a new one of some words"),
    ):
        with pytest.raises(SlowedDownError):
            slowed()


def test_what_failed_is_noted_once_there_is_an_audit(home: Path, unlock: Unlock, clock: SetClock) -> None:
    for id in (CLERK.id, CLERK.id, "nobody"):
        with pytest.raises(WrongCredentialsError):
            unlock(id, "wrong")
    clock.now += timedelta(hours=1)
    for _ in range(2):
        with unlock(SUPERVISOR.id) as store:
            noted = [note for note in store.audit.list() if note.action == "fail passphrase"]
    assert {(note.operator, note.subject.split()[0]) for note in noted} == {(CLERK.id, "2"), (UNKNOWN, "1")}
    assert len(noted) == 2, "noted once, and never again"
    with unlock(SUPERVISOR.id) as store:
        assert not store.operators.is_passphrase(CLERK.id, "wrong")
        (latest, *_) = store.audit.list()
        assert (latest.operator, latest.action) == (CLERK.id, "fail passphrase")


def test_a_closed_slot_is_noted_and_slows_nobody_down(supervised: Store, unlock: Unlock) -> None:
    supervised.operators.disable(CLERK.id)
    for _ in range(FREE + 2):
        with pytest.raises(DisabledOperatorError):
            unlock(CLERK.id)
    with unlock(SUPERVISOR.id) as store:
        noted = [note for note in store.audit.list() if note.action == "fail passphrase"]
    assert [(note.operator, note.subject.split()[0]) for note in noted] == [(CLERK.id, str(FREE + 2))]


@pytest.mark.parametrize("content", [b"", b"{", b'{"c01": 3}', b"\xff"])
def test_a_broken_file_ends_nothing(machine: Machine, content: bytes) -> None:
    (machine.home / "attempts.json").write_bytes(content)
    machine.fails()
    machine.tries(PASSPHRASE)


def test_a_medium_that_can_only_be_read_is_read(home: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        there = Path(shutil.copytree(home, disk.folder / "home"))
        disk.protect()
        with pytest.raises(WrongCredentialsError):
            Store.unlock(there, CLERK.id, "wrong")
        with Store.unlock(there, CLERK.id, PASSPHRASE) as store, pytest.raises(LedgerReadOnlyError):
            store.audit.note("reveal")
