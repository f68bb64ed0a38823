"""The body of each guided step, one file a step."""

from collections.abc import Mapping
from typing import Final

from counter.rules.service import StepId
from counter.screens.case.pane import StepPane
from counter.screens.case.steps.answer import AnswerPane
from counter.screens.case.steps.bank import BankPane
from counter.screens.case.steps.booking import BookingPane
from counter.screens.case.steps.card import CardPane
from counter.screens.case.steps.changes import ChangesPane
from counter.screens.case.steps.confirm import ConfirmPane
from counter.screens.case.steps.details import DetailsPane
from counter.screens.case.steps.identity import IdentityPane
from counter.screens.case.steps.mode import ModePane
from counter.screens.case.steps.one_card import OneCardPane
from counter.screens.case.steps.parcel import ParcelPane
from counter.screens.case.steps.photo import PhotoPane
from counter.screens.case.steps.pickup import PickupPane
from counter.screens.case.steps.referral import ReferralPane

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
        ParcelPane,
        ConfirmPane,
    )
}
