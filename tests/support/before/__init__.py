"""A counter's home and its province's database, as the program of commit 17c6a0d wrote them (`make_at_17c6a0d.txt`)."""

import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from counter.gateway.server import Running
from counter.province.client import Province
from counter.province.transport import Way
from counter.store.store import Store
from tests.support.province_world import HURRIED, QUICK, fresh_database

CHIEF, CLERK, PASSPHRASE = "chief", "clerk", "made up for tests"
FIRST_DAY, SECOND_DAY = datetime(2026, 11, 23, 4, tzinfo=UTC), datetime(2026, 11, 24, 4, tzinfo=UTC)
"""The first day was synced and has its receipt; of the second nothing was sent."""
DAY_AFTER = datetime(2026, 11, 25, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Before:
    """The home, and the folder of the province with its key."""

    home: Path
    gateway: Path
    sql: str

    def open(self, operator: str = CLERK, now: datetime = DAY_AFTER) -> Store:
        return Store.unlock(self.home, operator, PASSPHRASE, lambda: now)

    def database(self, postgresql: str) -> str:
        """The province's database, restored on this server; gives its address."""
        address = fresh_database(postgresql)
        with psycopg.connect(address) as connection:
            connection.execute(self.sql.encode())
        return address


def unpacked(folder: Path) -> Before:
    """A copy of what was kept, to work on."""
    with zipfile.ZipFile(Path(__file__).with_name("before.zip")) as kept:
        kept.extractall(folder)
    for path in folder.rglob("*"):  # a zip does not keep that nobody else may read them
        path.chmod(0o700 if path.is_dir() else 0o600)
    return Before(folder / "home", folder / "gateway", (folder / "province.sql").read_text("utf-8"))


def province_of(store: Store, running: Running) -> Province:
    """The province that the counter is enrolled with, at the address where it is now."""
    key, enrolled = store.identity.counter_key(), store.identity.province()
    assert key is not None and enrolled is not None
    place = store.place
    way = Way(running.ca)
    return Province(
        running.url, place.branch, place.counter, key, enrolled[1], way=way, at_counter=HURRIED, at_sync=QUICK
    )
