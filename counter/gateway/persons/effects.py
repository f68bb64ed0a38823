"""What a service does to a person's file (业务效果): its declared `Effect`, each a function here.

Pure: a file in, a file out, or `RefusalError`. A person of whom the province knows no card is taken as the counter
saw them; nothing contradicts it.
"""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import structs

from counter.gateway.persons import booked
from counter.gateway.persons.deed import Deed, RefusalError
from counter.gateway.persons.dossier import Card, Dossier, Files
from counter.gateway.persons.moves import ended, follow, named_card, new_number
from counter.province.wire import Milestones
from counter.rules.card_life import CardState
from counter.rules.case import Mode, OldCard, PickupMethod, PresentedBy
from counter.rules.service import Effect
from counter.rules.services.province import CLEAN_UP


def perform(files: Files, deed: Deed) -> None:
    """Do what the deed does to the holder's file; `RefusalError` leaves the files as they are."""
    if deed.service.effect is Effect.NOTHING or not deed.persons:
        return
    holder, *renamed = deed.persons
    file = EFFECTS[deed.service.effect](files[holder], deed)
    for new in renamed:
        if files[new] != Dossier():
            raise RefusalError("number_taken", "INF-2")
        files[new], file = file, Dossier()
    files[holder] = file


# --- applications and what goes with a new card


def _apply(file: Dossier, deed: Deed) -> Dossier:
    """ONE-1: a card issued here is replaced, not applied for; a plain one is no card any more (REP-2)."""
    file = _cleared(file, deed)
    if any(card.lives and card.held.kind == "financial" for card in _here(file, deed)):
        raise RefusalError("here", "ONE-1")
    return _with_new_card(file, deed, None)


def _renew(file: Dossier, deed: Deed) -> Dossier:
    """Exchange, replacement, and the changes that a replacement goes with (INF-1, INF-2)."""
    file = _cleared(file, deed)
    old = named_card(file, deed)
    if old is not None:
        _replaceable(old, deed)
        file = file.with_card(follow(old, deed.service.id))
    if deed.case.mode is Mode.CHANGE_BANK:
        file = file.with_booking(booked.exchanged(file, deed))
    return _with_new_card(file, deed, old)


def _cleared(file: Dossier, deed: Deed) -> Dossier:
    """ONE-1: nothing under way, and no card elsewhere but those that the holder agreed to have cleaned up."""
    if file.under_way:
        raise RefusalError("pending", "ONE-1")
    if _elsewhere(file, deed) and not deed.case.one_card.clean_up_confirmed:
        raise RefusalError("elsewhere", "ONE-1")
    return _clean_up(file, deed)


def _clean_up(file: Dossier, deed: Deed) -> Dossier:
    """ONE-2: every card of another city, or none."""
    for card in _elsewhere(file, deed):
        if not card.cleanable:
            raise RefusalError("uncleanable", "ONE-2")
        file = file.with_card(follow(card, CLEAN_UP.id))
    return file


def _here(file: Dossier, deed: Deed) -> tuple[Card, ...]:
    return tuple(card for card in file.cards if card.city[:4] == deed.case.city[:4])


def _elsewhere(file: Dossier, deed: Deed) -> tuple[Card, ...]:
    return tuple(card for card in file.cards if card.lives and card not in _here(file, deed))


def _replaceable(old: Card, deed: Deed) -> None:
    """REP-1, REP-2: a financial card; one that is not handed over was reported lost."""
    if old.held.kind != "financial":
        raise RefusalError("not_financial", "REP-2")
    seen = deed.case.old_card
    in_hand = seen is not None and seen.in_hand
    if not in_hand and not old.held.loss_reported:
        raise RefusalError("not_lost", "REP-1")


def _with_new_card(file: Dossier, deed: Deed, old: Card | None) -> Dossier:
    case, at_once = deed.case, deed.case.pickup.method is PickupMethod.INSTANT
    held = OldCard(
        number=_number(deed, old),
        bank=case.bank or (old.held.bank if old else ""),
        generation=3,
        status="0",
        preference=old is not None and old.held.preference,
        applied_by_agent=deed.service.is_application and case.presented_by is PresentedBy.AGENT,
    )
    card = Card(
        id=deed.id,
        held=held,
        city=case.city,
        state=CardState.APPLIED,
        service=deed.service.id,
        replaces=old.id if old else "",
        branch=case.branch,
        pickup=case.pickup.method,
        milestones=Milestones(applied_on=deed.on),
        origin=deed.origin,
    )
    if not at_once:
        return file.with_card(card)
    if held.preference:
        raise RefusalError("preference", "PIC-6")
    return ended(file, follow(card, "issue_at_once"), deed.on)


def _number(deed: Deed, old: Card | None) -> str:
    """The new card's number, empty until the bank has opened the account."""
    if deed.case.mode is Mode.SAME_NUMBER and old:
        return old.held.number
    return new_number(deed.id) if deed.case.pickup.method is PickupMethod.INSTANT else ""


def _hand_over(file: Dossier, deed: Deed) -> Dossier:
    """PIC-5, AGT-3: once the branch has signed for the card; in person where an agent applied for a first one."""
    number = deed.case.old_card.number if deed.case.old_card else ""
    waiting = [card for card in file.cards if card.under_way and number in ("", card.held.number)]
    card = next(iter(waiting), None) or (None if file.cards else named_card(file, deed))
    if card is None or not deed.service.may_move(card.state):
        raise RefusalError("not_at_branch", "PIC-5")
    if card.held.applied_by_agent and deed.case.presented_by is PresentedBy.AGENT:
        raise RefusalError("collect_in_person", "AGT-3")
    return ended(file, follow(card, deed.service.id), deed.on)


# --- a card's life


def _move(file: Dossier, deed: Deed) -> Dossier:
    """A service that is one event in the life of a card."""
    card = named_card(file, deed)
    return file if card is None else file.with_card(follow(card, deed.service.id))


def _report_loss(file: Dossier, deed: Deed) -> Dossier:
    """LOS-1: both sides lock together, or the bank's fails; a loss that is reported already stays so."""
    card = named_card(file, deed)
    if card is None or card.state is CardState.LOST:
        return file
    lost = follow(card, deed.service.id)
    return file.with_card(structs.replace(lost, held=structs.replace(lost.held, bank_lock_failed=card.bank_fails)))


def _cancel(file: Dossier, deed: Deed) -> Dossier:
    """CAN-1: the medical account is closed first."""
    if not deed.case.medical_account_closed and deed.case.insured is not False:
        raise RefusalError("medical_account", "CAN-1")
    return _move(file, deed)


EFFECTS: Final[Mapping[Effect, Callable[[Dossier, Deed], Dossier]]] = {
    Effect.FIRST_CARD: _apply,
    Effect.NEW_CARD: _renew,
    Effect.HAND_OVER: _hand_over,
    Effect.MOVE: _move,
    Effect.LOSS: _report_loss,
    Effect.CANCELLATION: _cancel,
    Effect.CLEANING_UP: _clean_up,
    Effect.BOOKING: booked.book,
    Effect.REVIEW: booked.review,
}
"""Every effect but `NOTHING`, which leaves the file as it is."""
