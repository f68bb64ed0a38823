"""The till's sums and the ranges of blank cards: pure, by example and by hypothesis."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.rules.blanks import (
    BlankAct,
    BlankError,
    BlankMove,
    BlankState,
    Serials,
    Stock,
    Used,
    joined,
    judge_blank,
    stock_of,
)
from counter.rules.finding import Level
from counter.rules.till import DENOMINATIONS, Till, TillAct, TillError, TillMove, counted_of, fen_of, till_of, total

counts = st.lists(st.integers(0, 40), min_size=len(DENOMINATIONS), max_size=len(DENOMINATIONS)).map(tuple)
cards = st.integers(0, 60)


def refused(code: str, work: Callable[[], object]) -> None:
    with pytest.raises(ValueError) as raised:
        work()
    assert isinstance(raised.value, TillError | BlankError) and raised.value.code == code


# --- the till


def test_a_count_is_the_sum_of_its_denominations() -> None:
    assert total((1, 1, 1, 1, 1, 1, 1, 1)) == 18_660
    assert counted_of({10000: 3, 50: 1}) == (3, 0, 0, 0, 0, 0, 1, 0)
    refused("denomination", lambda: counted_of({200: 1}))
    refused("count", lambda: total((-1, 0, 0, 0, 0, 0, 0, 0)))
    refused("count", lambda: total((1,)))


@given(counts, counts)
def test_two_counts_together_are_the_count_of_both(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    both = tuple(a + b for a, b in zip(one, other, strict=True))
    assert total(one) + total(other) == total(both)


@pytest.mark.parametrize(
    ("typed", "fen"), [("200", 20000), ("200.5", 20050), ("0.10", 10), (" 1,200.00 ", 120000), ("0", 0)]
)
def test_an_amount_is_read_as_it_is_typed(typed: str, fen: int) -> None:
    assert fen_of(typed) == fen


@pytest.mark.parametrize("typed", ["", "-1", "1.234", "1.", "二百", "1e3", "²", "1.x", "1234567"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    refused("amount", lambda: fen_of(typed))


def test_what_a_till_should_hold() -> None:
    moves = [TillMove(act=TillAct.OPENING, fen=50000), TillMove(act=TillAct.IN, fen=1000)]
    till = till_of([*moves, TillMove(act=TillAct.OUT, fen=20000)], fees_fen=6000)
    assert till.expected_fen == 37000
    assert till.problem == "not_counted"
    refused("no_reason", lambda: till.counting((3, 1, 0, 1, 0, 0, 0, 0), ""))
    short = till.counting((3, 1, 0, 1, 0, 0, 0, 0), "找零有误")
    assert (short.fen, short.difference_fen) == (36000, -1000)
    counted = till_of([*till.moves, short], 6000)
    assert counted.problem == ""
    assert till_of(counted.moves, 8000).problem == "stale", "a fee came in after the count"
    assert till_of([], 0).problem == "", "no money, nothing to count"


def test_money_moves_only_as_a_till_can() -> None:
    till = till_of([], 0)
    opened = till_of([till.moving(TillAct.OPENING, 0)], 0)
    refused("opened", lambda: opened.moving(TillAct.OPENING, 100))
    refused("too_much", lambda: opened.moving(TillAct.OUT, 1))
    refused("amount", lambda: opened.moving(TillAct.IN, 0))
    assert opened.moving(TillAct.IN, 100, "换零").reason == "换零"


@given(st.lists(st.tuples(st.sampled_from([TillAct.IN, TillAct.OUT]), st.integers(1, 9999))), st.integers(0, 9999))
def test_a_till_never_holds_less_than_nothing(tried: list[tuple[TillAct, int]], fees: int) -> None:
    till = Till(fees_fen=fees)
    for act, fen in tried:
        try:
            till = till_of([*till.moves, till.moving(act, fen)], fees)
        except TillError:
            assert act is TillAct.OUT and fen > till.expected_fen
        assert till.expected_fen >= 0
    assert till.expected_fen == fees + till.in_fen - till.out_fen


# --- blank cards


def serials(low: int, high: int) -> Serials:
    return Serials.of(f"AB{low:04}", f"AB{high:04}")


def received(low: int, high: int) -> BlankMove:
    return Stock().moving(BlankAct.RECEIVED, serials(low, high))


def test_a_range_of_serials() -> None:
    found = Serials.of("ab0098", "AB0101")
    assert (len(found), list(found)) == (4, ["AB0098", "AB0099", "AB0100", "AB0101"])
    assert "AB0100" in found and "AB100" not in found and "CD0100" not in found and "" not in found
    assert str(found) == "AB0098–AB0101" and str(Serials.of("7")) == "7"
    assert len(Serials.of("6217000000000001", "6217000000000200")) == 200


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("", "", "form"),
        ("AB", "", "form"),
        ("AB01", "XX", "form"),
        ("AB02", "AB01", "range"),
        ("AB01", "CD02", "range"),
        ("AB01", "AB002", "range"),
        ("000001", "999999", "too_many"),
    ],
)
def test_what_is_no_range_is_refused(first: str, last: str, code: str) -> None:
    refused(code, lambda: Serials.of(first, last))


def test_the_stock_says_where_each_card_went() -> None:
    stock = stock_of([received(1, 100)])
    stock.apply(stock.moving(BlankAct.MOVED_OUT, serials(91, 100), window="02"))
    stock.apply(stock.moving(BlankAct.SPOILT, serials(5, 5), reason="印刷偏移"))
    stock.use(["AB0001", "AB0002", "000231"])
    (lot,) = stock.lots
    assert (len(lot.came), lot.moved, lot.used, lot.spoilt, lot.remaining) == (100, 10, 2, 1, 87)
    assert [str(each) for each in lot.left] == ["AB0003–AB0004", "AB0006–AB0090"]
    assert stock.state("AB0095") is BlankState.MOVED and stock.state("AB0005") is BlankState.SPOILT
    assert stock.state("AB0003") is BlankState.LEFT and stock.state("AB0101") is BlankState.UNKNOWN
    refused("no_reason", lambda: stock.counting(86))
    assert stock.counting(86, "少一张").expected == 87


def test_a_card_comes_once_and_goes_once() -> None:
    stock = stock_of([received(1, 10)], ["AB0001"])
    refused("known", lambda: stock.moving(BlankAct.RECEIVED, serials(10, 20)))
    refused("known", lambda: stock.moving(BlankAct.RECEIVED, serials(1, 1)))
    refused("not_here", lambda: stock.moving(BlankAct.SPOILT, serials(1, 1), reason="x"))
    refused("no_window", lambda: stock.moving(BlankAct.MOVED_OUT, serials(2, 3)))
    refused("no_reason", lambda: stock.moving(BlankAct.SPOILT, serials(2, 2)))
    stock.apply(stock.moving(BlankAct.MOVED_OUT, serials(2, 5), window="02"))
    refused("not_here", lambda: stock.moving(BlankAct.SPOILT, serials(5, 6), reason="x"))
    refused("known", lambda: stock.moving(BlankAct.RECEIVED, serials(2, 5)))
    stock.apply(stock.moving(BlankAct.MOVED_IN, serials(4, 5), window="02"))
    assert stock.state("AB0004") is BlankState.LEFT and stock.state("AB0003") is BlankState.MOVED


@given(cards, cards, cards, cards)
def test_what_is_taken_from_a_range_and_what_is_left_are_the_range(a: int, b: int, c: int, d: int) -> None:
    whole, part = serials(min(a, b), max(a, b)), serials(min(c, d), max(c, d))
    left = [number for piece in whole.without(part) for number in piece]
    shared = whole.shared(part)
    assert sorted([*left, *(shared or ())]) == list(whole)
    assert not set(left) & set(part)


@given(st.sets(cards))
def test_numbers_are_joined_into_the_ranges_that_they_make(numbers: set[int]) -> None:
    found = joined(f"AB{number:04}" for number in numbers)
    assert [number for each in found for number in each] == [f"AB{number:04}" for number in sorted(numbers)]
    assert all(one.last + 1 < other.first for one, other in pairwise(found))


@given(
    st.lists(st.tuples(st.sampled_from([BlankAct.RECEIVED, BlankAct.MOVED_OUT, BlankAct.SPOILT]), cards, cards)),
    st.sets(cards),
)
def test_all_cards_that_came_are_somewhere(tried: list[tuple[BlankAct, int, int]], used: set[int]) -> None:
    """Ranges that overlap, split and run out: what came in is moved, spoilt, used or left, each card once."""
    moves: list[BlankMove] = []
    for act, one, other in tried:
        try:
            moves.append(stock_of(moves).moving(act, serials(min(one, other), max(one, other)), "02", "x"))
        except BlankError as error:
            assert error.code in {"known", "not_here"}
    stock = stock_of(moves, [f"AB{number:04}" for number in used])
    for lot in stock.lots:
        assert len(lot.came) == lot.moved + lot.spoilt + lot.used + lot.remaining
    left = [number for lot in stock.lots for each in lot.left for number in each]
    assert len(left) == len(set(left)) == stock.left
    assert not {int(number[2:]) for number in left} & used


# --- the rule


@pytest.mark.rule("PIC-1")
def test_pic_1_a_blank_card_is_used_once_and_only_out_of_the_stock() -> None:
    used = Used("GZ-0001-03-20260302-000001", "2026-03-02")

    def said(**values: object) -> list[tuple[Level, str]]:
        given = {"state": BlankState.LEFT, "kept": True, "required": False, "used": None} | values
        return [(found.level, found.code) for found in judge_blank(**given)]  # type: ignore[arg-type]

    assert said() == []
    assert said(used=used) == [(Level.STOP, "blanks.used")]
    assert said(state=BlankState.UNKNOWN) == [(Level.STOP, "blanks.unknown")]
    assert said(state=BlankState.SPOILT) == [(Level.STOP, "blanks.spoilt")]
    assert said(state=BlankState.MOVED) == [(Level.STOP, "blanks.moved")]
    assert said(kept=False, state=BlankState.UNKNOWN) == [(Level.TELL, "blanks.not_kept")]
    assert said(kept=False, state=BlankState.UNKNOWN, required=True) == [(Level.STOP, "blanks.unknown")]
    assert said(kept=False, used=used) == [(Level.STOP, "blanks.used")]
