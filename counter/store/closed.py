"""Closed business dates (已关账): nothing goes into them, until two persons have opened them again."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlmodel import Session

from counter.rules.decision import DecisionKind
from counter.store.database import below
from counter.store.errors import ClosedDayError

_CLOSED_OR_NOT: Final = f"""
    SELECT kind FROM decision WHERE subject = ? AND kind IN ('{DecisionKind.CLOSE}', '{DecisionKind.REOPEN}')
    ORDER BY seq DESC LIMIT 1
"""  # noqa: S608 - constants of our own


def require_open(session: Session, dates: Iterable[date]) -> None:
    """Raise `ClosedDayError` for a business date that two persons have closed and not opened again."""
    for on in dates:
        last = below(session).execute(_CLOSED_OR_NOT, (on.isoformat(),)).fetchone()
        if last and last[0] == DecisionKind.CLOSE:
            raise ClosedDayError(on)
