"""The till (钱箱) of this counter by business date: what was noted of it, and the cash that its entries brought."""

from datetime import date

from sqlmodel import Session

from counter.clock import today
from counter.rules.till import Till, TillAct, TillMove, till_of
from counter.store import movements
from counter.store.payments import read_payments
from counter.store.unlocked import Signatory, Unlocked


class Tills:
    """The till of this counter."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def of(self, on: date) -> Till:
        """The till on a business date."""
        with self._unlocked.database.read() as session:
            return _till(session, on)

    def note(self, act: TillAct, fen: int, reason: str = "", second: Signatory | None = None) -> movements.Noted:
        """Money that came in or goes out now. Raises `TillError`, and as `counter.store.movements.note` does."""
        with self._unlocked.database.write() as session:
            move = _till(session, today(self._unlocked.clock)).moving(act, fen, reason.strip())
            return movements.note(session, self._unlocked, move, second)

    def count(self, counted: tuple[int, ...], reason: str = "") -> movements.Noted:
        """Note a count of now: how many of each denomination. Raises `TillError` for a difference without a reason."""
        with self._unlocked.database.write() as session:
            move = _till(session, today(self._unlocked.clock)).counting(counted, reason.strip())
            return movements.note(session, self._unlocked, move)


def _till(session: Session, on: date) -> Till:
    noted = (row.move for row in movements.rows(session, movements.TILL, on))
    return till_of([move for move in noted if isinstance(move, TillMove)], read_payments(session, on).cash_fen)
