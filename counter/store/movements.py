"""What is noted of till and blank cards (柜面登记簿): append-only, chained and signed, as the entries are.

Each movement's hash is noted in the audit, in the same transaction: one that is cut off at the end is missed there, and
by the anchor and the province's receipts, which have the audit's head. What leaves the counter needs a second person.
"""

import builtins
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import msgspec
from sqlmodel import Session

from counter.clock import business_date, moment_text
from counter.rules.blanks import BlankAct, BlankMove
from counter.rules.chain import GENESIS, sm3
from counter.rules.link import SignerKey
from counter.rules.signers import SUPERVISOR, sign, verifies
from counter.rules.till import TillAct, TillMove
from counter.store import audit, tables
from counter.store.closed import require_open
from counter.store.database import insert_rows
from counter.store.errors import OwnCaseError, SecondPersonError
from counter.store.identity import require_caught_up
from counter.store.operators import require
from counter.store.records import Role
from counter.store.unlocked import Signatory, Unlocked

Move = TillMove | BlankMove

TILL: Final = "till"
BLANKS: Final = "blanks"
NOTED: Final = "note movement"
"""What the audit calls it; the subject is the movement's hash."""
SIGNS: Final = "movement"
BY_TWO: Final = frozenset({TillAct.OUT, BlankAct.MOVED_OUT, BlankAct.SPOILT})
"""What leaves the counter (双人办理)."""


class Row(NamedTuple):
    """A movement as the file holds it; its hash covers all before `hash`, with branch and counter."""

    seq: int
    business_date: str
    at: str
    maker: str
    checker: str | None
    book: str
    content: bytes
    previous: str
    hash: str = ""
    maker_signature: bytes = b""
    checker_signature: bytes = b""

    def own_hash(self, branch: str, counter: str) -> str:
        """The hash that it should have: SM3 of its fields as JSON."""
        return sm3(msgspec.json.encode((branch, counter, *self[:6], self.content.hex(), self.previous)))

    @property
    def move(self) -> Move:
        """What was noted. Raises `msgspec.MsgspecError`."""
        move: Move = msgspec.json.decode(self.content, type=Move)
        return move


class Noted(NamedTuple):
    """A movement as people read it."""

    seq: int
    business_date: date
    at: datetime
    maker: str
    checker: str | None
    move: Move


ALL: Final = f"SELECT {', '.join(Row._fields)} FROM movement"  # noqa: S608 - our own names


class Movements:
    """The two books of a counter: its till's, and that of its blank cards."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def list(self, book: str, on: date | None = None) -> builtins.list[Noted]:
        """What was noted in a book, on a business date or ever, the oldest first."""
        with self._unlocked.database.read() as session:
            return [_noted(row) for row in rows(session, book, on)]


def rows(session: Session, book: str, on: date | None = None) -> Iterator[Row]:
    """The movements of a book, in their order."""
    day = ("", ()) if on is None else (" AND business_date = ?", (on.isoformat(),))
    query = f"{ALL} WHERE book = ?{day[0]} ORDER BY seq"
    return (Row(*row) for row in session.connection().exec_driver_sql(query, (book, *day[1])))


def note(session: Session, unlocked: Unlocked, move: Move, second: Signatory | None = None) -> Noted:
    """Note a movement of now, in the transaction that has judged it; `second` has shown their passphrase.

    Raises `SecondPersonError`, `OwnCaseError`, `NotAllowedError`, `NoSigningKeyError`, `RestoredLedgerError`,
    `ClosedDayError`.
    """
    maker, now = unlocked.operator.id, unlocked.clock()
    require(session, maker, Role.CLERK, Role.SUPERVISOR)
    require_caught_up(session)
    require_open(session, [business_date(now)])
    if move.act in BY_TWO and second is None:
        raise SecondPersonError("what leaves the counter needs a second person")
    if second is not None:
        require(session, second.operator.id, Role.SUPERVISOR)
        if second.operator.id == maker:
            raise OwnCaseError("nobody authorises their own")
    last, previous = head(session)
    book = TILL if isinstance(move, TillMove) else BLANKS
    content = msgspec.json.encode(move, order="sorted")
    row = Row(
        last + 1,
        business_date(now).isoformat(),
        moment_text(now),
        maker,
        second.operator.id if second else None,
        book,
        content,
        previous,
    )
    row = row._replace(hash=row.own_hash(unlocked.place.branch, unlocked.place.counter))
    (by_maker,) = sign(unlocked.signatory.signs_with, SIGNS, [row.hash])
    by_checker = sign(second.signs_with, SIGNS, [row.hash])[0] if second else b""
    row = row._replace(maker_signature=by_maker, checker_signature=by_checker)
    insert_rows(session, tables.Movement, Row._fields, [row])
    audit.record(session, unlocked, NOTED, row.hash)
    return _noted(row)


def head(session: Session) -> tuple[int, str]:
    """The last movement's number and hash; 0 and `GENESIS` where there is none."""
    found = session.connection().exec_driver_sql("SELECT seq, hash FROM movement ORDER BY seq DESC LIMIT 1").first()
    return (found[0], found[1]) if found else (0, GENESIS)


def first_bad(
    found: Iterable[Sequence[Any]], branch: str, counter: str, keys: Sequence[SignerKey], noted: Sequence[str]
) -> int | None:
    """The number of the first movement, out of all in their order, that does not hold; None where all do.

    `noted` are the hashes that the audit has, in their order: a movement that is gone is missed there.
    """
    seq, previous = 0, GENESIS
    for values in found:
        row, seq = Row(*values), seq + 1
        if not (
            isinstance(row.content, bytes)
            and (row.seq, row.previous, row.own_hash(branch, counter)) == (seq, previous, row.hash)
            and seq <= len(noted)
            and noted[seq - 1] == row.hash
            and _is_signed(row, keys)
        ):
            return seq
        previous = row.hash
    return None if seq == len(noted) else seq + 1


def _is_signed(row: Row, keys: Sequence[SignerKey]) -> bool:
    """By the maker, and where there is one by a checker who is a supervisor."""
    makers = [key for key in keys if key.operator == row.maker]
    if not any(verifies(key.public_key, SIGNS, row.hash, row.maker_signature) for key in makers):
        return False
    try:
        by_two = row.move.act in BY_TWO
    except msgspec.MsgspecError:
        return False
    if row.checker is None:
        return not by_two and not row.checker_signature
    checkers = [key for key in keys if (key.operator, key.role) == (row.checker, SUPERVISOR)]
    return row.checker != row.maker and any(
        verifies(key.public_key, SIGNS, row.hash, row.checker_signature) for key in checkers
    )


def _noted(row: Row) -> Noted:
    return Noted(
        row.seq,
        date.fromisoformat(row.business_date),
        datetime.fromisoformat(row.at),
        row.maker,
        row.checker,
        row.move,
    )
