"""A shift: what one process does at a counter until it is done, killed, or its disk fails. It tells what it does and has
done, so that whoever waits outside knows what must be there."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import NamedTuple
from uuid import UUID

from msgspec import structs

from counter.desk import opening, rosters
from counter.gateway.seeding.portraits import portrait
from counter.i18n import explained
from counter.province.client import Patience, Province
from counter.province.sync import sync
from counter.roster.columns import RosterRow
from counter.roster.reader import RosterPerson
from counter.settings import Settings
from counter.store.errors import NotReversibleError, WrongCredentialsError
from counter.store.store import Store
from tests.simulation.calls import Call, watched
from tests.support.cheap import cheap_slots
from tests.support.province_world import record
from tests.support.rosters import UNIT, WINDOW
from tests.support.rosters import number as citizen

PASSPHRASE = "made up for tests"
OTHER_PASSPHRASE = "another one for tests"
CLERK, SUPERVISOR, AWAY = "zhang", "li", "chen"
HURRIED = Patience(timeout=1.0, attempts=3, first=0.001, longest=0.005)


class DiskFault(NamedTuple):
    """From the nth file call on the disk answers with this error number, for so many calls; number 0: killed there."""

    first: int
    number: int = 0
    calls: int = 0


@dataclass(frozen=True)
class Shift:
    """What a process is told: where, as whom, by which way to the province, how much, and what goes wrong."""

    home: Path
    url: str
    seed: str
    operator: str
    acts: tuple[str, ...]
    fault: DiskFault | None = None
    seconds: float = 0.5
    """How long an answer is waited for."""


class Told(NamedTuple):
    """`what` is about to be done (`done` False), or done; with the ids that it is about, and what came of it."""

    what: str
    ids: tuple[str, ...] = ()
    done: bool = False
    came: str = ""


def work(shift: Shift, said: Connection) -> None:
    """The whole shift; runs in a process of its own."""
    calls = _Calls(shift.fault)
    setattr(opening, "AT_SYNC", HURRIED)  # noqa: B010 - what it imports, it does not export
    with cheap_slots(), watched(shift.home.parent, calls.made):
        try:
            with Store.unlock(shift.home, shift.operator, PASSPHRASE) as store:
                province = opening.connect(
                    store, Settings(home=shift.home, province=shift.url, sync_seconds=shift.seconds)
                )
                assert province is not None
                with province:
                    worker = _Worker(store, province, Random(shift.seed), said.send)
                    for act in shift.acts:
                        worker.does(act)
        except Exception as error:
            if not explained(error):
                raise
            said.send(Told("unlock", done=True, came=type(error).__name__))


class _Calls:
    def __init__(self, fault: DiskFault | None) -> None:
        self.count = 0
        self._fault = fault

    def made(self, call: Call) -> int:
        self.count += 1
        if self._fault is None or self.count < self._fault.first:
            return 0
        if self._fault.number == 0:
            _tear(call)
            os._exit(9)
        return self._fault.number if self.count < self._fault.first + self._fault.calls else 0


def _tear(call: Call) -> None:
    """A process that is killed in a write has written a part of it."""
    if call.kind == "write" and Path(call.path).exists():
        with Path(call.path).open("r+b") as file:
            file.seek(call.at)
            file.write(call.data[: len(call.data) // 2])


@dataclass
class _Worker:
    store: Store
    province: Province
    dice: Random
    tell: Callable[[Told], None]

    def does(self, act: str) -> None:
        """One act; a foreseen error is told, and the shift goes on."""
        ids = tuple(self._id() for _ in range(3))
        self.tell(Told(act, ids))
        try:
            came = getattr(self, f"_{act}")(ids)
        except Exception as error:
            if not explained(error) and not (
                act == "backup" and isinstance(error, OSError)
            ):  # the shell names the file
                raise
            self.tell(Told(act, ids, done=True, came=type(error).__name__))
        else:
            self.tell(Told(act, came, done=True))

    def _id(self) -> str:
        return str(UUID(int=self.dice.getrandbits(128), version=4))

    def _number(self) -> str:
        return citizen(self.dice.randint(1, 999), f"19{self.dice.randint(40, 99)}{self.dice.randint(1, 12):02}15")

    # --- the acts; each gives the ids that are done by it

    def _hold(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        self.store.drafts.save(ids[0], record(self._number()).case, "details")
        return ids[:1]

    def _entry(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        one = record(self._number())
        if self.dice.random() < 0.3:
            digest = self.store.photos.put(portrait(self.dice.randrange(30)))
            photo = structs.replace(one.case.photo, digest=digest)
            one = structs.replace(one, case=structs.replace(one.case, photo=photo))
        self.store.drafts.save(ids[0], one.case, "confirm")
        self.store.ledger.append(ids[0], "exchange", one)
        again = self.store.ledger.append(ids[0], "exchange", one)
        assert again.id == ids[0]
        return ids[:1]

    def _waiver(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        self.store.awaiting.add(ids[0], "exchange", structs.replace(record(self._number()), authorised="waiver"))
        other = SUPERVISOR if self.store.operator.id == CLERK else CLERK
        if other == SUPERVISOR:
            self.store.awaiting.authorise(ids[0], self.store.operators.verify(other, PASSPHRASE))
            return ids[:1]
        self.store.awaiting.refuse(ids[0], "made up")
        return ()

    def _settle(self, _ids: tuple[str, ...]) -> tuple[str, ...]:
        """What still waits for a second person goes back: until then the day is not over."""
        for waiting in self.store.awaiting.list():
            self.store.awaiting.refuse(waiting.id, "made up")
        return ()

    def _reverse(self, _ids: tuple[str, ...]) -> tuple[str, ...]:
        standing = [entry for entry in self.store.ledger.search(limit=20) if entry.reverses is None]
        if not standing or self.store.operator.id == SUPERVISOR:
            return ()
        try:
            asked = self.store.ledger.reverse(self.dice.choice(standing).id, "made up")
        except NotReversibleError:
            return ()
        return (self.store.awaiting.authorise(asked.id, self.store.operators.verify(SUPERVISOR, PASSPHRASE)).id,)

    def _roster(self, _ids: tuple[str, ...]) -> tuple[str, ...]:
        rows = [
            RosterPerson(n, RosterRow(name="王测试", number=self._number(), mobile="13800000000", occupation="24"))
            for n in range(4)
        ]
        batch = rosters.create(self.store, UNIT, rows).id
        rosters.submit(self.store, batch, WINDOW)
        return tuple(person.id for person in rosters.people(self.store, batch) if person.submitted)

    def _passphrase(self, _ids: tuple[str, ...]) -> tuple[str, ...]:
        """Of somebody who does not sign in here: which of the two it is after a kill, nobody has to know."""
        for old, new in ((PASSPHRASE, OTHER_PASSPHRASE), (OTHER_PASSPHRASE, PASSPHRASE)):
            with suppress(WrongCredentialsError):
                self.store.operators.change_passphrase(AWAY, old, new)
                break
        return ()

    def _backup(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        assert self.store.back_up(self.store.home.parent / f"kept-{ids[0]}").valid
        return ()

    def _sync(self, _ids: tuple[str, ...]) -> tuple[str, ...]:
        report = sync(self.store, self.province)
        return ("matched",) if report.matched else (repr(report),)
