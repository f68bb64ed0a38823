"""The person's cards (社保卡资料), and how far those that are being made have come (办理进度). QRY-1."""

from dataclasses import dataclass
from typing import Final

from msgspec import structs

from counter.province.client import Province
from counter.province.questions import one_card
from counter.province.questions.booking import booking_of
from counter.province.questions.question import ENTERED, Answer, Question, Subject, person_of
from counter.province.wire import CardProgress, HeldCard
from counter.rules.card_life import UNDER_WAY, CardState
from counter.rules.case import Case, OldCard, OneCard, OneCardAnswer
from counter.rules.facts import by_card, old_card
from counter.rules.finding import tell
from counter.rules.service import StepId
from counter.rules.services import SERVICES


@dataclass(frozen=True, slots=True)
class CardsAnswer(Answer):
    """Every card of the person, newest first."""

    cards: tuple[HeldCard, ...] = ()


def _put(province: Province, subject: Subject) -> CardsAnswer:
    """One card that can only be the one in question fills in the old card."""
    found = province.cards(person_of(subject.case)).cards
    wanted = [card for card in found if _may_be_meant(card, subject.case)]
    patch = {"old_card": _chosen(subject.case, wanted[0])} if len(wanted) == 1 else {}
    return CardsAnswer(patch, cards=found)


def _may_be_meant(card: HeldCard, case: Case) -> bool:
    """A card to be collected, or else one that has been; by its number where that was typed. A letter goes to another
    bank than the one that writes it, where the card may be over."""
    number = old_card(case).number
    if SERVICES[case.service].letter:
        return card.card.bank != case.bank and number in ("", card.card.number)
    waits = card.card.status == "0"
    collects = any(CardState.AT_BRANCH in move.before for move in SERVICES[case.service].moves)
    return waits is collects and number in ("", card.card.number) and card.card.status != "9"


def _chosen(case: Case, card: HeldCard) -> OldCard:
    """The province's card as the case's, with what only the clerk can see of it."""
    seen = old_card(case)
    return structs.replace(
        card.card,
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
    moments=(ENTERED,),
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
    if any(card.state in UNDER_WAY for card in cards):
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
