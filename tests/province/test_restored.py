"""A counter that was restored from a backup takes over what the province holds, and goes on."""

from pathlib import Path

import pytest

from counter.province.client import Province
from counter.province.errors import ServerAheadError
from counter.province.sync import sync
from counter.store.errors import RestoredLedgerError
from counter.store.records import Role, SendState
from counter.store.store import Store
from tests.province.conftest import PASSPHRASE, SUPERVISOR
from tests.province.test_sync import cases, done
from tests.support.province_world import World, chain


def restored_from(folder: Path, home: Path) -> Store:
    Store.restore(home, folder, SUPERVISOR.id, PASSPHRASE)
    return Store.unlock(home, SUPERVISOR.id, PASSPHRASE)


@pytest.fixture
def enrolled(store: Store, world: World) -> Store:
    store.identity.enrol(world.key, world.url, world.running.public_key)
    return store


def test_what_came_after_the_backup_is_taken_over_and_the_day_matches(
    enrolled: Store, province: Province, tmp_path: Path, world: World
) -> None:
    """Also what somebody has signed who came after it; then the counter goes on in the province's chain."""
    done(enrolled, *cases(2))
    assert sync(enrolled, province).matched
    enrolled.drafts.save(made := "01990000-0000-7000-8000-000000000003", cases(1, 3)[0].case, "confirm")
    enrolled.back_up(tmp_path / "kept")
    enrolled.operators.add("late", "后来的", Role.CLERK, PASSPHRASE)
    enrolled.ledger.append(made, "exchange", cases(1, 3)[0])
    with Store.unlock(enrolled.home, "late", PASSPHRASE) as late:
        done(late, *cases(1, 4))
    assert sync(enrolled, province).matched
    theirs = enrolled.ledger.head()
    done(enrolled, *cases(1, 5))

    with restored_from(tmp_path / "kept", tmp_path / "new") as store:
        with pytest.raises(RestoredLedgerError):
            done(store, *cases(1, 6))
        report = sync(store, province)
        assert (report.matched, len(report.fetched), report.sent) == (True, 2, 0)
        assert store.ledger.head() == theirs
        assert store.drafts.list() == []
        assert store.ledger.verify().valid
        assert {one.id: one.active for one in store.operators.list()}["late"] is False
        (new,) = done(store, *cases(1, 7))
        report = sync(store, province)
        assert (report.created, report.matched, report.fetched) == (1, True, ())
        assert store.ledger.verify().valid
        assert world.query("SELECT id FROM entry WHERE seq = 5") == [(new,)]
    with pytest.raises(ServerAheadError):
        sync(enrolled, province)


def test_what_the_province_took_back_comes_back_here(enrolled: Store, province: Province, tmp_path: Path) -> None:
    enrolled.back_up(tmp_path / "kept")
    done(enrolled, cases(1)[0], cases(1)[0])
    before = sync(enrolled, province)
    with restored_from(tmp_path / "kept", tmp_path / "new") as store:
        sync(store, province)
        states = [entry.state for entry in store.ledger.search()]
        assert states.count(SendState.REJECTED) == before.rejected
        assert [entry.code for entry in store.ledger.search()] == [entry.code for entry in enrolled.ledger.search()]


def test_pages_are_fetched_until_there_are_no_more(
    enrolled: Store, province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled.back_up(tmp_path / "kept")
    done(enrolled, *cases(5))
    sync(enrolled, province)
    monkeypatch.setattr("counter.gateway.ledger.held.PAGE", 2)
    with restored_from(tmp_path / "kept", tmp_path / "new") as store:
        assert len(sync(store, province).fetched) == 5
        assert store.ledger.head() == enrolled.ledger.head()


def test_a_province_that_holds_what_nobody_here_signed_is_not_followed(
    enrolled: Store, province: Province, tmp_path: Path, world: World
) -> None:
    done(enrolled, *cases(1))
    sync(enrolled, province)
    enrolled.back_up(tmp_path / "kept")
    last = enrolled.ledger.head()
    for more in chain(cases(1, 9), start=last[0] + 1, previous=last[1]):
        province.entries((more,))
    world.query("UPDATE entry SET form = 2 WHERE seq = 2")
    with restored_from(tmp_path / "kept", tmp_path / "new") as store:
        with pytest.raises(ServerAheadError):
            sync(store, province)
        assert store.ledger.count() == 1 and store.behind.is_possible()


def test_a_restored_home_that_lacks_nothing_goes_on(enrolled: Store, province: Province, tmp_path: Path) -> None:
    done(enrolled, *cases(2))
    sync(enrolled, province)
    enrolled.back_up(tmp_path / "kept")
    with restored_from(tmp_path / "kept", tmp_path / "new") as store:
        assert sync(store, province).matched
        done(store, *cases(1, 5))
        assert sync(store, province).created == 1
