"""The desk over a real ledger: who waits for whom, what opens and closes it, what a step is marked with."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from msgspec import structs

from counter.clock import Clock
from counter.desk.desk import CaseRefusedError, Desk, Done
from counter.desk.open_case import OpenCase
from counter.desk.opening import open_desk
from counter.province.acts import Told
from counter.reference.load import ReferenceDataError
from counter.rules.case import Case
from counter.rules.service import StepId
from counter.settings import Settings
from counter.store import slots
from counter.store.errors import ConflictError, SecondPersonError, StoreError
from counter.store.keys import Cost, Keyring
from counter.store.records import AwaitingCase
from counter.store.store import Store
from tests.support.screen_world import CLERK, PASSPHRASE, PLACE, REFERENCE, SUPERVISOR, SetClock
from tests.support.shell import case_of

WAIT = 20.0
"""Seconds after which something that should have come is said not to have."""


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))
        home = tmp_path_factory.mktemp("desk") / "home"
        with Store.create(home, PLACE, SUPERVISOR, PASSPHRASE, SetClock()) as store:
            store.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
        yield home


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_home, tmp_path / "home"))


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    """OpenedSlot by the clerk; no province."""
    clock: Clock = SetClock()
    with Desk(Store.unlock(home, CLERK.id, PASSPHRASE, clock), REFERENCE, clock=clock) as desk:
        yield desk


def test_drafts_are_kept_while_a_passphrase_is_checked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 is slow on purpose: it runs where the supervisor waits, not where every draft has to pass."""
    asked = desk.ask_authorisation(desk.store.drafts.new_id(), case_of("cancel"))
    checking, go_on, check = Event(), Event(), slots.open_with_passphrase

    def held(keyring: Keyring, operator: str, passphrase: str) -> slots.OpenedSlot:
        checking.set()
        assert go_on.wait(WAIT)
        return check(keyring, operator, passphrase)

    monkeypatch.setattr(slots, "open_with_passphrase", held)
    with ThreadPoolExecutor(1) as supervisor:
        authorising = supervisor.submit(desk.authorise, asked.id, SUPERVISOR.id, PASSPHRASE)
        try:
            assert checking.wait(WAIT)
            desk.keep("another customer's", case_of("exchange"), "details").result(WAIT)
            assert [draft.id for draft in desk.held()] == ["another customer's"]
            assert not authorising.done()
        finally:
            go_on.set()
        assert authorising.result(WAIT).entry.checker == SUPERVISOR.id


def test_a_wrong_passphrase_authorises_nothing(desk: Desk) -> None:
    asked = desk.ask_authorisation(desk.store.drafts.new_id(), case_of("cancel"))
    with pytest.raises(StoreError):
        desk.authorise(asked.id, SUPERVISOR.id, "not the passphrase")
    assert [waiting.id for waiting in desk.awaiting()] == [asked.id]
    assert desk.store.ledger.count() == 0


def test_a_case_is_submitted_once_whoever_it_waits_for(desk: Desk) -> None:
    id, other = desk.store.drafts.new_id(), desk.store.drafts.new_id()
    done = desk.submit(id, case_of("exchange"))
    assert isinstance(done, Done) and done.telling.told is None
    assert desk.submit(id, case_of("exchange")) == done
    with pytest.raises(ConflictError):
        desk.submit(id, case_of("replace"))

    asked = desk.submit(other, case_of("withdraw_loss"))
    assert isinstance(asked, AwaitingCase)
    with pytest.raises(SecondPersonError):
        desk.confirm(other, case_of("withdraw_loss"))
    assert desk.submit(other, case_of("withdraw_loss")) == asked
    authorised = desk.authorise(other, SUPERVISOR.id, PASSPHRASE)
    assert authorised.telling.told is Told.LATER
    assert desk.submit(other, case_of("withdraw_loss")) == authorised, "the same again is that entry"
    assert desk.store.ledger.count() == 2


@pytest.mark.rule("TIM-1")
def test_tim_1_the_same_case_on_another_day_is_the_entry_that_stands_with_its_day(home: Path) -> None:
    clock = SetClock()
    with Desk(Store.unlock(home, CLERK.id, PASSPHRASE, clock), REFERENCE, clock=clock) as desk:
        for service in ("exchange", "change_details"):
            id, case = desk.store.drafts.new_id(), case_of(service)
            done = desk.submit(id, case)
            clock.now += timedelta(days=1)
            assert desk.submit(id, case) == done, "recorded, or still waiting"
            if isinstance(done, AwaitingCase):
                authorised = desk.authorise(id, SUPERVISOR.id, PASSPHRASE)
                clock.now += timedelta(days=1)
                assert desk.submit(id, case) == authorised
        assert desk.store.ledger.count() == 2
        first = desk.store.ledger.get(1)
        assert first and first.record and first.record.notices[0] == "ready_estimated?days=20&day=2026-12-18"


def test_what_the_rules_refuse_is_not_submitted(desk: Desk) -> None:
    case = structs.replace(case_of("exchange"), mode=None)
    with pytest.raises(CaseRefusedError) as refused:
        desk.submit(desk.store.drafts.new_id(), case)
    assert not refused.value.judgement.allowed
    assert desk.store.ledger.count() == 0


def test_the_entry_says_what_was_recorded_and_the_slip_what_is_true_now(desk: Desk) -> None:
    done = desk.submit(desk.store.drafts.new_id(), case_of("report_loss"))
    assert isinstance(done, Done) and done.entry.record and done.as_told.record
    assert done.entry.record.notices[0] == "loss_reported"
    assert done.as_told.record.notices[0].startswith("loss_locked_later?")
    assert done.as_told.record.notices[1:] == done.entry.record.notices[1:]
    (stored,) = desk.store.ledger.search("")
    assert stored.record == done.entry.record


def test_a_reversal_tells_the_province_nothing(desk: Desk) -> None:
    done = desk.submit(desk.store.drafts.new_id(), case_of("report_loss"))
    assert isinstance(done, Done)
    back = desk.authorise(desk.reverse(done.entry.id, "wrong card").id, SUPERVISOR.id, PASSPHRASE)
    assert (back.entry.reverses, back.telling.told) == (done.entry.id, None)


def test_a_desk_that_cannot_be_opened_leaves_the_ledger_closed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "branches.csv").write_text("this is no branch list\n1\n", "utf-8")
    store, closed = Store.unlock(home, CLERK.id, PASSPHRASE), Event()
    close = store.close

    def closing() -> None:
        close()
        closed.set()

    monkeypatch.setattr(store, "close", closing)
    with pytest.raises(ReferenceDataError):
        open_desk(store, Settings(home=home))
    assert closed.is_set()


@pytest.mark.parametrize(("service", "step"), [("book_bank_change", StepId.BOOKING), ("exchange", StepId.ONE_CARD)])
def test_a_step_whose_question_is_open_is_marked(desk: Desk, service: str, step: StepId) -> None:
    """A booking is asked for at two steps, by service."""
    case: Case = case_of(service)
    case = structs.replace(case, booking=None, one_card=structs.replace(case.one_card, answer="deferred"))
    opened = OpenCase(desk, "id", case, StepId.CONFIRM)
    assert opened.mark(step) == "?"
