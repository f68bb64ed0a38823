"""One round: a counter, a real province and a network, and all that the seed lets happen to them.

What must hold afterwards: whatever a process said was done is in the ledger once; nothing is there that nobody asked for;
the chain is valid; what was held is held; once the network is well again one sync leaves nothing open, and the province
then holds the same entries with the same hashes, each once.
"""

import multiprocessing
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import psycopg

from counter.gateway.seeding import seed as seeding
from counter.province.client import enrol
from counter.province.errors import OUT_OF_REACH, REFUSALS
from counter.rules.reference import Place
from counter.store.records import Operator, Role
from counter.store.store import Store
from tests.simulation.calls import BROKEN, FULL
from tests.simulation.network import SeededNetwork
from tests.simulation.shift import AWAY, CLERK, PASSPHRASE, SUPERVISOR, DiskFault, Shift, Told, work
from tests.support.branch_at_work import Gateway
from tests.support.cheap import cheap_slots
from tests.support.province_world import forget_all, fresh_database, query
from tests.support.rosters import BRANCH

ACTS: Final = {"entry": 6, "hold": 2, "sync": 10, "waiver": 2, "reverse": 2, "roster": 1, "passphrase": 1, "backup": 1}
"""How often each act is drawn."""
FORESEEN: Final = frozenset(
    {"LedgerFullError", "LedgerDiskError", "LedgerUnavailableError", "OutOfReachError", "RefusedError", "OSError"}
) | {error.__name__ for error in (*OUT_OF_REACH.values(), *REFUSALS.values())}
"""What may come of an act while disk and network fail; no word of damage, and no busy file with one process at a time."""
PATIENCE: Final = 60.0
CODE: Final = "SIMU-LATE-0001"


@dataclass
class Figures:
    """What a run has seen."""

    rounds: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    disk_faults: int = 0
    syncs: int = 0
    entries: int = 0
    restarts: int = 0
    network: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        broken = sum(count for fault, count in self.network.items() if fault != "none")
        return (
            f"{self.rounds} rounds: {sum(self.acts.values())} acts, {self.syncs} syncs, {self.kills} kills, "
            f"{self.disk_faults} shifts on a failing disk, {broken} of {self.network.total()} messages broken, "
            f"{self.restarts} restarts of the province, {self.entries} entries: none lost, none doubled"
        )


class Simulation:
    """A province that runs, and a counter enrolled with it, for as many rounds as wanted."""

    def __init__(self, database: str, folder: Path) -> None:
        self.gateway = Gateway(fresh_database(database), folder / "gateway")
        self._folder = folder
        self.figures = Figures()
        processes: Any = multiprocessing.get_context("forkserver")
        processes.set_forkserver_preload(["tests.simulation.shift"])
        self._processes = processes

    @contextmanager
    def open(self) -> Iterator["Simulation"]:
        self.gateway.start()
        try:
            with cheap_slots():
                self._make_home()
                yield self
        finally:
            self.gateway.stop()

    def _make_home(self) -> None:
        self._home = self._folder / "template" / "home"
        place = Place(city=BRANCH.city, bank=BRANCH.bank, branch=BRANCH.id, counter="2")
        self.gateway.plant(seeding.CodeRow(code=CODE, branch=place.branch, counter=place.counter))
        key, province_key = enrol(self.gateway.url, CODE, place.branch, place.counter, way=self.gateway.way)
        with Store.create(self._home, place, Operator(SUPERVISOR, "李国强", Role.SUPERVISOR), PASSPHRASE) as store:
            store.operators.add(CLERK, "张敏", Role.CLERK, PASSPHRASE)
            store.operators.add(AWAY, "陈小明", Role.CLERK, PASSPHRASE)
            store.identity.enrol(key, self.gateway.url, province_key, self.gateway.way.ca)

    def down(self) -> None:
        """The database breaks every connection of the province."""
        with suppress(psycopg.Error):
            query(
                self.gateway.database,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()",
            )

    def round(self, seed: int) -> None:
        """Raises AssertionError where something does not hold."""
        forget_all(self.gateway.database)
        folder = self._folder / f"round-{seed}"
        shutil.copytree(self._home.parent, folder)
        dice = Random(seed)
        rate, twisted = dice.choice([(0.0, 0.0), (0.2, 0.1), (0.5, 0.2)])
        with SeededNetwork(self.gateway.url, seed, rate, twisted, self.down) as network:
            _Round(self, folder / "home", seed, dice, network).run()
            self.figures.network.update(network.seen)
            self.figures.network.update(network.twists)
        self.figures.rounds += 1
        shutil.rmtree(folder)

    def process(self, shift: Shift) -> tuple[list[Told], int]:
        """Let a process work; what it told, and its exit code."""
        here, there = self._processes.Pipe(duplex=False)
        process = self._processes.Process(target=work, args=(shift, there))
        process.start()
        there.close()
        told: list[Told] = []
        with suppress(EOFError, OSError):
            while here.poll(PATIENCE):
                told.append(here.recv())
        process.join(PATIENCE)
        assert process.exitcode is not None, "a dead end: the process neither works nor ends"
        here.close()
        return told, process.exitcode


@dataclass
class _Round:
    simulation: Simulation
    home: Path
    seed: int
    dice: Random
    network: SeededNetwork
    done: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)

    def run(self) -> None:
        for number in range(self.dice.randint(2, 4)):
            if self.dice.random() < 0.1:
                self.simulation.gateway.stop()
                self.simulation.gateway.start()
                self.simulation.figures.restarts += 1
            self._shift(number)
            self._ledger_is_whole()
        self.network.heal()
        self._last_sync()
        self._both_sides_agree()

    def _shift(self, number: int) -> None:
        names = self.dice.choices(list(ACTS), list(ACTS.values()), k=self.dice.randint(4, 10))
        operator = self.dice.choice((CLERK, CLERK, SUPERVISOR))
        fault = self.dice.choice(("none", "kill", "kill", "kill", "full", "broken"))
        first = self.dice.randint(1, 25 * len(names))
        disk = {
            "none": None,
            "kill": DiskFault(first),
            "full": DiskFault(first, FULL, self.dice.randint(1, 200)),
            "broken": DiskFault(first, BROKEN, self.dice.randint(1, 20)),
        }[fault]
        shift = Shift(self.home, self.network.url, f"{self.seed} {number}", operator, tuple(names), disk)
        told, code = self._work(shift)
        figures = self.simulation.figures
        figures.kills += code == 9
        figures.disk_faults += disk is not None and disk.number != 0
        assert code == 0 or (code == 9 and fault == "kill"), f"exit {code}"
        came = {each.came for each in told if each.came}
        assert came <= FORESEEN, came

    def _work(self, shift: Shift) -> tuple[list[Told], int]:
        told, code = self.simulation.process(shift)
        figures = self.simulation.figures
        for each in told:
            if not each.done:
                figures.acts[each.what] += 1
                figures.syncs += each.what == "sync"
                self.begun.update(each.ids)
            elif each.came:
                figures.said[each.came] += 1
            elif each.what == "hold":
                self.held.update(each.ids)
            elif each.what != "sync":
                self.done.update(each.ids)
        return told, code

    def _ledger_is_whole(self) -> None:
        """After each shift, with the disk well again."""
        with Store.unlock(self.home, SUPERVISOR, PASSPHRASE) as store:
            found = store.ledger.verify()
            assert found.valid, f"entry {found.first_bad_seq}"
            ids = [entry.id for entry in store.ledger.search(limit=10_000)]
            assert len(ids) == len(set(ids)) == found.entries, "doubled"
            assert self.done <= set(ids), f"lost: {self.done - set(ids)}"
            drafts = {draft.id for draft in store.drafts.list()}
            assert self.held <= drafts, f"not held any more: {self.held - drafts}"
        for kept in self.home.parent.glob("kept-*"):
            if (kept / "ledger.db").exists():
                with Store.unlock(kept, SUPERVISOR, PASSPHRASE) as store:
                    assert store.ledger.verify().valid
            shutil.rmtree(kept)

    def _last_sync(self) -> None:
        told, code = self._work(
            Shift(self.home, self.network.url, "last", SUPERVISOR, ("settle", "sync", "sync"), seconds=30.0)
        )
        assert code == 0
        assert told[-1].ids == ("matched",), f"a dead end: {told[-1]}"

    def _both_sides_agree(self) -> None:
        with Store.unlock(self.home, SUPERVISOR, PASSPHRASE) as store:
            ours = {entry.id: entry.hash for entry in store.ledger.search(limit=10_000)}
            state = {entry.state for entry in store.ledger.search(limit=10_000)}
        rows = query(self.simulation.gateway.database, "SELECT id, hash FROM entry")
        theirs = dict(rows)
        assert len(rows) == len(theirs), "doubled at the province"
        assert theirs == ours, f"only here {ours.keys() - theirs.keys()}, only there {theirs.keys() - ours.keys()}"
        assert not state & {"pending", "conflict"}, state
        self.simulation.figures.entries += len(ours)
