"""The body of each guided step, one file a step."""

from collections.abc import Mapping
from typing import Final

from counter.rules.service import StepId
from counter.screens.step import StepPane
from counter.screens.steps.answer import AnswerPane
from counter.screens.steps.bank import BankPane
from counter.screens.steps.booking import BookingPane
from counter.screens.steps.card import CardPane
from counter.screens.steps.changes import ChangesPane
from counter.screens.steps.confirm import ConfirmPane
from counter.screens.steps.details import DetailsPane
from counter.screens.steps.identity import IdentityPane
from counter.screens.steps.mode import ModePane
from counter.screens.steps.one_card import OneCardPane
from counter.screens.steps.photo import PhotoPane
from counter.screens.steps.pickup import PickupPane
from counter.screens.steps.referral import ReferralPane

PANES: Final[Mapping[StepId, type[StepPane]]] = {
    pane.step: pane
    for pane in (
        IdentityPane,
        OneCardPane,
        CardPane,
        ChangesPane,
        PhotoPane,
        ModePane,
        BookingPane,
        DetailsPane,
        BankPane,
        PickupPane,
        AnswerPane,
        ReferralPane,
        ConfirmPane,
    )
}
