"""Keeping the case that is on the screen as a draft, and saying so where it could not be kept."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

from counter.desk.open_case import OpenCase
from counter.i18n import explained, step_name, t
from counter.rules.masking import mask_name, mask_number
from counter.screens.background import WorkingScreen


def said_of(held: OpenCase) -> str:
    """Whose case is held, and where it goes on, once the program has been left; masked."""
    holder, service = held.case.holder, held.service
    name = mask_name(holder.name) or mask_number(holder.document.number)
    step = step_name(service, held.step)
    return t("screen.quit_held", name=name, service=t(f"service.{service.id}.name"), step=step)


class Keeping:
    """Keeps one screen's case, in the order of the calls and whatever becomes of the screen.

    `problem` is why the case stands on the screen only, '' as soon as it has been kept; `changed` is called when it
    may have become another one.
    """

    def __init__(self, screen: WorkingScreen[None], opened: OpenCase, changed: Callable[[], None]) -> None:
        self.problem = ""
        self._screen = screen
        self._open = opened
        self._changed = changed

    def save(self) -> None:
        """Keep the case as it stands. That it could not be is said once, and stands until it can."""
        if self._open.has_customer:
            kept = self._keep()
            self._screen.in_background(
                lambda _: kept.result(), lambda _: self._now(""), refused=self._refused, under=True
            )

    async def is_kept(self) -> bool:
        """Keep the case and wait for it: False, and the reason said, where it stands on the screen only."""
        if not self._open.has_customer:
            return True
        try:
            await asyncio.to_thread(self._keep().result)
        except Exception as error:
            reason = explained(error)
            if not reason:
                raise
            self._screen.say_refused(reason)
            self._now(reason)
        else:
            self._now("")
        return not self.problem

    def _keep(self) -> Future[None]:
        opened = self._open
        return opened.desk.keep(opened.id, opened.case, opened.step)

    def _refused(self, reason: str) -> None:
        if reason != self.problem:
            self._screen.say_refused(reason)
        self._now(reason)

    def _now(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            self._changed()
