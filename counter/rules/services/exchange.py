"""Exchange to the third generation (换发三代卡) in its three modes, EXC-1 to EXC-3.

For a unit's people together, EXC-7; through an agent where the city says so (AGT-5), never with a new photo (PHO-3).
"""

from typing import Final

from counter.rules import authority, notices, papers
from counter.rules.card_life import HELD, CardState, Move
from counter.rules.case import Mode, PhotoSource, PickupMethod
from counter.rules.service import AGENT_REASONS, EVERYBODY, Effect, Group, Service, StepId
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
    presented_by=EVERYBODY,
    agents_by_city=True,
    papers=papers.for_exchange,
    notices=notices.for_exchange,
    checks={StepId.ONE_CARD: (one_card.a_card_exists,)},
    effect=Effect.NEW_CARD,
    moves=(Move((CardState.UNKNOWN, *HELD), CardState.REPLACED, "REP-1"),),
    photo_sources=(PhotoSource.KEEP, PhotoSource.RECEIPT),
    modes=(Mode.SAME_NUMBER, Mode.NEW_NUMBER, Mode.CHANGE_BANK),
    pickup_methods=(PickupMethod.BRANCH, PickupMethod.INSTANT),
    agent_reasons=AGENT_REASONS,
    needs_card=True,
    collected_here=True,
    authorised=authority.for_agent_at_once,
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
        # EXC-7: the bank collects the materials with the unit; APP-1's code is for who applies in person
        unasked=frozenset({"sms"}),
    ),
)
