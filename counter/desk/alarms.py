"""A loss whose bank's side is not locked (银行账户未锁定), LOS-1: whom to phone, and what is said once somebody has."""

from datetime import datetime
from typing import Final

from counter.clock import SHANGHAI, Clock
from counter.desk.desk import Desk
from counter.i18n import named
from counter.rules.reference import Reference
from counter.rules.text import plain
from counter.store.records import Alarm, LedgerEntry

WORDS: Final = 100
"""Characters of who phoned, and of what came of it."""
_FORMS: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%H:%M")


class UnclearSettlementError(Exception):
    """Who phoned the bank, when, and with what result: one of them is not said, or that is no time that has been."""


def bank_of(alarm: Alarm, reference: Reference) -> tuple[str, str]:
    """The bank's name and its hotline; empty where neither is known."""
    bank = reference.banks.get(alarm.bank)
    return (named(bank), bank.hotline) if bank else (alarm.bank, "")


def alarm_of(entry: LedgerEntry, number: str) -> Alarm:
    """The alarm that has just been raised for an entry, as it is listed."""
    card = entry.record.case.old_card if entry.record else None
    return Alarm(entry.id, card.bank if card else "", number, entry.recorded_at, seen=False)


def settle(desk: Desk, entry: str, phoned_by: str, phoned_at: str, result: str) -> None:
    """Settle an alarm by the clerk's word, as it was typed.

    Raises `UnclearSettlementError`, and as `Alarms.settle` does.
    """
    who, what, when = plain(phoned_by)[:WORDS], plain(result)[:WORDS], _moment(phoned_at, desk.clock)
    if not (who and what) or when is None:
        raise UnclearSettlementError("who, when and with what result")
    desk.store.alarms.settle(entry, who, when, what)


def _moment(text: str, clock: Clock) -> datetime | None:
    """``10:20`` of today or ``2026-11-24 10:20``, as the clocks go in Guangdong; None for what is none or to come."""
    now = clock().astimezone(SHANGHAI)
    for form in _FORMS:
        try:
            read = datetime.strptime(" ".join(text.replace("：", ":").split()), form)  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
        of_today = read.replace(year=now.year, month=now.month, day=now.day) if "%Y" not in form else read
        moment = of_today.replace(tzinfo=SHANGHAI)
        return moment if moment <= now else None
    return None
