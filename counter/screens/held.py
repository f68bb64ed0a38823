"""Go on with a held case (继续办理)."""

import asyncio
from typing import Any

from counter.desk.desk import Desk
from counter.i18n import t
from counter.rules.accepted import without_unseen
from counter.rules.service import StepId
from counter.screens.background import WorkingScreen
from counter.screens.case.screen import CaseScreen


async def resume(screen: WorkingScreen[Any], desk: Desk, id: str) -> bool:
    """Open a held case as it is now: another window may have gone on with it. False where it is held no longer."""
    draft = await asyncio.to_thread(desk.store.drafts.get, id)
    if draft is None:
        screen.notify(t("home.gone"), severity="warning")
        return False
    case = without_unseen(draft.case, desk.context())
    opened = CaseScreen(desk, draft.id, case, StepId(draft.step))
    opened.why_back = draft.note
    screen.app.push_screen(opened)
    return True
