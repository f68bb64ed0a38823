"""When the card will be ready (多久能拿到卡), TIM-1: a notice of the record, so that every print says the same day."""

from typing import Final

from counter.rules.case import Case, PickupMethod
from counter.rules.dates import add_working_days
from counter.rules.facts import policy
from counter.rules.notices import notice
from counter.rules.reference import Context
from counter.rules.service import MAKES_A_CARD, Service

_NOTICES: Final = frozenset({"ready_today", "ready_on", "ready_about", "ready_estimated", "ready_unknown"})


def ready(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """The day, counted from today; certain only where the city has published the days and the holidays are decided.

    Nothing where no card is made, or while the way in which it reaches the holder is not chosen.
    """
    method, known = case.pickup.method, policy(case, context)
    if service.effect not in MAKES_A_CARD or method not in service.pickup_methods or known is None:
        return ()
    if method is PickupMethod.INSTANT:
        return (notice("ready_today", day=str(context.today)),)
    days = known.making.mail if method is PickupMethod.MAIL else known.making.branch
    if days is None:
        return ("ready_unknown",)
    due = add_working_days(context.today, days, context.reference.holidays)
    certain = "ready_on" if due.certain else "ready_about"
    return (notice(certain if known.making.published else "ready_estimated", days=days, day=str(due.day)),)


def is_ready(notice: str) -> bool:
    """Is this notice about when the card will be ready?"""
    return notice.partition("?")[0] in _NOTICES
