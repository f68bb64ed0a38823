"""What the commit before this form of the ledger wrote opens, verifies, syncs, matches and goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.desk import rosters
from counter.gateway import server
from counter.province.errors import OlderProvinceError
from counter.province.sync import sync
from counter.reference.load import load_reference
from counter.rules import link
from counter.rules.reference import Context
from counter.store import posting
from counter.store.records import DayTotal, Role, SendState
from counter.store.store import Store
from tests.support.before import CHIEF, DAY_AFTER, FIRST_DAY, PASSPHRASE, SECOND_DAY, Before, province_of, unpacked
from tests.support.store_samples import record

KINDS = ["exchange", "report_loss", "collect", "collect", "report_loss", "reversal", "apply", "report_loss"]
NEXT, COVERED = max(link.FORMS) + 1, (*{*link.FORMS[max(link.FORMS)], "form"},)
"""A form to come: it covers what the newest does, and its own number."""
FIRST, SECOND = FIRST_DAY.date(), SECOND_DAY.date()


@pytest.fixture
def before(tmp_path: Path) -> Before:
    return unpacked(tmp_path)


@pytest.fixture
def province(before: Before, postgresql: str) -> Iterator[server.Running]:
    """The gateway of today over the database of then."""
    with server.running(before.database(postgresql), before.gateway, clock=lambda: DAY_AFTER) as running:
        yield running


def states(store: Store) -> list[SendState]:
    return [entry.state for entry in reversed(store.ledger.search())]


def test_the_ledger_opens_with_all_that_was_in_it(before: Before) -> None:
    with before.open() as store:
        entries = store.ledger.search()[::-1]
        assert [entry.kind for entry in entries] == [*KINDS, "exchange", "exchange"]
        assert {entry.form for entry in entries} == {1}
        assert (store.ledger.verify().entries, store.ledger.verify().valid) == (10, True)
        assert [entry.code for entry in store.outbox.rejected()] == ["province.not_at_branch"]
        assert [entry.state for entry in entries].count(SendState.PENDING) == 4
        receipt = store.days.receipt(FIRST)
        assert receipt is not None and receipt.last_seq == 6
        assert sorted(draft.case.service for draft in store.drafts.list()) == ["activate", "exchange"]
        assert [case.kind for case in store.awaiting.list()] == ["withdraw_loss"]
        ((batch, rows),) = [(each.id, (each.rows, each.submitted)) for each in store.batches.list()]
        assert rows == (4, 2)
        assert [bool(row.data) for row in store.batches.rows(batch)] == [True] * 4
        assert all(store.photos.get(digest) for digest in store.outbox.photos_pending())
        assert {one.id: one.role for one in store.operators.list()} == {
            CHIEF: Role.SUPERVISOR,
            "clerk": Role.CLERK,
            "timer": Role.TIMER,
        }
    with Store.unlock_with_key_file(before.home, before.home / "timer.key") as store:
        assert store.ledger.verify().valid


def test_one_version_is_left(before: Before) -> None:
    with before.open() as store, store._database.read() as session:
        found = session.connection().exec_driver_sql("SELECT name FROM sqlite_schema WHERE name LIKE 'alembic%'")
        assert found.fetchall() == []


def test_ledger_and_province_go_on_and_match(before: Before, province: server.Running) -> None:
    with before.open() as store, province_of(store, province) as asked:
        (waiting,) = store.awaiting.list()
        assert store.awaiting.authorise(waiting.id, store.operators.verify(CHIEF, PASSPHRASE)).business_date == SECOND
        report = sync(store, asked)
        assert (report.created, report.rejected, report.conflict, report.photos) == (5, 0, 0, 1)
        assert report.matched and store.days.unmatched() == []
        assert store.days.totals(SECOND).totals == (
            DayTotal("apply", 1, 0),
            DayTotal("exchange", 2, 4000),
            DayTotal("report_loss", 1, 0),
            DayTotal("withdraw_loss", 1, 0),
        )
        first = store.ledger.get(1)
        assert first is not None
        back = store.awaiting.authorise(
            store.ledger.reverse(first.id, "typed twice").id, store.operators.verify(CHIEF, PASSPHRASE)
        )
        assert (back.fee_fen, back.business_date) == (-first.fee_fen, DAY_AFTER.date())
        assert sync(store, asked).matched
        assert asked.head().seq == 12 and store.ledger.verify().valid


def test_a_lost_answer_of_before_is_asked_for_again(before: Before, province: server.Running) -> None:
    """The province has the first day's entries; a ledger that does not know it is told so, and nothing counts twice."""
    with before.open() as store, province_of(store, province) as asked:
        with store._database.write() as session:
            session.connection().exec_driver_sql("UPDATE outbox SET state = 'pending' WHERE seq <= 6")
        report = sync(store, asked)
        assert (report.exists, report.rejected, report.created, report.conflict) == (5, 1, 4, 0)


def test_the_roster_goes_on(before: Before, province: server.Running) -> None:
    with before.open() as store, province_of(store, province):
        (batch,) = store.batches.list()
        window = Context(DAY_AFTER.date(), load_reference(), store.place)
        done = rosters.submit(store, batch.id, window)
        assert (done.recorded, done.wrong) == (0, 2), "what was wrong then is wrong now; nothing is recorded twice"


@pytest.fixture
def next_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that covers its own number, in which new entries are written."""
    monkeypatch.setitem(link.FORMS, NEXT, COVERED)
    monkeypatch.setattr(posting, "FORM", NEXT)


@pytest.mark.usefixtures("next_form")
def test_an_old_ledger_goes_on_in_the_next_form(before: Before, province: server.Running) -> None:
    with before.open() as store, province_of(store, province) as asked:
        (waiting,) = store.awaiting.list()
        assert store.awaiting.authorise(waiting.id, store.operators.verify(CHIEF, PASSPHRASE)).form == NEXT
        assert sync(store, asked).matched
        assert [entry.form for entry in store.ledger.search()] == [NEXT, *[1] * 10]
        assert store.ledger.verify().valid


def test_a_form_that_the_province_does_not_know_waits_for_it(before: Before, province: server.Running) -> None:
    """What is of a known form goes; what is not is refused with a code of its own, and goes once the province knows."""
    with before.open() as store, province_of(store, province) as asked, pytest.MonkeyPatch.context() as patch:
        patch.setitem(link.FORMS, NEXT, COVERED)
        patch.setattr(posting, "FORM", NEXT)
        new = store.ledger.append("of the next form", "exchange", record(fee_fen=0))
        patch.delitem(link.FORMS, NEXT)
        with pytest.raises(OlderProvinceError):
            sync(store, asked)
        assert states(store)[-2:] == [SendState.CREATED, SendState.PENDING]
        patch.setitem(link.FORMS, NEXT, COVERED)
        report = sync(store, asked)
        assert (report.pending, report.conflict, new.form) == (0, 0, NEXT)
