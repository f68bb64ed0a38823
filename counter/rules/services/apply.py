"""First application (首次申领), free (APP-6): for adults, and through a guardian or an agent."""

from typing import Final

from counter.rules import notices, papers
from counter.rules.card_life import CardState, Move
from counter.rules.case import PhotoSource, PickupMethod
from counter.rules.service import EVERYBODY, Effect, Service, StepId
from counter.rules.steps import one_card

APPLY: Final = Service(
    id="apply",
    number=1,
    steps=(
        StepId.IDENTITY,
        StepId.ONE_CARD,
        StepId.PHOTO,
        StepId.DETAILS,
        StepId.BANK,
        StepId.PICKUP,
        StepId.CONFIRM,
    ),
    presented_by=EVERYBODY,
    papers=papers.of_people,
    notices=notices.followed(notices.for_application),
    checks={StepId.ONE_CARD: (one_card.no_card_yet,)},
    effect=Effect.FIRST_CARD,
    moves=(Move((CardState.NONE,), CardState.APPLIED, "ONE-1"),),
    consents=("terms", "e_card"),
    photo_sources=(PhotoSource.ID_CARD, PhotoSource.FILE, PhotoSource.RECEIPT, PhotoSource.PROVINCE),
    pickup_methods=(PickupMethod.BRANCH, PickupMethod.MAIL, PickupMethod.INSTANT),
)
