"""What a province loses of a counter's entries is named, offered again and matches in the same sync."""

from collections.abc import Iterator
from datetime import date

import pytest

from counter.gateway.database import BY_BRANCH, EVERYWHERE
from counter.gateway.seeding.seed import ApplicationRow, EventRow
from counter.province.client import Province
from counter.province.differences import Difference
from counter.province.sync import SyncReport, sync
from counter.province.wire import EventKind
from counter.store.balance import KindBalance, Sum
from counter.store.records import SendState
from counter.store.store import Store
from tests.province.test_sync import cases, done, with_photo
from tests.support.province_world import BRANCH, COUNTER, World


@pytest.fixture
def province(world: World) -> Iterator[Province]:
    with world.province() as client:
        yield client


@pytest.fixture
def ids(store: Store, province: Province) -> list[str]:
    """A day of five entries, one with a photo, that matched."""
    ids = done(store, *cases(4), with_photo(store, cases(1, 40)[0], 1))
    assert sync(store, province).matched
    return ids


def reopened(world: World, store: Store, province: Province) -> SyncReport:
    """The day goes on, so that it is counted again."""
    done(store, *cases(1, 20))
    report = sync(store, province)
    assert report.matched, report
    states = {entry.state for entry in store.ledger.search(limit=100)}
    assert states <= {SendState.CREATED, SendState.EXISTS}
    assert world.query("SELECT count(*), sum(fee_fen) FROM entry WHERE outcome = 'created'") == [(6, 12000)]
    return report


def today(store: Store) -> date:
    return store.ledger.today()


def test_a_row_that_was_removed_is_named_and_comes_back(
    world: World, store: Store, province: Province, ids: list[str]
) -> None:
    world.query("DELETE FROM entry WHERE id = ANY(%s)", ids[1:3])
    report = reopened(world, store, province)
    lost = tuple(Difference(today(store), id, "exchange", 2000, None) for id in sorted(ids[1:3]))
    assert (report.differing, report.offered_again, report.created) == (lost, 2, 3)
    assert world.query("SELECT seq FROM entry ORDER BY seq") == [(seq,) for seq in range(1, 7)]


def test_a_fee_that_was_changed_is_named_and_put_right(
    world: World, store: Store, province: Province, ids: list[str]
) -> None:
    world.query("UPDATE entry SET fee_fen = 1000 WHERE id = %s", ids[3])
    report = reopened(world, store, province)
    assert report.differing == (Difference(today(store), ids[3], "exchange", 2000, 1000),)
    assert (report.offered_again, report.exists) == (1, 1)


def test_a_province_restored_from_an_older_backup_is_refilled(world: World, store: Store, province: Province) -> None:
    """Its entries, persons' files, photos and events are those of the backup; what it says from then on is heard."""
    first, *_ = done(store, *cases(2))
    where = {"branch": BRANCH, "counter": COUNTER}
    world.plant(EventRow(kind=EventKind.PROGRESS, entry=first, code="made", **where))
    assert sync(store, province).matched
    kept = [name for name in (*BY_BRANCH, *EVERYWHERE) if name not in {"counter", "enrolment_code"}]
    for name in kept:
        world.query(f"CREATE TABLE backup_{name} AS TABLE {name}")
    done(store, *cases(2, 3), with_photo(store, cases(1, 40)[0], 1))
    world.plant(EventRow(kind=EventKind.PROGRESS, entry=first, code="sent", **where))
    assert sync(store, province).matched
    world.empty()
    for name in kept:
        world.query(f"INSERT INTO {name} SELECT * FROM backup_{name}")
        world.query(f"DROP TABLE backup_{name}")
    world.plant(EventRow(kind=EventKind.PROGRESS, entry=first, code="collected", **where))
    report = reopened(world, store, province)
    assert (report.differing, report.offered_again, report.photos) == ((), 3, 1)
    assert sorted(event.code for event in store.outbox.events()) == ["collected", "made", "sent"]


def test_a_province_that_has_lost_everything_is_refilled(
    world: World, store: Store, province: Province, ids: list[str]
) -> None:
    world.empty()
    assert reopened(world, store, province).offered_again == len(ids)


def test_what_was_refused_and_lost_is_refused_again(world: World, store: Store, province: Province) -> None:
    good, pending, last = cases(3)
    world.plant(ApplicationRow(number=pending.case.holder.document.number))
    ids = done(store, good, pending, last)
    assert sync(store, province).rejected == 1
    world.query("DELETE FROM entry WHERE seq > 1")
    report = sync(store, province)
    assert (report.rejected, report.matched) == (1, True)
    assert [entry.id for entry in store.outbox.rejected()] == [ids[1]]


def test_what_only_the_province_counts_is_named_and_stays(
    world: World, store: Store, province: Province, ids: list[str]
) -> None:
    strange = (
        'INSERT INTO entry SELECT (jsonb_populate_record(e, \'{"id": "strange", "seq": 0}\'::jsonb)).* FROM entry e'
    )
    world.query(f"{strange} WHERE id = %s", ids[0])
    done(store, *cases(1, 20))
    report = sync(store, province)
    assert not report.matched
    assert report.differing == (Difference(today(store), "strange", "exchange", None, 2000),)
    assert store.days.unmatched() == [today(store)]


def test_a_fee_is_not_put_right_by_an_entry_that_its_hash_does_not_cover(
    world: World, store: Store, province: Province, ids: list[str]
) -> None:
    import msgspec

    from counter.province.questions.question import NOTHING
    from counter.province.sync import _on_the_wire

    store.outbox.offer_again(ids[:1])
    (one,) = store.outbox.pending()
    forged = msgspec.structs.replace(_on_the_wire(one, NOTHING), fee_fen=1)
    (answer,) = province.entries((forged,))
    assert answer.outcome == "conflict"
    assert world.query("SELECT fee_fen FROM entry WHERE id = %s", ids[0]) == [(2000,)]


def test_both_sides_stand_beside_each_other(world: World, store: Store, province: Province) -> None:
    good, pending, last = cases(3)
    world.plant(ApplicationRow(number=pending.case.holder.document.number))
    done(store, good, pending, last)
    report = sync(store, province)
    unsent = cases(1, 9)
    done(store, *unsent)
    assert report.days[0].by_kind == {
        "exchange": KindBalance(done=Sum(3, 6000), accepted=Sum(2, 4000), returned=Sum(1, 2000))
    }
    total = store.days.balance(today(store)).total
    assert (total.done, total.accepted, total.returned, total.unsent) == (
        Sum(4, 8000),
        Sum(2, 4000),
        Sum(1, 2000),
        Sum(1, 2000),
    )
