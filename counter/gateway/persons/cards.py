"""The cards of a person: which there are, how far their making has come, and the report of a loss."""

from collections.abc import Sequence

from counter.gateway.call import Call, ProblemError
from counter.gateway.database import Connection
from counter.gateway.persons.acts import act, holder
from counter.gateway.persons.dossier import Card, read, read_all, read_by_card
from counter.province.wire import (
    CardProgress,
    CardsQuestion,
    CardsReply,
    GroupProgressQuestion,
    GroupProgressReply,
    HeldCard,
    Loss,
    LossAnswer,
    LossReply,
    ProgressQuestion,
    ProgressReply,
)
from counter.rules.case import Case
from counter.rules.service import Service
from counter.rules.services.loss import REPORT_LOSS, WITHDRAW_LOSS


async def cards(call: Call[CardsQuestion]) -> CardsReply:
    """Every card of a person (社保卡信息查询), those that are being made among them; newest first."""
    found = await _asked_about(call.connection, call.message)
    return CardsReply(cards=tuple(_held(card) for card in reversed(found)))


async def _asked_about(connection: Connection, asked: CardsQuestion | ProgressQuestion) -> tuple[Card, ...]:
    """The cards of a person; by a card's number that one, and the one that is being made in its place (QRY-1)."""
    if asked.person is not None:
        return (await read(connection, asked.person)).cards
    if not asked.card:
        raise ProblemError(422, "person")
    file = await read_by_card(connection, asked.card)
    same = {card.id for card in file.cards if card.held.number == asked.card}
    return tuple(card for card in file.cards if card.id in same or card.replaces in same)


def _held(card: Card) -> HeldCard:
    branch = card.lies_at if card.under_way else ""
    return HeldCard(card=card.held, city=card.city, state=card.state, branch=branch)


async def progress(call: Call[ProgressQuestion]) -> ProgressReply:
    """How far the person's cards have come (制卡进度查询), QRY-1; newest first."""
    return _progress_of(await _asked_about(call.connection, call.message))


async def group_progress(call: Call[GroupProgressQuestion]) -> GroupProgressReply:
    """How far the cards of a unit's people have come, EXC-7: one query, one answer to each, in order."""
    files = await read_all(call.connection, call.message.persons)
    return GroupProgressReply(answers=tuple(_progress_of(file.cards) for file in files))


def _progress_of(cards: Sequence[Card]) -> ProgressReply:
    return ProgressReply(cards=tuple(_progress(card) for card in reversed(cards) if card.milestones.applied_on))


def _progress(card: Card) -> CardProgress:
    return CardProgress(
        id=card.id,
        service=card.service,
        city=card.city,
        bank=card.held.bank,
        state=card.state,
        milestones=card.milestones,
        number=card.held.number,
        pickup=card.pickup,
    )


async def report_loss(call: Call[Loss]) -> LossReply:
    """Report a loss in writing (书面挂失), LOS-1: both sides lock, or the bank's fails and the customer calls it."""
    before = await read(call.connection, call.message.person)
    file = await act(call, call.message.id, _case(call.message, REPORT_LOSS))
    number = call.message.card.number
    lost = [card for card in file.cards if card.held.loss_reported and number in ("", card.held.number)]
    if any(card.held.bank_lock_failed for card in lost):
        return LossReply(answer=LossAnswer.BANK_FAILED)
    return LossReply(answer=LossAnswer.DONE_BEFORE if file == before else LossAnswer.DONE)


async def withdraw_loss(call: Call[Loss]) -> LossReply:
    """Take a loss report back (解挂), LOS-2: only while no replacement has been filed."""
    before = await read(call.connection, call.message.person)
    file = await act(call, call.message.id, _case(call.message, WITHDRAW_LOSS))
    return LossReply(answer=LossAnswer.DONE_BEFORE if file == before else LossAnswer.DONE)


def _case(loss: Loss, service: Service) -> Case:
    """As the entry will say it."""
    return Case(service=service.id, city=loss.city, holder=holder(loss.person), old_card=loss.card)
