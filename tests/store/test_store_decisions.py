"""What two decide is append-only, signed by both and checked; a closed date takes nothing, whoever writes."""

from datetime import date
from pathlib import Path

import pytest

from counter.rules.decision import DecisionKind
from counter.store import cipher
from counter.store.errors import (
    ClosedDayError,
    NoReasonError,
    NoSigningKeyError,
    NotAllowedError,
    NotReversibleError,
    OwnCaseError,
    UnreasonableError,
)
from counter.store.store import Store
from tests.support.store_samples import CLERK, PASSPHRASE, SUPERVISOR, record, reverse, sql

DAY = date(2026, 3, 2)


@pytest.fixture
def closed(store: Store) -> Store:
    """A ledger with an entry, whose day the clerk and the supervisor have closed."""
    store.ledger.append("id-1", "exchange", record())
    store.decisions.close(DAY, store.operators.verify(SUPERVISOR.id, PASSPHRASE))
    return store


def test_a_closed_date_takes_nothing_until_two_open_it(closed: Store) -> None:
    (decision,) = closed.decisions.list()
    assert (decision.kind, decision.subject, decision.maker, decision.checker, decision.last_seq) == (
        DecisionKind.CLOSE,
        "2026-03-02",
        CLERK.id,
        SUPERVISOR.id,
        1,
    )
    for refused in (
        lambda: closed.ledger.append("id-2", "exchange", record()),
        lambda: closed.ledger.append_for(1, [("id-3", record())]),
        closed.decisions.require_recordable,
        lambda: reverse(closed, "id-1"),
    ):
        with pytest.raises(ClosedDayError):
            refused()
    with pytest.raises(NoReasonError):
        closed.decisions.reopen(DAY, " ", closed.operators.verify(SUPERVISOR.id, PASSPHRASE))
    closed.decisions.reopen(DAY, "one more", closed.operators.verify(SUPERVISOR.id, PASSPHRASE))
    assert closed.ledger.append("id-2", "exchange", record()).seq == 2
    assert closed.ledger.verify().valid


def test_nobody_decides_alone_and_no_timer_does(supervised: Store, home: Path, tmp_path: Path) -> None:
    alone = supervised.operators.verify(SUPERVISOR.id, PASSPHRASE)
    clerk = supervised.operators.verify(CLERK.id, PASSPHRASE)
    with pytest.raises(OwnCaseError):
        supervised.decisions.close(DAY, alone)
    with pytest.raises(NotAllowedError):
        supervised.decisions.close(DAY, clerk)
    with pytest.raises(UnreasonableError):
        supervised.decisions.close(date(2026, 3, 3), alone)
    supervised.operators.add_key_file(tmp_path / "timer.key")
    with (
        Store.unlock_with_key_file(home, tmp_path / "timer.key") as timer,
        pytest.raises((NotAllowedError, NoSigningKeyError)),
    ):
        timer.decisions.close(DAY, alone)
    assert supervised.decisions.list() == []


def test_what_came_back_is_not_reversed(store: Store) -> None:
    store.ledger.append("id-1", "exchange", record())
    answer = type("Answer", (), {"id": "id-1", "outcome": "rejected", "code": "province.fee", "rule": "FEE-1"})
    store.outbox.settle([answer()])
    with pytest.raises(NotReversibleError):
        store.ledger.reverse("id-1", "typed twice")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET subject = '2026-03-01'",
        "DELETE FROM decision",
        "INSERT INTO decision SELECT 5, kind, subject, content, previous, 'x', maker, checker, maker_signature,"
        " checker_signature FROM decision",
        "INSERT INTO entry SELECT 2, 'x', business_date, recorded_at, kind, fee_fen, maker, checker, reverses,"
        " body_digest, hash, 'y', algorithm, form, incarnation, maker_signature, checker_signature FROM entry",
    ],
)
def test_the_file_refuses_too(closed: Store, home: Path, statement: str) -> None:
    with pytest.raises(cipher.DATABASE_ERROR):
        sql(home, statement)
    assert closed.decisions.is_closed(DAY)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET subject = '2026-03-01'",
        "UPDATE decision SET content = replace(content, '\"last_seq\":1', '\"last_seq\":9')",
        "UPDATE decision SET checker_signature = maker_signature",
        "UPDATE decision SET checker = 'somebody', maker = 'another'",
    ],
)
def test_what_is_changed_below_the_store_is_found(closed: Store, home: Path, statement: str) -> None:
    sql(home, "PRAGMA foreign_keys = off", statement, unguarded=True)
    assert "decision" in {flaw.what for flaw in closed.ledger.verify().flaws}
