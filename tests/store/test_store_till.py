"""Till and blank cards in the store: once, by two where something leaves, whole or not at all, and nothing changes it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy.exc import IntegrityError

from counter.province.wire import EntryAnswer, Outcome
from counter.rules.blanks import BlankAct, BlankError, BlankState, Serials
from counter.rules.case import Pickup, PickupMethod
from counter.rules.payment import Payment
from counter.rules.record import CaseRecord
from counter.rules.till import TillAct, TillError
from counter.store import cipher
from counter.store.balance import Sum
from counter.store.errors import OwnCaseError, SecondPersonError, UnknownBlankError, UsedBlankError
from counter.store.records import LedgerEntry
from counter.store.store import Store
from counter.store.unlocked import Signatory
from tests.store.test_store_at_once import START
from tests.support.store_samples import CLERK, NOON, NUMBER, PASSPHRASE, SUPERVISOR, checked, record, reverse, sql

TODAY = NOON.date()
OTHER = "440106199003071264"


def second(store: Store) -> Signatory:
    return store.operators.verify(SUPERVISOR.id, PASSPHRASE)


def at_once(blank: str, number: str = NUMBER, payment: Payment = Payment.CASH) -> CaseRecord:
    made = record(number=number)
    pickup = Pickup(method=PickupMethod.INSTANT, blank_card=blank)
    return structs.replace(made, case=structs.replace(made.case, pickup=pickup, payment=payment))


def use(store: Store, id: str, what: CaseRecord) -> LedgerEntry:
    return store.ledger.append(id, "exchange", what)


def receive(store: Store, first: str = "AB0001", last: str = "AB0010") -> None:
    store.blanks.note(BlankAct.RECEIVED, Serials.of(first, last))


def spoil(store: Store, number: str, by: Signatory | None) -> None:
    store.blanks.note(BlankAct.SPOILT, Serials.of(number), reason="打印偏移", second=by)


# --- fees by how they were paid


def test_fees_by_kind_and_by_how_they_were_paid(store: Store) -> None:
    use(store, "id-1", record())
    use(store, "id-2", at_once("7", payment=Payment.ACCOUNT))
    waived = record(fee_fen=0, authorised="waiver")
    waived = structs.replace(waived, case=structs.replace(waived.case, waiver="unreadable"))
    checked(store, "id-3", "exchange", waived)
    checked(store, "id-4", "replace", record(fee_fen=2500, authorised="waiver"))
    reverse(store, "id-4")
    reverse(store, "id-2")
    found = store.payments.of(TODAY)
    exchange, replace = found.by_kind["exchange"], found.by_kind["replace"]
    assert (exchange.cash, exchange.account, exchange.waived) == (Sum(1, 2000), Sum(1, 2000), Sum(1, 0))
    assert exchange.returned == Sum(1, -2000) and exchange.returned_cash == Sum(), "given back to the account"
    assert replace.cash == Sum(1, 2500) and replace.returned == replace.returned_cash == Sum(1, -2500)
    assert found.cash_fen == 2000 == store.till.of(TODAY).expected_fen
    assert sum(store.ledger.figures(TODAY).by_kind[kind][1] for kind in ("exchange", "replace", "reversal")) == 2000
    assert store.ledger.verify().valid


# --- the till


def test_a_day_of_a_till_short_by_ten_yuan(store: Store) -> None:
    store.till.note(TillAct.OPENING, 50000)
    use(store, "id-1", record())
    store.till.note(TillAct.IN, 10000, "换零")
    store.till.note(TillAct.OUT, 30000, "上缴", second(store))
    assert store.till.of(TODAY).expected_fen == 32000
    with pytest.raises(TillError):
        store.till.count((3, 0, 0, 1, 0, 0, 0, 0))
    noted = store.till.count((3, 0, 0, 1, 0, 0, 0, 0), "找零少收")
    till = store.till.of(TODAY)
    assert till.count == noted.move and till.count is not None
    assert (till.count.difference_fen, till.problem) == (-1000, "")
    assert [each.checker for each in store.movements.list("till", TODAY)] == [None, None, SUPERVISOR.id, None]
    assert store.ledger.verify().valid


def test_what_leaves_the_counter_needs_another_person(store: Store, supervised: Store) -> None:
    store.till.note(TillAct.OPENING, 50000)
    receive(store)
    for leave in (
        lambda by: store.till.note(TillAct.OUT, 100, second=by),
        lambda by: spoil(store, "AB0001", by),
        lambda by: store.blanks.note(BlankAct.MOVED_OUT, Serials.of("AB0001"), window="02", second=by),
    ):
        with pytest.raises(SecondPersonError):
            leave(None)
    with pytest.raises(OwnCaseError):
        supervised.till.note(TillAct.OUT, 100, second=second(supervised))
    assert store.till.of(TODAY).expected_fen == 50000 and store.blanks.stock().left == 10


# --- blank cards


def test_the_same_blank_card_is_refused_at_the_second(store: Store) -> None:
    entry = use(store, "id-1", at_once("000231"))
    with pytest.raises(UsedBlankError) as raised:
        use(store, "id-2", at_once("000231", OTHER))
    assert raised.value.said == {"number": store.ledger.quote_number(entry), "date": TODAY.isoformat()}
    assert store.ledger.count() == 1
    assert use(store, "id-1", at_once("000231")) == entry, "asked again, it is the same entry"


def test_a_card_goes_on_only_with_whom_it_was_made_for(store: Store) -> None:
    """Taken back, the card is not blank again: the corrected entry of the same person names it, nobody else's does."""
    use(store, "id-1", at_once("000231"))
    with pytest.raises(UsedBlankError):
        use(store, "id-2", at_once("000231"))
    reverse(store, "id-1")
    with pytest.raises(UsedBlankError):
        use(store, "id-2", at_once("000231", OTHER))
    use(store, "id-3", at_once("000231"))
    store.outbox.settle([EntryAnswer(id="id-3", outcome=Outcome.REJECTED)])
    use(store, "id-4", at_once("000231"))
    assert store.ledger.verify().valid


def test_once_a_stock_is_kept_an_unknown_card_is_refused(store: Store) -> None:
    use(store, "id-1", at_once("AB0003"))
    receive(store, "AB0010", "AB0020")
    spoil(store, "AB0012", second(store))
    store.blanks.note(BlankAct.MOVED_OUT, Serials.of("AB0013", "AB0014"), window="02", second=second(store))
    for number in ("AB0004", "AB0012", "AB0013", "nonsense"):
        with pytest.raises(UnknownBlankError):
            use(store, "id-2", at_once(number, OTHER))
    use(store, "id-2", at_once("AB0011", OTHER))
    stock = store.blanks.stock()
    (lot,) = stock.lots
    assert (lot.moved, lot.spoilt, lot.used, stock.left) == (2, 1, 1, 7)
    with pytest.raises(BlankError):
        store.blanks.count(6)
    store.blanks.count(6, "少一张")
    moves, uses = store.blanks.known()
    assert [used.entry for used in uses["AB0011"]] == ["id-2"] and moves.state("AB0010") is BlankState.LEFT
    assert store.ledger.verify().valid


def test_a_case_that_waited_finds_its_card_used(store: Store) -> None:
    waits = structs.replace(at_once("000231", OTHER), authorised="waiver")
    store.awaiting.add("id-1", "exchange", waits)
    use(store, "id-2", at_once("000231"))
    with pytest.raises(UsedBlankError):
        store.awaiting.authorise("id-1", second(store))
    assert [each.id for each in store.awaiting.list()] == ["id-1"], "it goes on waiting, to be given back"


# --- append-only, chained, signed


@pytest.fixture
def noted(store: Store, home: Path) -> Path:
    use(store, "id-1", at_once("AB0001", payment=Payment.ACCOUNT))
    receive(store, "AB0002")
    store.till.note(TillAct.OPENING, 50000)
    spoil(store, "AB0002", second(store))
    assert store.ledger.verify().valid
    return home


@pytest.mark.parametrize("table", ["movement", "fee_paid", "blank_use"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {0} SET rowid = rowid + 100"])
def test_nothing_noted_is_changed(noted: Path, table: str, change: str) -> None:
    with pytest.raises((IntegrityError, cipher.DATABASE_ERROR), match="append-only"):
        sql(noted, change.format(table))


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ("UPDATE movement SET content = replace(content, '50000', '40000') WHERE seq = 2", ("movement", "2")),
        ("UPDATE movement SET business_date = '2026-03-01' WHERE seq = 1", ("movement", "1")),
        ("UPDATE movement SET maker_signature = x'00' WHERE seq = 2", ("movement", "2")),
        ("UPDATE movement SET checker = NULL WHERE seq = 3", ("movement", "3")),
        ("DELETE FROM movement WHERE seq = 3", ("movement", "3")),
        ("DELETE FROM movement", ("movement", "1")),
        ("DELETE FROM fee_paid", ("derived", "1")),
        ("UPDATE blank_use SET number = 'AB0009'", ("derived", "1")),
    ],
)
def test_what_is_changed_all_the_same_is_found(noted: Path, store: Store, change: str, flaw: tuple[str, str]) -> None:
    sql(noted, change, unguarded=True)
    assert [(each.what, each.which) for each in store.ledger.verify().flaws] == [flaw]


# --- whole or not at all


def _killed_while(home: Path, work: Callable[[Store], object]) -> int:
    """Do it in a child that is killed at its first, second … write below SQL; how many there were. What is there after
    each is whole: a movement with its note, an entry with its use."""
    for call in range(1, 60):
        child = START.Process(target=_die_at, args=(home, call, work))
        child.start()
        child.join()
        with Store.unlock(home, CLERK.id, PASSPHRASE, lambda: NOON) as store:
            assert store.ledger.verify().valid
            stock = store.blanks.stock()
            assert stock.left + stock.lots[0].used == 10, "a card is used with its entry, or left"
            assert stock.lots[0].used == store.ledger.count()
            assert len(store.movements.list("till")) == store.ledger.count() or child.exitcode == 9
        if child.exitcode == 0:
            return call - 1
        assert child.exitcode == 9
    raise AssertionError("it never came to an end")


def _die_at(home: Path, call: int, work: Callable[[Store], object]) -> None:
    left = call
    with Store.unlock(home, CLERK.id, PASSPHRASE, lambda: NOON) as store:
        from counter.store import audit, blanks, movements, posting

        def counted(insert: Callable[..., None]) -> Callable[..., None]:
            def run(*args: object) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    os._exit(9)
                insert(*args)

            return run

        for module in (audit, blanks, movements, posting):
            module.insert_rows = counted(module.insert_rows)  # type: ignore[attr-defined]
        work(store)


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_killed_between_a_card_and_its_entry_neither_is_there(home: Path) -> None:
    with Store.unlock(home, CLERK.id, PASSPHRASE, lambda: NOON) as store:
        receive(store)

    def work(store: Store) -> None:
        use(store, "id-1", at_once("AB0001"))
        store.till.note(TillAct.OPENING, 50000)

    assert _killed_while(home, work) >= 8
