"""Sync against a real province, over a network that breaks in every way it can."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from counter.gateway.seeding.portraits import portrait
from counter.gateway.seeding.seed import (
    ApplicationRow,
    BookingRow,
    EventRow,
    PersonRow,
    ReceiptRow,
)
from counter.province.client import Patience, Province
from counter.province.errors import OutOfReachError, ServerAheadError, SyncBusyError
from counter.province.sync import Progress, SyncReport, sync
from counter.province.wire import EventKind, Receipt
from counter.rules import signing
from counter.rules.case import BookingStatus, Photo, PhotoSource
from counter.rules.record import CaseRecord
from counter.store.records import Role, SendState
from counter.store.store import Store
from tests.support.faults import Fault, FaultyNetwork
from tests.support.province_world import (
    HURRIED,
    QUICK,
    World,
    chain,
    record,
)

IMPATIENT = Patience(timeout=0.3, attempts=12, first=0.002, longest=0.01)


def done(store: Store, *records: CaseRecord) -> list[str]:
    """Confirm cases at the window; their ids."""
    ids = [store.drafts.new_id() for _ in records]
    for id, one in zip(ids, records, strict=True):
        store.ledger.append(id, one.case.service, one)
    return ids


def cases(count: int, start: int = 1) -> list[CaseRecord]:
    return [record(f"4416211985{1 + n // 28:02}{1 + n % 28:02}296") for n in range(start, start + count)]


def deferring(one: CaseRecord, *questions: str) -> CaseRecord:
    return msgspec.structs.replace(one, deferred=questions)


def by_receipt(one: CaseRecord, receipt: str) -> CaseRecord:
    photo = Photo(source=PhotoSource.RECEIPT, receipt=receipt)
    return msgspec.structs.replace(one, case=msgspec.structs.replace(one.case, photo=photo))


def with_photo(store: Store, one: CaseRecord, seed: int) -> CaseRecord:
    photo = Photo(source=PhotoSource.FILE, digest=store.photos.put(portrait(seed)))
    return msgspec.structs.replace(one, case=msgspec.structs.replace(one.case, photo=photo))


def test_a_day_is_sent_recounted_and_signed(world: World, store: Store, province: Province) -> None:
    ids = done(store, *cases(5), with_photo(store, cases(1, 40)[0], 1))
    stages: list[Progress] = []
    report = sync(store, province, stages.append)
    assert (report.sent, report.created, report.photos, report.pending, report.matched) == (6, 6, 1, 0, True)
    assert world.query("SELECT id FROM entry ORDER BY seq") == [(id,) for id in ids]
    assert {progress.stage for progress in stages} == {"photos", "entries", "events", "close"}
    (content,) = report.receipts
    kept = store.days.receipt(store.ledger.today())
    assert kept is not None and kept.content == content
    assert signing.verify(world.running.public_key, kept.signature, kept.content)
    receipt = msgspec.json.decode(content, type=Receipt)
    assert [(total.kind, total.count, total.fee_fen) for total in receipt.totals] == [("exchange", 6, 12000)]


def test_a_second_sync_sends_nothing(store: Store, province: Province) -> None:
    done(store, *cases(3))
    sync(store, province)
    second = sync(store, province)
    assert second == SyncReport(sent=0, created=0, exists=0, rejected=0, conflict=0, pending=0, photos=0, matched=True)


def test_an_empty_ledger_matches(store: Store, province: Province) -> None:
    assert sync(store, province).matched


def test_a_day_goes_on_after_its_first_receipt(store: Store, province: Province) -> None:
    done(store, *cases(2))
    sync(store, province)
    done(store, *cases(2, 10))
    report = sync(store, province)
    assert (report.created, report.matched, len(report.receipts)) == (2, True, 1)


def test_what_the_province_refuses_is_quarantined_and_the_rest_goes_on(
    world: World, store: Store, province: Province
) -> None:
    first, pending, last = cases(3)
    world.plant(ApplicationRow(number=pending.case.holder.document.number))
    ids = done(store, first, pending, last)
    report = sync(store, province)
    assert (report.created, report.rejected, report.matched) == (2, 1, True)
    (back,) = store.outbox.rejected()
    assert (back.id, back.code, back.rule, back.state) == (ids[1], "province.pending", "ONE-1", SendState.REJECTED)
    assert sync(store, province).sent == 0


def test_deferred_questions_are_asked_again(world: World, store: Store, province: Province) -> None:
    good, mismatch, unknown, pending, booked, unbooked, strange, receipt = cases(8)
    for one in (good, pending, booked, unbooked):
        world.plant(PersonRow(number=one.case.holder.document.number, name="钟试一"))
    world.plant(
        PersonRow(number=mismatch.case.holder.document.number, name="别人"),
        ApplicationRow(number=pending.case.holder.document.number),
        ReceiptRow(receipt="ZJ2", number=receipt.case.holder.document.number),
        BookingRow(number=booked.case.holder.document.number, id="YY-1", to_bank="", status=BookingStatus.APPROVED),
    )
    done(
        store,
        deferring(good, "identity", "one_card", "sms"),
        deferring(mismatch, "identity"),
        deferring(unknown, "identity", "photo"),
        deferring(pending, "identity", "one_card"),
        deferring(booked, "booking"),
        deferring(unbooked, "booking"),
        deferring(by_receipt(strange, "ZJ1"), "photo"),
        deferring(by_receipt(receipt, "ZJ2"), "photo"),
    )
    report = sync(store, province)
    assert (report.sent, report.created, report.rejected, report.matched) == (8, 4, 4, True)
    back = [(entry.code, entry.rule) for entry in store.outbox.rejected()]
    assert back == [
        ("province.mismatch", "WHO-2"),
        ("province.pending", "ONE-1"),
        ("province.booking", "EXC-6"),
        ("province.photo", "PHO-4"),
    ]


def test_a_roster_that_was_submitted_offline_is_asked_about_together(
    world: World, store: Store, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One question for everybody, not two for each; what is said of one is said of that one."""
    people = cases(6)
    for one, name in zip(people, ("钟试一", "别人", *["钟试一"] * 4), strict=True):
        world.plant(PersonRow(number=one.case.holder.document.number, name=name))
    world.plant(ApplicationRow(number=people[3].case.holder.document.number))
    ids = done(store, *(deferring(one, "identity", "one_card") for one in people))
    for alone in ("identity", "one_card"):
        monkeypatch.setattr(Province, alone, lambda *_: pytest.fail("asked about alone"))
    report = sync(store, province)
    assert (report.created, report.rejected, report.matched) == (4, 2, True)
    back = {entry.id: entry.code for entry in store.outbox.rejected()}
    assert back == {ids[1]: "province.mismatch", ids[3]: "province.pending"}


def test_a_conflict_is_never_success(world: World, store: Store, province: Province) -> None:
    (id,) = done(store, *cases(1))
    sync(store, province)
    more = done(store, *cases(2, 5))
    entry = store.ledger.by_id(more[0])
    assert entry is not None
    forged = world.query("SELECT hash FROM entry WHERE id = %s", id)[0][0]
    world.query(
        "INSERT INTO entry SELECT branch, counter, %s, 2, business_date, recorded_at, kind, fee_fen, maker, checker,"
        " reverses, body, salt, body_digest, %s, %s, algorithm, outcome, code, rule FROM entry WHERE id = %s",
        "another",
        forged,
        entry.hash,
        id,
    )
    report = sync(store, province)
    assert (report.conflict, report.pending, report.matched) == (1, 1, False)
    assert [back.state for back in store.outbox.rejected()] == [SendState.CONFLICT]
    assert not sync(store, province).matched


def test_a_ledger_from_a_backup_is_stopped(store: Store, province: Province, world: World) -> None:
    done(store, *cases(2))
    sync(store, province)
    last = store.ledger.head()
    for more in chain(cases(1, 9), start=last[0] + 1, previous=last[1]):
        province.entries((more,))
    done(store, *cases(1, 15))
    with pytest.raises(ServerAheadError):
        sync(store, province)
    assert store.outbox.counts().pending == 1
    assert world.query("SELECT count(*) FROM entry") == [(3,)]


def test_a_restored_copy_that_is_behind_is_stopped(home: Path, store: Store, province: Province) -> None:
    done(store, *cases(1))
    store.close()
    backup = shutil.copytree(home, home.with_name("backup"))
    with Store.unlock(home, "chief", "made up for tests") as now:
        done(now, *cases(1, 5))
        sync(now, province)
    with Store.unlock(backup, "chief", "made up for tests") as restored, pytest.raises(ServerAheadError):
        sync(restored, province)


def test_events_are_kept_and_a_late_rejection_takes_an_entry_back(
    world: World, store: Store, province: Province
) -> None:
    first, _ = done(store, *cases(2))
    sync(store, province)
    where = {"branch": store.place.branch, "counter": store.place.counter}
    world.plant(
        EventRow(kind=EventKind.PROGRESS, entry=first, code="made", **where),
        EventRow(kind=EventKind.REJECTED, entry=first, code="province.other", **where),
    )
    done(store, *cases(1, 7))
    report = sync(store, province)
    assert report.matched and store.outbox.cursor() == 2
    assert [entry.id for entry in store.outbox.rejected()] == [first]


def test_what_is_rejected_while_the_day_is_counted_comes_back(world: World, store: Store, province: Province) -> None:
    ids = done(store, *cases(3))

    def lose(progress: Progress) -> None:
        if progress.stage == "close":
            world.query("UPDATE entry SET outcome = 'rejected' WHERE id = %s", ids[1])

    report = sync(store, province, lose)
    (difference,) = report.differing
    assert (difference.id, difference.ours_fen, difference.theirs_fen) == (ids[1], 2000, None)
    assert (report.created, report.rejected, report.matched) == (3, 1, True), "offered again, it is refused"
    assert [entry.id for entry in store.outbox.rejected()] == [ids[1]]
    world.query("UPDATE entry SET outcome = 'created' WHERE id = %s", ids[1])
    done(store, *cases(1, 9))
    assert sync(store, province).matched
    assert store.outbox.rejected() == [], "the province counts it after all"


@pytest.fixture
def clerk(home: Path, store: Store) -> Iterator[Store]:
    """The same ledger, opened by a clerk."""
    store.operators.add("clerk", "柜员", Role.CLERK, "made up for tests")
    with Store.unlock(home, "clerk", "made up for tests") as opened:
        yield opened


@pytest.mark.parametrize("synced", [False, True], ids=["before sync", "after sync"])
def test_a_reversal_is_counted_on_both_sides(store: Store, clerk: Store, province: Province, synced: bool) -> None:
    first, _ = done(clerk, *cases(2))
    if synced:
        assert sync(store, province).matched
    asked = clerk.ledger.reverse(first, "typed twice")
    waiting = sync(store, province)
    assert (waiting.matched, waiting.waiting) == (False, (store.ledger.today(),))
    assert waiting.receipts == (), "the date is not over"
    store.awaiting.authorise_own(asked.id)
    report = sync(store, province)
    assert (report.created, report.matched, report.waiting) == (1, True, ())
    receipt = msgspec.json.decode(report.receipts[-1], type=Receipt)
    counted = [(total.kind, total.count, total.fee_fen) for total in receipt.totals]
    assert counted == [("exchange", 2, 4000), ("reversal", 1, -2000)]


def test_what_is_made_on_one_date_and_authorised_on_the_next_is_counted_on_the_first(
    home: Path, store: Store, clerk: Store, province: Province
) -> None:
    first, _ = done(clerk, *cases(2))
    made_on = store.ledger.today()
    asked = clerk.ledger.reverse(first, "typed twice")
    with Store.unlock(home, "chief", "made up for tests", lambda: datetime.now(UTC) + timedelta(days=1)) as tomorrow:
        done(tomorrow, *cases(1, 9))
        report = sync(tomorrow, province)
        assert (report.matched, report.waiting, len(report.receipts)) == (False, (made_on,), 1)
        tomorrow.awaiting.authorise_own(asked.id)
        report = sync(tomorrow, province)
    assert report.matched
    assert msgspec.json.decode(report.receipts[0], type=Receipt).business_date == made_on


def test_one_sync_at_a_time(store: Store, province: Province) -> None:
    done(store, *cases(1))

    def again(_progress: Progress) -> None:
        with pytest.raises(SyncBusyError):
            sync(store, province)

    assert sync(store, province, again).matched


def test_cancelled_it_stops_and_goes_on_later(store: Store, province: Province) -> None:
    done(store, with_photo(store, cases(1)[0], 1), *cases(2, 5))
    stop = threading.Event()
    report = sync(store, province, lambda progress: stop.set() if progress.stage == "entries" else None, stop.is_set)
    assert (report.sent, report.pending, report.photos, report.matched) == (0, 3, 1, False)
    assert sync(store, province).matched


def test_a_counter_that_is_not_enrolled_is_told(world: World, store: Store) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    done(store, *cases(1))
    stranger = Ed25519PrivateKey.generate()
    unknown = Province(
        world.url, "elsewhere", "1", stranger, world.running.public_key, way=world.way, at_sync=IMPATIENT
    )
    with unknown, pytest.raises(OutOfReachError) as error:
        sync(store, unknown)
    assert error.value.reason == "key"
    assert store.outbox.counts().pending == 1


def test_out_of_reach_loses_nothing(store: Store, world: World, capfd: pytest.CaptureFixture[str]) -> None:
    done(store, *cases(2))
    with FaultyNetwork(world.url, rate=1.0) as network, world.through(network.url).province(IMPATIENT) as province:
        with pytest.raises(OutOfReachError):
            sync(store, province)
        assert store.outbox.counts().pending == 2
        assert capfd.readouterr() == ("", "")  # a retry says nothing: the screen would be torn
        network.heal()
        assert sync(store, province).matched


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.NONE])
def test_every_request_broken_once(store: Store, world: World, fault: Fault) -> None:
    """head, signers, photo, entries, events, day-close: each of them first goes wrong in this way."""
    done(store, with_photo(store, cases(1)[0], 3), *cases(3, 5))
    script = (fault, Fault.NONE) * 6
    waits = 0.5 if fault in (Fault.SILENT, Fault.DRIPPING) else 5.0
    with FaultyNetwork(world.url, script=script) as network:
        with world.through(network.url).province(replace(IMPATIENT, timeout=waits)) as province:
            report = sync(store, province)
        assert network.seen[fault] == 6
    assert (report.created + report.exists, report.pending, report.matched) == (4, 0, True)
    assert (report.exists == 4) is (fault in (Fault.LOST, Fault.TRUNCATED))
    assert world.query("SELECT count(*), count(DISTINCT id) FROM entry") == [(4, 4)]
    assert world.query("SELECT count(*) FROM photo") == [(1,)]


@pytest.mark.parametrize("seed", range(4))
def test_a_bad_network_for_days(store: Store, world: World, seed: int) -> None:
    """Whatever is lost on the way: after enough syncs every entry is there exactly once, and it matches."""
    with FaultyNetwork(world.url, seed=seed, rate=0.5) as network:
        tight = Patience(timeout=0.15, attempts=4, first=0.002, longest=0.01)
        with world.through(network.url).province(tight) as province:
            for day in range(4):
                done(store, with_photo(store, cases(1, 30 * day + 1)[0], day), *cases(4, 30 * day + 2))
                try:
                    sync(store, province)
                except OutOfReachError:
                    continue
        network.heal()
        with world.through(network.url).province() as province:
            report = sync(store, province)
    assert report.matched and report.pending == 0
    sent = world.query("SELECT id, hash FROM entry ORDER BY seq")
    ours = [store.ledger.get(seq) for seq in range(1, 21)]
    assert sent == [(entry.id, entry.hash) for entry in ours if entry]
    assert network.seen[Fault.NONE] < sum(network.seen.values())


def test_a_question_at_the_counter_is_asked_once(world: World) -> None:
    with FaultyNetwork(world.url, script=(Fault.PORTAL, Fault.BUSY, Fault.REFUSED, Fault.SILENT)) as network:
        hurried = Patience(timeout=0.3)
        with world.through(network.url).province(at_counter=hurried) as province:
            for reason in ("unsigned", "unavailable", "network", "timeout"):
                with pytest.raises(OutOfReachError) as error:
                    province.health()
                assert error.value.reason == reason
            assert abs((province.health().time - datetime.now(UTC)).total_seconds()) < 60
        assert len(network.requests) == 5


KILLED = """
import sys
from pathlib import Path
from counter.province.client import Patience, Province
from counter.province.sync import sync
from counter.store.store import Store

store = Store.unlock(Path(sys.argv[1]), "chief", "made up for tests")
url, province_key = store.identity.province()
key = store.identity.counter_key()
sync(store, Province(url, store.place.branch, store.place.counter, key, province_key, at_sync=Patience(timeout=60)))
"""


def test_killed_in_the_middle_it_goes_on(home: Path, store: Store, world: World) -> None:
    """kill -9 after the province has stored the batch and before the counter hears of it."""
    done(store, *cases(8))
    with FaultyNetwork(world.url) as network:
        store.identity.enrol(world.key, network.url, world.running.public_key)
        stored = threading.Event()
        dead = threading.Event()

        def hold(line: str) -> None:
            if "/v1/entries" in line:
                stored.set()
                dead.wait(60)

        network.before_answer = hold
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(home)], cwd=Path(__file__).parents[2])
        assert stored.wait(60)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        dead.set()
    assert store.outbox.counts().pending == 8
    with world.province(QUICK, HURRIED) as province:
        report = sync(store, province)
    assert (report.exists, report.created, report.matched) == (8, 0, True)
    assert world.query("SELECT count(*) FROM entry") == [(8,)]
