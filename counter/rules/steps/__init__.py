"""The steps' own questions: what a step asks of every case, whatever the service."""

from collections.abc import Mapping
from typing import Final

from counter.rules.service import Check, StepId
from counter.rules.steps import (
    answer,
    bank,
    booking,
    card,
    changes,
    confirm,
    details,
    identity,
    mode,
    one_card,
    parcel,
    photo,
    pickup,
    referral,
)

CHECKS: Final[Mapping[StepId, tuple[Check, ...]]] = {
    StepId.IDENTITY: identity.CHECKS,
    StepId.ONE_CARD: one_card.CHECKS,
    StepId.CARD: card.CHECKS,
    StepId.CHANGES: changes.CHECKS,
    StepId.PHOTO: photo.CHECKS,
    StepId.MODE: mode.CHECKS,
    StepId.BOOKING: booking.CHECKS,
    StepId.DETAILS: details.CHECKS,
    StepId.BANK: bank.CHECKS,
    StepId.PICKUP: pickup.CHECKS,
    StepId.ANSWER: answer.CHECKS,
    StepId.PARCEL: parcel.CHECKS,
    StepId.REFERRAL: referral.CHECKS,
    StepId.CONFIRM: confirm.CHECKS,
}
