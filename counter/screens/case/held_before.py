"""A customer who has a held case of the same service already (挂起的业务): it is offered, so that none piles up."""

import asyncio
from collections.abc import Iterable

from textual import on
from textual.widget import Widget

from counter.clock import SHANGHAI
from counter.desk.desk import Desk
from counter.desk.open_case import OpenCase
from counter.i18n import explained, step_name, t
from counter.rules.accepted import without_unseen
from counter.rules.case import Case
from counter.rules.masking import mask_name, mask_number
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.screens.base import DeskScreen
from counter.screens.dialogs.dialog import Dialog
from counter.store.errors import LedgerUnavailableError
from counter.store.records import Draft
from counter.widgets.bound import bound
from counter.widgets.fields.field import Field
from counter.widgets.prose import Prose

NUMBER = "holder.document.number"


class HeldBeforeScreen(Dialog[bool]):
    """F10 goes on with the held case, Esc with the new one. Enter is no answer: it may be of what was typed ahead."""

    only_read = True
    BINDINGS = [
        bound("agree", "go_on"),
        bound("back", "leave", "key.new_case"),
    ]

    def __init__(self, draft: Draft) -> None:
        super().__init__(t("screen.held_before"), t("screen.held_before_hint"))
        self.draft = draft

    def compose_body(self) -> Iterable[Widget]:
        draft, case = self.draft, self.draft.case
        yield Prose(
            t(
                "screen.held_case",
                name=mask_name(case.holder.name),
                number=mask_number(case.holder.document.number),
                service=t(f"service.{case.service}.name"),
                step=step_name(SERVICES[case.service], StepId(draft.step)),
                at=f"{draft.updated_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            )
        )

    def action_go_on(self) -> None:
        self.dismiss(result=True)


class OffersHeld(DeskScreen[None]):
    """The screen of a case that looks, once the customer's number is known, whether one is held for them."""

    open: OpenCase

    def __init__(self, desk: Desk, id: str, case: Case, step: StepId | None = None) -> None:
        super().__init__(desk)
        self.open = OpenCase(desk, id, case, step or SERVICES[case.service].steps[0])

    @on(Field.Accepted)
    async def _look_for_held(self, event: Field.Accepted) -> None:
        """Keys wait: the next one may be the answer."""
        if event.field.path == NUMBER:
            await self.offer_held()

    async def offer_held(self) -> None:
        """Is one held for the customer whose number is known now?"""
        draft = await asyncio.to_thread(held_before, self.desk, self.open.id, self.open.case)
        if draft is not None:
            self.app.push_screen(HeldBeforeScreen(draft), lambda word: self._answered_held(draft, word))

    async def _answered_held(self, draft: Draft, word: bool | None) -> None:
        if word:
            try:
                await asyncio.to_thread(self.desk.discard, self.open.id)
            except LedgerUnavailableError as error:  # both stay: this one on the screen, the other among the held ones
                self.say_refused(explained(error))
                return
            case = without_unseen(draft.case, self.desk.context())
            self.app.switch_screen(type(self)(self.desk, draft.id, case, StepId(draft.step)))  # in this one's place


def held_before(desk: Desk, id: str, case: Case) -> Draft | None:
    """The latest other held case of this service for this person; None for a case that was itself taken up again."""
    held = desk.held()
    if any(draft.id == id and draft.step != SERVICES[case.service].steps[0] for draft in held):
        return None
    wanted = (case.service, case.holder.document.number)
    others = (draft for draft in held if draft.id != id)
    return next((draft for draft in others if (draft.case.service, draft.case.holder.document.number) == wanted), None)
