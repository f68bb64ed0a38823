"""What the province does or says for the person: clean-up by itself (一人一卡清理), query (应用状态、制卡进度查询).

ONE-2, ONE-3, ONE-5, QRY-1.
"""

from typing import Final

from counter.rules import notices, papers
from counter.rules.card_life import HELD, LOST, CardState, Move
from counter.rules.service import EVERYBODY, Effect, Service, StepId
from counter.rules.steps import one_card

CLEAN_UP: Final = Service(
    id="clean_up",
    number=13,
    steps=(StepId.IDENTITY, StepId.ONE_CARD, StepId.CONFIRM),
    papers=papers.of_people,
    notices=notices.for_clean_up,
    checks={StepId.ONE_CARD: (one_card.to_clean_up,)},
    effect=Effect.CLEANING_UP,
    moves=(Move((*HELD, *LOST), CardState.CLEANED_UP, "ONE-2"),),
)

QUERY: Final = Service(
    id="query",
    number=14,
    steps=(StepId.IDENTITY, StepId.ANSWER, StepId.CONFIRM),
    presented_by=EVERYBODY,
    papers=papers.for_query,
    notices=notices.for_query,
    checks={},
    effect=Effect.NOTHING,
    by_card=True,
)
