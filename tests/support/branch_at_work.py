"""A branch for the terminal's tests: a province that can be stopped and started, and counters enrolled with it."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from counter.clock import today
from counter.gateway import server
from counter.gateway.seeding import seed
from counter.gateway.seeding.customers import demo_lines
from counter.i18n import Language
from counter.province.client import enrol
from counter.province.transport import Way
from counter.rules.case import Case
from counter.rules.reference import Place
from counter.settings import Settings, write_settings
from counter.store import slots
from counter.store.keys import Cost
from counter.store.records import Draft, LedgerEntry, Operator, Role
from counter.store.store import Store
from tests.support.pty_terminal import Terminal

CITY: Final = "441621"
PASSPHRASE: Final = "a made-up passphrase"
CLERK: Final = Operator("zhang", "张敏", Role.CLERK)
SUPERVISOR: Final = Operator("li", "李国强", Role.SUPERVISOR)

_windows = itertools.count(1)


class Gateway:
    """The reference province on real PostgreSQL; stopped and started again it answers at the same address."""

    def __init__(self, database: str, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.port = 0
        self.url = ""
        self.way = Way()
        self._running: AbstractContextManager[server.Running] | None = None

    def start(self) -> None:
        if self._running is None:
            self._running = server.running(self.database, self.folder, port=self.port, sms_echo=True)
            running = self._running.__enter__()
            self.url, self.way = running.url, Way(running.ca)
            self.port = urlsplit(self.url).port or 0

    def stop(self) -> None:
        if self._running is not None:
            self._running.__exit__(None, None, None)
            self._running = None

    def plant(self, *rows: seed.SeedRow) -> None:
        """Tell the province of people."""
        self._plant(msgspec.json.encode(row).decode() for row in rows)

    def plant_demo(self) -> None:
        """Tell it of the demonstration's people, as they were at first."""
        self._plant(demo_lines(today()))

    def _plant(self, lines: Any) -> None:
        server.seed_lines(self.database, self.folder, lines)


@dataclass(frozen=True)
class Counter:
    """One enrolled counter in a home of its own."""

    home: Path
    gateway: Gateway

    def open(self, *, size: tuple[int, int] = (80, 24), environ: Mapping[str, str | None] | None = None) -> Terminal:
        """Open the screen of this counter in a terminal."""
        return Terminal(sys.executable, "-m", "counter", "--home", str(self.home), size=size, environ=environ)

    def run(self, *arguments: str) -> tuple[int, Any, str]:
        """Run a command as the clerk: exit code, its one document (None without one), what it told people."""
        environ = os.environ | {
            "COUNTER_HOME": str(self.home),
            "COUNTER_OPERATOR": CLERK.id,
            "COUNTER_PASSPHRASE_FILE": str(self.home.parent / "passphrase.txt"),
        }
        command = [sys.executable, "-m", "counter", *arguments, "--json"]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr

    def sync(self) -> tuple[int, Any]:
        code, said, _ = self.run("sync")
        return code, said

    def hold(self, case: Case, step: str) -> str:
        """Put a case among the held ones, as if the clerk had pressed F4 at this step; its id."""
        with self.store() as store:
            id = store.drafts.new_id()
            store.drafts.save(id, case, step)
        return id

    def held(self) -> list[Draft]:
        with self.store() as store:
            return store.drafts.list()

    def entries(self) -> list[LedgerEntry]:
        with self.store() as store:
            return store.ledger.search()

    def store(self) -> Store:
        """The ledger itself, to count what is in it."""
        return Store.unlock(self.home, CLERK.id, PASSPHRASE)


def new_counter(gateway: Gateway, folder: Path, branch: str, lang: Language = "zh_CN") -> Counter:
    """`counter init`, `operator add` and `enrol` in one, at a window that nobody had before."""
    home = folder / "home"
    place = Place(CITY, "abc", branch, f"{next(_windows)}")
    code = f"CODE-{place.counter}"
    gateway.plant_demo()
    gateway.plant(seed.CodeRow(code=code, branch=branch, counter=place.counter))
    slots.COST = Cost(passes=1, memory_kib=8, lanes=1)  # what a slot costs stands in the slot
    with Store.create(home, place, SUPERVISOR, PASSPHRASE) as store:
        store.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
        key, province_key = enrol(gateway.url, code, branch, place.counter, way=gateway.way)
        store.identity.enrol(key, gateway.url, province_key, gateway.way.ca)
    write_settings(Settings(home=home, lang=lang, province=gateway.url, **msgspec.structs.asdict(place)))
    (folder / "passphrase.txt").write_text(PASSPHRASE + "\n", "utf-8")
    return Counter(home, gateway)
