"""The person's cards (社保卡资料), and how far those that are being made have come (办理进度). QRY-1."""

from dataclasses import dataclass
from typing import Final

from msgspec import structs

from counter.province.client import Province
from counter.province.questions import one_card
from counter.province.questions.booking import booking_of
from counter.province.questions.question import ENTERED, Answer, Question, Subject, person_of
from counter.province.wire import CardProgress, HeldCard
from counter.rules.card_life import COMING, OVER, CardState, state_of
from counter.rules.case import Case, OldCard
from counter.rules.facts import old_card
from counter.rules.finding import Finding, stop
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES
from counter.rules.steps.card import not_in_state


@dataclass(frozen=True, slots=True)
class CardsAnswer(Answer):
    """Every card of the person, newest first."""

    cards: tuple[HeldCard, ...] = ()


def _put(province: Province, subject: Subject) -> CardsAnswer:
    """The card in question fills in the old card; what the province's state of it does not allow is said."""
    case, service = subject.case, SERVICES[subject.case.service]
    found = province.cards(person_of(case)).cards
    collects = any(CardState.AT_BRANCH in move.before for move in service.moves)
    named = _named([card for card in found if (card.state in COMING) is collects], old_card(case))
    meant = [card for card in named if card.state not in OVER] or named[:1]
    if len(meant) == 1:
        return CardsAnswer({"old_card": _chosen(case, meant[0])}, _forbidden(meant[0], service), cards=found)
    unknown = found and not named and not collects and old_card(case).number
    refused = (stop(service.named_rule, "province.no_card", "old_card.number"),) if unknown else ()
    return CardsAnswer(findings=refused, cards=found)


def _named(cards: list[HeldCard], seen: OldCard) -> list[HeldCard]:
    """The card of this number, or where a lost one's is not at hand those of its bank; else all."""
    if seen.number:
        return [card for card in cards if card.card.number == seen.number]
    return [card for card in cards if card.card.bank == seen.bank] or cards


def _forbidden(card: HeldCard, service: Service) -> tuple[Finding, ...]:
    """What the rules cannot say, since a card of this state looks to the counter as any other (已清理)."""
    if service.may_move(card.state) or not service.may_move(state_of(card.card)):
        return ()
    return (not_in_state(service.card_rule, card.state, service),)


def _chosen(case: Case, card: HeldCard) -> OldCard:
    """The province's card as the case's, with what only the clerk can see of it."""
    seen = old_card(case)
    return structs.replace(
        card.card,
        expires=card.card.expires or seen.expires,
        issued=card.card.issued or seen.issued,
        in_hand=seen.in_hand,
        tested_undamaged=seen.tested_undamaged,
        pin_locked=seen.pin_locked or card.card.pin_locked,
    )


def _open(case: Case) -> bool:
    return not (case.old_card and case.old_card.status)


CARDS: Final = Question(
    id="cards",
    steps=(StepId.CARD,),
    put=_put,
    deferred=lambda _subject: CardsAnswer(reached=False),
    open=_open,
    moments=(ENTERED, "old_card.number"),
)


@dataclass(frozen=True, slots=True)
class ProgressAnswer(CardsAnswer):
    """What a customer asks for (状态与进度查询): the cards, how far they have come, the booking in the patch."""

    progress: tuple[CardProgress, ...] = ()


def _progress(province: Province, subject: Subject) -> ProgressAnswer:
    """Cards, progress and booking at once."""
    person = person_of(subject.case)
    patch = {
        "one_card": one_card.known(province.one_card(person, subject.case.city), subject.asked_at),
        "booking": booking_of(province.booking(person)),
    }
    return ProgressAnswer(patch, cards=province.cards(person).cards, progress=province.progress(person).cards)


PROGRESS: Final = Question(
    id="progress",
    steps=(StepId.ANSWER,),
    put=_progress,
    deferred=lambda subject: ProgressAnswer(one_card.unknown(subject).patch, reached=False),
    open=lambda _case: True,  # nothing of it is kept: whoever comes to the step asks
    moments=(ENTERED,),
)
