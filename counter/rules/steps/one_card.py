"""One person, one card (一人一卡): ONE-1 to ONE-6."""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case, KnownCard, OneCardAnswer, PresentedBy
from counter.rules.facts import city, guidance, hotline
from counter.rules.finding import Finding, deferred, stop, tell
from counter.rules.reference import Context
from counter.rules.service import Check, Service


def answered(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """ONE-1: the question is put before anything is issued; what no service may pass over."""
    match case.one_card.answer:
        case None:
            yield stop("ONE-1", "one_card.unasked", "one_card.answer")
        case OneCardAnswer.DEFERRED:
            yield deferred("ONE-1", "one_card", "one_card.answer")
        case OneCardAnswer.PENDING:
            yield stop("ONE-1", "one_card.pending", "one_card.answer")
        case OneCardAnswer.ELSEWHERE:
            yield from _clean_up(case, context)


def _clean_up(case: Case, context: Context) -> Iterator[Finding]:
    """ONE-1, ONE-2, ONE-5: cards of other cities are cleaned up first (一人一卡清理), here or by the city's agency, to
    which the customer is then referred (ONE-6)."""
    path = "one_card.clean_up_confirmed"
    here, cards = guidance(case, context), cards_elsewhere(case, context)
    if here.clean_up == "refer":
        agency = here.offices["card_agency"]
        yield stop("ONE-5", "one_card.refer", path, agency=agency, hotline=hotline(case, context))
    elif not all(card.cleanable for card in cards):
        yield stop("ONE-2", "one_card.uncleanable", "one_card.cards")
    elif case.presented_by == PresentedBy.AGENT:
        yield stop("ONE-2", "one_card.holder_confirms", path)
    elif not case.one_card.clean_up_confirmed:
        yield stop("ONE-1", "one_card.clean_up", path)
    elif cards:
        yield tell("ONE-3", "one_card.cleaned", path, count=len(cards), cities=_cities(cards, context))
    else:
        yield tell("ONE-3", "one_card.cleaned_all", path)


def cards_elsewhere(case: Case, context: Context) -> tuple[KnownCard, ...]:
    """The known cards of other cities; a county's cards are its city's (the first four digits)."""
    here = city(case, context)[:4]
    return tuple(card for card in case.one_card.cards if card.city[:4] != here)


def _cities(cards: tuple[KnownCard, ...], context: Context) -> str:
    regions = context.reference.regions
    return " ".join(dict.fromkeys(regions[card.city].name if card.city in regions else "?" for card in cards))


def no_card_yet(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """ONE-1 for an application: a card issued here already is replaced or exchanged, not applied for."""
    if case.one_card.answer is OneCardAnswer.HERE:
        yield stop("ONE-1", "one_card.here", "one_card.answer")


def a_card_exists(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """ONE-1 for an exchange: without a card there is nothing to exchange."""
    if case.one_card.answer is OneCardAnswer.NONE:
        yield stop("ONE-1", "one_card.none", "one_card.answer")


def to_clean_up(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """ONE-2 for a clean-up by itself: there is a card of another city, and the province has listed it."""
    if case.one_card.answer in {OneCardAnswer.NONE, OneCardAnswer.HERE}:
        yield stop("ONE-2", "one_card.nothing_to_clean", "one_card.answer")
    elif case.one_card.answer is OneCardAnswer.DEFERRED:
        yield stop("ONE-2", "one_card.clean_up_later", "one_card.answer")


CHECKS: Final[tuple[Check, ...]] = (answered,)
