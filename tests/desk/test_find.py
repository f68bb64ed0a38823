"""Find anything at the desk; nothing of it is written anywhere in clear."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from counter.desk.desk import Desk
from counter.desk.find import Customer, RosterName
from counter.rules.case import Case
from counter.rules.record import CaseRecord
from counter.rules.reference import Branch
from counter.rules.unit import Unit
from counter.store import slots
from counter.store.keys import Cost
from counter.store.records import AwaitingCase, Batch, Draft, LedgerEntry, RowContent
from counter.store.store import Store
from tests.support.made_up import EXCHANGE, number
from tests.support.screen_world import PASSPHRASE, PLACE, REFERENCE, SUPERVISOR

UNIT = Unit(
    name="虚构电子厂", uscc="91350100M000100Y43", contact="赵联系", mobile="13900000000", bank="abc", branch="x"
)


def of(name: str, document: str) -> Case:
    holder = EXCHANGE.holder
    document_of = structs.replace(holder.document, number=document)
    return structs.replace(EXCHANGE, holder=structs.replace(holder, name=name, document=document_of))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that every test may add people of its own to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))
        store = Store.create(tmp_path_factory.mktemp("find") / "home", PLACE, SUPERVISOR, PASSPHRASE)
    desk = Desk(store, REFERENCE)
    for name, document in (
        ("王测试", number("19900101")),
        ("𠮷测珍", number("19850505")),
        ("王测试", number("19900101")),
    ):
        record(desk, of(name, document))
    store.drafts.save(store.drafts.new_id(), of("欧阳测", number("19770707")), "photo")
    store.batches.create(UNIT, [RowContent(b"{}", number("19660606").casefold(), "单测六")])
    yield desk
    desk.close()


def record(desk: Desk, case: Case) -> LedgerEntry:
    return desk.store.ledger.append(desk.store.drafts.new_id(), case.service, CaseRecord(case=case, fee_fen=0))


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("王测", [Customer, LedgerEntry, LedgerEntry]),
        ("wangce", [Customer, LedgerEntry, LedgerEntry]),
        ("𠮷", [LedgerEntry]),
        ("850505", [LedgerEntry]),
        ("jcz 1985", [LedgerEntry]),
        ("oyc", [Draft]),
        ("shanceliu", [RosterName]),
        ("19660606", [RosterName]),
        ("dianzichang", [Batch]),
        ("M000100Y", [Batch]),
        ("不在这里", []),
    ],
)
def test_by_any_fragment(filled: Desk, query: str, kinds: list[type[object]]) -> None:
    assert [type(thing) for thing in filled.everything.find(query)] == kinds


def test_branches_of_this_city_first(filled: Desk) -> None:
    branches = [thing for thing in filled.everything.find("农业银行") if isinstance(thing, Branch)]
    assert branches[0].city == filled.place.city and branches[0].bank == filled.place.bank


def test_what_is_recorded_later_is_found_and_what_is_given_up_is_not(filled: Desk) -> None:
    assert filled.everything.find("赵新") == []
    new, draft = record(filled, of("赵新", number("19991231"))), filled.store.drafts.new_id()
    filled.store.drafts.save(draft, of("赵新", number("19991231")), "photo")
    assert [type(thing) for thing in filled.everything.find("zx 1999")] == [Draft, LedgerEntry]
    filled.discard(draft)
    (found,) = filled.everything.find("zhaoxin")
    assert isinstance(found, LedgerEntry) and found.seq == new.seq


def test_by_the_number_to_quote(filled: Desk) -> None:
    entry = filled.store.ledger.get(2)
    assert entry is not None
    for quoted in (filled.store.ledger.quote_number(entry), "000002"):
        found = filled.everything.find(quoted)
        assert next(thing.seq for thing in found if isinstance(thing, LedgerEntry)) == 2


def test_all_that_was_done_for_a_person(filled: Desk) -> None:
    assert [entry.seq for entry in filled.everything.of(number("19900101").casefold())] == [3, 1]


def test_what_waits_for_a_second_person(filled: Desk) -> None:
    filled.store.ledger.reverse(record(filled, of("冯待授", number("19881111"))).id, "录错了")
    assert [type(thing) for thing in filled.everything.find("冯")] == [AwaitingCase, LedgerEntry]


def test_nobody_stands_in_a_file_in_clear(filled: Desk) -> None:
    assert filled.everything.find("wangceshi")
    home: Path = filled.store.home
    written = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    for secret in ("王测试", "wangceshi", number("19900101"), "单测六"):
        assert secret.encode() not in written
