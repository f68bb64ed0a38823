"""A day played by a script (issue 11): 120 entries over three windows, corrected, written off, closed by two, equal to
the fen."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec import structs

from counter.desk import closing, returned
from counter.desk.day_report import as_text, check, printed, read_report
from counter.desk.desk import Desk
from counter.desk.lapsing import lapsing
from counter.gateway.seeding.seed import ApplicationRow, EventRow
from counter.province.sync import sync
from counter.province.wire import EventKind
from counter.rules.case import Case
from counter.rules.record import CaseRecord
from counter.rules.service import Effect
from counter.rules.services import SERVICES
from counter.store.balance import Sum
from counter.store.records import LedgerEntry
from tests.province.test_sync import cases, done
from tests.support.desks import PASSPHRASE, SECOND, Calendar, Window, a_window
from tests.support.province_world import World

EACH = 40
BOOKING = next(each.id for each in SERVICES.values() if each.effect is Effect.BOOKING)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def windows(world: World, tmp_path: Path, calendar: Calendar) -> Iterator[list[Window]]:
    with ExitStack() as opened:
        yield [opened.enter_context(a_window(world, tmp_path / f"day-{n}", calendar, "abc")) for n in (1, 2, 3)]


def of(entry: LedgerEntry) -> Case:
    assert entry.record is not None
    return entry.record.case


def synced(desk: Desk) -> bool:
    assert desk.province is not None
    return sync(desk.store, desk.province).matched


def test_a_day_of_three_windows(world: World, windows: list[Window], calendar: Calendar) -> None:
    first, second, _ = desks = [window.desk for window in windows]
    for desk in desks:  # the receipt is checked by the key that was pinned
        identity = desk.store.identity
        identity.enrol(identity.key_to_enrol(), world.url, world.running.public_key)
    booked = done(first.store, *(CaseRecord(case=structs.replace(each.case, service=BOOKING), fee_fen=0)
                                 for each in cases(2, 130)))  # fmt: skip
    for id in booked:
        world.plant(EventRow(branch=first.place.branch, counter=first.place.counter, kind=EventKind.BOOKING, entry=id,
                             code="approved"))  # fmt: skip
    assert synced(first)
    before = first.today()
    calendar.pass_days(8)
    on = first.today()

    played = [cases(EACH, EACH * at) for at in range(len(desks))]
    for one in (*played[0][:2], played[1][0]):
        world.plant(ApplicationRow(number=one.case.holder.document.number))
    for desk, records in zip(desks, played, strict=True):
        done(desk.store, *records)
    assert all(map(synced, desks))
    assert [len(desk.store.outbox.rejected()) for desk in desks] == [2, 1, 0]
    assert first.store.decisions.open_dates() == [before, on], "the night that was missed comes first"

    world.query("DELETE FROM dossier")
    for entry in first.store.outbox.rejected():
        id = returned.correct(first, entry)
        draft = first.store.drafts.get(id)
        assert draft is not None and draft.note
        first.store.ledger.append(id, "exchange", CaseRecord(case=draft.case, fee_fen=2000))
    (lost,) = second.store.outbox.rejected()
    returned.write_off(second, lost, "客户不办了", SECOND.id, PASSPHRASE)
    assert synced(first)

    assert {each.id for each in lapsing(first, on)} == set(booked)
    for desk in desks:
        for day in desk.store.decisions.open_dates():
            left = closing.what_is_open(desk, day)
            closing.close(desk, day, {each.kind: "明天再办" for each in left}, SECOND.id, PASSPHRASE)
        assert desk.store.decisions.open_dates() == []
        assert check(desk, on).valid
        report = read_report(desk, on)
        assert report.receipt is not None and report.receipt.signature in as_text(printed(report))
        assert report.closed and desk.store.ledger.verify().valid

    days = [desk.store.days.balance(on).total for desk in desks]
    assert [(day.done.count, day.returned, day.cleared) for day in days] == [
        (EACH + 2, Sum(2, 4000), Sum(2, 4000)),
        (EACH, Sum(1, 2000), Sum(1, 2000)),
        (EACH, Sum(), Sum()),
    ]
    accepted = sum((day.accepted for day in days), Sum())
    theirs = "SELECT count(*), sum(fee_fen) FROM entry WHERE outcome = 'created' AND business_date = %s"
    assert world.query(theirs, on) == [(accepted.count, accepted.fee_fen)] == [(119, 238000)]
