"""Blank cards for instant issue (空白卡) by ranges of serial numbers, PIC-1: received, moved, used, spoilt, left.

A blank card is in the stock of one counter, once. The ledger says which were used; all else is noted as a move. A stock
is kept from the first range on that a counter has received.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Final, NamedTuple

from counter.rules.finding import Finding, Key, stop, tell
from counter.rules.part import Part
from counter.rules.text import number_text

MOST: Final = 100_000
"""Cards in one range: more is a slip of the hand."""
FIELD: Final = "pickup.blank_card"
_SERIAL: Final = re.compile(r"((?:[0-9A-Z]*[A-Z])?)([0-9]{1,18})")


class BlankAct(StrEnum):
    """What is noted of blank cards."""

    RECEIVED = "received"  # 领入
    MOVED_IN = "moved_in"  # 调入
    MOVED_OUT = "moved_out"  # 调出
    SPOILT = "spoilt"  # 作废
    COUNT = "count"  # 盘点


ARRIVALS: Final = frozenset({BlankAct.RECEIVED, BlankAct.MOVED_IN})


class BlankMove(Part, frozen=True, tag_field="book", tag="blanks"):
    """An act on the stock. `first` and `last` are serial numbers; `window` the one that they come from or go to;
    `counted` and `expected` how many were there and should have been, `reason` why they differ or were spoilt."""

    act: BlankAct
    first: str = ""
    last: str = ""
    window: str = ""
    counted: int = 0
    expected: int = 0
    reason: str = ""


class BlankError(ValueError):
    """What cannot be done with these blank cards; `code` names the sentence (``blanks.problem.<code>``), `number` the
    card that it is about."""

    def __init__(self, code: str, number: str = "") -> None:
        super().__init__(code)
        self.code, self.number = code, number
        self.said = {"why": Key(f"blanks.problem.{code}"), "number": f" ({number})" if number else ""}


class BlankState(StrEnum):
    """Where a blank card is, as far as this counter's moves say."""

    LEFT = "left"
    MOVED = "moved"
    SPOILT = "spoilt"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Serials:
    """Consecutive serial numbers, both ends in it: a prefix, and digits of one width."""

    prefix: str
    width: int
    first: int
    last: int

    @classmethod
    def of(cls, first: str, last: str = "") -> "Serials":
        """From one number to another, or one alone. Raises `BlankError`."""
        one, other = _split(first), _split(last or first)
        if one is None or other is None:
            raise BlankError("form", first if one is None else last)
        (prefix, low), (prefix_of_last, high) = one, other
        if (prefix, len(low)) != (prefix_of_last, len(high)) or int(high) < int(low):
            raise BlankError("range", last)
        if int(high) - int(low) >= MOST:
            raise BlankError("too_many", last)
        return cls(prefix, len(low), int(low), int(high))

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __contains__(self, number: object) -> bool:
        split = _split(str(number))
        return split is not None and self._has(*split)

    def __iter__(self) -> Iterator[str]:
        return (self.name(number) for number in range(self.first, self.last + 1))

    def __str__(self) -> str:
        first, last = self.name(self.first), self.name(self.last)
        return first if first == last else f"{first}–{last}"

    def name(self, number: int) -> str:
        """A number of this range as it is printed on the card."""
        return f"{self.prefix}{number:0{self.width}}"

    def shared(self, other: "Serials") -> "Serials | None":
        """What both have."""
        if (self.prefix, self.width) != (other.prefix, other.width):
            return None
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Serials(self.prefix, self.width, first, last) if first <= last else None

    def without(self, other: "Serials") -> "list[Serials]":
        """What is left of it, in one piece or in two, or in none."""
        gone = self.shared(other)
        if gone is None:
            return [self]
        pieces = ((self.first, gone.first - 1), (gone.last + 1, self.last))
        return [Serials(self.prefix, self.width, first, last) for first, last in pieces if first <= last]

    def _has(self, prefix: str, digits: str) -> bool:
        return (prefix, len(digits)) == (self.prefix, self.width) and self.first <= int(digits) <= self.last


@dataclass(slots=True)
class Lot:
    """Cards that came in together: how and when each of them went, and the ranges that are left."""

    came: Serials
    act: BlankAct
    left: list[Serials]
    moved: int = 0
    spoilt: int = 0
    used: int = 0

    @property
    def remaining(self) -> int:
        return sum(map(len, self.left))

    def take(self, gone: Serials) -> int:
        """Take these out of what is left; how many of them were in it."""
        before = self.remaining
        self.left = [piece for each in self.left for piece in each.without(gone)]
        return before - self.remaining


@dataclass(slots=True)
class Stock:
    """The stock of one counter, of its moves in their order and the numbers that its entries have used."""

    lots: list[Lot] = field(default_factory=list)
    last_count: BlankMove | None = None
    _gone: dict[BlankState, list[Serials]] = field(default_factory=dict)
    _used: frozenset[str] = frozenset()

    @property
    def kept(self) -> bool:
        """Is a stock kept at this counter?"""
        return bool(self.lots)

    @property
    def left(self) -> int:
        """How many blank cards there are."""
        return sum(lot.remaining for lot in self.lots)

    def state(self, number: str) -> BlankState:
        """Where a card is, used ones apart."""
        if any(number in each for lot in self.lots for each in lot.left):
            return BlankState.LEFT
        return next(
            (state for state, gone in self._gone.items() if any(number in each for each in gone)), BlankState.UNKNOWN
        )

    def moving(self, act: BlankAct, serials: Serials, window: str = "", reason: str = "") -> BlankMove:
        """The move as it is noted. Raises `BlankError`: what comes in is nowhere yet, what goes lies here."""
        if act in ARRIVALS:
            self._are_new(serials, again=act is BlankAct.MOVED_IN)
        else:
            self._lie_here(serials)
        if act in {BlankAct.MOVED_IN, BlankAct.MOVED_OUT} and not window:
            raise BlankError("no_window")
        if act is BlankAct.SPOILT and not reason:
            raise BlankError("no_reason")
        first, last = serials.name(serials.first), serials.name(serials.last)
        return BlankMove(act=act, first=first, last=last, window=window, reason=reason)

    def counting(self, counted: int, reason: str = "") -> BlankMove:
        """The count as it is noted. Raises `BlankError` for one that differs without a reason."""
        if not 0 <= counted <= MOST * len(self.lots):
            raise BlankError("count")
        if counted != self.left and not reason:
            raise BlankError("no_reason")
        return BlankMove(act=BlankAct.COUNT, counted=counted, expected=self.left, reason=reason)

    def apply(self, move: BlankMove) -> None:
        """What a move that was noted has done."""
        if move.act is BlankAct.COUNT:
            self.last_count = move
            return
        serials = Serials.of(move.first, move.last)
        if move.act in ARRIVALS:
            self.lots.append(Lot(serials, move.act, [serials]))
            back = self._gone.get(BlankState.MOVED, [])
            self._gone[BlankState.MOVED] = [piece for each in back for piece in each.without(serials)]
            return
        spoilt = move.act is BlankAct.SPOILT
        for lot in self.lots:
            count = lot.take(serials)
            lot.spoilt, lot.moved = lot.spoilt + count * spoilt, lot.moved + count * (not spoilt)
        self._gone.setdefault(BlankState.SPOILT if spoilt else BlankState.MOVED, []).append(serials)

    def use(self, numbers: Iterable[str]) -> None:
        """These cards became customers'; one that was used before a stock was kept is none of any lot."""
        self._used = frozenset(numbers)
        for serials in joined(self._used):
            for lot in self.lots:
                lot.used += lot.take(serials)

    def _are_new(self, serials: Serials, *, again: bool) -> None:
        """Not here, not spoilt, not used, and not handed to another window, unless they come back from there."""
        known: list[tuple[BlankState | None, Serials]] = [
            (BlankState.LEFT, each) for lot in self.lots for each in lot.left
        ]
        known += [(state, each) for state, gone in self._gone.items() for each in gone]
        known += [(None, each) for each in joined(self._used)]
        for state, each in known:
            if (shared := each.shared(serials)) and not (again and state is BlankState.MOVED):
                raise BlankError("known", shared.name(shared.first))

    def _lie_here(self, serials: Serials) -> None:
        missing = [serials]
        for lot in self.lots:
            for each in lot.left:
                missing = [piece for one in missing for piece in one.without(each)]
        if missing:
            raise BlankError("not_here", missing[0].name(missing[0].first))


def stock_of(moves: Iterable[BlankMove], used: Iterable[str] = ()) -> Stock:
    """The stock after these moves."""
    stock = Stock()
    for move in moves:
        stock.apply(move)
    stock.use(used)
    return stock


def joined(numbers: Iterable[str]) -> list[Serials]:
    """Numbers as the ranges that they make; one of no serial's form is in none."""
    split = sorted({(prefix, len(digits), int(digits)) for prefix, digits in filter(None, map(_split, numbers))})
    runs = (
        [number for _, number in run]
        for _, run in groupby(enumerate(split), key=lambda each: (*each[1][:2], each[1][2] - each[0]))
    )
    return [Serials(run[0][0], run[0][1], run[0][2], run[-1][2]) for run in runs]


class Used(NamedTuple):
    """By which entry a blank card was used: its number to quote, its date, its id, whose it is (folded), and whether it
    stands: was neither taken back nor refused."""

    number: str
    on: str
    entry: str = ""
    holder: str = ""
    stands: bool = True


def taken_by(uses: Iterable[Used], holder: str, own: str = "") -> Used | None:
    """The entry that keeps a new one of this holder, with an id of its `own`, from this card. One that stands does; of
    one that does not, the card goes on to the same person only: it was made for them."""
    return next((used for used in uses if used.entry != own and (used.stands or used.holder != holder)), None)


def judge_blank(*, state: BlankState, kept: bool, required: bool, used: Used | None) -> Sequence[Finding]:
    """PIC-1: may this blank card be used? Where no stock is kept, and the city does not ask for one, it is said."""
    if used is not None:
        return (stop("PIC-1", "blanks.used", FIELD, number=used.number, on=used.on),)
    if not kept and not required:
        return (tell("PIC-1", "blanks.not_kept", FIELD),)
    if state is BlankState.LEFT:
        return ()
    return (stop("PIC-1", f"blanks.{state}", FIELD),)


def _split(number: str) -> tuple[str, str] | None:
    """A serial number's prefix and digits; None for what is none."""
    found = _SERIAL.fullmatch(number_text(number))
    return (found[1], found[2]) if found else None
