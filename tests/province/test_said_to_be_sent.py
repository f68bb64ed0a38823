"""Entries that somebody with the key has marked as sent: the province lacks them, and gets them."""

from contextlib import closing

from counter.province.sync import sync
from counter.store import cipher
from counter.store.store import Store
from tests.province.test_sync import cases, done
from tests.support.province_world import World


def _mark(store: Store, where: str) -> None:
    with closing(cipher.connect(store._database.path, store._database.key)) as connection:
        connection.execute(f"UPDATE outbox SET state = 'created' {where}")


def test_one_that_was_kept_back_is_sent(world: World, store: Store) -> None:
    done(store, *cases(3))
    _mark(store, "WHERE seq = 2")
    with world.province() as province:
        report = sync(store, province)
    assert (report.created, report.offered_again, report.matched) == (3, 1, True)


def test_a_day_that_was_kept_back_is_sent(world: World, store: Store) -> None:
    done(store, *cases(3))
    _mark(store, "")
    with world.province() as province:
        report = sync(store, province)
    assert (report.created, report.offered_again, report.matched) == (3, 3, True)
