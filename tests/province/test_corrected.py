"""What the province returned is corrected and sent again, or written off by two; nothing stays listed for good."""

from collections.abc import Iterator

import msgspec
import pytest

from counter.desk import closing, returned
from counter.desk.day_report import check, printed, read_report
from counter.desk.desk import Desk
from counter.gateway.seeding.seed import ApplicationRow
from counter.province.client import Province
from counter.province.sync import sync
from counter.reference.load import load_reference
from counter.rules.case import Case
from counter.rules.decision import DecisionKind
from counter.rules.record import CaseRecord
from counter.rules.till import TillAct, counted_of
from counter.store.balance import Sum
from counter.store.errors import (
    ClosedDayError,
    NoReasonError,
    NotClosedError,
    NotReturnedError,
    OwnCaseError,
)
from counter.store.records import LedgerEntry, Role
from counter.store.store import Store
from tests.province.conftest import PASSPHRASE
from tests.province.test_sync import cases, done
from tests.support.province_world import World

SECOND = "second"


@pytest.fixture
def desk(store: Store, province: Province) -> Iterator[Desk]:
    chief = store.operators.verify("chief", PASSPHRASE)
    store.operators.add(SECOND, "另一主管", Role.SUPERVISOR, PASSPHRASE, chief)
    yield Desk(store, load_reference(), province)


@pytest.fixture
def back(world: World, desk: Desk) -> LedgerEntry:
    """An entry that came back, out of two: the person has an application under way."""
    _, pending = records = cases(2)
    world.plant(ApplicationRow(number=pending.case.holder.document.number))
    done(desk.store, *records)
    report = sync(desk.store, desk.province) if desk.province else None
    assert report and (report.created, report.rejected) == (1, 1)
    (entry,) = desk.store.outbox.rejected()
    return entry


def record_of(case: Case) -> CaseRecord:
    return CaseRecord(case=case, fee_fen=2000)


def again(desk: Desk, case: Case) -> str:
    (id,) = done(desk.store, record_of(case))
    return id


def synced(desk: Desk) -> tuple[int, int, bool]:
    assert desk.province is not None
    report = sync(desk.store, desk.province)
    return report.created, report.rejected, report.matched


def test_a_returned_case_is_opened_with_its_reason_and_what_is_recorded_names_it(
    world: World, desk: Desk, back: LedgerEntry
) -> None:
    draft = desk.store.drafts.get(returned.correct(desk, back))
    assert draft is not None and returned.why_returned(back) in draft.note and "ONE-1" in draft.note
    assert returned.correct(desk, back) == draft.id, "asked again it is the same"
    assert (draft.case.corrects, draft.case.holder) == (back.id, back.record.case.holder if back.record else None)
    world.query("DELETE FROM dossier")
    world.query("DELETE FROM person")
    desk.store.ledger.append(draft.id, "exchange", record_of(draft.case))
    assert (desk.store.outbox.rejected(), desk.store.drafts.list()) == ([], [])
    assert synced(desk) == (1, 0, True)
    assert world.query("SELECT returned, entry FROM correction") == [(back.id, draft.id)]
    cleared = desk.store.clearing.of(back.id)
    assert cleared is not None and (cleared.how, cleared.seq) == ("corrected", 3)
    day = desk.store.days.balance(desk.today()).total
    assert (day.done, day.accepted, day.returned, day.cleared) == (
        Sum(3, 6000),
        Sum(2, 4000),
        Sum(1, 2000),
        Sum(1, 2000),
    )
    assert desk.store.payments.of(desk.today()).cash_fen == 4000, "two customers have paid, and each once"
    with pytest.raises(NotReturnedError):
        returned.correct(desk, back)
    with pytest.raises(NotReturnedError):
        again(desk, draft.case)


def test_another_customers_case_corrects_nothing(desk: Desk, back: LedgerEntry) -> None:
    assert back.record is not None
    holder = msgspec.structs.replace(cases(1, 9)[0].case.holder, name="别试人")
    with pytest.raises(NotReturnedError):
        again(desk, msgspec.structs.replace(back.record.case, corrects=back.id, holder=holder))
    with pytest.raises(NotReturnedError):
        again(desk, msgspec.structs.replace(back.record.case, corrects=back.id, service="apply"))
    assert desk.store.outbox.rejected() == [back], "it is still to be settled"


def test_the_province_takes_no_correction_of_what_it_has_not_returned(
    world: World, desk: Desk, back: LedgerEntry
) -> None:
    """A counter that is told otherwise (its file was mended by hand) is told by the province."""
    other = desk.store.ledger.get(1)
    assert other is not None and back.record is not None
    fresh = cases(1, 9)[0].case
    again(desk, msgspec.structs.replace(fresh, corrects=back.id))
    world.query("UPDATE entry SET outcome = 'created', code = '', rule = '' WHERE id = %s", back.id)
    desk.store.outbox.offer_again([])
    assert desk.province is not None
    report = sync(desk.store, desk.province)
    assert (report.created, report.rejected) == (0, 1)
    (refused,) = desk.store.outbox.rejected()
    assert refused.code == "province.correction"


def test_a_correction_that_came_back_is_corrected_in_its_turn(world: World, desk: Desk, back: LedgerEntry) -> None:
    assert back.record is not None
    again(desk, msgspec.structs.replace(back.record.case, corrects=back.id))
    assert synced(desk) == (0, 1, True)
    (second,) = desk.store.outbox.rejected()
    assert second.seq == 3 and desk.store.ledger.figures(desk.today()).rejected == 1
    world.query("DELETE FROM dossier")
    again(desk, msgspec.structs.replace(back.record.case, corrects=second.id))
    assert synced(desk) == (1, 0, True) and desk.store.outbox.rejected() == []


def test_a_province_that_lost_both_takes_them_again(world: World, desk: Desk, back: LedgerEntry) -> None:
    assert back.record is not None
    fresh = msgspec.structs.replace(cases(1, 9)[0].case, corrects=back.id)
    again(desk, fresh)
    assert synced(desk) == (1, 0, True)
    world.query("DELETE FROM entry WHERE seq > 1")
    assert synced(desk) == (1, 1, True)
    assert desk.store.outbox.rejected() == [], "it is still corrected"


def test_written_off_by_two_and_no_longer_listed(desk: Desk, back: LedgerEntry) -> None:
    with pytest.raises(NoReasonError):
        returned.write_off(desk, back, " ", SECOND, PASSPHRASE)
    with pytest.raises(OwnCaseError):
        returned.write_off(desk, back, "customer gone", "chief", PASSPHRASE)
    assert desk.store.outbox.rejected() == [back]
    decision = returned.write_off(desk, back, "customer gone", SECOND, PASSPHRASE)
    assert (decision.kind, decision.subject, decision.maker, decision.checker, decision.reason) == (
        DecisionKind.WRITE_OFF,
        back.id,
        "chief",
        SECOND,
        "customer gone",
    )
    assert desk.store.outbox.rejected() == [] and desk.store.outbox.counts().rejected == 0
    assert [stage.name for stage in desk.store.lives.of(back.seq)][-1] == "written_off"
    assert {note.operator: note.action for note in desk.store.audit.list(limit=2)} == {
        "chief": "write off",
        SECOND: "authorise write off",
    }
    assert desk.store.ledger.verify().valid
    with pytest.raises(NotReturnedError):
        returned.write_off(desk, back, "twice", SECOND, PASSPHRASE)


def test_a_day_is_closed_by_two_and_takes_nothing_more(desk: Desk, back: LedgerEntry) -> None:
    on, store = desk.today(), desk.store
    store.till.count(counted_of({100: store.till.of(on).expected_fen // 100}))
    with pytest.raises(closing.StillOpenError) as still:
        closing.close(desk, on, {}, SECOND, PASSPHRASE)
    assert [(each.kind, each.ids) for each in still.value.lacking] == [("returned", (back.id,))]
    decision = closing.close(desk, on, {"returned": "comes tomorrow"}, SECOND, PASSPHRASE)
    assert [(left.kind, left.ids, left.reason) for left in decision.left_open] == [
        ("returned", (back.id,), "comes tomorrow")
    ]
    assert (store.decisions.is_closed(on), store.decisions.open_dates()) == (True, [])
    with pytest.raises(ClosedDayError):
        done(store, *cases(1, 7))
    with pytest.raises(ClosedDayError):
        store.till.note(TillAct.IN, 10000)
    with pytest.raises(ClosedDayError):
        closing.close(desk, on, {"returned": "again"}, SECOND, PASSPHRASE)
    assert synced(desk) == (0, 0, True), "sync goes on, and opens nothing"
    assert store.decisions.is_closed(on)
    assert closing.reopen(desk, on, "one more customer", SECOND, PASSPHRASE).reason == "one more customer"
    with pytest.raises(NotClosedError):
        closing.reopen(desk, on, "twice", SECOND, PASSPHRASE)
    done(store, *cases(1, 7))
    assert [each.kind for each in closing.what_is_open(desk, on)] == ["pending", "returned", "till"]
    assert [each.kind for each in store.decisions.list(on)] == [DecisionKind.CLOSE, DecisionKind.REOPEN]
    assert store.ledger.verify().valid


def test_the_report_and_its_receipt_are_checked_again_without_the_province(
    world: World, desk: Desk, back: LedgerEntry
) -> None:
    on, key = desk.today(), desk.store.identity.key_to_enrol()
    desk.store.identity.enrol(key, "https://nowhere.invalid", world.running.public_key)
    assert check(Desk(desk.store, desk.reference), on).valid
    report = read_report(desk, on)
    assert report.said is not None and report.said.business_date == on
    said = [row for part in printed(report).parts for row in part.rows]
    assert any(report.receipt is not None and report.receipt.signature in row for row in said)
    assert report.balance.total.returned == Sum(1, 2000)
