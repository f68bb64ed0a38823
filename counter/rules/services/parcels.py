"""The branch signs for the cards that arrive (网点签收), so that it can hand them out. PIC-7, PIC-8.

A service, although it has no customer: so it is an entry like any other, kept whole whatever ends the program, told to
the province at once and again at sync under the same id, counted at the end of the day, and taken back as any other.
"""

from typing import Final

from counter.rules import notices, papers
from counter.rules.card_life import CardState, Move
from counter.rules.service import Effect, Service, StepId

SIGN_PARCEL: Final = Service(
    id="sign_parcel",
    number=28,
    steps=(StepId.PARCEL, StepId.CONFIRM),
    presented_by=(),  # the bank's own work: no customer is there
    papers=papers.none,
    notices=notices.for_parcel,
    checks={},
    effect=Effect.SIGNING,
    moves=(Move((CardState.MADE, CardState.SENT), CardState.AT_BRANCH, "PIC-7"),),  # mail that came back: PIC-8
    at_once="signing",
)
