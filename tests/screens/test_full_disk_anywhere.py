"""The disk is full from any file call of a played case on: nothing is called damaged, nothing that was typed is lost.

A few places in the suite; ``COUNTER_FULL_EVERY=1`` for every one.
"""

import os
import shutil
from pathlib import Path

from counter.desk.desk import Desk
from counter.i18n import t
from counter.screens.case.screen import CaseScreen
from counter.store.store import Store
from tests.simulation.calls import FULL, Call, watched
from tests.support.demonstration import PEOPLE as CUSTOMERS
from tests.support.screen_world import CLERK, PASSPHRASE, REFERENCE, Clerk, SetClock, Sitting, exchange, serve

EVERY = int(os.environ.get("COUNTER_FULL_EVERY", "0"))
FEW = (2,)


class FullFrom:
    """A disk with room for so many calls."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.calls = 0

    def __call__(self, _call: Call) -> int:
        self.calls += 1
        return FULL if self.first and self.calls >= self.first else 0


def notices(clerk: Clerk) -> str:
    return "\n".join(str(notice.message) for notice in clerk.app._notifications)


async def play(sitting: Sitting, desk: Desk, disk: FullFrom) -> int:
    """A whole case on this disk, then with room again; how many calls there were on the full one."""
    async with sitting(desk) as clerk:
        with watched(desk.store.home, disk):
            await serve(clerk, exchange())
            calls = disk.calls
        recorded = desk.store.ledger.count()
        assert t("error.DamagedLedgerError")[:8] not in clerk.text + notices(clerk)
        if not recorded:
            assert isinstance(clerk.screen, CaseScreen)
            case = clerk.open.case
            assert case.holder.document.number == CUSTOMERS["same_number"].number
            assert case.holder.address == "紫城镇测试路1号101房"
            said = clerk.text + notices(clerk)  # SQLite calls it an I/O error where a sync finds no room
            assert t("error.LedgerFullError") in said or t("error.LedgerDiskError") in said
            await clerk.types("f10")
        assert desk.store.ledger.count() == 1
        assert desk.store.ledger.verify().valid
    return calls


async def test_nothing_typed_is_lost(sitting: Sitting, made_home: Path, tmp_path: Path, clock: SetClock) -> None:
    first, last = 1, 1
    for first in range(1, 10_000, EVERY) if EVERY else FEW:
        home = Path(shutil.copytree(made_home, tmp_path / str(first)))
        desk = Desk(Store.unlock(home, CLERK.id, PASSPHRASE, clock), REFERENCE, clock=clock)
        try:
            last = await play(sitting, desk, FullFrom(first))
        finally:
            desk.close()
        shutil.rmtree(home)
        if last < first:
            break
    assert EVERY == 0 or last > 50
