"""Exchange to the third generation (换发三代卡) in its three modes, EXC-1 to EXC-3; for a unit's people, EXC-7."""

from typing import Final

from counter.rules import notices, papers
from counter.rules.case import DocumentKind, Mode, PhotoSource, PickupMethod, PresentedBy
from counter.rules.service import Group, Service, StepId
from counter.rules.steps import one_card

EXCHANGE: Final = Service(
    id="exchange",
    number=2,
    steps=(
        StepId.IDENTITY,
        StepId.ONE_CARD,
        StepId.PHOTO,
        StepId.MODE,
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
    papers=papers.for_exchange,
    notices=lambda case, _context: notices.for_exchange(case),
    checks={StepId.ONE_CARD: (one_card.a_card_exists,)},
    photo_sources=(PhotoSource.KEEP, PhotoSource.RECEIPT),
    modes=(Mode.SAME_NUMBER, Mode.NEW_NUMBER, Mode.CHANGE_BANK),
    pickup_methods=(PickupMethod.BRANCH, PickupMethod.INSTANT),
    needs_old_card=True,
    collected_here=True,
    group=Group(
        collected=frozenset(
            {
                "holder.birth",
                "holder.sex",
                "holder.ethnicity",
                "holder.region",
                "holder.address",
                "holder.insurance",
                "holder.document.valid_from",
                "holder.document.valid_to",
                "old_card.number",
                "old_card.bank",
                "old_card.expires",
            }
        ),
        photo_sources=(PhotoSource.FILE,),
    ),
)
