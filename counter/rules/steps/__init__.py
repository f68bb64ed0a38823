"""The steps' own questions: what a step asks of every case, whatever the service."""

from collections.abc import Mapping
from typing import Final

from counter.rules.service import Check, StepId
from counter.rules.steps import bank, confirm, details, identity, mode, one_card, photo, pickup

CHECKS: Final[Mapping[StepId, tuple[Check, ...]]] = {
    StepId.IDENTITY: identity.CHECKS,
    StepId.ONE_CARD: one_card.CHECKS,
    StepId.PHOTO: photo.CHECKS,
    StepId.MODE: mode.CHECKS,
    StepId.DETAILS: details.CHECKS,
    StepId.BANK: bank.CHECKS,
    StepId.PICKUP: pickup.CHECKS,
    StepId.CONFIRM: confirm.CHECKS,
}
