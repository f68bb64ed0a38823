"""What no counter of ours would send: the gateway stores it as rejected, with its reason, and the chain goes on."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import msgspec
import pytest

from counter.clock import today
from counter.gateway.seeding.portraits import portrait
from counter.province.wire import Entry, EntryAnswer, Outcome
from counter.rules.case import Photo, PhotoSource
from counter.rules.chain import GENESIS, link_hash
from counter.rules.record import CaseRecord
from tests.support.province_world import BRANCH, COUNTER, TODAY, World, entry, record


def answers(world: World, *entries: Entry) -> list[tuple[str, str]]:
    with world.province() as province:
        return [(answer.outcome.value, answer.code) for answer in province.entries(entries)]


def with_fee(fee_fen: int, service: str = "exchange") -> CaseRecord:
    one = record()
    case = msgspec.structs.replace(one.case, service=service)
    return msgspec.structs.replace(one, case=case, fee_fen=fee_fen)


def hashed(one: Entry, **changes: object) -> Entry:
    changed = msgspec.structs.replace(one, **changes)
    return msgspec.structs.replace(changed, hash=link_hash(changed, BRANCH, COUNTER))


@pytest.mark.parametrize("on", [date.min, date(1900, 1, 1), date(2017, 12, 31), today() + timedelta(days=40), date.max])
def test_a_date_beyond_reason(world: World, on: date) -> None:
    assert answers(world, entry(1, GENESIS, record(), on=on)) == [("rejected", "province.date")]


@pytest.mark.parametrize(
    "moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)]
)
def test_a_moment_beyond_reason(world: World, moment: datetime) -> None:
    """Before its own business date, or after today."""
    odd = hashed(entry(1, GENESIS, record(), on=TODAY), recorded_at=moment)
    assert answers(world, odd) == [("rejected", "province.date")]


@pytest.mark.parametrize(("fee_fen", "service"), [(-2000, "exchange"), (10**9, "exchange"), (2001, "activate")])
def test_a_fee_that_nobody_asks(world: World, fee_fen: int, service: str) -> None:
    ((outcome, code),) = answers(world, entry(1, GENESIS, with_fee(fee_fen, service)))
    assert (outcome, code) == ("rejected", "province.fee")


def test_pictures_that_it_lacks(world: World) -> None:
    photo, one = portrait(1), record()
    with world.province() as province:
        digest = sha256(photo).hexdigest()
        pictured = Photo(source=PhotoSource.FILE, digest=digest)
        named = msgspec.structs.replace(one, case=msgspec.structs.replace(one.case, photo=pictured))
        first = entry(1, GENESIS, named)
        assert answers(world, first) == [("rejected", "province.picture")]
        province.put_photo(digest, photo)
    assert answers(world, entry(2, first.hash, named)) == [("created", "")]


def test_the_chain_goes_on_behind_what_is_withheld(world: World) -> None:
    """Only the place of an entry is told: it is held as rejected, and what comes after it fits."""
    first = entry(1, GENESIS, record())
    blank = {"kind": "", "fee_fen": 0, "maker": "", "body": b"", "salt": b""}
    place = msgspec.structs.replace(first, id=first.hash, withheld=True, refused_code="province.malformed", **blank)
    second = entry(2, first.hash, record("441621198703142961"))
    assert answers(world, place, second) == [("rejected", "province.malformed"), ("created", "")]
    assert answers(world, place, second) == [("rejected", "province.malformed"), ("exists", "")]
    assert world.query("SELECT count(*) FROM entry WHERE outcome = 'created'") == [(1,)]


def test_what_is_withheld_without_a_reason_is_no_entry(world: World) -> None:
    first = entry(1, GENESIS, record())
    assert answers(world, msgspec.structs.replace(first, id=first.hash, withheld=True)) == [("conflict", "")]
    assert answers(world, msgspec.structs.replace(first, withheld=True, refused_code="x")) == [("conflict", "")]


def test_what_comes_after_a_gap_says_so(world: World) -> None:
    with world.province() as province:
        (answer,) = province.entries((entry(2, "ab" * 32, record()),))
    assert answer == EntryAnswer(id=answer.id, outcome=Outcome.RETRY, code="gap")
