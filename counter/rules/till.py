"""The till (钱箱): what came into it and left it on a business date, and what was counted. Amounts in fen.

What a customer pays in cash is no movement: the ledger says it (`counter.store.payments`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counter.rules.finding import Key
from counter.rules.part import Part

DENOMINATIONS: Final = (10000, 5000, 2000, 1000, 500, 100, 50, 10)
"""The notes and coins (面额) that are counted, the largest first: 100 to 0.1 yuan."""
MOST: Final = 100_000_00
"""More than any counter's till holds of one denomination, or takes in one go: 100,000 yuan."""


class TillAct(StrEnum):
    """What is noted of a till."""

    OPENING = "opening"  # 期初备付金
    IN = "in"  # 领入
    OUT = "out"  # 上缴
    COUNT = "count"  # 盘点


class TillMove(Part, frozen=True, tag_field="book", tag="till"):
    """An act on the till. `fen` is what came in or went out, of a count what was counted; `expected_fen` what the
    ledger expected then, `counted` how many of each of `DENOMINATIONS`, `reason` why it differs, or why money moves."""

    act: TillAct
    fen: int
    counted: tuple[int, ...] = ()
    expected_fen: int = 0
    reason: str = ""

    @property
    def difference_fen(self) -> int:
        """What a count found too much (长款) or, negative, too little (短款)."""
        return self.fen - self.expected_fen if self.act is TillAct.COUNT else 0


class TillError(ValueError):
    """What cannot be noted of a till; `code` names the sentence (``till.problem.<code>``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.said = {"why": Key(f"till.problem.{code}")}


@dataclass(frozen=True, slots=True)
class Till:
    """A till on one business date: its moves in their order, and the cash that the ledger says came of fees."""

    moves: tuple[TillMove, ...] = ()
    fees_fen: int = 0

    @property
    def opened(self) -> bool:
        return any(move.act is TillAct.OPENING for move in self.moves)

    @property
    def opening_fen(self) -> int:
        return self._sum(TillAct.OPENING)

    @property
    def in_fen(self) -> int:
        return self._sum(TillAct.IN)

    @property
    def out_fen(self) -> int:
        return self._sum(TillAct.OUT)

    @property
    def expected_fen(self) -> int:
        """What lies in it, if all is right."""
        return self.opening_fen + self.fees_fen + self.in_fen - self.out_fen

    @property
    def count(self) -> TillMove | None:
        """The last count."""
        return next((move for move in reversed(self.moves) if move.act is TillAct.COUNT), None)

    @property
    def used(self) -> bool:
        """Has there been any money in it?"""
        return bool(self.moves or self.fees_fen)

    @property
    def problem(self) -> str:
        """What is still open at the day's end: ``not_counted``, ``stale`` where money has moved since the count, '' for
        nothing. A count that differs has its reason (`counting`)."""
        if not self.used:
            return ""
        if self.count is None:
            return "not_counted"
        return "stale" if self.count.expected_fen != self.expected_fen else ""

    def counting(self, counted: Sequence[int], reason: str) -> TillMove:
        """The count as it is noted. Raises `TillError` for one that differs without a reason."""
        fen = total(counted)
        if fen != self.expected_fen and not reason:
            raise TillError("no_reason")
        return TillMove(
            act=TillAct.COUNT, fen=fen, counted=tuple(counted), expected_fen=self.expected_fen, reason=reason
        )

    def moving(self, act: TillAct, fen: int, reason: str = "") -> TillMove:
        """Money that comes in or goes out. Raises `TillError`: a till is opened once a day, and holds what goes out."""
        if not 0 <= fen <= MOST or (fen == 0 and act is not TillAct.OPENING):
            raise TillError("amount")
        if act is TillAct.OPENING and self.opened:
            raise TillError("opened")
        if act is TillAct.OUT and fen > self.expected_fen:
            raise TillError("too_much")
        return TillMove(act=act, fen=fen, reason=reason)

    def _sum(self, act: TillAct) -> int:
        return sum(move.fen for move in self.moves if move.act is act)


def total(counted: Sequence[int]) -> int:
    """What so many of each denomination are together. Raises `TillError` for a number that no till holds."""
    if len(counted) != len(DENOMINATIONS) or any(
        not 0 <= number * fen <= MOST for number, fen in zip(counted, DENOMINATIONS, strict=False)
    ):
        raise TillError("count")
    return sum(number * fen for number, fen in zip(counted, DENOMINATIONS, strict=True))


def counted_of(numbers: Mapping[int, int]) -> tuple[int, ...]:
    """How many of each denomination (fen), in the order of `DENOMINATIONS`. Raises `TillError` for an unknown one."""
    if not numbers.keys() <= set(DENOMINATIONS):
        raise TillError("denomination")
    return tuple(numbers.get(fen, 0) for fen in DENOMINATIONS)


def fen_of(text: str) -> int:
    """An amount in yuan as it is typed (200, 200.5, 200.50) in fen. Raises `TillError` for anything else."""
    yuan, dot, rest = text.strip().replace(",", "").partition(".")
    if not (yuan.isdecimal() and yuan.isascii() and len(yuan) <= 6 and rest.isascii() and len(rest) <= 2):
        raise TillError("amount")
    if dot and not rest.isdecimal():
        raise TillError("amount")
    return int(yuan) * 100 + int(rest.ljust(2, "0") or 0)


def yuan_of(fen: int) -> str:
    """A denomination as people write it: 100, 0.5."""
    return f"{fen / 100:g}"


def till_of(moves: Iterable[TillMove], fees_fen: int) -> Till:
    """The till of a date, of its moves in their order."""
    return Till(tuple(moves), fees_fen)
