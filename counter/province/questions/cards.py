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
from counter.rules.case import Case, OldCard, OneCard, OneCardAnswer
from counter.rules.facts import by_card, old_card
from counter.rules.finding import Finding, stop, tell
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
    named = _named([card for card in found if _may_be_meant(card, case, service)], old_card(case))
    meant = [card for card in named if card.state is CardState.SENT and _is_moved(card.state, service)]
    meant = meant or [card for card in named if card.state not in OVER] or named[:1]
    if len(meant) == 1:
        return CardsAnswer({"old_card": _chosen(case, meant[0])}, _forbidden(meant[0], service), cards=found)
    unknown = found and not named and not _collects(service) and old_card(case).number
    refused = (stop(service.named_rule, "province.no_card", "old_card.number"),) if unknown else ()
    return CardsAnswer(findings=refused, cards=found)


def _may_be_meant(card: HeldCard, case: Case, service: Service) -> bool:
    """A card to be collected, or else one that has been. A letter goes to another bank than the one that writes it,
    where the card may be over."""
    if service.letter:
        return card.card.bank != case.bank
    return (card.state in COMING) is _collects(service) or _is_moved(card.state, service)


def _collects(service: Service) -> bool:
    return _is_moved(CardState.AT_BRANCH, service)


def _is_moved(state: CardState, service: Service) -> bool:
    """Does the service do something to a card that is in this state?"""
    return any(state in move.before for move in service.moves)


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
        branch=card.branch,
    )


def _deferred(subject: Subject) -> CardsAnswer:
    """Without an answer the counter's own record of parcels says which card lies here (PIC-7)."""
    case, place = subject.case, subject.context.place
    wanted = (old_card(case).number or case.holder.document.number,)
    lying = subject.lying(wanted) if _collects(SERVICES[case.service]) and place else ()
    if len(lying) != 1 or place is None:
        return CardsAnswer(reached=False)
    here = structs.replace(
        old_card(case), number=lying[0].number, bank=place.bank, status="0", at_branch=True, branch=place.branch
    )
    return CardsAnswer({"old_card": here}, reached=False)


def _open(case: Case) -> bool:
    return not (case.old_card and case.old_card.status)


CARDS: Final = Question(
    id="cards",
    steps=(StepId.CARD,),
    put=_put,
    deferred=_deferred,
    open=_open,
    moments=(ENTERED, "old_card.number"),
)


@dataclass(frozen=True, slots=True)
class ProgressAnswer(CardsAnswer):
    """What a customer asks for (状态与进度查询): the cards, how far they have come, the booking in the patch."""

    progress: tuple[CardProgress, ...] = ()


def _progress(province: Province, subject: Subject) -> ProgressAnswer:
    """Cards, progress and booking at once."""
    if by_card(subject.case, SERVICES[subject.case.service]):
        return _of_card(province, subject)
    person = person_of(subject.case)
    patch = {
        "one_card": one_card.known(province.one_card(person, subject.case.city), subject.asked_at),
        "booking": booking_of(province.booking(person)),
    }
    return ProgressAnswer(patch, cards=province.cards(person).cards, progress=province.progress(person).cards)


def _of_card(province: Province, subject: Subject) -> ProgressAnswer:
    """QRY-1: by the card alone only what goes by its number is told: neither other cards nor bookings."""
    number = old_card(subject.case).number
    cards = province.cards(None, number).cards
    said = OneCard(answer=_as_one_card(cards, subject.case.city), asked_at=subject.asked_at)
    card = next((each for each in cards if each.card.number == number), None)
    patch = {"one_card": said, **({"old_card": _chosen(subject.case, card)} if card else {})}
    findings = () if cards else (tell("QRY-1", "answer.no_such_card", "one_card.answer"),)
    return ProgressAnswer(patch, findings, cards=cards, progress=province.progress(None, number).cards)


def _as_one_card(cards: tuple[HeldCard, ...], city: str) -> OneCardAnswer:
    """Where the card stands, in the words of the one-card question; a county's cards are its city's."""
    if any(card.state in COMING for card in cards):
        return OneCardAnswer.PENDING
    if not cards:
        return OneCardAnswer.NONE
    return OneCardAnswer.HERE if any(card.city[:4] == city[:4] for card in cards) else OneCardAnswer.ELSEWHERE


PROGRESS: Final = Question(
    id="progress",
    steps=(StepId.ANSWER,),
    put=_progress,
    deferred=lambda subject: ProgressAnswer(one_card.unknown(subject).patch, reached=False),
    open=lambda _case: True,  # nothing of it is kept: whoever comes to the step asks
    moments=(ENTERED,),
)
