"""Why a second person is needed (授权): reasons of ``choice.authorised.<reason>``, '' where one clerk is enough.

The store sees to it that the second person is another (maker ≠ checker).
"""

from collections.abc import Callable
from typing import Final

from counter.rules.case import Case, PickupMethod, PresentedBy

WAIVER: Final = "waiver"
REVERSAL: Final = "reversal"


def always(reason: str) -> Callable[[Case], str]:
    """Un-reporting (LOS-2), identity data (INF-2), the review of a change of bank (EXC-6), cancellation (CAN-1)."""
    return lambda _case: reason


def for_agent(case: Case) -> str:
    """A card that is handed to an agent (AGT-4)."""
    return "agent_collect" if case.presented_by == PresentedBy.AGENT else ""


def for_agent_at_once(case: Case) -> str:
    """A new card that is handed to an agent because it is made at once (AGT-4)."""
    return for_agent(case) if case.pickup.method is PickupMethod.INSTANT else ""
