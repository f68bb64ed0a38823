"""First application (首次申领) by an adult in person, free (APP-6)."""

from typing import Final

from counter.rules import notices, papers
from counter.rules.case import DocumentKind, PhotoSource, PickupMethod, PresentedBy
from counter.rules.service import Service, StepId
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
    presented_by=(PresentedBy.HOLDER,),
    documents=(
        DocumentKind.ID_CARD,
        DocumentKind.HK_MACAU_PERMIT,
        DocumentKind.HK_MACAU_RESIDENCE,
        DocumentKind.TAIWAN_PERMIT,
        DocumentKind.TAIWAN_RESIDENCE,
        DocumentKind.PASSPORT,
        DocumentKind.PERMANENT_RESIDENCE,
    ),
    papers=papers.for_application,
    notices=lambda case, _context: notices.for_application(case),
    checks={StepId.ONE_CARD: (one_card.no_card_yet,)},
    consents=("terms", "e_card"),
    photo_sources=(PhotoSource.ID_CARD, PhotoSource.FILE, PhotoSource.RECEIPT, PhotoSource.PROVINCE),
    pickup_methods=(PickupMethod.BRANCH, PickupMethod.MAIL, PickupMethod.INSTANT),
)
