"""The disk is full: the case stays with the clerk, said once, and is kept as soon as there is room."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.desk.desk import Desk
from counter.i18n import t
from counter.screens.case.screen import CaseScreen
from counter.screens.home import HomeScreen
from counter.store.store import Store
from tests.simulation.calls import FULL, watched
from tests.support.demonstration import PEOPLE as CUSTOMERS
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import CLERK, PASSPHRASE, REFERENCE, Clerk, SetClock, Sitting
from tests.support.small_disk import SmallDisk, small_disk

NUMBER = CUSTOMERS["same_number"].number


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as mounted:
        yield mounted


@pytest.fixture
def home(made_home: Path, disk: SmallDisk) -> Path:
    return Path(shutil.copytree(made_home, disk.folder / "home"))


@pytest.fixture
def desk(home: Path, clock: SetClock) -> Iterator[Desk]:
    opened = Desk(Store.unlock(home, CLERK.id, PASSPHRASE, clock), REFERENCE, clock=clock)
    yield opened
    opened.close()


def notices(clerk: Clerk) -> list[str]:
    return [str(notice.message) for notice in clerk.app._notifications]


def use_up_what_is_left(desk: Desk, disk: SmallDisk) -> None:
    """Fill the disk, and the pages that the open file still has."""
    disk.fill()
    with pytest.raises(Exception, match="cannot be written"):
        for _ in range(1000):
            desk.store.audit.note("made up")


async def test_what_cannot_be_kept_stays_on_the_screen(sitting: Sitting, desk: Desk, disk: SmallDisk) -> None:
    async with sitting(desk) as clerk:
        await clerk.types("2", "enter")
        use_up_what_is_left(desk, disk)
        await clerk.types(NUMBER, "enter", "钟", "enter", "f4")
        assert isinstance(clerk.screen, CaseScreen)
        assert clerk.open.case.holder.document.number == NUMBER
        assert t("error.LedgerFullError")[:12] in clerk.text
        assert notices(clerk).count(t("error.LedgerFullError")) <= 2, "once as it was typed, once for F4"
        disk.make_room()
        await clerk.types("f4")
        assert isinstance(clerk.screen, HomeScreen)
        assert [draft.case.holder.document.number for draft in desk.held()] == [NUMBER]


async def test_leaving_needs_a_second_word_where_a_case_is_not_kept(
    sitting: Sitting, desk: Desk, disk: SmallDisk
) -> None:
    async with sitting(desk) as clerk:
        await clerk.types("2", "enter")
        use_up_what_is_left(desk, disk)
        await clerk.types(NUMBER, "enter", "ctrl+q")
        assert clerk.app.is_running
        assert t("screen.quit_unkept") in notices(clerk)
        assert clerk.open.case.holder.document.number == NUMBER


async def test_confirming_waits_for_room_and_records_once(sitting: Sitting, desk: Desk, disk: SmallDisk) -> None:
    async with sitting(desk) as clerk:
        await clerk.types("23", "enter")  # a referral: one step, then the confirmation
        await clerk.types("f10")
        use_up_what_is_left(desk, disk)
        await clerk.types("f10")
        assert isinstance(clerk.screen, CaseScreen)
        assert t("error.LedgerFullError") in notices(clerk)
        disk.make_room()
        await clerk.types("f10")
        assert not isinstance(clerk.screen, CaseScreen)
        assert desk.store.ledger.count() == 1


async def test_a_sync_that_finds_no_room_for_its_lock_says_so(sitting: Sitting, online: Desk, home: Path) -> None:
    async with sitting(online) as clerk:
        with watched(home, lambda call: FULL if call.path.endswith("sync.lock") else 0):
            await clerk.types("f9", "f5")
        assert t("error.LedgerFullError")[:12] in clerk.text
        await clerk.types("f5")
        assert t("day.matched")[:6] in clerk.text


async def test_the_new_case_stays_where_it_cannot_give_way_to_the_held_one(
    sitting: Sitting, desk: Desk, disk: SmallDisk
) -> None:
    desk.keep(desk.store.drafts.new_id(), EXCHANGE, "details").result()
    async with sitting(desk) as clerk:
        await clerk.types("2", "enter")
        opened = clerk.open.id
        use_up_what_is_left(desk, disk)
        await clerk.types(EXCHANGE.holder.document.number, "enter", "f10")
        assert t("error.LedgerFullError") in notices(clerk)
        assert (clerk.open.id, clerk.open.case.holder.document.number) == (opened, EXCHANGE.holder.document.number)
        disk.make_room()
        await clerk.types("f4")
        assert isinstance(clerk.screen, HomeScreen)
        assert len(desk.held()) == 2
