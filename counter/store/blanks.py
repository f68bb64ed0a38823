"""The blank cards of this counter (空白卡库存), PIC-1: by which entry each was used, and the stock of its moves.

A card is used in the transaction of its entry. One that stands in an entry is somebody's for good: only where that
entry does not stand may the same person's next one name it, for it is the card that was made for them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlmodel import Session

from counter.rules.blanks import BlankAct, BlankMove, BlankState, Serials, Stock, Used, stock_of, taken_by
from counter.rules.record import CaseRecord
from counter.store import listing, movements, tables
from counter.store.database import insert_rows
from counter.store.errors import UnknownBlankError, UsedBlankError
from counter.store.records import SendState
from counter.store.unlocked import Signatory, Unlocked

_USES: Final = """
    SELECT number, entry.seq, entry.business_date, entry.incarnation, entry.id, finder.document,
           outbox.state NOT IN (?, ?) AND NOT EXISTS (SELECT 1 FROM entry AS back WHERE back.reverses = entry.id)
    FROM blank_use JOIN entry ON entry.id = blank_use.entry JOIN outbox ON outbox.seq = entry.seq
    LEFT JOIN finder ON finder.seq = entry.seq {which} ORDER BY entry.seq DESC
"""
_OF_ALL: Final = _USES.format(which="")
_OF_ONE: Final = _USES.format(which="WHERE blank_use.number = ?")


class Blanks:
    """The stock of blank cards of this counter."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def stock(self) -> Stock:
        """All of it."""
        with self._unlocked.database.read() as session:
            return _stock(session)

    def known(self, number: str = "") -> tuple[Stock, dict[str, list[Used]]]:
        """The stock as its moves say it, and by which entries this card was used, or each, the latest first."""
        with self._unlocked.database.read() as session:
            return _moves(session), _uses(session, self._unlocked, number)

    def note(
        self, act: BlankAct, serials: Serials, *, window: str = "", reason: str = "", second: Signatory | None = None
    ) -> movements.Noted:
        """Receive, move or spoil these cards. Raises `BlankError`, and as `counter.store.movements.note` does."""
        with self._unlocked.database.write() as session:
            move = _stock(session).moving(act, serials, window.strip(), reason.strip())
            return movements.note(session, self._unlocked, move, second)

    def count(self, counted: int, reason: str = "") -> movements.Noted:
        """Note how many blank cards were counted. Raises `BlankError` for a difference without a reason."""
        with self._unlocked.database.write() as session:
            move = _stock(session).counting(counted, reason.strip())
            return movements.note(session, self._unlocked, move)


def use(session: Session, unlocked: Unlocked, records: Sequence[CaseRecord]) -> None:
    """May these become entries? Each blank card once, and out of the stock where one is kept.

    Raises `UsedBlankError`, `UnknownBlankError`.
    """
    named = [record for record in records if record.case.pickup.blank_card]
    stock = _moves(session) if named else None
    taken: set[str] = set()
    for record in named:
        number, holder = record.case.pickup.blank_card, record.case.holder.document.number
        used = taken_by(_uses(session, unlocked, number).get(number, ()), listing.folded(holder))
        if used is not None or number in taken:
            raise UsedBlankError(used.number if used else "", used.on if used else "")
        if stock and stock.kept and stock.state(number) is not BlankState.LEFT:
            raise UnknownBlankError("this blank card is not in the stock")
        taken.add(number)


def follow(session: Session, used: Sequence[tuple[str, CaseRecord]]) -> None:
    """Note the blank cards that new entries were made of; a reversal makes none."""
    found = [(record.case.pickup.blank_card, id) for id, record in used if record.case.pickup.blank_card]
    insert_rows(session, tables.BlankUse, ("number", "entry"), found)


def _uses(session: Session, unlocked: Unlocked, number: str = "") -> dict[str, list[Used]]:
    """By which entries this card was used, or each."""
    found: dict[str, list[Used]] = {}
    refused = (SendState.REJECTED.value, SendState.CONFLICT.value)
    query, of_it = (_OF_ONE, (number,)) if number else (_OF_ALL, ())
    rows = session.connection().exec_driver_sql(query, (*refused, *of_it))
    for card, seq, on, incarnation, id, holder, stands in rows:
        quoted = listing.quote_number(unlocked.place, listing.Numbered(seq, date.fromisoformat(on), incarnation))
        found.setdefault(card, []).append(Used(quoted, on, id, holder or "", bool(stands)))
    return found


def _moves(session: Session) -> Stock:
    return stock_of(_noted(session))


def _stock(session: Session) -> Stock:
    numbers = session.connection().exec_driver_sql("SELECT DISTINCT number FROM blank_use")
    return stock_of(_noted(session), [number for (number,) in numbers])


def _noted(session: Session) -> list[BlankMove]:
    return [row.move for row in movements.rows(session, movements.BLANKS) if isinstance(row.move, BlankMove)]
